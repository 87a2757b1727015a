// Types at UART1 as a host would.
import { $, ask, h, say } from './dom.js';
import { post, Refused } from './api.js';
import { modem, on, path } from './modem.js';

const before = []; // lines typed so far
let place = 0, agreed = false, hint, hang, input;

const KEYS = [['Ctrl-Z', '\x1a', 'ends a text'], ['Esc', '\x1b', 'gives a text up'], ['+++', '+++', 'escapes from data; after a second of silence']];

// A program at the port would read what the modem answers, and be confused.
async function may_type() {
  if (!modem.client || agreed)
    return true;
  agreed = await ask('A program has the port open',
    'What you type goes in between its own bytes, and it reads the answers.', 'Type anyway');
  return agreed;
}

// Bytes as digits: what is typed goes as UTF-8.
const hex_of = text => [...new TextEncoder().encode(text)].map(b => b.toString(16).padStart(2, '0')).join('');

async function type(text, hang_up) {
  let hex = hex_of(text);
  try {
    for (let tries = 0; hex || hang_up; tries++) {
      const got = await post(path('/type'), { hex, hang_up });
      hex = hex.slice(2 * got.taken);
      if (hang_up || !hex || tries >= 50)
        break;
      await new Promise(resolve => setTimeout(resolve, 100));
    }
  } catch (e) {
    say(hint, e instanceof Refused ? `${e.message}; ${e.remedy}` : 'The emulator does not answer.');
  }
}

async function enter(event) {
  event.preventDefault();
  if (!await may_type())
    return;
  if (input.value && before.at(-1) !== input.value)
    before.push(input.value);
  place = before.length;
  const line = input.value;
  input.value = '';
  input.focus();
  await type(`${line}\r`, false);
}

function history(event) {
  if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')
    return;
  event.preventDefault();
  place = Math.min(before.length, Math.max(0, place + (event.key === 'ArrowUp' ? -1 : 1)));
  input.value = before[place] ?? '';
}

function explain() {
  hang.disabled = !modem.console;
  say(hint, modem.client ? 'A program has UART1 open.' : modem.console ? 'The console is the host: DTR is on.'
    : 'Enter sends the line with CR, as a host at UART1.');
}

export function start() {
  input = h('input', { id: 'typed', type: 'text', spellcheck: 'false', autocapitalize: 'off', autocorrect: 'off',
    maxlength: '1000', placeholder: 'AT+CREG?' });
  input.addEventListener('keydown', history);
  hint = h('span', { class: 'hint', role: 'status' });
  hang = h('button', { type: 'button', class: 'quiet', onclick: () => type('', true), title: 'DTR falls' }, 'Hang up');
  $('console').append(h('label', { for: 'typed' }, 'UART1 ›'), input, h('button', { class: 'strong' }, 'Type'),
    h('div', { class: 'keys' }, hint, KEYS.map(([name, text, help]) => h('button', { type: 'button', title: help,
      onclick: async () => { if (await may_type()) type(text, false); } }, name)), hang));
  $('console').addEventListener('submit', enter);
  on('state', explain);
  on('chosen', () => { agreed = false; });
}
