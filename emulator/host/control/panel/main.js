// The panel: puts its parts together, and shows the first modem.
import { $, say } from './dom.js';
import { get, has_token, Refused } from './api.js';
import * as actions from './actions.js';
import * as bugs from './bugs.js';
import * as console_ from './console.js';
import * as faults from './faults.js';
import * as fleet from './fleet.js';
import * as front from './front.js';
import * as modem from './modem.js';
import * as outbox from './outbox.js';
import * as state from './state.js';
import * as tabs from './tabs.js';
import * as theme from './theme.js';
import * as traffic from './traffic.js';
import * as transfer from './transfer.js';
import * as words from './words.js';

function link(is) {
  $('link').dataset.is = is;
  say($('link'), { live: 'live', gone: 'no answer; tries again', refused: 'the token is no longer right' }[is]);
}

function title(m) {
  const name = [m.name ?? (m.id === '1' ? null : `modem ${m.id}`), m.title, m.profile].filter(Boolean).join(' · ');
  say($('which'), name);
  document.title = `${m.name ?? m.title} – Fauxtrack`;
}

async function begin() {
  const { modems } = await get('/v1/modems');
  await words.load();
  for (const id of ['front', 'main'])
    $(id).hidden = false;
  $('gate').hidden = true;
  modem.on('link', link);
  modem.on('chosen', title);
  for (const part of [traffic, console_, front, transfer])
    part.start();
  await tabs.add('traffic', 'Traffic');
  if (modems.length > 1)
    await tabs.add('fleet', 'Modems', fleet.start);
  await tabs.add('state', 'State', state.start);
  await tabs.add('outbox', 'Messages', outbox.start);
  await tabs.add('actions', 'Actions', actions.start);
  await tabs.add('faults', 'Faults', faults.start);
  await tabs.add('bugs', 'Bugs', bugs.start);
  tabs.start();
  await modem.choose(modems[0].id);
}

theme.start();
if (has_token()) {
  begin().catch(e => {
    say($('gate-title'), e instanceof Refused && e.status === 401 ? 'This token is not right' : 'The emulator does not answer');
    if (!(e instanceof Refused))
      say($('gate-text'), `Is it still running? (${e.message})`);
    $('gate').hidden = false;
  });
}
