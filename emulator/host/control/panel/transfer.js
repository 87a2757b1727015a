// The bar of a download.
import { $, say } from './dom.js';
import { modem, on } from './modem.js';

let timer = 0;

const count = n => n.toLocaleString('en').replaceAll(',', '\u202f');

function update() {
  const d = modem.state.download;
  if (!d || d.state === 'off' || !d.kind)
    return;
  clearTimeout(timer);
  $('transfer').hidden = false;
  say($('transfer-name'), `Receiving a ${d.kind}`);
  if (d.total) {
    $('bar').max = d.total;
    $('bar').value = Math.min(d.bytes, d.total);
  } else {
    $('bar').removeAttribute('value');
  }
  say($('transfer-count'), d.total ? `${count(Math.min(d.bytes, d.total))} of ${count(d.total)} bytes` : `${count(d.bytes)} bytes`);
}

function ended(e) {
  const words = { done: 'The file has come', failed: 'The download has failed', refused: 'The file was refused', unsound: 'The file is damaged' };
  if (e.event !== 'download' || !words[e.text])
    return;
  say($('transfer-name'), words[e.text]);
  if (e.text === 'done')
    $('bar').value = $('bar').max;
  clearTimeout(timer);
  timer = setTimeout(() => { $('transfer').hidden = true; }, 6000);
}

export function start() {
  on('state', update);
  on('event', ended);
  on('chosen', () => { $('transfer').hidden = true; });
}
