#!/usr/bin/python3
# The panel as people see and use it, in Chromium. ACCEPT=1 renews the picture for the README.
import http.server
import os
import struct
import threading

from paneltest import ASSETS, Panel, ptytest
from browser import PHONE, WIDE, page
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

import tap
from ptytest import FOLDER, Client, fauxtrack, until

MARKUP = '<img src=x onerror="document.title=\'bad\'"><b>&amp;</b><script>document.title="bad"</script>'
PICTURE = os.path.join(ASSETS, 'panel.png')
PICTURE_MOST = 200 << 10  # bytes


# ---- access

def no_token_no_page():
    with Panel() as p:
        for url in (f'http://127.0.0.1:{p.port}/', f'http://127.0.0.1:{p.port}/?token={p.token}'):
            with page(url) as b:
                b.sees('#gate', 'needs its token')
                assert not b.find('#main').is_displayed() and not b.find('#front').is_displayed()
        with page(None) as b:
            b.driver.get(f'http://127.0.0.1:{p.port}/#token={"0" * 32}')
            b.sees('#gate', 'token is not right')
            assert not b.find('#main').is_displayed()
            assert all('401' in c for c in b.complaints())


def the_token_leaves_the_address_bar():
    with Panel() as p, page(p.url) as b:
        b.live()
        assert b.driver.current_url == f'http://127.0.0.1:{p.port}/'
        assert b.js('return document.cookie') == ''
        b.driver.refresh()
        b.live()


def no_request_leaves_the_machine():
    with Panel() as p, page(p.url) as b:
        b.live()
        for name in ('outbox', 'actions', 'faults', 'bugs', 'state'):
            b.tab(name)
        names = b.js('return performance.getEntriesByType("resource").map(e => e.name)')
        assert len(names) > 20 and all(n.startswith(f'http://127.0.0.1:{p.port}/') for n in names), names


class Elsewhere(http.server.BaseHTTPRequestHandler):
    """Another web site, on another port."""

    def do_GET(self):
        self.send_response(200)
        self.send_header('Content-Type', 'text/html')
        self.end_headers()
        self.wfile.write(b'<!DOCTYPE html><title>elsewhere</title><link rel="icon" href="data:,">')

    def log_message(self, *_):
        pass


def another_origin_is_refused():
    with Panel() as p, http.server.HTTPServer(('127.0.0.1', 0), Elsewhere) as other, page(None) as b:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        b.driver.get(f'http://127.0.0.1:{other.server_port}/')
        own = f'http://127.0.0.1:{p.port}'
        for path, method in (('/v1/modems', 'GET'), ('/v1/modems/1/actions/reset', 'POST'), ('/main.js', 'GET')):
            got = b.driver.execute_async_script('''
                const [url, method, token, done] = arguments;
                fetch(url, { method, headers: { Authorization: `Bearer ${token}` } }).then(a => done(a.status), e => done(e.name));
                ''', own + path, method, p.token)
            assert got == 'TypeError', (path, got)
        b.driver.execute_async_script('''
            const [url, done] = arguments, f = document.createElement('iframe');
            f.onload = f.onerror = () => done();
            f.src = url;
            document.body.append(f);''', own + '/')
        b.driver.switch_to.frame(0)
        assert not b.js('return !!document.getElementById("front")')
        b.driver.switch_to.default_content()
        other.shutdown()
        assert p.state()['boots'] == 1
        assert b.complaints()  # the browser says why


# ---- what happens

def an_sms_arrives_and_is_seen():
    with Panel() as p, page(p.url) as b:
        b.live()
        b.type('AT+CNMI=2,1')
        b.sees('#rows .row.note', 'understood +CNMI=2,1')
        assert fauxtrack('ctl', '--control', p.socket, 'sms', 'from=+1555', 'text=hello').returncode == 0
        b.sees('#rows .row.modem', '+CMTI: "SM",1')
        b.sees('#cards .card', '1 of 20')


def a_form_sends_one():
    with Panel() as p, page(p.url) as b:
        b.live()
        b.type('AT+CNMI=2,2')
        b.type('AT+CMGF=1')
        b.tab('actions')
        b.find('#pane-actions input[type=search]').send_keys('message for the modem')
        b.open('#action-sms')
        b.press('#action-sms button')
        b.sees('#action-sms .result', 'the sender is missing')
        assert b.js('return document.activeElement.name') == 'from'
        assert all('400' in c for c in b.complaints())
        b.find('#action-sms [name=from]').send_keys('+4912345')
        b.find('#action-sms [name=text]').send_keys('from the form')
        b.press('#action-sms button')
        b.sees('#action-sms .result', 'Done')
        b.sees('#rows .row.modem', 'from the form')


def markup_stays_text():
    with Panel('--set', 'device.title=' + MARKUP[:40]) as p, page(p.url) as b:
        b.live()
        b.type('AT+CMGF=1')
        b.type('AT+CMGS="+4912345"')
        b.sees('#rows .row.modem', '> ')
        b.find('#typed').send_keys(MARKUP)
        b.find('#typed').send_keys(Keys.ENTER)
        b.press('#console .keys button')  # Ctrl-Z
        b.tab('outbox')
        b.sees('#outbox .text', MARKUP)
        b.sees('#rows .row.host', MARKUP)
        b.find('#sms-text').send_keys(MARKUP)
        b.press('#sms-form button')
        b.sees('#rows .row.note', 'onerror')
        assert b.js('return document.querySelectorAll("#main img, #main script, #rows b b").length') == 0
        assert b.driver.title != 'bad'


def crc(data):
    x = 0
    for byte in data:
        x ^= byte << 8
        for _ in range(8):
            x = (x << 1 ^ 0x1021 if x & 0x8000 else x << 1) & 0xffff
    return struct.pack('>H', x)


def send_file(c, name, pause):
    """XMODEM, as the modem asks for it; eight times between two blocks it calls pause()."""
    start = until('the start', lambda: {b'C': b'C', b'\x15': b'\x15'}.get(c.get(1)))
    with open(name, 'rb') as f:
        data = f.read()
    for i in range(0, len(data), 128):
        if i // 128 % (len(data) // 128 // 9 + 1) == 0 and i:
            pause()
        block = data[i:i + 128].ljust(128, b'\x1a')
        number = i // 128 + 1 & 255
        end = crc(block) if start == b'C' else bytes([sum(block) & 255])
        c.send(bytes([1, number, 255 - number]) + block + end)
        until('an ACK', lambda: c.get(1) == b'\x06')
    c.send(b'\x04')
    until('the last ACK', lambda: c.get(1) == b'\x06')


def the_bar_of_an_upgrade_moves():
    kit = os.path.join(FOLDER.name, 'kit.dwl')
    assert fauxtrack('dwl', 'make', '--firmware', 'r74', '--kind', 'downloader', '-o', kit).returncode == 0
    with Panel('--profile', 'fastrack-supreme-20-r663') as p, page(p.url) as b, Client(p.path) as c:
        b.live()
        seen = [0]

        def moves():
            seen.append(until('the bar moves', lambda: b.js(f'''const bar = document.getElementById("bar");
                return bar && bar.value > {seen[-1]} && bar.value'''), every=0.02))
        c.send(b'AT+WDWL\r')
        c.read_until(b'+WDWL: 0\r\n')
        send_file(c, kit, moves)
        b.sees('#transfer-name', 'The file has come')
        assert len(seen) == 9, seen
        assert b.js('const b = document.getElementById("bar"); return b.value / b.max') == 1
        return f'positions of the bar: {seen}'


def the_led_of_the_lost_band():
    """The story: after the upgrade the LED is steady, and after AT+WMBS=4,1 it blinks as the metal's."""
    with Panel() as p, page(p.url) as b:
        b.live()
        b.tab('bugs')
        b.find('#pane-bugs input[type=search]').send_keys('band-reset')
        b.open('#bug-dwl-band-reset-after-upgrade')
        b.press('#bug-dwl-band-reset-after-upgrade button')
        b.sees('#bug-now', 'dwl-band-reset-after-upgrade')
        until('a steady LED', lambda: b.js('return document.getElementById("led").dataset.led') == 'steady', every=0.02)
        b.js('''window.turns = [];
            const lamp = document.getElementById('lamp');
            new MutationObserver(() => window.turns.push([performance.now(), lamp.dataset.lit]))
              .observe(lamp, { attributes: true, attributeFilter: ['data-lit'] })''')
        assert b.js('return document.getElementById("lamp").dataset.lit') == 'true'
        b.type('AT+CREG?')
        b.sees('#rows .row.modem', '+CREG: 0,2')
        assert b.js('return window.turns') == []
        b.type('AT+WMBS=4,1')
        b.sees('#rows .row.modem', '+WIND: 7')

        def lasted(what):
            """How long it was so, each time."""
            turns = b.js('return window.turns')
            return [to[0] - at[0] for at, to in zip(turns, turns[1:]) if at[1] == what]
        # a busy machine may show a change late
        lit = until('lit as long as the metal', lambda: [ms for ms in lasted('true') if 150 < ms < 300], every=0.05)
        dark = until('dark as long as the metal', lambda: [ms for ms in lasted('false') if 1800 < ms < 2400], every=0.05)
        return f'lit for {lit[0]:.0f} ms, dark for {dark[0]:.0f} ms'


def a_bug_asks_first_if_a_program_is_there():
    with Panel() as p, page(p.url) as b, Client(p.path):
        b.sees('#fact-client', 'a program')
        b.tab('bugs')
        b.find('#pane-bugs input[type=search]').send_keys('band-reset')
        b.open('#bug-dwl-band-reset-after-upgrade')
        b.press('#bug-dwl-band-reset-after-upgrade button')
        b.sees('#ask', 'would be replaced')
        b.press('#ask-no')
        assert p.get('/v1/modems/1')['bug'] is None
        b.press('#bug-dwl-band-reset-after-upgrade button')
        b.sees('#ask', 'would be replaced')
        b.press('#ask-yes')
        b.sees('#bug-now', 'dwl-band-reset-after-upgrade')
        assert all('409' in c for c in b.complaints())


def faults_count_how_often_they_act():
    with Panel() as p, page(p.url) as b:
        b.live()
        assert fauxtrack('ctl', '--control', p.socket, 'fault', 'name=no signal', 'answer.commands=+CSQ', 'answer.result=ERROR').returncode == 0
        b.tab('faults')
        b.sees('#pane-faults td', 'no signal')
        for acted in ('1', '2'):
            b.type('AT+CSQ')
            b.sees('#pane-faults td.right', acted)
        b.press('#pane-faults td button')
        b.sees('#pane-faults', 'No rule is armed')


# ---- much at once

def a_thousand_events_a_second_do_not_freeze_it():
    """At least 10,000 events; how fast they come, and how busy the page is, is the machine's and only told."""
    with Panel() as p, page(p.url) as b, Client(p.path) as c:
        b.live()
        c.send(b'ATE1\r')
        c.read_until(b'OK\r\n')
        b.js('''window.gaps = []; let last = performance.now();
            const f = now => { window.gaps.push(now - last); last = now; requestAnimationFrame(f); };
            requestAnimationFrame(f);''')
        b.driver.execute_cdp_cmd('Performance.enable', {'timeDomain': 'threadTicks'})
        first, before, began = p.get('/v1/modems/1')['event'], b.busy(), ptytest.time.monotonic()
        for least in range(1000, 11000, 1000):
            frames = b.js('return window.gaps.length')
            while p.get('/v1/modems/1')['event'] - first < least:
                c.send(b'AT\r' * 25)
                got = b''
                while got.count(b'OK\r\n') < 25:
                    got += c.read_until(b'OK\r\n')
            until('a frame', lambda before=frames: b.js('return window.gaps.length') > before, every=0.02)
        busy = b.busy() - before
        seconds = ptytest.time.monotonic() - began
        events = p.get('/v1/modems/1')['event'] - first
        b.find('#traffic-find').send_keys('marker')
        c.send(b'AT+MARKER\r')
        b.sees('#rows .row.host', 'AT+MARKER')
        gaps = sorted(b.js('return window.gaps'))
        rows = b.js('return document.getElementById("rows").childElementCount')
        assert rows < 50, rows
        b.find('#traffic-find').clear()
        b.find('#traffic-find').send_keys(' ')
        until('the bound', lambda: 100 < b.js('return document.getElementById("rows").childElementCount') <= 1500, every=0.02)
        return f'{events / seconds:.0f} events a second for {seconds:.0f} s; the page needs {100 * busy / seconds:.0f} % of a core; frames: median {gaps[len(gaps) // 2]:.0f} ms, longest {gaps[-1]:.0f} ms'


def the_filter_and_the_pause():
    with Panel() as p, page(p.url) as b:
        b.live()
        b.type('AT+CSQ')
        b.type('AT+CSCS?')
        b.sees('#rows .row.modem', '+CSCS: ')
        b.find('#traffic-find').send_keys('csq')
        until('fewer rows', lambda: b.js('''return [...document.querySelectorAll('#rows .row')].every(
            e => e.textContent.includes('CSQ')) && document.querySelectorAll('#rows .row').length > 2'''), every=0.02)
        b.press('#traffic-tools button:nth-of-type(2)')  # without bytes from the modem
        until('no modem', lambda: not b.js('return document.querySelectorAll("#rows .row.modem").length'), every=0.02)
        b.find('#traffic-find').send_keys(Keys.BACKSPACE * 3)
        b.js('[...document.querySelectorAll("#traffic-tools button")].find(e => e.textContent === "Pause").click()')
        b.type('AT+PAUSED')
        until('it was carried out', lambda: p.get('/v1/modems/1')['event'] > 10)
        assert 'PAUSED' not in b.text('#rows')
        b.js('[...document.querySelectorAll("#traffic-tools button")].find(e => e.textContent === "Pause").click()')
        b.sees('#rows .row.host', 'AT+PAUSED')


def it_says_when_the_emulator_is_gone():
    with Panel() as p, page(p.url, ends=True) as b:
        b.live()
        p.process.terminate()
        b.sees('#link', 'no answer')


def fleets_are_a_list_with_a_filter():
    with Panel('--count', '30', count=30) as p, page(p.url) as b:
        b.live()
        b.tab('fleet')
        b.sees('#pane-fleet .lead', '30 of 30 modems')
        b.find('#pane-fleet input[type=search]').send_keys(p.paths[16] + ' ')
        b.sees('#pane-fleet .lead', '1 of 30 modems')
        b.press('#pane-fleet td button')
        b.sees('#fact-port', p.paths[16])
        b.type('ATE0')
        until('typed there', lambda: p.get('/v1/modems/17')['state']['port']['dtr'])


# ---- for everybody

def walk(b, wanted, most=60):
    """Presses Tab until wanted(element) holds; each stop must show its focus."""
    for _ in range(most):
        ActionChains(b.driver).send_keys(Keys.TAB).perform()
        outline = b.js('const s = getComputedStyle(document.activeElement); return [s.outlineStyle, parseFloat(s.outlineWidth)]')
        who = b.js('const e = document.activeElement; return e.id || e.textContent || e.name')
        assert who == '' or outline[0] != 'none' and outline[1] >= 2, f'no focus is seen at {who}'
        if b.js(f'const e = document.activeElement; return {wanted}'):
            return
    raise AssertionError(f'Tab never leads to {wanted}')


def keys(b, *all_keys):
    ActionChains(b.driver).send_keys(*all_keys).perform()


def the_keyboard_is_enough():
    with Panel() as p, page(p.url) as b:
        b.live()
        walk(b, 'e.className === "skip"')
        walk(b, 'e.id === "rows"')
        walk(b, 'e.id === "typed"')
        keys(b, 'AT+CRC=1', Keys.ENTER)
        b.sees('#rows .row.note', 'understood +CRC=1')
        keys(b, Keys.ARROW_UP)
        assert b.js('return document.activeElement.value') == 'AT+CRC=1'
        walk(b, 'e.getAttribute("role") === "tab"')
        for name in ('outbox', 'actions'):
            keys(b, Keys.ARROW_RIGHT)
            assert b.js('return document.activeElement.id') == f'tab-{name}'
        walk(b, 'e.type === "search"')
        keys(b, 'call comes in')
        walk(b, 'e.tagName === "SUMMARY"')
        keys(b, Keys.ENTER)
        until('its form', lambda: b.js('return !!document.activeElement.parentElement.querySelector("form")'), every=0.02)
        walk(b, 'e.name === "from"')
        keys(b, '+33612345678')
        walk(b, 'e.tagName === "BUTTON"')
        keys(b, Keys.ENTER)
        b.sees('#rows .row.modem', '+CRING: VOICE')
        assert p.state()['calls']


NAMELESS = '''return [...document.querySelectorAll('main input, main select, main button, header button, input, select, textarea, summary, [role=tab], progress')].filter(e => {
  const label = e.labels?.length ? e.labels[0].textContent : '';
  return !(e.getAttribute('aria-label') || e.getAttribute('aria-labelledby') || label || e.textContent.trim());
}).map(e => e.outerHTML)'''
TWICE = '''const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
return ids.filter((id, i) => ids.indexOf(id) !== i)'''


def everything_has_a_name():
    with Panel() as p, page(p.url) as b:
        b.live()
        for name in ('outbox', 'actions', 'faults', 'bugs', 'state'):
            b.tab(name)
            b.js('document.querySelectorAll("details").forEach(e => { e.open = true })')
        until('forms', lambda: b.js('return document.querySelectorAll("form").length') > 30, every=0.02)
        assert b.js(NAMELESS) == [], b.js(NAMELESS)
        assert b.js(TWICE) == []
        roles = b.js('return [...document.querySelectorAll("[role=tab]")].every(e => document.getElementById(e.getAttribute("aria-controls")))')
        assert roles and b.js('return document.documentElement.lang') == 'en'


def a_phone_shows_all_of_it():
    with Panel() as p, page(p.url, size=PHONE) as b:
        b.live()
        b.tab('traffic')
        b.type('AT+CMEE=1;+CREG=2;+CNMI=2,1;+CSCS="GSM";+CMGF=1;+CSMP=17,167,0,0;+CRC=1;+CLIP=1;+COLP=1')
        b.sees('#rows .row.note', 'understood +COLP=1')
        for name in ('traffic', 'state', 'outbox', 'actions', 'faults', 'bugs'):
            b.tab(name)
            if name == 'actions':
                b.open('#action-fault')
            if name == 'bugs':
                b.open('#pane-bugs details')
            wide = b.js('return [document.documentElement.scrollWidth, innerWidth]')
            assert wide[0] <= PHONE[0] == wide[1], (name, wide)
            small = b.js('''return [...document.querySelectorAll('button, input, select, summary')].filter(e => e.offsetParent)
                .map(e => [e.getBoundingClientRect().height, e.textContent]).filter(([h]) => h < 18)''')
            assert small == [], small
        assert b.find('#pane-bugs').is_displayed() and not b.find('#traffic').is_displayed()


CONTRAST = '''
const parse = text => { const v = text.match(/[\\d.]+/g).map(Number); return { c: v.slice(0, 3), a: v[3] ?? 1 }; };
const light = c => { const [r, g, b] = c.map(x => { x /= 255; return x <= .03928 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4; });
  return .2126 * r + .7152 * g + .0722 * b; };
const ground = e => { for (; e; e = e.parentElement) { const p = parse(getComputedStyle(e).backgroundColor); if (p.a > .99) return p.c; } return [255, 255, 255]; };
const bad = [];
let count = 0;
for (const e of document.querySelectorAll('body *')) {
  if (e.offsetParent === null || ![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) || e.closest(':disabled, .sr, .skip'))
    continue;
  const a = light(parse(getComputedStyle(e).color).c), b = light(ground(e));
  const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
  count++;
  if (ratio < 4.5)
    bad.push([e.className || e.tagName, e.textContent.slice(0, 20), ratio.toFixed(2)]);
}
return [count, bad]'''


def both_colour_schemes_can_be_read():
    with Panel() as p, page(p.url) as b:
        b.live()
        b.type('AT+CSQ')
        b.type('AT+NOTHING')
        b.sees('#rows .row.complaint', 'AT+NOTHING (unknown)')
        grounds = {}
        for dark in (False, True):
            b.look(WIDE, dark)
            until('the colours', lambda want=dark: b.js('return document.documentElement.dataset.theme') == ('dark' if want else 'light'), every=0.02)
            for name in ('outbox', 'actions', 'faults', 'bugs', 'state'):
                b.tab(name)
                count, bad = b.js(CONTRAST)
                assert count > 30 and bad == [], (dark, name, bad)
            grounds[dark] = b.js('return getComputedStyle(document.documentElement).backgroundColor')
        assert grounds[False] != grounds[True]
        b.press('#theme')
        assert b.js('return document.documentElement.dataset.theme') == 'light'
        b.driver.refresh()
        b.live()
        assert b.js('return document.documentElement.dataset.theme') == 'light'


def the_picture_for_the_readme():
    with Panel() as p, page(p.url, size=(1280, 800)) as b:
        b.look((1280, 800), False)
        b.live()
        for line in ('AT+CMEE=1;+CREG=2;+CNMI=2,1', 'AT+CREG?', 'AT+CSQ'):
            b.type(line)
            b.sees('#rows .row.note', f'understood {line[2:].split(";", maxsplit=1)[0]}')
        p.post('/v1/modems/1/actions/sms', {'from': '+33612345678', 'text': 'hello'})
        b.sees('#rows .row.modem', '+CMTI: "SM",1')
        b.sees('#cards .card', '1 of 20')
        until('the light', lambda: b.js('return document.getElementById("lamp").dataset.lit') == 'true', every=0.01)
        picture = b.driver.get_screenshot_as_png()
    if os.environ.get('ACCEPT'):
        with open(PICTURE, 'wb') as f:
            f.write(picture)
    for png in (picture, open(PICTURE, 'rb').read()):
        assert png[:8] == b'\x89PNG\r\n\x1a\n' and struct.unpack('>II', png[16:24]) == (1280, 800)
        assert 20000 < len(png) < PICTURE_MOST, len(png)
    return f'{len(picture)} bytes'


tap.main([no_token_no_page, the_token_leaves_the_address_bar, no_request_leaves_the_machine, another_origin_is_refused,
          an_sms_arrives_and_is_seen, a_form_sends_one, markup_stays_text, the_bar_of_an_upgrade_moves, the_led_of_the_lost_band,
          a_bug_asks_first_if_a_program_is_there, faults_count_how_often_they_act, a_thousand_events_a_second_do_not_freeze_it,
          the_filter_and_the_pause, it_says_when_the_emulator_is_gone, fleets_are_a_list_with_a_filter,
          the_keyboard_is_enough, everything_has_a_name, a_phone_shows_all_of_it, both_colour_schemes_can_be_read,
          the_picture_for_the_readme], at_once=2, around=ptytest.own_folder)
