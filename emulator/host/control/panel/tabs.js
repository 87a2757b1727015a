// Views beside the traffic; on a narrow page the traffic is one of them.
import { $, h, say } from './dom.js';

const wide = matchMedia('(min-width: 68rem)');
const views = [];
let current = null;

function select(view, focus) {
  if (!view || view === current)
    return;
  if (current)
    current.scroll = $('panes').scrollTop;
  current = view;
  for (const v of views) {
    const is = v === view;
    v.tab.setAttribute('aria-selected', String(is));
    v.tab.tabIndex = is ? 0 : -1;
    if (v.pane)
      v.pane.hidden = !is;
  }
  $('main').dataset.view = view.name;
  if (focus)
    view.tab.focus();
  view.tab.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  $('panes').scrollTop = view.scroll ?? 0;
  view.show?.();
}

function keys(event) {
  const list = views.filter(v => v.tab.offsetParent), i = list.indexOf(current);
  const to = { ArrowRight: list[(i + 1) % list.length], ArrowLeft: list[(i + list.length - 1) % list.length],
    Home: list[0], End: list.at(-1) }[event.key];
  if (!to)
    return;
  event.preventDefault();
  select(to, true);
}

// Adds a view; start(pane, count) fills it and may return { show }, called when it is opened.
export async function add(name, title, start) {
  const count = h('span', { class: 'count' });
  const tab = h('button', { type: 'button', role: 'tab', id: `tab-${name}`, 'aria-selected': 'false', tabindex: '-1' }, title, count);
  const pane = start && h('div', { role: 'tabpanel', id: `pane-${name}`, 'aria-labelledby': tab.id, tabindex: '0', hidden: true });
  tab.setAttribute('aria-controls', pane ? pane.id : 'traffic');
  const view = { name, tab, pane };
  views.push(view);
  tab.addEventListener('click', () => select(view));
  $('tabs').append(tab);
  if (pane) {
    $('panes').append(pane);
    Object.assign(view, await start(pane, n => say(count, n ? String(n) : '')));
  }
}

export function start() {
  $('tabs').addEventListener('keydown', keys);
  wide.addEventListener('change', () => {
    if (wide.matches && current?.name === 'traffic')
      select(views.find(v => v.pane));
  });
  select(wide.matches ? views.find(v => v.pane) : views[0]);
}
