// Elements. Text only ever becomes text: nothing here, or elsewhere, reads markup from a string.

export const $ = id => document.getElementById(id);

// h('p', { class: 'lead', onclick: f }, 'text', element, ...): a new element.
export function h(name, with_, ...children) {
  const e = document.createElement(name);
  for (const [key, value] of Object.entries(with_ ?? {})) {
    if (value === undefined || value === null || value === false)
      continue;
    if (key.startsWith('on'))
      e.addEventListener(key.slice(2), value);
    else if (key === 'class')
      e.className = value;
    else if (key in e && typeof value !== 'string')
      e[key] = value;
    else
      e.setAttribute(key, value === true ? '' : value);
  }
  e.append(...children.flat(9).filter(c => c !== null && c !== undefined && c !== false));
  return e;
}

// Sets a text only where it has changed, so that readers of the screen hear no more than that.
export function say(e, text) {
  if (e.textContent !== text)
    e.textContent = text;
}

// Calls f at most once in `ms`, with the newest reason.
export function seldom(f, ms) {
  let timer = 0, last = 0;
  return () => {
    if (timer)
      return;
    timer = setTimeout(() => {
      timer = 0;
      last = Date.now();
      f();
    }, Math.max(0, last + ms - Date.now()));
  };
}

// Asks before something that cannot be undone; resolves to true or false.
export function ask(title, text, yes) {
  const dialog = $('ask');
  $('ask-title').textContent = title;
  $('ask-text').textContent = text;
  $('ask-yes').textContent = yes;
  return new Promise(resolve => {
    let answer = false;
    $('ask-yes').onclick = () => { answer = true; dialog.close(); };
    $('ask-no').onclick = () => dialog.close();
    dialog.onclose = () => resolve(answer);
    dialog.showModal();
    $('ask-no').focus();
  });
}

// A box that filters a list: show(words) is called with its words in lower case.
export function finder(label, show) {
  const input = h('input', { type: 'search', 'aria-label': label, placeholder: label, spellcheck: 'false' });
  input.addEventListener('input', () => show(words(input.value)));
  return h('div', { class: 'finder' }, input);
}

export const words = text => text.toLowerCase().split(/\s+/).filter(Boolean);
export const has_all = (text, all) => all.every(w => text.includes(w));
