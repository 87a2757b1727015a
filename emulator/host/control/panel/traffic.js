// What goes over the ports, and what it was understood as, as it happens.
import { $, h, has_all, words } from './dom.js';
import { plain, show } from './bytes.js';
import { on } from './modem.js';

const MOST = 4000; // entries in memory
const SHOWN = 500; // rows on the page
const LONGEST = 400; // bytes in a row
const TOGETHER = 2e6; // microseconds within which bytes that are typed one by one share a row

// Kinds of rows that can be left out.
const KINDS = [
  ['host', 'Host', 'bytes from the host'],
  ['modem', 'Modem', 'bytes from the modem'],
  ['meaning', 'Meaning', 'commands as they were understood, and their results'],
  ['event', 'Events', 'everything else that happened'],
];

const all = [];
const open = {}; // the last row of each direction and port, while it goes on
const shown = new Set(KINDS.map(k => k[0]));
let wanted = [], paused = false, fresh = [], dirty = new Set(), frame = 0, serial = 0, all_anew = false;
let rows, empty;

function seconds(at) {
  return (at / 1e6).toFixed(3);
}

// ---- entries

function add(entry) {
  entry.n = serial++;
  all.push(entry);
  if (all.length > MOST)
    all.splice(0, all.length - MOST);
  fresh.push(entry);
  if (fresh.length > SHOWN)
    fresh.splice(0, fresh.length - SHOWN);
  schedule();
  return entry;
}

// A row ends where a line does: an echo before the CR LF of its answer, too.
const ENDS = { host: /(?<=\r)/, modem: /(?<=[^\r\n]\r?\n)|(?<=[^\r\n]\r)(?=\r\n)/ };

// Lines of an answer become a row each; what is typed byte by byte becomes one.
function add_bytes(b) {
  const key = `${b.from} ${b.port}`;
  for (const part of b.data.split(ENDS[b.from])) {
    const o = open[key];
    if (o && b.at - o.at < TOGETHER && o.data.length + part.length <= LONGEST && !(/[^\r\n]\r$/.test(o.data) && part.startsWith('\r'))) {
      o.data += part;
      o.text = null;
      dirty.add(o);
      schedule();
    } else {
      open[key] = add({ kind: b.from, at: b.at, port: b.port, data: part.slice(0, LONGEST) });
      for (let i = LONGEST; i < part.length; i += LONGEST)
        open[key] = add({ kind: b.from, at: b.at, port: b.port, data: part.slice(i, i + LONGEST) });
    }
    if (/[^\r\n]\r?\n$/.test(open[key].data) || (b.from === 'host' && open[key].data.endsWith('\r')))
      open[key] = null;
  }
}

const MEANING = { command: 'understood', result: 'result', urc: 'unsolicited', client: 'complaint' };

function add_event(e) {
  const meaning = MEANING[e.event];
  const value = e.complaint ?? e.value;
  let text = e.text ?? '';
  if (!e.text || e.value)
    text += e.text ? ` (${value})` : String(value);
  add({ kind: meaning ? 'meaning' : 'event', name: meaning ?? e.event, event: e.event, at: e.at, port: e.port ?? 'uart1', text });
}

function searched(entry) {
  entry.text ??= plain(entry.data);
  return `${entry.name ?? entry.kind} ${entry.port} ${entry.text}`.toLowerCase();
}

const is_wanted = e => shown.has(e.kind) && (!wanted.length || has_all(searched(e), wanted));

// ---- rows

function fill(row, e) {
  const what = row.lastChild;
  what.replaceChildren();
  if (e.port !== 'uart1')
    what.append(h('span', { class: 'port' }, e.port));
  if (e.data !== undefined)
    show(what, e.data);
  else
    what.append(h('b', {}, e.name), ' ', e.kind === 'meaning' ? h('code', {}, e.text) : e.text);
}

function row_of(e) {
  const note = e.data === undefined;
  const row = h('div', { class: `row ${note ? 'note' : e.kind}${e.event === 'client' ? ' complaint' : ''}` },
    h('span', { class: 'at' }, seconds(e.at)),
    h('span', { class: 'way', title: note ? null : `from the ${e.kind}` }, note ? '' : e.kind === 'host' ? '→' : '←'),
    h('span', { class: 'what' }));
  row.dataset.n = e.n;
  e.row = row;
  fill(row, e);
  return row;
}

function schedule() {
  if (!paused && !frame)
    frame = requestAnimationFrame(draw);
}

function draw() {
  frame = 0;
  const at_end = rows.scrollHeight - rows.scrollTop - rows.clientHeight < 40;
  if (all_anew) {
    rows.replaceChildren();
    fresh = all.filter(is_wanted).slice(-SHOWN);
    all_anew = false;
  }
  for (const e of dirty)
    if (e.row?.isConnected)
      fill(e.row, e);
  dirty.clear();
  const more = fresh.filter(is_wanted).map(row_of);
  fresh = [];
  rows.append(...more);
  const excess = rows.childElementCount - (at_end ? SHOWN : 3 * SHOWN);
  for (let i = 0; i < excess; i++)
    rows.firstElementChild.remove();
  empty.hidden = rows.childElementCount > 0;
  if (at_end)
    rows.scrollTop = rows.scrollHeight;
}

function redraw() {
  all_anew = true;
  schedule();
}

// ---- tools

function toggle(kind, label, help) {
  const button = h('button', { type: 'button', class: 'chip', title: help, 'aria-pressed': 'true' }, label);
  button.addEventListener('click', () => {
    shown.has(kind) ? shown.delete(kind) : shown.add(kind);
    button.setAttribute('aria-pressed', String(shown.has(kind)));
    redraw();
  });
  return button;
}

function pause_button() {
  const button = h('button', { type: 'button', 'aria-pressed': 'false', title: 'rows stand still; what comes is kept' }, 'Pause');
  button.addEventListener('click', () => {
    paused = !paused;
    button.setAttribute('aria-pressed', String(paused));
    if (!paused)
      redraw();
  });
  return button;
}

export function clear() {
  all.length = 0;
  fresh = [];
  for (const key of Object.keys(open))
    delete open[key];
  redraw();
}

function copied() {
  return all.filter(is_wanted).map(e =>
    `${seconds(e.at).padStart(12)} ${e.data === undefined ? '#' : e.kind === 'host' ? '>' : '<'} ` +
    `${e.port === 'uart1' ? '' : `${e.port} `}${e.data === undefined ? `${e.name}: ${e.text}` : plain(e.data)}\n`).join('');
}

function copy_button() {
  const button = h('button', { type: 'button', class: 'quiet copy', title: 'copies the rows that are shown' }, 'Copy');
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(copied());
      button.textContent = 'Copied';
    } catch {
      button.textContent = 'Not allowed';
    }
    setTimeout(() => { button.textContent = 'Copy'; }, 1500);
  });
  return button;
}

export function start() {
  rows = $('rows');
  empty = h('p', { class: 'empty' }, 'Nothing has gone over the port yet. Type a command below, or connect a program.');
  rows.before(empty);
  const find = h('input', { type: 'search', 'aria-label': 'Filter traffic', placeholder: 'Filter', spellcheck: 'false', id: 'traffic-find' });
  find.addEventListener('input', () => { wanted = words(find.value); redraw(); });
  $('traffic-tools').append(...KINDS.map(k => toggle(...k)), find, pause_button(),
    h('button', { type: 'button', class: 'quiet', onclick: clear }, 'Clear'), copy_button());
  on('bytes', add_bytes);
  on('event', add_event);
  on('chosen', clear);
}
