#!/usr/bin/python3
# The panel as far as HTTP goes: what is open, what needs the token, what other pages cannot do,
# and what it asks of the control interface. test_panel.py looks at it with a browser.
import json
import os
import re
import subprocess

from paneltest import FOLDER, Panel, assets, ptytest
from ptytest import Client, Run, fauxtrack, main, until

OK = b'\r\nOK\r\n'
LOST_BAND = 'dwl-band-reset-after-upgrade'


def ctl(p, *args, env=None):
    return fauxtrack('ctl', '--control', p.socket, *args, env=dict(os.environ, **(env or {})))


# ---- files and access

def standard_output_stays_one_line_a_modem():
    with Panel() as p:
        assert re.fullmatch(r'/dev/pts/\d+', p.path), p.path
    assert p.rest == b'', p.rest


def every_file_is_served_without_a_token():
    with Panel() as p:
        for path, name in assets().items():
            status, headers, got = p.ask('GET', path, token=None)
            with open(name, 'rb') as f:
                assert (status, got) == (200, f.read()), path
            assert headers['Content-Type'].split(';')[0] == {'js': 'text/javascript', 'css': 'text/css', 'svg': 'image/svg+xml',
                                                             'l': 'text/html'}[name.rsplit('.')[-1].replace('html', 'l')]


def files_name_only_files_that_are_there():
    all_, found = assets(), 0
    for name in all_.values():
        with open(name, encoding='utf-8') as f:
            text = f.read()
        for other in re.findall(r'''(?:from '|href="|src="|url\()\./?([^"')]+)''', text) + re.findall(r'(?:href|src)="([^"#]+)"', text):
            assert f'/{other}' in all_, f'{name} wants {other}'
            found += 1
    assert found > 20, found


def no_file_names_another_machine():
    for name in assets().values():
        with open(name, encoding='utf-8') as f:
            text = f.read().replace('http://www.w3.org/2000/svg', '')
        assert not re.search(r'''(?:https?:|["'(=])//[a-z]|@import|data:[a-z]+/''', text), name


def no_script_makes_markup_of_text():
    bad = re.compile(r'innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|createContextualFragment|'
                     r'srcdoc|DOMParser|setHTML|javascript:')
    for path, name in assets().items():
        with open(name, encoding='utf-8') as f:
            text = f.read()
        if path.endswith('.js'):
            assert not bad.search(text), (name, bad.search(text))
        elif path == '/':
            assert not re.search(r'<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=', text), name


def every_answer_has_the_strict_headers():
    with Panel() as p:
        for path in ('/', '/main.js', '/v1/modems', '/nothing'):
            _, headers, _ = p.ask('GET', path)
            policy = dict(part.strip().split(' ', 1) for part in headers['Content-Security-Policy'].split(';'))
            assert policy.pop('default-src') == policy.pop('frame-ancestors') == policy.pop('base-uri') == policy.pop('form-action') == "'none'"
            assert set(policy.values()) == {"'self'"}, policy
            assert headers['X-Content-Type-Options'] == 'nosniff'
            assert headers['Referrer-Policy'] == 'no-referrer'
            assert headers['Cache-Control'] == 'no-store'
            assert 'Set-Cookie' not in headers and 'Access-Control-Allow-Origin' not in headers


def nothing_else_without_the_token():
    with Panel() as p:
        paths = [('GET', path) for path in ('/v1/modems', '/v1/modems/1', '/v1/modems/1/events', '/v1/openapi.json', '/v1/bugs', '/x', '//',
                                            '/main.js/../v1/modems', '/%2e/v1/modems')]
        for method, path in paths + [('POST', '/v1/modems/1/actions/reset'), ('POST', '/v1/panel')]:
            body = None if method == 'GET' else {}
            assert p.ask(method, path, body, token=None)[0] == 401, path
            assert p.ask(method, path, body, token='0' * 32)[0] == 401, path
            assert p.ask(method, f'{path}?token={p.token}', body, token=None, Cookie=f'token={p.token}')[0] == 401, path
        assert p.state()['boots'] == 1


def another_name_or_origin_is_refused():
    with Panel() as p:
        own = f'127.0.0.1:{p.port}'
        for path in ('/', '/main.js', '/v1/modems'):
            for host in (own, f'localhost:{p.port}', f'[::1]:{p.port}'):
                assert p.ask('GET', path, host=host, Origin=f'http://{host}')[0] == 200, host
            for host in ('evil.example', f'evil.example:{p.port}', '127.0.0.1', 'localhost:1', f'127.0.0.1.evil.example:{p.port}',
                         f'localhost:0{p.port}', f'127.0.0.1:{p.port}x', ''):
                assert p.ask('GET', path, host=host)[0] == 403, host
            for origin in ('http://evil.example', 'null', f'https://{own}', 'http://127.0.0.1:1', f'http://localhost:{p.port}', 'file://'):
                assert p.ask('GET', path, Origin=origin)[0] == 403, origin
        assert p.ask('GET', '/v1/modems', Sec_Fetch_Site='cross-site')[0] == 403
        assert p.ask('GET', '/v1/modems', Sec_Fetch_Site='same-site')[0] == 403
        assert p.ask('GET', '/', Sec_Fetch_Site='cross-site', token=None)[0] == 200  # a link leads there
        assert p.ask('GET', '/v1/modems', Sec_Fetch_Site='same-origin')[0] == 200


def files_cannot_be_changed():
    with Panel() as p:
        status, headers, _ = p.ask('POST', '/', {})
        assert (status, headers['Allow']) == (405, 'GET')
        status, headers, got = p.ask('HEAD', '/')
        assert status == 200 and not got and int(headers['Content-Length']) > 1000


# ---- how it is opened

def ctl_opens_it_and_finds_it_open():
    with Run() as r:
        first = ctl(r, 'panel', '--print')
        assert first.returncode == 0 and re.fullmatch(r'http://127\.0\.0\.1:\d+/#token=[0-9a-f]{32}\n', first.stdout), first
        assert ctl(r, 'panel', '--print').stdout == first.stdout
        port = re.search(r':(\d+)/', first.stdout).group(1)
        other = ctl(r, 'panel', 'port=1', '--print')
        assert other.returncode == 1 and f'open already, at port {port}' in other.stderr, other
        assert ctl(r, 'panel', f'port={port}', '--json').returncode == 0
    assert r.error.splitlines()[1:] == [], r.error


def the_browser_gets_a_page_of_this_user_only():
    """xdg-open, if there is a display; the token is not in its arguments, which other users can see."""
    folder = os.path.join(FOLDER.name, 'bin')
    os.mkdir(folder)
    said = os.path.join(FOLDER.name, 'said')
    with open(os.path.join(folder, 'xdg-open'), 'w', encoding='utf-8') as f:
        os.fchmod(f.fileno(), 0o755)
        f.write(f'#!/bin/sh\necho "$@" >{said}.new && mv {said}.new {said}\n')
    path = {'PATH': f'{folder}:{os.environ["PATH"]}'}
    with Run() as r:
        none = dict(path, DISPLAY='', WAYLAND_DISPLAY='')
        assert ctl(r, 'panel', env=none).returncode == 0
        assert ctl(r, 'panel', '--print', env=dict(path, DISPLAY=':0')).returncode == 0
        url = ctl(r, 'panel', env=dict(path, DISPLAY=':0')).stdout.strip()
        until('xdg-open', lambda: os.path.exists(said))
        with open(said, encoding='utf-8') as f:
            page = f.read().strip()
        assert page == f'{r.socket}.html' and os.stat(page).st_mode & 0o777 == 0o600
        with open(page, encoding='utf-8') as f:
            assert url in f.read()
    assert not os.path.exists(page)


def a_port_in_use_is_named():
    with Panel() as p:
        got = fauxtrack('run', '--panel-port', str(p.port))
        assert got.returncode == 1 and f'--panel: port {p.port}: Address already in use; use another port' in got.stderr, got
        assert fauxtrack('run', '--panel-port', '70000').returncode == 2


def it_works_without_a_control_socket():
    with Panel('--control', 'none') as p:
        assert p.state()['power'] == 'on'
        assert not os.path.exists(os.path.join(FOLDER.name, 'fauxtrack'))


# ---- what it shows

def the_stream_has_bytes_events_and_state():
    with Panel() as p, p.events('bytes=1&state=1') as e:
        whole = e.until(lambda event, _: event == 'state')
        assert whole['state']['power'] == 'on' and whole['client'] is False
        assert p.post('/v1/modems/1/type', {'text': 'AT+CMEE=1;+CSCS?\\r'})[0] == 200
        seen, parts = {'host': '', 'modem': ''}, {}
        while not seen['modem'].endswith('OK\r\n') or 'port' not in parts:
            event, data = e.next()
            if event == 'bytes':
                seen[data['from']] += data['data']
            elif event == 'state':
                parts.update(data['state'])
        assert seen['host'] == 'AT+CMEE=1;+CSCS?\r' and '+CSCS: ' in seen['modem'], seen
        assert parts['port']['dtr'] is True and 'sim' not in parts, parts
    assert p.error == '', p.error


def bytes_come_as_they_are():
    with Panel() as p, p.events('bytes=1') as e, Client(p.path) as c:
        c.send(bytes(range(1, 256)))
        got = ''
        while len(got) < 255:
            event, data = e.next()
            if event == 'bytes' and data['from'] == 'host':
                got += data['data']
        assert got == ''.join(map(chr, range(1, 256)))


def a_mistake_of_the_host_has_its_name():
    with Panel() as p, p.events('bytes=1') as e:
        p.post('/v1/modems/1/type', {'text': 'AT+NOTHING\\r'})
        assert e.until(lambda event, _: event == 'client')['complaint'] == 'unknown'


def a_slow_reader_of_the_state_gets_the_newest():
    """However often it changes, it comes ten times a second at most."""
    with Panel() as p, p.events('state=1') as e:
        e.next()
        for rssi in range(32):
            p.post('/v1/modems/1/actions/signal', {'rssi': rssi})
        states = []
        while not states or states[-1] != 31:
            states.append(e.until(lambda event, d: event == 'state' and 'registration' in d['state'])['state']['registration']['rssi'])
        assert states == sorted(states)


def the_console_is_the_host_until_a_program_comes():
    with Panel() as p:
        assert p.state()['port']['dtr'] is False
        status, got = p.post('/v1/modems/1/type', {'text': 'ATE0\\r'})
        assert status == 200 and got['taken'] == 5
        assert p.post('/v1/modems/1/type', {'hex': '4'})[0] == 400
        modem = p.get('/v1/modems/1')
        assert modem['console'] and not modem['client'] and modem['state']['port']['dtr']
        p.post('/v1/modems/1/type', {'hang_up': True})
        assert p.state()['port']['dtr'] is False and not p.get('/v1/modems/1')['console']
        p.post('/v1/modems/1/type', {'text': 'AT\\r'})
        with Client(p.path) as c:
            until('the client', lambda: p.get('/v1/modems/1')['client'])
            assert not p.get('/v1/modems/1')['console']
            p.post('/v1/modems/1/type', {'text': 'AT+CSCS?\\r'})
            assert b'+CSCS: ' in c.read_until(OK)  # E0 is still off
        until('the end of the client', lambda: p.state()['port']['dtr'] is False)


def ctl_types_too():
    with Panel() as p, p.events('bytes=1') as e:
        assert ctl(p, 'type', 'AT+CMGF=1').returncode == ctl(p, 'type', 'AT+CMGS="+4912345"').returncode == 0
        e.until(lambda event, d: event == 'bytes' and d['from'] == 'modem' and '> ' in d['data'])
        assert ctl(p, 'type', '\x1b', 'raw=true').returncode == 0
        e.until(lambda event, d: event == 'result')
        assert ctl(p, 'type', 'a', 'b').returncode == 2


def an_unplugged_port_takes_no_typing():
    with Panel() as p:
        p.post('/v1/modems/1/actions/cable', {'to': 'unplugged'})
        status, got = p.post('/v1/modems/1/type', {'text': 'AT\\r'})
        assert status == 409 and 'unplugged' in got['error']['message'], got


def the_led_has_its_times():
    with Panel() as p:
        s = p.state()
        assert (s['led'], s['led_on'], s['led_off']) == ('slow', 200, 2000)
        p.post('/v1/modems/1/actions/power', {'to': 'off'})
        s = p.state()
        assert (s['led'], s['led_on']) == ('off', 0)


def the_cells_are_there():
    with Panel() as p:
        s = p.state()
        serving = [c for c in s['cells'] if c['serves']]
        assert len(serving) == 1 and serving[0]['ci'] == s['registration']['ci'] and serving[0]['rssi'] == s['registration']['rssi']
        p.post('/v1/modems/1/actions/signal', {'to': 'none'})
        assert all(c['rssi'] is None and not c['serves'] for c in p.state()['cells'])


# ---- field bugs

def a_bug_is_played_on_a_running_modem():
    with Panel() as p:
        bugs = {b['name']: b for b in p.get('/v1/bugs')['bugs']}
        assert len(bugs) > 50 and bugs[LOST_BAND]['symptom']
        status, got = p.post('/v1/modems/1/bug', {'name': LOST_BAND})
        assert status == 200, got
        modem = p.get('/v1/modems/1')
        assert modem['bug'] == LOST_BAND and modem['state']['led'] == 'steady' and modem['port'] == p.path
        with Client(p.path) as c:
            c.send(b'AT+WMBS=4,1\r')
            c.read_until(b'+WIND: 7\r\n')
        until('the LED', lambda: p.state()['led'] == 'slow')
        assert p.post('/v1/modems/1/bug', {'name': 'none', 'force': True})[0] == 200
        modem = p.get('/v1/modems/1')
        assert modem['bug'] is None and modem['state']['registration']['plmn'] == '20801'


def rules_of_a_bug_are_listed_with_it():
    with Panel() as p:
        name = next(b['name'] for b in p.get('/v1/bugs')['bugs'] if b['name'].startswith('sms-'))
        p.post('/v1/modems/1/bug', {'name': name})
        faults = p.get('/v1/modems/1/faults')['faults']
        assert faults and all(f['of'] == 'bug' for f in faults), (name, faults)
        p.post('/v1/modems/1/bug', {'name': 'none'})
        assert p.get('/v1/modems/1/faults')['faults'] == []


def every_bug_can_be_played_one_after_the_other():
    with Panel('--port', 'uart2,usb') as p:
        refused = {}
        for bug in p.get('/v1/bugs')['bugs']:
            status, got = p.post('/v1/modems/1/bug', {'name': bug['name']})
            if status != 200:
                refused[bug['name']] = got['error']['message']
            assert p.get('/v1/modems/1')['profile']
        # a device without these ports refuses them
        assert all('has no port' in why for why in refused.values()), refused
        assert p.post('/v1/modems/1/bug', {'name': 'none'})[0] == 200


def a_client_must_agree():
    with Panel() as p, Client(p.path) as c:
        until('the client', lambda: p.get('/v1/modems/1')['client'])
        status, got = p.post('/v1/modems/1/bug', {'name': LOST_BAND})
        assert status == 409 and got['error']['field'] == 'force', got
        assert ctl(p, 'bug', LOST_BAND).returncode == 1
        assert ctl(p, 'bug', LOST_BAND, 'force=true').returncode == 0
        c.send(b'ATE0\r')
        c.read_until(OK)
        assert p.state()['port']['dtr'] is True


def a_memory_is_not_erased_for_a_bug():
    state = os.path.join(FOLDER.name, 'unit')
    with Panel('--state', state) as p:
        status, got = p.post('/v1/modems/1/bug', {'name': LOST_BAND})
        assert status == 409 and 'fauxtrack run --bug' in got['error']['remedy'], got
        assert p.get('/v1/modems/1')['bug'] is None


def an_unknown_bug_changes_nothing():
    with Panel() as p:
        status, got = p.post('/v1/modems/1/bug', {'name': 'dwl-band-reset-after-upgrad'})
        assert status == 409 and LOST_BAND in json.dumps(got), got
        assert p.state()['boots'] == 1


def one_of_several_modems_gets_a_bug():
    with Panel('--count', '3', count=3) as p:
        assert p.post('/v1/modems/2/bug', {'name': LOST_BAND})[0] == 200
        modems = p.get('/v1/modems')['modems']
        assert [m['bug'] for m in modems] == [None, LOST_BAND, None]
        assert [m['led'] for m in modems] == ['slow', 'steady', 'slow']
        p.post('/v1/modems/2/bug', {'name': 'none'})
        assert p.post('/v1/modems/1/type', {'text': 'AT+CMGF=1\\rAT+CNMI=2,1\\r'})[0] == 200


# ---- cost

def an_open_panel_that_nobody_uses_costs_nothing():
    with Panel() as p, p.events('since=0&bytes=1&state=1') as e:
        e.until(lambda event, _: event == 'state')
        share, wakes = p.cost_over(2)
        assert share < 0.01, f'{100 * share:.2f} % of a core'
        return f'{100 * share:.3f} % of a core, {wakes} wake-ups in 2 s'


def without_a_panel_nothing_listens():
    with Run() as r:
        listens = subprocess.run(['ss', '-ltnp'], stdout=subprocess.PIPE, text=True, check=False).stdout
        assert f'pid={r.pid},' not in listens


main([
    standard_output_stays_one_line_a_modem, every_file_is_served_without_a_token, files_name_only_files_that_are_there,
    no_file_names_another_machine, no_script_makes_markup_of_text, every_answer_has_the_strict_headers,
    nothing_else_without_the_token, another_name_or_origin_is_refused, files_cannot_be_changed, ctl_opens_it_and_finds_it_open,
    the_browser_gets_a_page_of_this_user_only, a_port_in_use_is_named, it_works_without_a_control_socket,
    the_stream_has_bytes_events_and_state, bytes_come_as_they_are, a_mistake_of_the_host_has_its_name,
    a_slow_reader_of_the_state_gets_the_newest, the_console_is_the_host_until_a_program_comes, ctl_types_too,
    an_unplugged_port_takes_no_typing, the_led_has_its_times, the_cells_are_there, a_bug_is_played_on_a_running_modem,
    rules_of_a_bug_are_listed_with_it, every_bug_can_be_played_one_after_the_other, a_client_must_agree,
    a_memory_is_not_erased_for_a_bug, an_unknown_bug_changes_nothing, one_of_several_modems_gets_a_bug,
    an_open_panel_that_nobody_uses_costs_nothing, without_a_panel_nothing_listens])
