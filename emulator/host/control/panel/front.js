// The front of the modem: its LED, the lines of UART1, and what one looks at first.
import { $, h, say } from './dom.js';
import { modem, now, on } from './modem.js';
import { help_of } from './words.js';

const LINES = ['dtr', 'rts', 'cts', 'dcd', 'dsr', 'ri'];
let lit_timer = 0, pattern = '';

// ---- the LED: as long lit and dark as the emulator says

function light(on_) {
  $('lamp').dataset.lit = String(on_);
}

function blink(on_ms, off_ms) {
  clearTimeout(lit_timer);
  if (!on_ms || !off_ms)
    return light(on_ms > 0);
  const turn = is_lit => {
    light(is_lit);
    lit_timer = setTimeout(turn, is_lit ? on_ms : off_ms, !is_lit);
  };
  turn(true);
}

function led(s) {
  const key = `${s.led} ${s.led_on} ${s.led_off}`;
  if (key === pattern)
    return;
  pattern = key;
  $('led').dataset.led = s.led;
  say($('led-name'), s.led);
  say($('led-why'), s.led_on && s.led_off ? `${s.led_on} ms lit, ${s.led_off} ms dark` : s.led_on ? 'always lit' : 'dark');
  blink(s.led_on, s.led_off);
}

// ---- lines and facts

function lines(port) {
  for (const name of LINES) {
    const e = $(`line-${name}`), is_on = port[name] === true;
    e.dataset.on = String(is_on);
    say(e.lastChild, is_on ? ' on' : ' off');
  }
}

export function signal(rssi) {
  const bars = rssi === null || rssi === undefined || rssi > 31 ? 0 : rssi < 2 ? 1 : Math.min(5, 1 + Math.floor(rssi / 7));
  return h('span', { class: 'signal', 'aria-hidden': 'true' },
    [1, 2, 3, 4, 5].map(i => h('i', { 'data-on': String(i <= bars) })));
}

const facts = {};

function fact(name, title, mono) {
  facts[name] = h('dd', { class: mono ? 'mono' : null, id: `fact-${name}` });
  return h('div', {}, h('dt', {}, title), facts[name]);
}

function set(name, ...content) {
  const text = content.map(c => c.textContent ?? c).join('');
  if (facts[name].textContent === text && !content.some(c => c.dataset || c.nodeType))
    return;
  facts[name].replaceChildren(...content);
}

function tick() {
  if (modem.state && !document.hidden)
    say(facts.time, `${(now() / 1e6).toFixed(0)} s${modem.speed === 1 ? '' : modem.speed ? ` × ${modem.speed}` : ', frozen'}`);
}

function update() {
  const s = modem.state, r = s.registration;
  led(s);
  lines(s.port);
  set('power', s.power);
  set('sim', s.sim.state);
  set('network', signal(r.rssi), r.service ? `${r.operator ?? r.plmn}, ${r.state}` : r.state);
  set('port', modem.port ?? 'unplugged');
  set('client', modem.client ? 'a program' : modem.console ? 'this console' : 'nobody');
  tick();
}

export function start() {
  $('lines').append(...LINES.map(name => h('li', { id: `line-${name}`, title: help_of('port', name) },
    name.toUpperCase(), h('span', { class: 'sr' }))));
  $('facts').append(fact('power', 'Power'), fact('sim', 'SIM'), fact('network', 'Network'), fact('client', 'Host'),
    fact('port', 'UART1', true), fact('time', 'Virtual time'));
  on('state', update);
  setInterval(tick, 1000);
}
