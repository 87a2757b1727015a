// Light or dark: as the system says, until the reader chooses.
import { $, say } from './dom.js';

const KEY = 'fauxtrack-theme';
const dark = matchMedia('(prefers-color-scheme: dark)');

function update() {
  const chosen = localStorage.getItem(KEY), is_dark = chosen ? chosen === 'dark' : dark.matches;
  document.documentElement.dataset.theme = is_dark ? 'dark' : 'light';
  say($('theme'), is_dark ? 'Light' : 'Dark');
  $('theme').setAttribute('aria-label', `Use ${is_dark ? 'light' : 'dark'} colours`);
}

export function start() {
  dark.addEventListener('change', update);
  $('theme').addEventListener('click', () => {
    const to = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark';
    to === (dark.matches ? 'dark' : 'light') ? localStorage.removeItem(KEY) : localStorage.setItem(KEY, to);
    update();
  });
  update();
}
