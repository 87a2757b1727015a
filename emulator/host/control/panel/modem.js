// The modem that is shown: its state as the emulator sends it, and who wants to know.
import { follow, get, Refused } from './api.js';

const KEPT = 400; // older entries that are shown at the start
const AGAIN = 1500; // milliseconds until the next attempt

const hears = { state: [], event: [], bytes: [], link: [], chosen: [] };

// on('state', f): the state has changed; 'event', 'bytes': one has come; 'link': live, gone or
// refused; 'chosen': another modem is shown from now on.
export const on = (what, f) => hears[what].push(f);
const tell = (what, ...args) => hears[what].forEach(f => f(...args));

export const modem = { id: null, state: null, now: 0, speed: 1, seen: 0, client: false, console: false, bug: null };
let stop = null, last = 0, attempts = 0;

export const path = what => `/v1/modems/${modem.id}${what}`;

// Virtual time now, in microseconds: it runs on between two states.
export const now = () => modem.now + (performance.now() - modem.seen) * 1000 * modem.speed;

function take_state(j) {
  const { state, event, ...rest } = j;
  Object.assign(modem, rest, { seen: performance.now() });
  modem.state = { ...modem.state, ...state };
  tell('state', state);
}

function take(event, data) {
  if (data.id)
    last = Math.max(last, data.id);
  if (event === 'state')
    take_state(data);
  else if (event === 'bytes')
    tell('bytes', data);
  else if (event !== 'lost')
    tell('event', data);
  else if (attempts > 1)
    tell('event', { event: 'lost', text: 'what has happened here was too much to be sent, or came in between', at: now(), value: 0 });
}

const pause = (ms, signal) => new Promise(resolve => {
  const timer = setTimeout(resolve, ms);
  signal.addEventListener('abort', () => { clearTimeout(timer); resolve(); });
});

async function run(signal) {
  while (!signal.aborted) {
    try {
      attempts++;
      const first = follow(path(`/events?since=${last}&bytes=1&state=1`), take, signal);
      tell('link', 'live');
      await first;
    } catch (e) {
      if (signal.aborted)
        return;
      if (e instanceof Refused && e.status === 401)
        return tell('link', 'refused');
      if (e instanceof Refused && e.field === 'since')
        last = 0;
    }
    if (signal.aborted)
      return;
    tell('link', 'gone');
    await pause(AGAIN, signal);
  }
}

export async function choose(id) {
  stop?.abort();
  stop = new AbortController();
  const signal = stop.signal;
  const first = await get(`/v1/modems/${id}`);
  if (signal.aborted)
    return;
  modem.state = null;
  attempts = 0;
  modem.id = first.id;
  last = Math.max(0, first.event - KEPT);
  tell('chosen', first);
  take_state(first);
  run(signal);
}
