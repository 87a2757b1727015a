// The fault rules that are armed, and how often each has acted.
import { h, seldom } from './dom.js';
import { get, post } from './api.js';
import { modem, on, path } from './modem.js';

const EACH = 500; // milliseconds between two looks, and only after something has happened
let pane, counter;

async function remove(rule) {
  await post(path('/actions/unfault'), { number: String(rule.number) });
  await update();
}

function row(rule) {
  const from_bug = rule.of === 'bug';
  return h('tr', {}, h('td', {}, rule.number), h('td', {}, rule.effect, rule.name ? ` (${rule.name})` : ''),
    h('td', {}, [rule.when, rule.command].filter(Boolean).join(' of ') || 'always'),
    h('td', {}, rule.life), h('td', { class: 'right' }, rule.acted),
    h('td', {}, from_bug ? 'of the bug' : h('button', { type: 'button', class: 'quiet', onclick: () => remove(rule), 'aria-label': `Remove rule ${rule.number}` }, 'Remove')));
}

async function update() {
  const { faults } = await get(path('/faults'));
  counter(faults.length);
  if (pane.hidden)
    return;
  const head = ['No.', 'What goes wrong', 'When', 'Now'].map(t => h('th', { scope: 'col' }, t));
  pane.replaceChildren(
    h('p', { class: 'lead' }, 'Rules come with a field bug, or from the action fault.'),
    faults.length ? h('div', { class: 'card scroll' }, h('table', {}, h('thead', {}, h('tr', {}, head, h('th', { scope: 'col', class: 'right' }, 'Acted'), h('th', {}))),
      h('tbody', {}, faults.map(row)))) : h('p', { class: 'empty' }, 'No rule is armed: the modem does what it should.'));
}

export function start(element, count) {
  pane = element;
  counter = count;
  pane.classList.add('stack');
  const later = seldom(() => modem.id && update().catch(() => {}), EACH);
  on('event', () => { if (!pane.hidden) later(); });
  on('event', e => { if (e.event === 'action') later(); });
  on('chosen', later);
  on('state', s => { if (s?.boots !== undefined) later(); });
  return { show: later };
}
