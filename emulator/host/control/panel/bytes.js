// Bytes as people read them: a control character is its name in a small box.
import { h } from './dom.js';

const NAMES = ['NUL', 'SOH', 'STX', 'ETX', 'EOT', 'ENQ', 'ACK', 'BEL', 'BS', 'TAB', 'LF', 'VT', 'FF', 'CR', 'SO', 'SI',
  'DLE', 'XON', 'DC2', 'XOFF', 'DC4', 'NAK', 'SYN', 'ETB', 'CAN', 'EM', 'SUB', 'ESC', 'FS', 'GS', 'RS', 'US'];

const is_plain = c => c >= 32 && c < 127;

function name(c) {
  return NAMES[c] ?? (c === 127 ? 'DEL' : c.toString(16).toUpperCase().padStart(2, '0'));
}

// Text that can be searched and copied: "AT<CR>".
export function plain(data) {
  let out = '';
  for (let i = 0; i < data.length; i++) {
    const c = data.charCodeAt(i);
    out += is_plain(c) ? data[i] : `<${name(c)}>`;
  }
  return out;
}

const BOXES = 24; // more control characters are no text that anybody reads

// Adds the bytes to an element.
export function show(e, data) {
  let from = 0, boxes = 0;
  for (let i = 0; i < data.length && boxes <= BOXES; i++)
    boxes += !is_plain(data.charCodeAt(i));
  if (boxes > BOXES)
    return e.append(plain(data));
  for (let i = 0; i <= data.length; i++) {
    if (i < data.length && is_plain(data.charCodeAt(i)))
      continue;
    if (i > from)
      e.append(data.slice(from, i));
    if (i < data.length)
      e.append(h('span', { class: 'ctl' }, name(data.charCodeAt(i))));
    from = i + 1;
  }
}
