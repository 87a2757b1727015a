// The library of field bugs. "Play it" makes the modem anew with one, as run --bug does.
import { ask, finder, h, has_all, say } from './dom.js';
import { get, post, Refused } from './api.js';
import { modem, on, path } from './modem.js';

const PARTS = [['models', 'Models'], ['symptom', 'What the host sees'], ['cause', 'Cause'], ['host', 'What a good host does'],
  ['evidence', 'Evidence'], ['inferred', 'Inferred'], ['source', 'Source']];
let now, stop, message;

async function arm(name, force) {
  try {
    await post(path('/bug'), force ? { name, force } : { name });
    message.className = 'result good';
    say(message, name === 'none' ? 'The modem is as it was started.' : `The modem has the bug ${name} now. Talk to it at its port.`);
  } catch (e) {
    if (e instanceof Refused && e.field === 'force' && !force) {
      if (await ask('A program has the port open', 'Its modem would be replaced by another one, in the middle of what it does.', 'Replace it'))
        await arm(name, true);
      return;
    }
    message.className = 'result bad';
    say(message, e instanceof Refused ? `${e.message}; ${e.remedy}` : 'The emulator does not answer.');
  }
}

function row(bug) {
  const item = h('details', { class: 'item', id: `bug-${bug.name}` }, h('summary', {}, h('b', {}, bug.name), h('span', {}, bug.title)));
  item.addEventListener('toggle', () => {
    if (!item.open || item.childElementCount > 1)
      return;
    item.append(h('div', {}, PARTS.filter(([key]) => bug[key]).map(([key, title]) => h('p', { class: 'about' }, h('b', {}, title), bug[key])),
      h('p', { class: 'about' }, h('b', {}, 'Modem'), bug.profiles.join(', ')),
      h('button', { type: 'button', class: 'strong', onclick: () => arm(bug.name, false) }, 'Play it')));
  });
  return item;
}

function update() {
  say(now, modem.bug ? `This modem has the bug ${modem.bug}.` : 'This modem has no field bug.');
  stop.hidden = !modem.bug;
}

export async function start(pane) {
  const { bugs } = await get('/v1/bugs');
  const items = bugs.map(b => [`${b.name} ${b.title} ${b.symptom} ${b.models}`.toLowerCase(), row(b)]);
  now = h('span', { id: 'bug-now' });
  stop = h('button', { type: 'button', onclick: () => arm('none', false) }, 'Back to the start');
  message = h('p', { class: 'result', role: 'status' });
  pane.classList.add('stack');
  pane.append(h('p', { class: 'lead' }, 'What went wrong with real units. “Play it” makes this modem anew, with the firmware, network and SIM of the bug.'),
    h('div', { class: 'finder' }, now, stop), message,
    finder('Find a bug', all => items.forEach(([text, item]) => { item.hidden = !has_all(text, all); })),
    h('div', { class: 'items' }, items.map(i => i[1])));
  on('state', update);
  return { show: () => modem.state && update() };
}
