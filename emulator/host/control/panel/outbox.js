// Messages that the modem has sent, as their recipients read them; and one for the modem.
import { h, say, seldom } from './dom.js';
import { get, post, Refused } from './api.js';
import { modem, on, path } from './modem.js';

let list, counter, pane;

function message(m) {
  const parts = m.total > 1 ? `, ${m.parts} of ${m.total} parts` : '';
  return h('article', { class: 'message' },
    h('p', { class: 'meta' }, `${m.id}  to `, h('b', {}, m.to), m.from ? ` from ${m.from}` : '', `  at ${(m.at / 1e6).toFixed(3)} s`),
    h('p', { class: 'text' }, m.text),
    h('p', { class: 'meta' }, h('span', { class: 'pill' }, m.result), ` ${m.alphabet}${parts}${m.class >= 0 ? `, class ${m.class}` : ''}`,
      m.report_asked ? `, report ${m.report_sent ? `sent, status ${m.status}` : 'asked for'}` : ''));
}

async function update() {
  const { messages } = await get(path('/outbox'));
  counter(messages.length);
  list.replaceChildren(...messages.toReversed().map(message));
  if (!messages.length)
    list.append(h('p', { class: 'empty' }, 'The modem has sent no message yet.'));
}

function writer() {
  const from = h('input', { id: 'sms-from', type: 'text', value: '+33612345678', spellcheck: 'false' });
  const text = h('textarea', { id: 'sms-text', rows: '2', maxlength: '2000' });
  const result = h('p', { class: 'result', role: 'status' });
  const form = h('form', { class: 'card', id: 'sms-form', autocomplete: 'off' }, h('h3', {}, 'A message for the modem'),
    h('div', { class: 'field' }, h('label', { for: 'sms-from' }, 'from'), from),
    h('div', { class: 'field' }, h('label', { for: 'sms-text' }, 'text'), text),
    h('button', { class: 'strong' }, 'Send'), result);
  form.addEventListener('submit', async event => {
    event.preventDefault();
    try {
      await post(path('/actions/sms'), { from: from.value, text: text.value });
      result.className = 'result good';
      say(result, 'On its way. Where it goes and what the port says depends on +CNMI.');
      text.value = '';
    } catch (e) {
      result.className = 'result bad';
      say(result, e instanceof Refused ? `${e.message}; ${e.remedy}` : 'The emulator does not answer.');
    }
  });
  return form;
}

export function start(element, count) {
  pane = element;
  counter = count;
  list = h('div', { class: 'items', id: 'outbox' });
  pane.classList.add('stack');
  pane.append(writer(), h('h3', {}, 'Sent by the modem, as the recipient reads it'), list);
  const later = seldom(() => modem.id && update().catch(() => {}), 300);
  on('event', e => { if (e.event === 'sms') later(); });
  on('chosen', later);
  return { show: later };
}
