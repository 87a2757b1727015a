#!/usr/bin/python3
# The control interface as other programs see it: sockets, addresses, streams, clients
# that misbehave, and fauxtrack ctl.
import glob
import http.client
import json
import os
import re
import resource
import select
import signal
import socket
import stat
import subprocess
import tempfile
import time

import ptytest
from ptytest import FOLDER, FULL, PROGRAM, Client, Run, fauxtrack, main, until

OK = b'\r\nOK\r\n'
STARTS = 100 if FULL else 20
CONTROL_BUDGET = 4  # LOOP_CONTROL_BUDGET of emulator/host/loop.h


def ctl(*args):
    return fauxtrack('ctl', *args)


def connect(path):
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(ptytest.DEADLINE)
    s.connect(path)
    return s


class Unix(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__('localhost', timeout=ptytest.DEADLINE)
        self.path = path

    def connect(self):
        self.sock = connect(self.path)


def ask(connection, method, path, body=None, headers=()):
    """(status, answer), the answer parsed from JSON."""
    all_headers = {'Content-Type': 'application/json', **dict(headers)}
    text = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
    connection.request(method, path, text, all_headers)
    answer = connection.getresponse()
    got = answer.read()
    kind = answer.getheader('Content-Type')
    return answer.status, json.loads(got) if kind == 'application/json' else got


def get(r, path, **more):
    return ask(Unix(r.socket), 'GET', path, **more)


def post(r, path, body=None, **more):
    return ask(Unix(r.socket), 'POST', path, body, **more)


class Stream:
    """Server-sent events."""

    def __init__(self, r, query=''):
        self.socket = connect(r.socket)
        self.socket.sendall(f'GET /v1/modems/1/events{query} HTTP/1.1\r\n'
                            'Host: localhost\r\n\r\n'.encode())
        self.file = self.socket.makefile('rb')
        assert self.file.readline() == b'HTTP/1.1 200 OK\r\n'
        while self.file.readline() != b'\r\n':
            pass
        self.text = b''
        self.next()  # the comment that marks the start

    def next(self):
        while b'\n\n' not in self.text:
            size = int(self.file.readline(), 16)
            assert size, 'the stream has ended'
            self.text += self.file.read(size)
            self.file.readline()
        event, self.text = self.text.split(b'\n\n', 1)
        return dict(line.split(': ', 1) for line in event.decode().split('\n'))

    def until(self, name, text):
        while True:
            event = self.next()
            data = json.loads(event['data'])
            assert event['event'] == data['event'] and int(event['id']) == data['id']
            if (event['event'], data['text']) == (name, text):
                return data

    def close(self):
        self.file.close()
        self.socket.close()


# --- addresses ----------------------------------------------------------------------------


def the_socket_is_private_and_goes_with_the_emulator():
    with Run() as r:
        mode = os.lstat(r.socket).st_mode
        assert stat.S_ISSOCK(mode) and stat.S_IMODE(mode) == 0o600, oct(mode)
        assert get(r, '/v1/modems')[1]['modems'][0]['port'] == r.path
    assert not os.path.exists(r.socket)
    assert r.error == f'control: {r.socket}\n', r.error


def without_a_runtime_directory_a_private_one_is_made():
    env = {k: v for k, v in os.environ.items() if k != 'XDG_RUNTIME_DIR'}
    done = fauxtrack('exec', '--', 'sh', '-c',
                     'echo $FAUXTRACK_CONTROL; stat -c %a "${FAUXTRACK_CONTROL%/*}"', env=env)
    path, mode = done.stdout.split()
    assert re.fullmatch(r'/tmp/fauxtrack-%d/\d+\.sock' % os.getuid(), path), path
    assert mode == '700' and done.stderr == '', done


def the_directory_goes_with_its_last_socket():
    with tempfile.TemporaryDirectory() as d:
        env, folder = dict(os.environ, XDG_RUNTIME_DIR=d), os.path.join(d, 'fauxtrack')
        talk = '"$0" ctl signal rssi=20; ls "${FAUXTRACK_CONTROL%/*}"'
        done = fauxtrack('exec', '--', 'sh', '-c', talk, PROGRAM, env=env)
        assert re.fullmatch(r'(\d+)\.sock\n\1\.sock\.last\n', done.stdout) and done.stderr == '', done
        assert not os.path.exists(folder), os.listdir(folder)
        done = fauxtrack('exec', '--control', 'tcp:0', '--', 'sh', '-c', talk.split(';')[0], PROGRAM, env=env)
        assert done.returncode == 0 and 'ctl:' not in done.stderr, done
        assert not os.path.exists(folder), (done, os.listdir(folder))
        for words in (['doctor'], ['ctl', 'list']):
            fauxtrack(*words, env=env)
            assert not os.path.exists(folder), words
        # somebody else's file stays
        os.mkdir(folder, 0o700)
        with open(os.path.join(folder, 'x'), 'w'):
            pass
        assert fauxtrack('exec', '--', 'true', env=env).returncode == 0 and os.listdir(folder) == ['x']


def one_that_ends_does_not_disturb_one_that_starts():
    with tempfile.TemporaryDirectory() as d:
        # each loop ends an emulator while the other one may be starting
        loop = f'for i in $(seq {STARTS}); do "$0" exec -- sh -c \'test -S "$FAUXTRACK_CONTROL"\' || exit 1; done'
        both = [subprocess.Popen(['sh', '-c', loop, PROGRAM], env=dict(os.environ, XDG_RUNTIME_DIR=d),
                                 stderr=subprocess.PIPE, text=True) for _ in range(3)]
        for p in both:
            _, said = p.communicate(timeout=STARTS * ptytest.DEADLINE)
            assert p.returncode == 0 and said == '', said
        assert os.listdir(d) == [], os.listdir(d)


def others_rights_on_the_directory_are_refused():
    with tempfile.TemporaryDirectory() as d:
        os.mkdir(os.path.join(d, 'fauxtrack'), 0o755)
        done = fauxtrack('exec', '--', 'sh', '-c', 'echo "<$FAUXTRACK_CONTROL>"',
                         env=dict(os.environ, XDG_RUNTIME_DIR=d))
        assert done.returncode == 0 and done.stdout == '<>\n', done
        assert 'mode 0700' in done.stderr, done.stderr


def an_address_can_be_given():
    with tempfile.TemporaryDirectory() as d:
        path = os.path.join(d, 'control')
        with socket.socket(socket.AF_UNIX) as left:  # left by a dead emulator
            left.bind(path)
        with Run('--control', path, '--mode', '0660') as r:
            assert stat.S_IMODE(os.lstat(path).st_mode) == 0o660
            assert not os.path.exists(r.socket)
            done = fauxtrack('run', '--control', path)
            assert done.returncode == 1 and f'served by the process with pid {r.pid};' in done.stderr, done
            assert ctl('--control', path, 'state', 'power').stdout == 'on\n'
        assert not os.path.exists(path)
        with open(path, 'w') as f:
            f.write('mine')
        done = fauxtrack('run', '--control', path)
        assert done.returncode == 1 and 'not a socket' in done.stderr, done
        assert os.path.exists(path)
    with Run('--control', 'none') as r:
        assert not os.path.exists(r.socket)
    assert r.error == '', r.error
    done = fauxtrack('run', '--control', 'tcp:x')
    assert done.returncode == 2 and 'tcp:PORT' in done.stderr, done


def tcp_wants_its_token():
    with Run('--control', 'tcp:0') as r:
        line = r.process.stderr.readline().decode()
        port, token = re.fullmatch(r'control: tcp:(\d+) token ([0-9a-f]{32})\n', line).groups()

        def status(**headers):
            c = http.client.HTTPConnection('127.0.0.1', int(port), timeout=ptytest.DEADLINE)
            headers = {k.replace('_', '-'): v for k, v in headers.items()}
            return ask(c, 'GET', '/v1/modems', headers=headers)

        good = 'Bearer ' + token
        assert status()[0] == 401
        assert 'token' in status()[1]['error']['message']
        assert status(Authorization='Bearer ' + token[:-1])[0] == 401
        assert status(Authorization='Bearer ' + token + '0')[0] == 401
        assert status(Authorization=good)[0] == 200
        assert status(Authorization=good, Origin='http://evil.example')[0] == 403
        assert status(Authorization=good, Origin='null')[0] == 403
        assert status(Authorization=good, Host='evil.example')[0] == 403
        assert status(Authorization=good, Host='localhost.evil.example')[0] == 403
        assert status(Authorization=good, Host='LOCALHOST:80')[0] == 200
        done = ctl('--control', 'tcp:' + port, '--token', token, 'state', 'power')
        assert done.stdout == 'on\n', done
        done = ctl('--control', 'tcp:' + port, 'state', 'power')
        assert done.returncode == 2 and 'token' in done.stderr, done


# --- what is said and done ----------------------------------------------------------------


def requests_are_checked():
    with Run() as r:
        for method, path, body, headers, want in (
                ('GET', '/v1/nothing', None, (), 404),
                ('GET', '/v1/modems/2', None, (), 404),
                ('GET', '/v1/modems/%00', None, (), 400),
                ('DELETE', '/v1/modems/1', None, (), 405),
                ('POST', '/v1/modems/1/actions/nothing', None, (), 404),
                ('POST', '/v1/modems/1/actions/sms', b'{', (), 400),
                ('POST', '/v1/modems/1/actions/sms', b'{}', (('Content-Type', 'text/plain'),), 415),
                ('POST', '/v1/modems/1/actions/sms', b' ' * 70000, (), 413),
                ('GET', '/v1/modems', None, (('Origin', 'http://evil.example'),), 403)):
            got, answer = ask(Unix(r.socket), method, path, body, headers)
            assert got == want, (method, path, got, answer)
            error = answer['error']
            assert error['message'] and error['remedy'], answer


def one_connection_serves_many_requests():
    with Run() as r:
        c = Unix(r.socket)
        for _ in range(50):
            assert ask(c, 'GET', '/v1/modems')[0] == 200
            assert ask(c, 'POST', '/v1/modems/1/actions/rack', 'closed')[0] == 200


def a_wait_ends_with_what_it_waits_for():
    with Run() as r:
        assert post(r, '/v1/modems/1/wait', {'for': 'registered'})[0] == 200
        start = time.monotonic()
        status, answer = post(r, '/v1/modems/1/wait', {'for': 'off', 'timeout': '200ms'})
        took = time.monotonic() - start
        assert status == 408 and 'power is on, not off' in answer['error']['message'], answer
        assert took > 0.19, took
        with Client(r.path) as client, Client(r.path) as _:
            waiting = connect(r.socket)
            body = b'{"for":["at=+CMTI","event=urc:+CMTI"]}'
            waiting.sendall(b'POST /v1/modems/1/wait HTTP/1.1\r\nHost: localhost\r\n'
                            b'Content-Length: %d\r\n\r\n%s' % (len(body), body))
            # not yet: meanwhile another request is served
            assert get(r, '/v1/modems')[0] == 200
            assert not select.select([waiting], [], [], 0)[0]
            assert post(r, '/v1/modems/1/actions/sms', {'from': '+1', 'text': 'hi'})[0] == 200
            assert waiting.recv(4096).startswith(b'HTTP/1.1 200 OK')
            client.read_until(b'+CMTI: "SM",1\r\n')


def nothing_is_missed_between_action_and_wait():
    with Run() as r:
        before = post(r, '/v1/modems/1/actions/sim', 'removed')[1]['event']
        body = {'for': 'event=sim:absent', 'since': before, 'timeout': '1s'}
        assert post(r, '/v1/modems/1/wait', body)[0] == 200


def events_come_and_are_replayed():
    with Run() as r:
        first = Stream(r)
        post(r, '/v1/modems/1/actions/power', 'off')
        off = first.until('power', 'off')
        again = Stream(r, '?since=0')
        assert again.until('power', 'off') == off
        post(r, '/v1/modems/1/actions/power', 'on')
        assert first.until('net', 'home') == again.until('net', 'home')
        first.close()
        assert post(r, '/v1/modems/1/actions/power', 'off')[0] == 200
        again.until('power', 'off')


def time_stands_still_and_goes_on():
    with Run() as r:
        def now():
            return get(r, '/v1/modems')[1]['modems'][0]['now']

        assert post(r, '/v1/modems/1/clock', 'freeze')[0] == 200
        frozen = now()
        assert now() == frozen
        with Client(r.path) as c:
            c.send(b'AT+CSQ\r')
            # its latency is in virtual time
            c.read_until(b'AT+CSQ\r')
            assert now() == frozen and c.get() == b''
            post(r, '/v1/modems/1/clock', {'do': 'step', 'by': '1s'})
            c.read_until(OK)
        assert now() == frozen + 1000000
        post(r, '/v1/modems/1/clock', 'resume')
        until('time goes on', lambda: now() > frozen + 1000000)


def a_scale_ends_speed_max():
    with Run('--speed', 'max') as r, Client(r.path) as c:
        c.send(b'AT+CSQ\r')
        c.read_until(OK)
        assert post(r, '/v1/modems/1/clock', 'freeze')[0] == 200
        c.send(b'AT+CSQ\r')
        c.read_until(b'AT+CSQ\r')
        post(r, '/v1/modems/1/clock', {'do': 'step', 'by': '1us'})
        assert c.get() == b''
        post(r, '/v1/modems/1/clock', 'resume')
        c.read_until(OK)


def factory_forgets_what_was_kept():
    with tempfile.TemporaryDirectory() as d:
        state = os.path.join(d, 'state')
        with Run('--state', state) as r, Client(r.path) as c:
            c.send(b'ATS0=5\r')
            c.read_until(OK)
            c.send(b'AT&W\r')
            c.read_until(OK)
            assert glob.glob(state + '/*')
            assert post(r, '/v1/modems/1/factory')[0] == 200
            c.send(b'ATS0?\r')
            assert b'\r\n000\r\n' in c.read_until(OK)
            assert get(r, '/v1/modems/1')[1]['state']['port']['dtr'] is True
        with Run('--state', state) as r, Client(r.path) as c:
            c.send(b'ATS0?\r')
            assert b'\r\n000\r\n' in c.read_until(OK)


def each_modem_has_its_own_id():
    with Run('--count', '3', count=3) as r:
        got = get(r, '/v1/modems')[1]['modems']
        assert [(m['id'], m['port']) for m in got] == list(zip('123', r.paths)), got
        assert post(r, '/v1/modems/2/actions/power', 'off')[0] == 200
        states = [get(r, f'/v1/modems/{i}')[1]['state']['power'] for i in (1, 2, 3)]
        assert states == ['on', 'off', 'on'], states
        done = ctl('state', 'power')
        assert done.returncode == 2 and '--modem' in done.stderr, done
        assert ctl('--modem', '2', 'state', 'power').stdout == 'off\n'


# --- clients that misbehave ---------------------------------------------------------------


def answers_503(s):
    got = b''
    while True:
        more = s.recv(4096)
        got += more
        if not more:
            break
    head, _, body = got.partition(b'\r\n\r\n')
    assert head.startswith(b'HTTP/1.1 503 '), got
    assert json.loads(body)['error']['remedy'], got


def the_257th_connection_is_refused_and_the_others_are_served():
    with Run() as r:
        clients = [connect(r.socket) for _ in range(256)]
        for c in clients:
            c.sendall(b'GET /v1/modems HTTP/1.1\r\nHost: localhost\r\n\r\n')
        for c in clients:
            assert c.recv(4096).startswith(b'HTTP/1.1 200 OK'), 'one is not served'
        for _ in range(50):
            answers_503(connect(r.socket))
        with Client(r.path) as c:
            c.send(b'AT\r')
            c.read_until(OK)
        clients.pop().close()

        def served():
            try:
                return get(r, '/v1/modems')[0] == 200
            except OSError:
                return False
        until('a place is free again', served)
        for c in clients:
            c.close()
    assert r.error.count('256 are already open') == 1, r.error


def descriptors_are_left_for_records_and_ports():
    def limit():
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))

    with tempfile.TemporaryDirectory() as d, subprocess.Popen(
            [ptytest.PROGRAM, 'run', '--state', os.path.join(d, 'state')],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=limit) as process:
        port = process.stdout.readline().decode().rstrip('\n')
        path = os.path.join(FOLDER.name, 'fauxtrack', f'{process.pid}.sock')
        many = [connect(path) for _ in range(400)]
        last = many[-1]
        answers_503(last)
        with Client(port) as c:
            c.send(b'ATS0=2\r')
            c.read_until(OK)
            c.send(b'AT&W\r')
            c.read_until(OK)
        with open(f'/proc/{process.pid}/schedstat') as f:
            before = int(f.read().split()[0])
        assert not select.select([many[0]], [], [], 0.5)[0]
        with open(f'/proc/{process.pid}/schedstat') as f:
            assert int(f.read().split()[0]) - before < 100e6
        for c in many:
            c.close()
        process.terminate()
        assert process.wait(ptytest.DEADLINE) == 0
        assert process.stderr.read().count(b'ulimit -n') == 1


def flood(s, data, most):
    """Sends as long as it is accepted; returns the number of bytes."""
    s.setblocking(False)
    sent, end = 0, time.monotonic() + ptytest.DEADLINE
    while sent < most and time.monotonic() < end:
        if not select.select([], [s], [], 0.5)[1]:
            break
        try:
            sent += s.send(data, socket.MSG_NOSIGNAL)
        except BlockingIOError:
            continue
        except OSError:
            break
    return sent


def what_a_client_sends_is_bounded():
    with Run() as r:
        rss = r.rss_kb()
        head = b'POST /v1/modems/1/wait HTTP/1.1\r\nHost: localhost\r\n'
        clients = []
        for start in (b'GET /v1/modems/1/events HTTP/1.1\r\nHost: localhost\r\n\r\n',
                      b'GET /v1/modems/1/trace?follow=1 HTTP/1.1\r\nHost: localhost\r\n\r\n',
                      head + b'Content-Length: 30\r\n\r\n{"for":"off","timeout":"600s"}',
                      b'GET /' + b'a' * 20000,
                      head + b'Content-Length: 900000000\r\n\r\n',
                      head + b'Transfer-Encoding: chunked\r\n\r\nfffff\r\n'):
            for _ in range(5):
                c = connect(r.socket)
                c.sendall(start)
                clients.append((start, c))
        for start, c in clients:
            sent = flood(c, b'x' * 65536, 16 << 20)
            assert sent < 4 << 20, (start[:60], sent)
        grown = r.rss_kb() - rss
        assert grown < 30 * 200 + 8000, f'{grown} kB more'
        assert get(r, '/v1/modems')[0] == 200
        for _, c in clients:
            c.close()
        return f'{grown} kB more for {len(clients)} clients'


def without_a_token_little_is_read():
    with Run('--control', 'tcp:0') as r:
        port = int(re.match(r'control: tcp:(\d+) ', r.process.stderr.readline().decode()).group(1))
        rss, clients = r.rss_kb(), []
        for _ in range(100):
            c = socket.create_connection(('127.0.0.1', port), ptytest.DEADLINE)
            c.sendall(b'POST /v1/modems/1/wait HTTP/1.1\r\nHost: localhost\r\n'
                      b'Content-Length: 60000\r\n\r\n')
            assert c.recv(4096).startswith(b'HTTP/1.1 401 '), 'before its body'
            clients.append(c)
        # a head without an end
        for _ in range(100):
            c = socket.create_connection(('127.0.0.1', port), ptytest.DEADLINE)
            c.sendall(b'POST /v1/modems/1/wait HTTP/1.1\r\na: ' + b'x' * 16000)
            clients.append(c)
        grown = r.rss_kb() - rss
        assert grown < 200 * 64 + 8000, f'{grown} kB more'
        for c in clients:
            c.close()
        return f'{grown} kB more for 200 clients'


def all_of_control_is_bounded():
    with Run() as r:
        rss, clients = r.rss_kb(), []
        # fills the journal, so that the trace is long
        with Client(r.path) as c:
            for _ in range(300):
                c.send(b'ATI3\r')
                c.read_until(OK)
        for _ in range(200):
            c = connect(r.socket)
            c.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            c.sendall(b'GET /v1/modems/1/trace HTTP/1.1\r\nHost: localhost\r\n\r\n' * 50)
            clients.append(c)
        until('it has come to rest', lambda: r.cost_over(0.3)[1] == 0)
        grown = r.rss_kb() - rss
        assert grown < (64 << 10) + 16000, f'{grown} kB more'
        for c in clients:
            c.close()
        assert get(r, '/v1/modems')[0] == 200
        return f'{grown} kB more for 200 clients that do not read'


def a_client_that_has_finished_sending_gets_its_answer():
    with Run() as r:
        for text, wanted in (
                (b'GET /v1/modems HTTP/1.1\r\nHost: localhost\r\n\r\n' * 3, b'HTTP/1.1 200 OK'),
                (b'POST /v1/modems/1/wait HTTP/1.1\r\nHost: localhost\r\nContent-Length: 13\r\n'
                 b'\r\n{"for":"off"}', b'"met":true'),
                (b'GET /v1/modems/1/events HTTP/1.1\r\nHost: localhost\r\n\r\n', b'event: power')):
            with connect(r.socket) as c:
                c.sendall(text)
                c.shutdown(socket.SHUT_WR)
                if b'modems/1' in text:
                    assert post(r, '/v1/modems/1/actions/power', 'on')[0] == 200
                    assert post(r, '/v1/modems/1/actions/power', 'off')[0] == 200
                got = b''
                while got.count(wanted) < text.count(b'GET /v1/modems ') or wanted not in got:
                    more = c.recv(4096)
                    assert more, got
                    got += more
        # and when the client closes, it is noticed
        def files():
            return len(os.listdir(f'/proc/{r.pid}/fd'))
        until('all are closed', lambda: files() < 30)


def invalid_utf8_is_reported_with_its_place():
    with Run() as r:
        for method, path, body, place in (
                ('GET', '/v1/mod%FFems', None, 'byte 8 of the path'),
                ('GET', '/v1/commands?firmware=r%C3', None, 'byte 2 of the query'),
                ('GET', '/v1/commands?firmware=%zz', None, 'byte 1 of the query'),
                ('GET', '/v1/commands?firmware=' + 'a' * 39 + '%C3%A4', None, 'firmware'),
                ('POST', '/v1/modems/1/actions/sms', b'{"fr\xffm":1}', ''),
                ('POST', '/v1/modems/1/actions/sms', b'{"' + b'a' * 300 + b'\xc3\xa4":1}', 'unknown key'),
                ('POST', '/v1/modems/1/actions/' + '%C3%A4' * 40, b'{}', ''),
                ('POST', '/v1/modems/1/wait', b'{"for":"' + b'\xc3\xa4' * 60 + b'"}', '')):
            got, answer = ask(Unix(r.socket), method, path, body)
            assert got in (400, 404), (path, got, answer)
            assert place in answer['error']['message'], (path, answer)
            assert 'memory' not in answer['error']['message'], answer


def the_port_follows_the_cable():
    with Run() as r:
        def port():
            return get(r, '/v1/modems')[1]['modems'][0]['port']

        assert port() == r.path
        post(r, '/v1/modems/1/actions/cable', 'unplugged')
        assert port() is None
        post(r, '/v1/modems/1/actions/cable', 'plugged')
        until('it is back', lambda: port() and os.path.exists(port()))
        with Client(port()) as c:
            c.send(b'AT\r')
            c.read_until(OK)


def the_cable_comes_back_elsewhere():
    """By itself after a while of virtual time, with another path, under the same link; held clients are cut."""
    with tempfile.TemporaryDirectory() as folder:
        link = os.path.join(folder, 'modem')
        with Run('--link', link, '--speed', '100') as r, Client(r.path) as old:
            post(r, '/v1/modems/1/actions/cable', {'to': 'unplugged', 'for': '20s', 'path': 'new'})
            until('it is cut off', old.is_cut)
            assert not os.path.lexists(link)
            until('it is back', lambda: os.path.exists(link))
            assert os.readlink(link) not in (r.path, None)
            assert get(r, '/v1/modems')[1]['modems'][0]['port'] == os.readlink(link)
            with Client(link) as c:
                c.send(b'AT\r')
                c.read_until(OK)
        assert not os.path.lexists(link)


def ports_come_before_control():
    """250 requests and a line at the port are pending when it wakes: the state in each answer shows
    whether it came before the line was carried out. (tests/bench measures how long all that takes.)"""
    with Run('--count', '2', '--speed', 'max', count=2) as r, Client(r.paths[1]) as c:
        c.send(b'AT\r')
        c.read_until(OK)
        clients = [Unix(r.socket) for _ in range(250)]
        for client in clients:
            assert ask(client, 'GET', '/v1/modems')[0] == 200
        os.kill(r.pid, signal.SIGSTOP)
        for client in clients:
            client.request('GET', '/v1/modems/2')
        c.send(b'AT+CPBW=1\r')
        with r.master(r.paths[1]) as line:  # the kernel may still be moving the bytes
            assert select.select([line], [], [], ptytest.DEADLINE)[0]
        os.kill(r.pid, signal.SIGCONT)
        c.read_until(OK)
        names = [json.loads(client.getresponse().read())['state']['phonebooks']['SM']['used']
                 for client in clients]
        for client in clients:
            client.close()
        before = names.count(4)
        assert names.count(3) == 250 - before, names
        assert before <= 4 * CONTROL_BUDGET, f'{before} of 250 answers came before the line was carried out'
        return f'{before} of 250 answers came before the line was carried out'


def a_reader_that_never_reads_is_dropped():
    with Run() as r:
        stream = Stream(r)
        rss = r.rss_kb()
        c = Unix(r.socket)

        def dropped():
            for _ in range(100):
                assert ask(c, 'POST', '/v1/modems/1/actions/rack', 'closed')[0] == 200
            try:
                stream.socket.send(b'x', socket.MSG_NOSIGNAL)
            except OSError:
                return True
            return False

        assert any(dropped() for _ in range(1000)), 'it is still there after 100,000 events'
        grown = r.rss_kb() - rss
        assert grown < 4000, f'{grown} kB more'
        stream.close()
        return f'{grown} kB more memory'


def a_byte_at_a_time_is_a_request_too():
    with Run() as r:
        slow = connect(r.socket)
        text = b'GET /v1/modems HTTP/1.1\r\nHost: localhost\r\n\r\n'
        for byte in text:
            slow.sendall(bytes([byte]))
            assert get(r, '/v1/modems')[0] == 200  # it delays no other client
        assert slow.recv(4096).startswith(b'HTTP/1.1 200 OK')


def rubbish_does_no_harm():
    with Run() as r:
        for text in (b'\r\n\r\n', b'\0' * 1000, b'GET\r\n\r\n', b'GET / HTTP/9.9\r\n\r\n',
                     b'POST /v1/modems HTTP/1.1\r\nContent-Length: -5\r\n\r\n',
                     b'POST /v1/modems HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n',
                     b'POST /v1/modems HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
                     b'GET /' + b'a' * 100000 + b' HTTP/1.1\r\n\r\n',
                     b'GET / HTTP/1.1\r\n' + b'a: b\r\n' * 10000 + b'\r\n',
                     b'GET http://[::1 HTTP/1.1\r\n\r\n', b'GET /%zz%1 HTTP/1.0\r\n\r\n'):
            with connect(r.socket) as c:
                try:
                    c.sendall(text)
                    c.shutdown(socket.SHUT_WR)
                    while c.recv(4096):
                        pass
                except OSError:
                    pass
        # closed in the middle of a request
        for path in ('events', 'trace?follow=1'):
            with connect(r.socket) as c:
                c.sendall(f'GET /v1/modems/1/{path} HTTP/1.1\r\nHost: localhost\r\n\r\n'.encode())
        for _ in range(20):
            with connect(r.socket) as c:
                c.sendall(b'POST /v1/modems/1/wait HTTP/1.1\r\nHost: localhost\r\n'
                          b'Content-Length: 13\r\n\r\n{"for":"off"}')
        assert post(r, '/v1/modems/1/actions/power', 'off')[0] == 200
        assert get(r, '/v1/modems')[0] == 200


def a_client_that_only_listens_costs_nothing():
    with Run() as r:
        stream = Stream(r)
        waiting = connect(r.socket)
        waiting.sendall(b'POST /v1/modems/1/wait HTTP/1.1\r\nHost: localhost\r\n'
                        b'Content-Length: 30\r\n\r\n{"for":"off","timeout":"600s"}')
        until('all is said', lambda: r.cost_over(0.3)[1] == 0)
        cpu, wakes = r.cost_over(1.5)
        assert (cpu, wakes) == (0, 0), f'{cpu} of a CPU, {wakes} wake-ups'
        stream.close()
        waiting.close()


def a_client_that_leaves_events_unread_costs_nothing():
    with Run() as r:
        with connect(r.socket) as c:
            c.sendall(b'GET /v1/modems/1/events HTTP/1.1\r\nHost: localhost\r\n\r\n')
            until('a part of the stream is read', lambda: c.recv(16))
        # what was not read is an error of the socket, beside its end
        until('all is said', lambda: r.cost_over(0.3)[1] == 0)
        cpu, wakes = r.cost_over(1.5)
        assert (cpu, wakes) == (0, 0), f'{cpu} of a CPU, {wakes} wake-ups'


# --- fauxtrack ctl ------------------------------------------------------------------------


def ctl_finds_the_only_emulator():
    done = ctl('state')
    assert done.returncode == 3 and 'fauxtrack run' in done.stderr, done
    with socket.socket(socket.AF_UNIX) as dead:
        os.mkdir(os.path.join(FOLDER.name, 'fauxtrack'), 0o700)
        dead.bind(os.path.join(FOLDER.name, 'fauxtrack', '1.sock'))
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(os.path.join(FOLDER.name, 'fauxtrack', 'other.sock'))
        other.listen()
        with Run() as r:
            assert ctl('state', 'power').stdout == 'on\n'
            with Run() as second:
                done = ctl('state', 'power')
                assert done.returncode == 2, done
                assert r.socket in done.stderr and second.socket in done.stderr, done
                assert ctl('--control', second.socket, 'state', 'power').returncode == 0
    assert not os.path.exists(os.path.join(FOLDER.name, 'fauxtrack', '1.sock')), 'not swept'
    os.unlink(os.path.join(FOLDER.name, 'fauxtrack', 'other.sock'))


def ctl_has_its_exit_codes():
    with Run() as r:
        for words, status, text in (
                (['sms', 'from=+1555', 'text=hi'], 0, ''),
                (['power', 'off'], 0, ''),
                (['wait', 'off', 'timeout=10s'], 0, ''),
                (['wait', 'registered', 'timeout=100ms'], 4, 'registered is false'),
                (['reset'], 1, 'no power'),
                (['power', 'of'], 2, 'off'),
                (['pwoer', 'off'], 2, 'did you mean "power"'),
                (['sms', 'form=+1'], 2, 'did you mean "from"'),
                (['wait', 'registred'], 2, 'did you mean "registered"'),
                (['state', 'sim.pin_try'], 2, 'sim.pin_tries'),
                (['state', 'calls.0'], 1, 'no calls.0'),
                (['dwl'], 1, 'AT+WDWL'),
                ([], 2, '--help'),
                (['--modem'], 2, '--modem'),
                (['clock', 'lost'], 0, ''),  # an action with that name
                (['wait', 'event=action:clock "lost"', 'since=0'], 0, ''),
                (['clock', 'freeze'], 0, ''),
                (['clock', 'step', '5s'], 0, ''),
                (['clock', 'scale', '10'], 0, ''),
                (['clock', 'resume'], 0, ''),
                (['factory'], 0, ''),
                (['wait', 'registered'], 0, '')):
            done = ctl(*words)
            assert done.returncode == status and done.stdout == '', (words, done)
            assert text in done.stderr and bool(text) == bool(done.stderr), (words, done)
            assert done.stderr.count('\n') <= 1, (words, done.stderr)
        path = r.socket
    done = ctl('--control', path, 'state')
    assert done.returncode == 3 and path in done.stderr, done


def words_of_ctl():
    """The words of `ctl --help` that are no actions."""
    return re.findall(r'^  ([a-z]+)', ctl('--help').stdout.split('\nWords:\n')[1].split('\n\n')[0], re.M)


def ctl_reports_what_there_is():
    with Run() as r:
        state = json.loads(ctl('state', '--json').stdout)
        assert state['sim']['state'] == 'ready'
        assert 'sim.pin_tries              3\n' in ctl('state').stdout
        assert ctl('state', 'registration.operator').stdout == 'Orange F\n'
        with Client(r.path) as c:
            c.send(b'AT+CMGF=1\r')
            c.read_until(OK)
            c.send(b'AT+CMGS="+33612345678"\r')
            c.read_until(b'> ')
            c.send(b'hello\x1a')
            c.read_until(OK)
        assert ctl('clock', 'step', '60s').returncode == 0
        assert ctl('outbox').stdout == '1 to +33612345678: hello (delivered)\n'
        assert json.loads(ctl('outbox', '--json').stdout)[0]['text'] == 'hello'
        assert ' > hello<1A>\n' in ctl('trace').stdout
        with subprocess.Popen([ptytest.PROGRAM, 'ctl', 'events', 'since=0'],
                              stdout=subprocess.PIPE) as events:
            while b'sms: to +33612345678: hello' not in events.stdout.readline():
                pass
            events.kill()
    for words in (['--help'], ['actions']):
        said = ' '.join(ctl(*words).stdout.split())  # --help breaks lines
        for line in fauxtrack('list', 'actions').stdout.splitlines():
            assert ' '.join(line.split()) in said, (words, line)
    assert 'alphabet' in ctl('sms', '--help').stdout
    # an action with the name of a word would be out of reach, except for users who know
    words = set(words_of_ctl())
    actions = {line.split()[0] for line in fauxtrack('list', 'actions').stdout.splitlines()}
    assert words & actions <= {'clock', 'farend'}, words & actions


def every_word_has_its_help_and_its_example_works():
    words = words_of_ctl()
    actions = [line.split()[0] for line in ctl('actions').stdout.splitlines()]
    assert len(words) >= 10 and len(actions) > 25
    with Run() as r:
        for word in dict.fromkeys(words + actions):
            done = ctl(word, '--help')
            assert done.returncode == 0 and done.stderr == '', done
            assert done.stdout.startswith(f'usage: fauxtrack ctl {word}'), done.stdout
            for example in re.findall('^    fauxtrack (ctl .*)$', done.stdout, re.M):
                if 'events' in example:  # does not end
                    continue
                again = fauxtrack(*example.split())
                if word == 'wait':
                    assert again.returncode in (0, 4), again
                else:
                    # some need a call, a message or a rule
                    assert again.returncode in (0, 1), again
                    assert again.returncode == 0 or again.stderr.count('\n') == 1, again
            assert '    fauxtrack ctl ' + word in done.stdout, done.stdout
    assert r.pid


def ctl_speaks_its_own_words():
    with Run() as r:
        for words, text in (
                (['wait'], 'wait sim=ready'),
                (['wait', 'timeout=1s'], 'wait registered'),
                (['wait', 'timeout=5', 'registered'], 'write timeout=TIME, such as 250ms'),
                (['wait', 'since=x', 'event=call'], 'since='),
                (['wait', 'sim=removed'], 'it is one of: off, absent'),
                (['signal', 'rssi=40'], 'write rssi=-1..31'),
                (['signal', 'rssi=foo'], 'write rssi=-1..31'),
                (['sms', 'wide=2', 'from=1', 'text=x'], 'write wide=true|false'),
                (['sms', 'text=x'], 'from=NUMBER'),
                (['sms', 'delay=2', 'from=1', 'text=x'], 'write delay=TIME'),
                (['clock', 'step'], 'clock step 5s'),
                (['clock', 'step', '5'], 'clock step 5s'),
                (['clock', 'step', '5s', '6s'], 'too many'),
                (['clock', 'scale', 'x'], '1..10000'),
                (['clock', 'scale', '0'], '1..10000'),
                (['clock', 'freeze', '5s'], 'clock freeze'),
                (['events', 'since=foo'], 'since=ID'),
                (['events', 'last=1'], 'since=ID'),
                (['trace', 'since=1'], 'last=N'),
                (['list', 'x'], 'too many'),
                (['actions', 'x'], 'too many'),
                (['--modem', '9', 'state'], '--modem'),
                (['unknown', '--help'], 'ctl --help')):
            done = ctl(*words)
            assert done.returncode == 2 and done.stdout == '', (words, done)
            assert text in done.stderr, (words, done.stderr)
            assert not re.search(r'GET /|POST|/v1|\{|JSON|[Hh]eader|body', done.stderr), done.stderr
        for word in ('timeout', 'since'):
            assert ctl('wait', 'on', f'{word}=' + {'timeout': '2s', 'since': '0'}[word]).returncode == 0
        assert ctl('clock', 'step', '1500ms').returncode == 0
        assert r.pid
    with Run('--control', 'tcp:0') as r:
        port = re.match(r'control: (tcp:\d+) ', r.process.stderr.readline().decode()).group(1)
        done = ctl('--control', port, 'state')
        assert done.returncode == 2 and '--token' in done.stderr, done
        assert 'Bearer' not in done.stderr, done


def ctl_waits_from_its_last_action():
    with Run() as r, Run() as other:
        def at(run, *words):
            return ctl('--control', run.socket, *words).returncode

        assert at(r, 'ring', 'from=+1555', 'for=0s') == 0  # nobody gives up meanwhile
        assert at(r, 'wait', 'in-call', 'timeout=20s') == 0
        assert at(r, 'wait', 'event=call', 'timeout=20s') == 0
        assert at(r, 'hangup') == 0  # each further RING would be an event
        assert at(r, 'wait', 'event=call', 'timeout=20s') == 0
        assert at(r, 'wait', 'event=call', 'since=-1', 'timeout=200ms') == 4
        assert at(other, 'wait', 'event=call', 'timeout=200ms') == 4
        assert at(r, 'rack', 'closed') == 0
        assert at(r, 'wait', 'event=call', 'timeout=200ms') == 4
        last = r.socket + '.last'
        assert stat.S_IMODE(os.lstat(last).st_mode) == 0o600
        # what an earlier start has left is ignored
        with open(last, 'w') as f:
            f.write('1 1-1 0\n')
        assert at(r, 'wait', 'event=call', 'timeout=200ms') == 4
        # another user's link is not followed
        os.unlink(last)
        os.symlink(os.path.join(FOLDER.name, 'theirs'), last)
        done = ctl('--control', r.socket, 'rack', 'closed')
        assert done.returncode == 0 and 'since=' in done.stderr, done
        assert not os.path.exists(os.path.join(FOLDER.name, 'theirs'))
    assert not os.path.lexists(last)


def the_same_connection_waits_from_its_last_action():
    with Run() as r:
        c = Unix(r.socket)
        assert ask(c, 'POST', '/v1/modems/1/actions/ring', {'from': '+1555'})[1]['events_from'] >= 0
        assert ask(c, 'POST', '/v1/modems/1/wait', {'for': 'in-call', 'timeout': '20s'})[0] == 200
        assert ask(c, 'POST', '/v1/modems/1/wait', {'for': 'event=call', 'timeout': '1s'})[0] == 200
        assert post(r, '/v1/modems/1/wait', {'for': 'event=call', 'timeout': '100ms'})[0] == 408


def ctl_lists_what_runs():
    done = ctl('list')
    assert done.returncode == 3 and 'fauxtrack run' in done.stderr, done
    dead = os.path.join(FOLDER.name, 'fauxtrack', '1.sock')
    with Run() as r, Run('--count', '2', '--profile', 'm1306b-r657', count=2) as two:
        # a later start may remove it
        with socket.socket(socket.AF_UNIX) as left:
            left.bind(dead)
        done = ctl('list')
        assert done.returncode == 0 and done.stderr == '', done
        lines = [line.split() for line in done.stdout.splitlines()]
        rows = [(line[0], line[2], line[3], line[4]) for line in lines if line[1] == 'modem']
        assert sorted(rows) == sorted(
            [(r.socket, '1', r.path, 'fastrack-supreme-20-r74')] +
            [(two.socket, str(i), path, 'm1306b-r657') for i, path in enumerate(two.paths, 1)]), done
        assert [line[0] for line in lines if line[1] != 'modem'] == [dead], done
        got = json.loads(ctl('list', '--json').stdout)
        assert {e['control']: e['runs'] for e in got} == {
            dead: False, r.socket: True, two.socket: True}, got
        assert 'ctl list' in ctl('state').stderr
        ctl('--control', r.socket, 'cable', 'unplugged')
        assert f'{r.socket}  modem 1  unplugged' in ctl('list').stdout
    os.unlink(dead)


def exec_s_command_is_in_control():
    done = fauxtrack('exec', '--', 'sh', '-ec',
                     '"$0" ctl sim removed; "$0" ctl wait sim=absent; "$0" ctl state sim.state',
                     ptytest.PROGRAM)
    assert (done.returncode, done.stdout, done.stderr) == (0, 'absent\n', ''), done
    done = fauxtrack('exec', '--control', 'tcp:0', '--', ptytest.PROGRAM, 'ctl', 'state', 'power')
    assert (done.returncode, done.stdout) == (0, 'on\n'), done
    files = fauxtrack('exec', '--', 'sh', '-c', 'ulimit -n').stdout
    pipe = fauxtrack('exec', '--', 'sh', '-c', 'kill -PIPE $$; echo alive')
    assert pipe.returncode == 141, pipe
    assert int(files) == resource.getrlimit(resource.RLIMIT_NOFILE)[0], files


def ctl_reports_faults():
    help_ = ctl('fault', '--help').stdout
    for words in ('answer.result=', 'answer.commands=', 'when.at=', 'prompt.delay.min=',
                  'answer.commands=+CMGS'):
        assert words in help_, help_
    with Run() as r:
        done = ctl('fault', 'name=busy', 'answer.result=+CME ERROR: 515', 'answer.commands=+CSQ')
        assert done.returncode == 0 and done.stdout == 'number 1\n', done
        assert ctl('fault', 'answer.commands=[+CGMR]', 'answer.delay=1s').stdout == 'number 2\n'
        with Client(r.path) as c:
            c.send(b'ATE0;+CMEE=1\r')
            c.read_until(OK)
            c.send(b'AT+CSQ\r')
            c.read_until(b'+CME ERROR: 515\r\n')
        done = ctl('faults')
        assert done.stdout == ('1  acted 1  active   answer: busy\n'
                               '2  acted 0  active   answer\n'), done
        assert ctl('unfault', 'busy').returncode == 0
        assert ctl('faults').stdout == '2  acted 0  active   answer\n'
        assert ctl('unfault', 'all').returncode == 0
        assert ctl('faults').stdout == ''
        done = ctl('unfault', '2')
        assert done.returncode == 1 and 'fauxtrack ctl faults' in done.stderr, done


main([the_socket_is_private_and_goes_with_the_emulator,
      without_a_runtime_directory_a_private_one_is_made,
      the_directory_goes_with_its_last_socket,
      one_that_ends_does_not_disturb_one_that_starts,
      others_rights_on_the_directory_are_refused,
      an_address_can_be_given,
      tcp_wants_its_token,
      requests_are_checked,
      one_connection_serves_many_requests,
      a_wait_ends_with_what_it_waits_for,
      nothing_is_missed_between_action_and_wait,
      events_come_and_are_replayed,
      time_stands_still_and_goes_on,
      a_scale_ends_speed_max,
      factory_forgets_what_was_kept,
      each_modem_has_its_own_id,
      the_257th_connection_is_refused_and_the_others_are_served,
      descriptors_are_left_for_records_and_ports,
      what_a_client_sends_is_bounded,
      without_a_token_little_is_read,
      all_of_control_is_bounded,
      a_client_that_has_finished_sending_gets_its_answer,
      invalid_utf8_is_reported_with_its_place,
      the_port_follows_the_cable,
      the_cable_comes_back_elsewhere,
      ports_come_before_control,
      a_reader_that_never_reads_is_dropped,
      a_byte_at_a_time_is_a_request_too,
      rubbish_does_no_harm,
      a_client_that_only_listens_costs_nothing, a_client_that_leaves_events_unread_costs_nothing,
      ctl_finds_the_only_emulator,
      ctl_has_its_exit_codes,
      ctl_reports_what_there_is,
      ctl_reports_faults,
      every_word_has_its_help_and_its_example_works,
      ctl_speaks_its_own_words,
      ctl_waits_from_its_last_action,
      the_same_connection_waits_from_its_last_action,
      ctl_lists_what_runs,
      exec_s_command_is_in_control])
