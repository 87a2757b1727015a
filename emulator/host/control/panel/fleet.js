// The modems of this emulator. Shown where there are several; asked for when it is opened.
import { finder, h, has_all } from './dom.js';
import { get } from './api.js';
import { choose, modem, on } from './modem.js';

const MOST = 200; // rows at a time
let all = [], wanted = [], body, more, again;

function row(m) {
  const button = h('button', { type: 'button', class: 'quiet', 'aria-current': m.id === modem.id ? 'true' : null, onclick: () => choose(m.id) },
    m.name ?? `modem ${m.id}`);
  return h('tr', { 'data-serves': String(m.id === modem.id) }, h('td', {}, button), h('td', {}, m.profile), h('td', {}, m.registration ?? '–'),
    h('td', {}, m.led ?? '–'), h('td', { class: 'mono' }, m.port ?? 'unplugged'), h('td', {}, m.bug ?? ''));
}

function draw() {
  const found = all.filter(m => has_all(`${m.id} ${m.name} ${m.profile} ${m.registration} ${m.led} ${m.port} ${m.bug}`.toLowerCase(), wanted));
  body.replaceChildren(...found.slice(0, MOST).map(row));
  more.textContent = found.length > MOST ? `${found.length} modems fit, the first ${MOST} are shown; filter for fewer` : `${found.length} of ${all.length} modems`;
}

async function update() {
  all = (await get('/v1/modems')).modems;
  draw();
}

export function start(pane) {
  body = h('tbody', {});
  more = h('p', { class: 'lead', role: 'status' });
  again = h('button', { type: 'button', onclick: update }, 'Refresh');
  const find = finder('Filter modems', words => { wanted = words; draw(); });
  find.append(again);
  pane.classList.add('stack');
  pane.append(find, more, h('div', { class: 'card scroll' }, h('table', {}, h('thead', {}, h('tr', {},
    ['Modem', 'Profile', 'Registration', 'LED', 'UART1', 'Bug'].map(t => h('th', { scope: 'col' }, t)))), body)));
  on('chosen', draw);
  return { show: () => update().catch(() => {}) };
}
