// The control interface: requests with the token, and the stream of events.

const KEY = 'fauxtrack-token';

// The token comes in the fragment, which browsers do not send. It leaves the address bar at
// once, and stays with this tab, so that a reload works.
function take_token() {
  const found = /(?:^#|&)token=([0-9a-f]+)/.exec(location.hash);
  if (found) {
    sessionStorage.setItem(KEY, found[1]);
    history.replaceState(null, '', location.pathname);
  }
  return sessionStorage.getItem(KEY);
}

const token = take_token();
export const has_token = () => token !== null;

export class Refused extends Error {
  constructor(status, error) {
    super(error?.message ?? `the emulator answered with ${status}`);
    this.status = status;
    this.field = error?.field ?? null;
    this.remedy = error?.remedy ?? '';
  }
}

function send(method, path, body, signal) {
  const headers = { Authorization: `Bearer ${token}` };
  if (body !== undefined)
    headers['Content-Type'] = 'application/json';
  return fetch(path, { method, headers, signal, body: body === undefined ? undefined : JSON.stringify(body),
    cache: 'no-store', credentials: 'omit', redirect: 'error', referrerPolicy: 'no-referrer' });
}

async function json(answer) {
  const got = await answer.json().catch(() => null);
  if (!answer.ok)
    throw new Refused(answer.status, got?.error);
  return got;
}

export const get = async path => json(await send('GET', path));
export const post = async (path, body = {}) => json(await send('POST', path, body));

// Server-sent events by fetch(), which can send the token. Calls on(event, data) for each;
// returns when the stream ends, throws when it breaks.
export async function follow(path, on, signal) {
  const answer = await send('GET', path, undefined, signal);
  if (!answer.ok)
    await json(answer);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done)
      return;
    const blocks = (rest + value).split('\n\n');
    rest = blocks.pop();
    for (const block of blocks)
      take(block, on);
  }
}

function take(block, on) {
  let event = '', data = '';
  for (const line of block.split('\n')) {
    if (line.startsWith('event: '))
      event = line.slice(7);
    else if (line.startsWith('data: '))
      data += line.slice(6);
  }
  if (event && data)
    on(event, JSON.parse(data));
}
