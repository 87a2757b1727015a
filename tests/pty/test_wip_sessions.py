#!/usr/bin/python3
"""test_wip_sessions.py FAUXTRACK: files and mails between a host at the port and real servers on loopback, by WIPsoft's
FTP, HTTP, SMTP and POP3. What a session does without a modem is tested by test_sessions.py."""
import contextlib
import os
import select
import shutil
import socket
import subprocess
import tempfile
import time

import ptytest
from ptytest import DEADLINE, FOLDER, Client, Run, main, until
from session_servers import (BINARY, FILES, digest, forward, ftp_server, mail_server, pop3_server, port_of, port_of_talker, stored,
                             talker, web, web_server)
from wip_host import OK, WIP, Host, escaped, modem

PROFILES = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'profiles')
FTP = 'AT+WIPCREATE=4,1,"server.test",21,"user","secret"'


def upload(host, line, data, answer=OK):
    host.say(line, 'CONNECT')
    host.client.send(escaped(data) + b'\x03')
    got = host.read(len(answer))
    assert got == answer, got


def octets(host, *answer):
    """What comes, without its escapes, up to the single ETX, which these lines follow."""
    got, dle, end = bytearray(), False, time.monotonic() + DEADLINE
    rest = None
    while rest is None:
        assert time.monotonic() < end, bytes(got[-100:])
        select.select([host.client.fd], [], [], 0.1)
        more = host.client.get(1 << 16)
        for i, octet in enumerate(more):
            if dle or octet not in (0x10, 3):
                got.append(octet)
                dle = False
            elif octet == 0x10:
                dle = True
            else:
                rest = more[i + 1:]
                break
    want = b''.join(b'\r\n' + line.encode() + b'\r\n' for line in answer or ('OK',))
    rest += host.read(len(want) - len(rest))
    assert rest == want, (rest, want)
    return bytes(got)


def download(host, line, *answer):
    host.say(line, 'CONNECT')
    return octets(host, *answer)


def files_go_and_come_by_ftp():
    with ftp_server() as server, modem('--forward', forward(port_of(server))) as (_, host):
        host.say(FTP, 'OK / +WIPREADY: 4,1')
        for name, data in FILES.items():
            upload(host, f'AT+WIPFILE=4,1,2,"{name}"', data)
            assert digest(stored(server, name)) == digest(data), name
            assert digest(download(host, f'AT+WIPFILE=4,1,1,"{name}"')) == digest(data), name
        upload(host, 'AT+WIPFILE=4,1,5,"one"', b'\x10\x03')
        assert stored(server, 'one') == b'\x03\x10\x03'
        assert b' one\r\n' in download(host, 'AT+WIPFILE=4,1,4,""')
        host.say('AT+WIPFILE=4,1,3,"one"', 'OK')
        host.say('AT+WIPFILE=4,1,3,"one"', '+CME ERROR: 863')
        host.say('AT+WIPFILE=4,1,1,"one"', '+CME ERROR: 860')
        host.say('AT+WIPCLOSE=4,1', 'OK')
        until('QUIT', lambda: 'QUIT' in server.commands)


def the_logger_does_not_wait_for_wipready():
    """Dialogue D8; the host types CR LF after the ETX."""
    with ftp_server() as server, modem('--forward', forward(port_of(server))) as (_, host):
        host.client.send(FTP.encode() + b'\r')
        host.hear('OK')
        host.client.send(b'AT+WIPFILE=4,1,2,"log_0412.txt"\r')
        host.hear('+WIPREADY: 4,1', 'CONNECT')
        host.client.send(escaped(b'12:00 3\x034\r\n') + b'\x03\r\n')
        host.hear('OK')
        assert stored(server, 'log_0412.txt') == b'12:00 3\x034\r\n'
        host.ok('AT+WIPCLOSE=4,1', 'AT+WIPBR=5,6')


def sessions_that_cannot_be_opened_have_their_code():
    with ftp_server() as server, modem('--forward', forward(port_of(server))) as (_, host):
        for order, error in ((FTP.replace('secret', 'wrong'), 862), (FTP.replace('server', 'other'), 842)):
            host.say(order, f'OK / +CME ERROR: {error}')
            host.ok('AT+WIPCLOSE=4,1')
        host.say(FTP, 'OK / +WIPREADY: 4,1')
        host.say(FTP, '+CME ERROR: 840')


def a_server_that_leaves_is_told():
    with ftp_server(timeout=0.3) as server, modem('--forward', forward(port_of(server))) as (_, host):
        host.say(FTP, 'OK / +WIPREADY: 4,1')
        host.hear('+WIPPEERCLOSE: 4,1')
        host.say('AT+WIPFILE=4,1,1,"x"', '+CME ERROR: 841')
        host.ok('AT+WIPCLOSE=4,1')


def pages_come_and_go_by_http():
    pages = {f'/{name}': (200, {}, data) for name, data in FILES.items()}
    with web_server(pages) as server, modem('--forward', web(server)) as (_, host):
        host.say('AT+WIPCREATE=5,1', 'OK / +WIPREADY: 5,1')
        for name, data in FILES.items():
            got = download(host, f'AT+WIPFILE=5,1,1,"http://server.test/{name}"', 'OK', '+WIPFILE: 5,1,1,200,"OK"')
            assert digest(got) == digest(data), name
        host.say('AT+WIPFILE=5,1,2,"http://server.test/one","","","Content-Type","text/plain"', 'CONNECT')
        host.client.send(escaped(BINARY) + b'\x03')
        assert octets(host, 'OK', '+WIPFILE: 5,1,2,200,"OK"') == b'\x03'  # the page that answers
        assert digest(server.asked[-1][3]) == digest(BINARY) and server.asked[-1][2]['Content-Type'] == 'text/plain'
        host.say('AT+WIPFILE=5,1,1,"https://server.test/one"', '+CME ERROR: 837')
        assert download(host, 'AT+WIPFILE=5,1,1,"http://server.test/none"', 'OK', '+WIPFILE: 5,1,1,404,"Not Found"') == b'none'
        host.say('AT+WIPOPT=5,1,1,51', '+WIPOPT: 5,51,404 / OK')
        host.say('AT+WIPFILE=5,1,1,"http://127.0.0.1:1/"', '+CME ERROR: 842')


def mails_go_by_smtp():
    """Dialogue D9."""
    with mail_server() as mails, modem('--forward', forward(mails.port, at=25)) as (_, host):
        host.say('AT+WIPCREATE=6,1,"server.test",25,"",""', 'OK / +WIPREADY: 6,1')
        host.say('AT+WIPOPT=6,1,1,60', '+WIPOPT: 6,60,250,"OK" / OK')
        for option, text in ((61, 'me@here.test'), (62, 'Meter 7'), (63, 'a@there.test, b@there.test'), (65, 'c@there.test'), (66, 'Hi')):
            host.ok(f'AT+WIPOPT=6,1,2,{option},"{text}"')
        body = b'one\x10\x03\r\n.\r\n' + bytes(range(32, 256)) + b'\r\n'
        upload(host, 'AT+WIPFILE=6,1,2', body)
        sender, to, text = mails.got[0]
        assert sender == 'me@here.test' and to == [f'{x}@there.test' for x in 'abc']
        assert text == b'From: "Meter 7" <me@here.test>\r\nTo: a@there.test, b@there.test\r\nSubject: Hi\r\n\r\n' + body, text
        upload(host, 'AT+WIPFILE=6,1,2', b'spam', b'\r\n+CME ERROR: 884\r\n')
        host.say('AT+WIPOPT=6,1,1,60', '+WIPOPT: 6,60,554,"too bad" / OK')
        host.ok('AT+WIPOPT=6,1,2,63,"bad@there.test"')
        host.say('AT+WIPFILE=6,1,2', '+CME ERROR: 881')
        host.ok('AT+WIPCLOSE=6,1')


def mails_come_by_pop3():
    mail = b'Subject: 1\r\n\r\n.\r\n..dot\r\n' + b'x' * 70 + b'\r\n'
    with pop3_server(mail, mail) as (port, home), modem('--forward', forward(port, at=110)) as (_, host):
        host.say('AT+WIPCREATE=7,1,"server.test",110,"user","secret"', 'OK / +WIPREADY: 7,1')
        host.say('AT+WIPOPT=7,1,1,72', '+WIPOPT: 7,72,2 / OK')
        assert digest(download(host, 'AT+WIPFILE=7,1,1,"2"')) == digest(mail)
        host.say('AT+WIPFILE=7,1,1,"3"', '+CME ERROR: 867')
        host.ok('AT+WIPFILE=7,1,3,"1"', 'AT+WIPCLOSE=7,1')
        until('the mail to be deleted', lambda: len(os.listdir(home + '/mail/cur') + os.listdir(home + '/mail/new')) == 1)


def an_empty_box_lists_nothing():
    with pop3_server() as (port, _), modem('--forward', forward(port, at=110)) as (_, host):
        host.say('AT+WIPCREATE=7,1,"server.test",110,"user","secret"', 'OK / +WIPREADY: 7,1')
        assert download(host, 'AT+WIPFILE=7,1,4,""') == b''
        host.ok('AT+WIPCLOSE=7,1')


def an_answer_that_is_not_http_is_no_fault_of_the_host():
    with talker([(b'GET', b'what?\r\n')], b'') as server, modem('--forward', forward(port_of_talker(server), at=80)) as (_, host):
        host.say('AT+WIPCREATE=5,1', 'OK / +WIPREADY: 5,1')
        host.say('AT+WIPFILE=5,1,1,"http://server.test/"', '+CME ERROR: 860')
        host.ok('AT+WIPCLOSE=5,1')


def three_sessions_beside_eight_sockets():
    """Three ports are in the middle of a transfer each, while eight TCP sockets are open."""
    big = BINARY * 2
    links = [os.path.join(FOLDER.name, port) for port in ('uart1', 'uart2', 'usb')]
    with ftp_server() as ftp, web_server({'/big': (200, {}, big)}) as www, mail_server() as mails, \
            socket.create_server(('127.0.0.1', 0), backlog=8) as peer, contextlib.ExitStack() as ports, \
            Run('--speed', 'max', *WIP, '--port', 'uart2,usb', '--link', os.path.join(FOLDER.name, '{port}'),
                '--forward', forward(port_of(ftp)), '--forward', web(www), '--forward', forward(mails.port, at=25),
                '--forward', forward(peer.getsockname()[1], at=5000)):
        hosts = one, two, three = [Host(ports.enter_context(Client(link))) for link in links]
        one.bearer()
        one.ok('AT+WMFM=0,1,2;+WMFM=0,1,3')
        for host in (two, three):
            host.client.send(b'ATE0\r')
            host.client.read_until(OK)
        for i in range(8):
            one.create(f'2,{i + 1},"server.test",5000', f'2,{i + 1}')
        one.create(FTP.partition('=')[2], '4,1')
        one.create('5,1', '5,1')
        one.create('6,1,"server.test",25', '6,1')
        one.ok('AT+WIPOPT=6,1,2,61,"a@b"', 'AT+WIPOPT=6,1,2,63,"c@d"')
        for host in (two, three):
            host.client.get()
        one.say('AT+WIPFILE=4,1,2,"big"', 'CONNECT')
        two.say('AT+WIPFILE=5,1,1,"http://server.test/big"', 'CONNECT')
        three.say('AT+WIPFILE=6,1,2', 'CONNECT')
        for host in hosts:
            assert host is two or host.is_silent()
        three.client.send(b'hello\r\n')
        one.client.send(escaped(big) + b'\x03')
        one.hear('OK')
        assert digest(stored(ftp, 'big')) == digest(big)
        assert digest(octets(two, 'OK', '+WIPFILE: 5,1,1,200,"OK"')) == digest(big)
        three.client.send(b'\x03')
        three.hear('OK')
        assert mails.got[0][2].endswith(b'\r\n\r\nhello\r\n')


def a_transfer_can_be_left():
    with ftp_server() as server, modem('--forward', forward(port_of(server))) as (_, host):
        host.say(FTP, 'OK / +WIPREADY: 4,1')
        host.say('AT+WIPFILE=4,1,2,"half"', 'CONNECT')
        host.client.send(b'half of it')
        host.pluses()
        host.say('AT+WIPFILE=4,1,2,"half"', '+CME ERROR: 831')
        host.ok('AT+WIPCLOSE=4,1')
        host.say(FTP, 'OK / +WIPREADY: 4,1')


def nothing_is_loaded_before_the_first_session():
    def loaded(pid):
        with open(f'/proc/{pid}/maps', encoding='utf-8') as f:
            return 'fauxtrack-curl' in f.read()
    with ftp_server() as server, modem('--forward', forward(port_of(server))) as (run, host):
        assert not loaded(run.pid)
        host.say(FTP, 'OK / +WIPREADY: 4,1')
        assert loaded(run.pid)


def without_the_module_a_log_line_names_the_remedy():
    with tempfile.TemporaryDirectory() as folder:
        alone = shutil.copy(ptytest.PROGRAM, folder)
        host = ('import os,sys\nfd = os.open(sys.argv[1], os.O_RDWR)\n'
                'for line in ("AT+CMEE=1", "AT+WIPCFG=1", "AT+WIPBR=1,6", "AT+WIPBR=4,6,0", "AT+WIPCREATE=5,1"):\n'
                '    os.write(fd, line.encode() + b"\\r")\n    got = b""\n'
                '    while not got.endswith((b"OK\\r\\n", b"834\\r\\n")): got += os.read(fd, 1)\n'
                'while not got.endswith(b"834\\r\\n"): got += os.read(fd, 1)\n')
        done = subprocess.run([alone, 'exec', '--control', 'none', '--speed', 'max', *WIP, '--', 'timeout', '20',
                               '/usr/bin/python3', '-c', host, '{}'], capture_output=True, text=True, check=False,
                              env={**os.environ, 'FAUXTRACK_PROFILES': PROFILES})
        assert done.returncode == 0, done
        assert 'no FTP, HTTP, SMTP and POP3: the module fauxtrack-curl.so is not there; start the program' in done.stderr, done


def the_feature_that_ftp_needs():
    with ftp_server() as server, modem('--forward', forward(port_of(server)), '--set',
                                       'every_firmware.quirks.ftp-not-licensed=true') as (_, host):
        host.say(FTP, '+CME ERROR: 846')


main([
    files_go_and_come_by_ftp,
    the_logger_does_not_wait_for_wipready,
    sessions_that_cannot_be_opened_have_their_code,
    a_server_that_leaves_is_told,
    pages_come_and_go_by_http,
    mails_go_by_smtp,
    mails_come_by_pop3,
    an_empty_box_lists_nothing,
    an_answer_that_is_not_http_is_no_fault_of_the_host,
    three_sessions_beside_eight_sockets,
    a_transfer_can_be_left,
    nothing_is_loaded_before_the_first_session,
    without_the_module_a_log_line_names_the_remedy,
    the_feature_that_ftp_needs,
])
