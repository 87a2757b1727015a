// The state: what matters in cards, and everything in a tree.
import { h, say } from './dom.js';
import { signal } from './front.js';
import { modem, on } from './modem.js';
import { field, help_of } from './words.js';

let cards, tree;
const opened = new Set();

const text = v => v === null || v === undefined ? '–' : v === true ? 'yes' : v === false ? 'no' : String(v);
const count = n => n.toLocaleString('en').replaceAll(',', '\u202f');

function pairs(...rows) {
  return h('dl', { class: 'pairs' }, rows.filter(Boolean).map(([name, value, help]) =>
    [h('dt', { title: help ?? null }, name), h('dd', {}, ...[value].flat().map(v => v?.nodeType ? v : text(v)))]));
}

function card(title, ...content) {
  return h('section', { class: 'card' }, h('h3', {}, title), ...content);
}

function big(value, kind) {
  return h('p', { class: `big ${kind ?? ''}` }, text(value));
}

// The value of a field, with what it means.
function of(part, key, title) {
  const values = part ? modem.state[part] : modem.state;
  return [title ?? key.replaceAll('_', ' '), values?.[key], help_of(part, key)];
}

function power(s) {
  return card('Power', big(s.power, s.power === 'on' ? 'good' : s.power === 'fault' ? 'bad' : 'warn'),
    pairs(of('', 'initialised', '+WIND: 4'), of('', 'functionality', '+CFUN'), of('', 'boots'),
      ['clock', s.clock?.time?.replace('T', ' '), help_of('clock', 'time')]));
}

function sim(s) {
  return card('SIM', big(s.sim.state, s.sim.state === 'ready' ? 'good' : 'warn'),
    pairs(of('sim', 'inserted'), of('sim', 'rack', 'drawer'), of('sim', 'pin_enabled', 'asks for its PIN'),
      of('sim', 'pin_tries', 'PIN tries left'), of('sim', 'puk_tries', 'PUK tries left')));
}

function network(s) {
  const r = s.registration;
  return card('Network', big(r.state, r.registered ? 'good' : 'warn'),
    h('p', { class: 'sub' }, r.service ? `${r.operator ?? 'no name'} ${r.plmn}` : 'no cell'),
    pairs(of('registration', 'stat', '+CREG'), of('', 'band', '+WMBS'), of('registration', 'band', 'band of the cell'),
      ['signal', [signal(r.rssi), `${text(r.rssi)}, errors ${text(r.ber)}`], help_of('registration', 'rssi')],
      ['GPRS', s.gprs?.state, help_of('gprs', 'state')]));
}

function cells(s) {
  const rows = (s.cells ?? []).map(c => h('tr', { 'data-serves': String(c.serves) },
    h('td', {}, c.operator ?? c.plmn, c.serves ? ' ◂' : ''), h('td', {}, text(c.band)), h('td', { class: 'right' }, text(c.arfcn)),
    h('td', { class: 'right' }, text(c.ci)), h('td', { class: 'right' }, text(c.rssi))));
  const e = card('Cells', rows.length ? h('div', { class: 'scroll' }, h('table', {}, h('thead', {}, h('tr', {},
    ['Network', 'Band'].map(t => h('th', { scope: 'col' }, t)), ['Channel', 'Identity', 'Heard'].map(t => h('th', { scope: 'col', class: 'right' }, t)))),
  h('tbody', {}, rows))) : h('p', { class: 'sub' }, 'Nothing is on the air.'));
  e.classList.add('wide');
  return e;
}

function firmware(s) {
  return card('Firmware', big(s.firmware.name, s.firmware.name === 'none' ? 'bad' : ''),
    h('p', { class: 'sub mono' }, s.firmware.revision ?? 'nothing runs but the downloader'),
    pairs(['downloader', `${text(s.downloader.name)} ${text(s.downloader.version)}`, help_of('downloader', 'version')],
      of('downloader', 'pending', 'held aside'), of('flash', 'valid', 'flash can run'),
      of('flash', 'application_name', 'application'),
      s.file?.kind ? ['last file', `${s.file.firmware} ${s.file.kind}, ${count(s.file.size)} bytes${s.file.complete ? '' : ', incomplete'}`] : null));
}

function calls(s) {
  const list = (s.calls ?? []).map(c => h('p', {}, h('b', {}, c.number ?? 'withheld'),
    ` ${c.incoming ? 'calls in' : 'is called'}, ${c.bearer}, ${c.state}`));
  return card('Calls', list.length ? list : big('none'), s.far_end?.received ? pairs(of('far_end', 'received', 'far end got')) : null);
}

function stores(s) {
  const rows = [['Messages', s.messages], ['Phonebooks', s.phonebooks]].flatMap(([title, all]) =>
    Object.entries(all ?? {}).filter(([, v]) => v.used || title === 'Messages').map(([name, v]) =>
      [`${name}${title === 'Messages' ? '' : ' book'}`, `${v.used} of ${v.capacity}`]));
  return card('Stores', pairs(...rows));
}

// ---- everything

function value_help(part, key, value) {
  const schema = field(part, key);
  return schema?.['x-enumDescriptions']?.[value] ?? null;
}

function branch(name, value, part) {
  const leaves = [], branches = [];
  for (const [key, v] of Object.entries(value))
    if (v !== null && typeof v === 'object')
      branches.push(branch(key, v, part || key));
    else
      leaves.push([key, v, [help_of(part, key), value_help(part, key, v)].filter(Boolean).join(': ') || null]);
  const content = [leaves.length ? pairs(...leaves) : null, branches];
  if (!name)
    return content;
  const e = h('details', { open: opened.has(`${part} ${name}`) }, h('summary', {}, name), content);
  e.addEventListener('toggle', () => opened[e.open ? 'add' : 'delete'](`${part} ${name}`));
  return e;
}

function update(changed) {
  const s = modem.state;
  if (cards.parentElement.hidden || !s)
    return;
  if (changed && Object.keys(changed).every(k => k === 'clock'))
    return;
  cards.replaceChildren(power(s), network(s), sim(s), firmware(s), calls(s), stores(s), cells(s));
  if (tree.open)
    tree.lastChild.replaceChildren(...branch('', s, '').flat().filter(Boolean));
  say(tree.firstChild, 'All values');
}

export function start(pane) {
  cards = h('div', { class: 'cards', id: 'cards' });
  tree = h('details', { class: 'item tree' }, h('summary', {}, 'All values'), h('div', {}));
  tree.addEventListener('toggle', () => update());
  pane.classList.add('stack');
  pane.append(cards, tree);
  on('state', update);
  return { show: () => update() };
}
