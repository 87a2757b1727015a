#!/usr/bin/python3
"""test_sessions.py SESSION_CLIENT: sessions of host/net with real servers: pyftpdlib, aiosmtpd, dovecot,
Python's http.server. Files come and go whole; what is not named is not reached, whoever leads there."""
import base64
import os
import select
import socket
import subprocess

from ptytest import DEADLINE, FOLDER, PROGRAM, main, until
from session_servers import (BINARY, FILES, AuthResult, FTPHandler, content, digest, forward, ftp_server, mail_server,
                             path, pop3_server, port_of,
                             port_of_talker, stored, talker, talks_ftp, web, web_server)


class Session:
    """session_client, and what it says."""

    def __init__(self, *options, environment=()):
        self.process = subprocess.Popen([PROGRAM, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        bufsize=1, env={**os.environ, **dict(environment)})
        self.log = []

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        self.process.stdin.close()
        status = self.process.wait(DEADLINE)
        self.process.stdout.close()
        assert kind or status == 0, status

    def send(self, *words):
        self.process.stdin.write('\t'.join(words) + '\n')

    def line(self):
        while True:
            line = self.process.stdout.readline().rstrip('\n')
            if not line.startswith('log '):
                return line
            self.log.append(line[4:])

    def expect(self, *lines):
        for want in lines:
            got = self.line()
            assert got == want, f'{got!r} where {want!r} was expected; log: {self.log}'

    def open(self, kind, host='server.test', port=None, user='user', password='secret', says='there'):
        self.send('open', kind, host, str(port or {'ftp': 21, 'smtp': 25, 'pop3': 110, 'http': 80}[kind]), user, password)
        said = self.line()
        if said.startswith('said '):
            self.said, said = said, self.line()
        assert said == says, f'{said!r} where {says!r} was expected; log: {self.log}'

    def transfer(self, deed, error=0, begun=None, **words):
        """Returns its status and reason."""
        self.send('transfer', f'deed={deed}', *(f'{k}={v}' for k, v in words.items()))
        got = self.line()
        if begun is not None:
            assert (got == 'begun') == begun, got
        if got == 'begun':
            got = self.line()
        done, code, status, self.size, reason = (got + ' ').split(' ', 4)
        assert (done, int(code)) == ('done', error), f'{got!r} where {error} was expected; log: {self.log}'
        return int(status), reason.rstrip()

    def refused(self, what):
        assert any(what in line for line in self.log), self.log


# ---- FTP ----------------------------------------------------------------------------------

def files_by_ftp_are_whole():
    with ftp_server() as server, Session('--room', '700', forward(port_of(server))) as s:
        s.open('ftp')
        for name, data in FILES.items():
            s.transfer('put', name=name, **{'in': path(name, data)}, begun=True)
            assert digest(stored(server, name)) == digest(data), name
            stored(server, 'to-get', data)
            assert s.transfer('get', name='to-get', out=path('got'))[0] == 226
            assert digest(content('got')) == digest(data), name
        s.transfer('append', name='one', **{'in': path('more', b'\x10\xff')})
        assert stored(server, 'one') == b'\x03\x10\xff'
        s.transfer('list', name='', out=path('list'))
        assert content('list').count(b'\r\n') == 4 and b' big\r\n' in content('list'), content('list')
        s.transfer('delete', name='one')
        assert not os.path.exists(os.path.join(server.home, 'one'))
        s.transfer('put', name='a b%41;type=a#?', **{'in': path('odd', b'x')})
        assert stored(server, 'a b%41;type=a#?') == b'x'
        # one login for all of it
        assert [c.split()[0] for c in server.commands].count('PASS') == 1, server.commands
        s.send('close')
        s.expect('closed')
        until('QUIT', lambda: 'QUIT' in server.commands)


def text_mode_of_ftp_changes_nothing_here():
    with ftp_server() as server, Session(forward(port_of(server))) as s:
        s.open('ftp')
        stored(server, 'text', b'a\r\nb\n')
        s.transfer('get', name='text', out=path('got'), type='A')
        assert 'TYPE A' in server.commands and content('got') == b'a\r\nb\r\n', content('got')
        s.transfer('get', name='text', out=path('got'))
        assert content('got') == b'a\r\nb\n'


def what_ftp_refuses_has_its_code():
    with ftp_server() as server, Session(forward(port_of(server))) as s:
        s.open('ftp', password='wrong', says='ended login')
        assert s.said.startswith('said 0 530 '), s.said
        s.send('close')
        s.expect('closed')
        s.open('ftp')
        assert s.transfer('get', error=860, name='none', begun=False, out=path('got'))[0] == 550
        s.transfer('delete', error=863, name='none')
        s.transfer('put', error=860, name='nowhere/x', begun=False, **{'in': path('x', b'x')})
        for name in ('', 'folder/', 'a~QUIT', 'a|DELE big'):
            s.transfer('get', error=801, name=name)
        s.transfer('get', error=839, name='x', passive=0)
        assert not [c for c in server.commands if 'QUIT' in c or 'PORT' in c or 'EPRT' in c], server.commands


def a_user_that_is_rejected_is_told_apart():
    class Handler(FTPHandler):
        def ftp_USER(self, line):
            self.respond('530 Who?')
    with ftp_server(Handler) as server, Session(forward(port_of(server))) as s:
        s.open('ftp', says='ended user')


def an_ftp_server_that_leaves_is_noticed():
    with ftp_server(timeout=0.2) as server, Session(forward(port_of(server))) as s:
        s.open('ftp')
        s.expect('ended shut')


def no_ftp_server_is_said_so():
    with socket.create_server(('127.0.0.1', 0)) as free:
        port = free.getsockname()[1]
    with Session(forward(port)) as s:
        s.open('ftp', says='ended refused')


def a_data_address_elsewhere_is_refused():
    with socket.create_server(('127.0.0.2', 0)) as other:
        port = other.getsockname()[1]
        for pasv, place in ((b'127,0,0,2,%d,%d' % divmod(port, 256), f'127.0.0.2:{port}'),
                            (b'192,168,7,7,10,10', '192.168.7.7:2570'), (b'127,0,0,1,0,22', '127.0.0.1:22')):
            with talker(talks_ftp(pasv)) as server:
                for internet in ((), ('--internet',)):
                    with Session(*internet, forward(port_of_talker(server))) as s:
                        s.open('ftp')
                        s.transfer('get', error=839, name='x', begun=False, out=path('got'))
                        s.refused(f'the FTP server server.test wants its data at {place}, which is refused')
        assert not select.select([other], [], [], 0)[0]


def a_server_that_does_not_answer_holds_nobody_up():
    # after the data the 226 never comes
    with socket.create_server(('127.0.0.1', 0)) as data:
        pasv = b'127,0,0,1,%d,%d' % divmod(data.getsockname()[1], 256)
        with talker(talks_ftp(pasv)) as server, Session(forward(port_of_talker(server))) as s:
            s.open('ftp')
            s.send('transfer', 'deed=get', 'name=x', f'out={path("got")}')
            connection, _ = data.accept()
            connection.sendall(b'all')
            s.expect('begun')
            connection.close()
            for _ in range(20):
                s.send('alive')
                s.expect('alive')
            s.send('close')
            s.expect('closed')
            s.send('open', 'http', '', '0', '', '')
            s.expect('there')


def a_transfer_can_be_broken_off():
    with ftp_server() as server, Session(forward(port_of(server))) as s:
        for _ in range(3):
            s.open('ftp')
            s.send('transfer', 'deed=put', 'name=half', 'hold=1', f'in={path("half", BINARY)}')
            s.expect('begun')
            s.send('close')
            s.expect('closed')


# ---- HTTP ---------------------------------------------------------------------------------

def files_by_http_are_whole():
    pages = {f'/{name}': (200, {}, data) for name, data in FILES.items()}
    with web_server(pages) as server, Session('--room', '700', web(server)) as s:
        s.open('http', host='')
        for name, data in FILES.items():
            assert s.transfer('get', mode=1, name=f'http://server.test/{name}', out=path('got')) == (200, 'OK')
            assert digest(content('got')) == digest(data)
            assert s.size == str(len(data))
            for mode, method in ((2, 'POST'), (5, 'PUT')):
                s.transfer('put', mode=mode, name=f'server.test/{name}', **{'in': path(name, data)}, out=path('got'))
                assert server.asked[-1][0] == method and digest(server.asked[-1][3]) == digest(data), name
        assert s.transfer('get', mode=4, name='http://server.test/big', out=path('got')) == (200, 'OK')
        assert server.asked[-1][0] == 'HEAD' and content('got') == b''
        s.transfer('delete', mode=3, name='http://server.test/one')
        assert server.asked[-1][0] == 'DELETE'
        assert s.transfer('get', mode=1, name='http://server.test/none', out=path('got'), begun=True)[0] == 404
        assert content('got') == b'none'


def http_sends_what_was_typed_and_no_more():
    with web_server({'/': (200, {}, b'')}) as server, Session(web(server)) as s:
        s.open('http', user='', password='')  # as D10: the host of the session, and a path
        s.transfer('get', mode=1, name='/', headers='Accept: text/html|X-Empty:|X-More: a: b|')
        assert server.asked[-1][2] == {'Host': 'server.test', 'Accept': 'text/html', 'X-Empty': '', 'X-More': 'a: b'}
        s.transfer('get', mode=1, name='/', user='me', password='pw')
        assert server.asked[-1][2]['Authorization'] == 'Basic ' + base64.b64encode(b'me:pw').decode()
        s.transfer('put', mode=2, name='/', headers='Content-Length: 3|Content-Type: a/b|', **{'in': path('three', b'abc')})
        _, _, headers, body = server.asked[-1]
        assert body == b'abc' and headers['Content-Length'] == '3' and headers['Content-Type'] == 'a/b', headers
        assert 'Transfer-Encoding' not in headers
        asked = len(server.asked)
        for headers in ('Bad Name: x|', 'None|', ': x|', 'X: a~|', 'Content-Length: x|'):
            s.transfer('get', error=801, mode=1, name='/', headers=headers)
        for name in ('', '/a~b', 'http:///'):
            s.transfer('get', error=801, mode=1, name=name)
        s.transfer('get', error=801, mode=9, name='/')
        for name in ('https://server.test/', 'file:///etc/passwd', 'ftp://server.test/', 'gopher://server.test:80/_x'):
            s.transfer('get', error=837, mode=1, name=name)
        assert len(server.asked) == asked


def a_proxy_gets_the_whole_url():
    with web_server({'http://far.test/x': (200, {}, b'through')}) as server, \
            Session(web(server, 'proxy.test', 3128)) as s:
        s.open('http', host='proxy.test', port=3128, user='p', password='q')
        s.transfer('get', mode=1, name='http://far.test/x', out=path('got'))
        assert content('got') == b'through'
        _, asked, headers, _ = server.asked[-1]
        assert asked == 'http://far.test/x' and headers['Host'] == 'far.test'
        assert headers['Proxy-Authorization'] == 'Basic ' + base64.b64encode(b'p:q').decode()


def redirects_are_followed_to_names_only():
    with web_server({'/': (200, {}, b'secret')}) as secret:
        hidden = f'127.0.0.1:{secret.server_address[1]}'
        pages = {'/1': (302, {'Location': '/2'}, b''), '/2': (301, {'Location': 'http://other.test/3'}, b''), '/3': (200, {}, b'there'),
                 '/hidden': (302, {'Location': f'http://{hidden}/'}, b''), '/name': (302, {'Location': 'http://unnamed.test/'}, b''),
                 '/local': (302, {'Location': f'http://localhost:{secret.server_address[1]}/'}, b''),
                 '/port': (302, {'Location': f'http://server.test:{secret.server_address[1]}/'}, b''),
                 '/number': (302, {'Location': f'http://2130706433:{secret.server_address[1]}/'}, b''),
                 '/six': (302, {'Location': f'http://[::1]:{secret.server_address[1]}/'}, b''),
                 '/file': (302, {'Location': 'file:///etc/passwd'}, b''), '/ftp': (302, {'Location': 'ftp://server.test/'}, b'')}
        with web_server(pages) as server:
            for internet in ((), ('--internet',)):
                with Session(*internet, web(server), web(server, 'other.test')) as s:
                    s.open('http', host='')
                    assert s.transfer('get', mode=1, name='http://server.test/1', redirects=6, out=path('got')) == (200, 'OK')
                    assert content('got') == b'there'
                    # the login is for the first host only
                    s.transfer('get', mode=1, name='http://server.test/1', redirects=6, user='me', password='pw')
                    assert ['Authorization' in headers for _, _, headers, _ in server.asked[-3:]] == [True, True, False]
                    assert s.transfer('get', mode=1, name='http://server.test/1', out=path('got')) == (302, 'Found')
                    s.transfer('get', error=860, mode=1, name='http://server.test/1', redirects=1)
                    for page in ('hidden', 'local', 'port', 'number', 'six') + (() if internet else ('name',)):
                        s.transfer('get', error=842, mode=1, name=f'http://server.test/{page}', redirects=6, out=path('got'))
                    s.refused(f'the host is refused tcp:127.0.0.1:{secret.server_address[1]}; to let it through: --forward')
                    for page in ('file', 'ftp'):
                        s.transfer('get', error=801, mode=1, name=f'http://server.test/{page}', redirects=6, out=path('got'))
                        assert content('got') == b''
        assert not secret.asked


def nothing_unnamed_is_reached():
    with web_server({'/': (200, {}, b'secret')}) as secret, web_server({'/': (200, {}, b'')}) as server:
        port = secret.server_address[1]
        for internet in ((), ('--internet',)):
            with Session(*internet, web(server), web(server, '192.0.2.7', 8080)) as s:
                for host in ('127.0.0.1', 'localhost', '127.1', '0', '0x7f000001', '[::1]', '0.0.0.0', 'LOCALHOST', '10.0.2.2',
                             'server.test', '10.0.2.100', 'server.test@127.0.0.1', '127.0.0.1#.server.test'):
                    for kind in ('ftp', 'smtp', 'pop3'):
                        s.send('open', kind, host, str(port), 'user', 'secret')
                        assert s.line() in ('ended no-name', 'ended unreachable'), (kind, host)
                        s.send('close')
                        s.expect('closed')
                s.open('http', host='')
                for url in (f'127.0.0.1:{port}/', f'http://localhost:{port}/', f'http://server.test:{port}/', f'http://0:{port}/',
                            f'http://10.0.2.100:{port}/', f'http://server.test@127.0.0.1:{port}/', f'http://127.1:{port}/'):
                    s.transfer('get', error=842, mode=1, name=url)
                # by its address inside, and by an address that is a name
                for url in ('http://10.0.2.100/', 'http://192.0.2.7:8080/', 'http://SERVER.test/'):
                    s.transfer('get', mode=1, name=url)
        assert not secret.asked


def the_environment_and_files_of_the_user_change_nothing():
    with web_server({}) as evil, web_server({'/': (200, {}, b'right')}) as server:
        proxy = f'http://127.0.0.1:{evil.server_address[1]}'
        path('.netrc', b'machine server.test login thief password thief\ndefault login thief password thief\n')
        path('.curlrc', f'proxy = {proxy}\n'.encode())
        names = ('http_proxy', 'HTTP_PROXY', 'ftp_proxy', 'FTP_PROXY', 'all_proxy', 'ALL_PROXY', 'smtp_proxy')
        with Session(web(server), environment={**{n: proxy for n in names}, 'HOME': FOLDER.name}.items()) as s:
            s.open('http', host='')
            s.transfer('get', mode=1, name='http://server.test/', out=path('got'))
            assert content('got') == b'right' and 'Authorization' not in server.asked[-1][2]
        assert not evil.asked


# ---- SMTP ---------------------------------------------------------------------------------

MAIL = {'from': 'me@here.test', 'to': 'a@there.test, b@there.test'}


def mails_are_whole():
    with mail_server() as mails, Session(forward(mails.port, at=25)) as s:
        s.open('smtp', user='', password='')
        assert s.said.startswith('said 0 250 '), s.said
        lines = BINARY.replace(b'\r', b'\0').replace(b'\n', b'\r\n')  # RFC 5321: lines, and no bare CR
        lines = b'\r\n'.join(line[i:i + 900] for line in lines.split(b'\r\n') for i in range(0, len(line) or 1, 900)) + b'\r\n'
        for body in (b'', b'.\r\n..\r\n.x\r\n', lines):
            status = s.transfer('send', **MAIL, from_name='M "x"', cc='c@there.test', bcc='d@there.test', subject='hi', **{'in': path('body', body)})
            assert status[0] == 250, status
            sender, to, text = mails.got[-1]
            assert sender == 'me@here.test' and to == [f'{x}@there.test' for x in 'abcd']
            head, _, got = text.partition(b'\r\n\r\n')
            assert head == b'From: "M \\"x\\"" <me@here.test>\r\nTo: a@there.test, b@there.test\r\nCc: c@there.test\r\nSubject: hi'
            assert digest(got) == digest(body), got[:100]


def what_smtp_refuses_has_its_code():
    with mail_server() as mails, Session(forward(mails.port, at=25)) as s:
        s.open('smtp', user='', password='')
        body = {'in': path('body', b'hello\r\n')}
        s.transfer('send', error=880, **{**MAIL, 'from': 'bad@here.test'}, **body, begun=False)
        s.transfer('send', error=881, **{**MAIL, 'to': 'a@there.test, bad@there.test'}, **body, begun=False)
        s.transfer('send', error=882, **MAIL, cc='c@there.test,bad@there.test', **body)
        s.transfer('send', error=883, **MAIL, bcc='bad@there.test', **body)
        assert s.transfer('send', error=884, **MAIL, **{'in': path('spam', b'spam')}, begun=True) == (554, 'too bad')
        assert len(mails.got) == 1
        s.transfer('send', error=880, **{**MAIL, 'from': ''}, **body)
        s.transfer('send', error=880, **{**MAIL, 'from': 'a@b> SIZE=1'}, **body)
        s.transfer('send', error=881, **{**MAIL, 'to': ''}, **body)
        s.transfer('send', error=801, **MAIL, subject='a~|Bcc: x@y', **body)
        s.transfer('send', **MAIL, **body)
        assert len(mails.got) == 2


def smtp_logs_in():
    def check(server, session, envelope, mechanism, data):
        return AuthResult(success=(data.login, data.password) == (b'user', b'secret'), handled=False)
    with mail_server(authenticator=check, auth_required=True, auth_require_tls=False) as mails, \
            Session(forward(mails.port, at=25)) as s:
        s.open('smtp', password='wrong', says='ended login')
        assert s.said.startswith('said 0 535 '), s.said
        s.send('close')
        s.expect('closed')
        s.open('smtp')
        s.transfer('send', **MAIL, **{'in': path('body', b'hello')})
        assert len(mails.got) == 1


def a_server_that_is_not_ready_is_told_apart():
    for greeting in (b'421 later\r\n', b'554 no\r\n'):
        with talker([], greeting) as server, Session(forward(port_of_talker(server), at=25), forward(port_of_talker(server))) as s:
            for kind in ('smtp', 'ftp'):
                s.open(kind, says='ended not-ready')
                s.send('close')
                s.expect('closed')


# ---- POP3 ---------------------------------------------------------------------------------

def mails_come_by_pop3():
    big = b'Subject: big\r\n\r\n' + b'\r\n'.join(bytes([c]) * 70 for c in range(32, 256)) * 12 + b'\r\n'
    small = b'Subject: 1\r\n\r\n.\r\n..dot\r\n'
    with pop3_server(small, big) as (port, home), Session('--room', '700', forward(port, at=110)) as s:
        s.open('pop3', password='wrong', says='ended login')
        s.send('close')
        s.expect('closed')
        s.open('pop3')
        assert s.said.split()[3:6] == ['-1', '+OK', '2'], s.said
        for number, mail in ((1, small), (2, big)):
            s.transfer('get', name=number, out=path('got'))
            assert digest(content('got')) == digest(mail), content('got')[:200]
        s.transfer('list', name='', out=path('got'))
        assert content('got').startswith(b'1 '), content('got')
        s.transfer('get', error=867, name=3, begun=False)
        for name in ('', 'x', '1~DELE 2', '1 2', '-1'):
            s.transfer('get', error=801, name=name)
        s.transfer('delete', name=1)
        s.send('close')
        s.expect('closed')
        until('the mail to be deleted', lambda: len(os.listdir(home + '/mail/cur') + os.listdir(home + '/mail/new')) == 1)


main([
    files_by_ftp_are_whole,
    text_mode_of_ftp_changes_nothing_here,
    what_ftp_refuses_has_its_code,
    a_user_that_is_rejected_is_told_apart,
    an_ftp_server_that_leaves_is_noticed,
    no_ftp_server_is_said_so,
    a_data_address_elsewhere_is_refused,
    a_server_that_does_not_answer_holds_nobody_up,
    a_transfer_can_be_broken_off,
    files_by_http_are_whole,
    http_sends_what_was_typed_and_no_more,
    a_proxy_gets_the_whole_url,
    redirects_are_followed_to_names_only,
    nothing_unnamed_is_reached,
    the_environment_and_files_of_the_user_change_nothing,
    mails_are_whole,
    what_smtp_refuses_has_its_code,
    smtp_logs_in,
    a_server_that_is_not_ready_is_told_apart,
    mails_come_by_pop3,
])
