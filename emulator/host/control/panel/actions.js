// Every action as a form, made from the rows that `fauxtrack list actions` has.
import { finder, h, has_all, say } from './dom.js';
import { get, post, Refused } from './api.js';
import { path } from './modem.js';
import { fields } from './form.js';

// The field that a refusal is about: one that is missing is named in the text.
function place(e) {
  const missing = /^"([\w-]+)" is missing/.exec(e.message)?.[1] ?? /^write ([\w-]+):/.exec(e.remedy)?.[1];
  const above = e.field === 'body' ? null : e.field;
  return missing ? [above, missing].filter(Boolean).join('.') : above;
}

function fill(item, action) {
  const form = fields(action.arguments);
  const result = h('p', { class: 'result', role: 'status' });
  const send = h('button', { class: 'strong' }, `Do ${action.name}`);
  const element = h('form', { autocomplete: 'off', novalidate: true }, form.elements, send, result);
  element.addEventListener('submit', async event => {
    event.preventDefault();
    form.mark(null);
    send.disabled = true;
    try {
      const done = await post(path(`/actions/${action.name}`), form.read());
      result.className = 'result good';
      say(result, `Done at ${(done.at / 1e6).toFixed(3)} s${done.number === undefined ? '' : `, number ${done.number}`}.`);
    } catch (e) {
      result.className = 'result bad';
      say(result, e instanceof Refused ? `${e.field && e.field !== 'body' ? `${e.field}: ` : ''}${e.message}; ${e.remedy}` : 'The emulator does not answer.');
      if (e instanceof Refused)
        form.mark(place(e));
    }
    send.disabled = false;
  });
  item.append(element);
}

function row(action) {
  const item = h('details', { class: 'item', id: `action-${action.name}` },
    h('summary', {}, h('b', {}, action.name), h('span', {}, action.help)));
  item.addEventListener('toggle', () => {
    if (item.open && item.childElementCount === 1)
      fill(item, action);
  });
  return item;
}

export async function start(pane) {
  const { actions } = await get('/v1/actions');
  const items = actions.map(a => [`${a.name} ${a.help}`.toLowerCase(), row(a)]);
  pane.classList.add('stack');
  pane.append(h('p', { class: 'lead' }, 'What the world does to the modem. Fields that stay empty have their usual value.'),
    finder('Find an action', all => items.forEach(([text, item]) => { item.hidden = !has_all(text, all); })),
    h('div', { class: 'items' }, items.map(i => i[1])));
  return {};
}
