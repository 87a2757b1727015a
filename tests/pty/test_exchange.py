#!/usr/bin/python3
"""test_exchange.py FAUXTRACK: modems of several processes send each other messages, over a broker."""
import os
import random
import re
import select
import shlex
import shutil
import signal
import subprocess
import tempfile
import time

from broker import Broker, Listener, free_port
from ptytest import DEADLINE, FOLDER, FULL, PROGRAM, Client, Run, fauxtrack, main, until

A, B = '+33612340001', '+33612340002'
CRASHES = 50 if FULL else 3
OK = b'\r\nOK\r\n'
PROFILES = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'profiles')
PATIENT = 60.0


def folder(name):
    return os.path.join(FOLDER.name, name)


def modem(broker, number, *more):
    return Run('--exchange', broker.url, '--speed', 'max', '--set', f'sim.number={number}', *more)


def said(run):
    """What it has written to standard error, beside the address of its control interface."""
    return [line for line in run.error.splitlines() if not line.startswith('control: ')]


class Host:
    """A host at one modem, in PDU mode; messages and reports come at any time."""

    def __init__(self, path, route='2,2,0,1,0'):
        self.client = Client(path)
        self.log = b''
        self.said = 0
        self.say(f'ATE0;+CMEE=1;+CMGF=0;+CNMI={route}')

    def read(self):
        if select.select([self.client.fd], [], [], 0)[0]:
            self.log += self.client.get()
        return self.log

    def wait(self, pattern, begin=None, times=1, seconds=DEADLINE):
        begin = self.said if begin is None else begin
        try:
            until(f'{pattern!r}', lambda: len(re.findall(pattern, self.read()[begin:])) >= times, seconds)
        except AssertionError as e:
            raise AssertionError(f'{e}; got {self.log[begin:][-600:]!r}') from e

    def say(self, line, pattern=OK, end='\r', seconds=DEADLINE):
        self.said = len(self.log)
        self.client.send((line + end).encode())
        self.wait(pattern, seconds=seconds)

    def submit(self, number, tail, udh=False, answer=rb'\+CMGS: \d+\r\n(?s:.*)\r\nOK\r\n'):
        """tail: PID, DCS, length and user data, in hexadecimal digits."""
        pdu = ('61' if udh else '21') + '00' + address(number) + tail
        self.say(f'AT+CMGS={len(pdu) // 2}', b'\r\n> ')
        self.say('00' + pdu, answer, '\x1a')

    def came(self):
        """First octet, sender, and PID, DCS, length and user data of each message."""
        out = []
        for pdu in re.findall(rb'\+CMT: [^\r]*\r\n([0-9A-F]+)\r\n', self.read()):
            pdu = pdu.decode()[2 + 2 * int(pdu[:2], 16):]
            first, digits = int(pdu[:2], 16), int(pdu[2:4], 16)
            end = 6 + digits + digits % 2
            out.append((first, pdu[2:end], pdu[end:end + 4] + pdu[end + 18:]))
        return out

    def statuses(self):
        return [int(x, 16) for x in re.findall(rb'\+CDS: [^\r]*\r\n[0-9A-F]+([0-9A-F]{2})\r\n', self.read())]


def address(number):
    digits = number.lstrip('+')
    digits = digits + 'F' * (len(digits) % 2)
    return f'{len(number.lstrip("+")):02X}91' + ''.join(digits[i + 1] + digits[i] for i in range(0, len(digits), 2))


def septets(text):
    bits = 0
    for i, c in enumerate(text):
        bits |= ord(c) << 7 * i
    return bits.to_bytes((7 * len(text) + 7) // 8, 'little').hex().upper()


def gsm(text, dcs='00'):
    return f'00{dcs}{len(text):02X}' + septets(text)


def ucs2(text):
    data = text.encode('utf-16-be')
    return f'0008{len(data):02X}' + data.hex().upper()


def octets(data, header=b''):
    data = header + data
    return f'0004{len(data):02X}' + data.hex().upper()


KINDS = [
    (gsm('hello'), False), (gsm('x' * 160), False), (gsm('flash', '10'), False), (ucs2('жук 漢字 😀'), False),
    (ucs2('щ' * 70), False), (octets(bytes(range(140))), False), ('41' + gsm('type 0')[2:], False),
    (octets(b'wap', b'\x06\x05\x04\x0b\x84\x23\xf0'), True), (octets(b'part one', b'\x05\x00\x03\x2a\x02\x01'), True),
    (octets(b'part two', b'\x05\x00\x03\x2a\x02\x02'), True), ('000000', False),
]


def messages_of_all_alphabets_go_both_ways_with_reports():
    with Broker() as broker, modem(broker, A) as a, modem(broker, B) as b:
        hosts = [(Host(a.path), B), (Host(b.path), A)]
        for tail, udh in KINDS:
            for host, to in hosts:
                host.submit(to, tail, udh)
        for host, other in hosts:
            host.wait(rb'\+CDS: ', 0, len(KINDS))
            host.wait(rb'\+CMT: ', 0, len(KINDS))
            want = [(udh, address(other), tail) for tail, udh in KINDS]
            assert [(bool(f & 0x40), oa, tail) for f, oa, tail in host.came()] == want, host.came()
            assert host.statuses() == [0] * len(KINDS), host.statuses()


def with_several_modems_the_near_and_the_far_ones_are_reached():
    with Broker() as broker, \
            Run('--exchange', broker.url, '--speed', 'max', '--count', '2', '--set', f'1:sim.number={A}',
                '--set', f'2:sim.number={B}', count=2) as run, modem(broker, '+33612340003') as far:
        near, other, third = Host(run.paths[0]), Host(run.paths[1]), Host(far.path)
        near.submit(B, gsm('near'))
        near.submit('+33612340003', gsm('far'))
        third.submit(B, gsm('back'))
        near.wait(rb'\+CDS: ', 0, 2)
        other.wait(rb'\+CMT: ', 0, 2)
        third.wait(rb'\+CDS: ', 0)
        assert len(third.came()) == 1 and near.statuses() == [0, 0], near.log


def a_receiver_that_is_off_gets_it_once_when_it_is_back():
    with Broker() as broker, modem(broker, A) as a:
        keep = ('--state', folder('b'))
        with modem(broker, B, *keep):
            pass
        host = Host(a.path)
        host.submit(B, gsm('later'))
        host.wait(rb'\+CMGS')
        assert not host.statuses()
        with modem(broker, B, *keep) as b:
            other = Host(b.path)
            host.wait(rb'\+CDS: ', 0)
            other.say('AT+CMGL=4')
            got = other.log.count(septets('later').encode())
            assert got == 1 and host.statuses() == [0], (other.log, host.log)


def without_the_broker_a_message_is_refused_and_one_line_says_so():
    with Broker() as broker:
        with modem(broker, A) as a, modem(broker, B) as b:
            host = Host(a.path)
            broker.end(signal.SIGKILL)
            refused = rb'\r\n\+CMS ERROR: 332\r\n'
            until('the modem knows', lambda: tells(host, refused))
            broker.start()
            until('the modem knows', lambda: tells(host, OK), PATIENT)
            host.wait(rb'\+CDS: ', 0)
            assert host.statuses() == [0] * host.log.count(b'+CMGS:'), host.log
        for run in a, b:
            lines = said(run)
            assert len(lines) == 2 and 'is away' in lines[0] and 'is back' in lines[1], run.error


def tells(host, pattern):
    try:
        host.submit(B, gsm('now'), answer=rb'(?:\r\nOK|ERROR: \d+)\r\n')
    except AssertionError:
        return False
    return re.search(pattern, host.log[host.said:])


def a_broker_that_is_away_at_the_start_is_found_later():
    with Broker() as broker:
        broker.end()
        with modem(broker, A) as a:
            host = Host(a.path)
            assert tells(host, rb'ERROR: 332')
            broker.start()
            with modem(broker, B):
                until('the broker is found', lambda: tells(host, OK), PATIENT)
                host.wait(rb'\+CDS: ', 0)


def stored(host):
    """All messages that the modem has stored, which it then deletes."""
    host.say('AT+CPMS="SM","SM","SM"')
    host.say('AT+CMGL=4', seconds=PATIENT)
    found = re.findall(rb'\+CMGL: (\d+),[^\r]*\r\n([0-9A-F]+)\r\n', host.log[host.said:])
    for index, _ in found:
        host.say(f'AT+CMGD={index.decode()}')
    return [pdu.decode() for _, pdu in found]


def kill(run, host):
    """As a power cut does."""
    run.process.kill()
    run.process.wait(DEADLINE)
    run.process.stdout.close()
    run.process.stderr.close()
    host.client.close()


def submits(host, sent, k, rng):
    for i in range(3):
        text = f'message {k} {i}'
        host.submit(B, gsm(text), answer=rb'(?:\r\nOK|ERROR: \d+)\r\n')
        if OK in host.log[host.said:]:
            sent.append(septets(text))
        select.select([], [], [], rng.random() * 0.05)


def ends_of(what, seed):
    """Messages go on while the broker or one of the processes is killed. All that +CMGS has accepted comes once."""
    rng = random.Random(seed)
    got, sent = [], []
    with Broker() as broker:
        def begin(number, name, route):
            run = modem(broker, number, '--state', folder(name))
            return run, Host(run.path, route)

        a, host = begin(A, 'sender', '2,1,0,1,0')
        b, other = begin(B, 'receiver', '2,1,0,0,0')
        for k in range(CRASHES):
            submits(host, sent, k, rng)
            if what == 'broker':
                broker.end(signal.SIGKILL)
                broker.start()
                until('the sender is back', lambda: tells(host, OK), PATIENT)
                sent.append(septets('now'))
            elif what == 'receiver':
                kill(b, other)
                b, other = begin(B, 'receiver', '2,1,0,0,0')
            else:
                kill(a, host)
                a, host = begin(A, 'sender', '2,1,0,1,0')
            got += stored(other)
        with a, b:
            end = time.monotonic() + PATIENT
            while len(got) < len(sent) and time.monotonic() < end:
                got += stored(other)
            if what != 'sender':  # else reports may have come to nobody
                host.wait(rb'\+CDS: ', 0, len(sent), PATIENT)
                assert host.statuses() == [0] * len(sent), host.statuses()
            got += stored(other)
    texts = [next((t for t in sent if pdu.endswith(t)), pdu) for pdu in got]
    assert sorted(texts) == sorted(sent), (len(got), len(sent), set(sent) - set(texts), set(texts) - set(sent))
    return f'{CRASHES} kills, {len(sent)} messages'


def a_receiver_is_killed_in_the_middle_and_nothing_is_lost_or_twice():
    return ends_of('receiver', 1)


def a_sender_is_killed_in_the_middle_and_nothing_is_lost_or_twice():
    return ends_of('sender', 2)


def the_broker_is_killed_in_the_middle_and_nothing_is_lost_or_twice():
    return ends_of('broker', 3)


def two_units_with_one_number_are_refused_by_name():
    with Broker() as broker, modem(broker, A) as a:
        done = fauxtrack('run', '--exchange', broker.url, '--set', 'sim.number=0612340001')
        assert done.returncode == 1 and done.stdout == '', done
        assert re.fullmatch(
            r'fauxtrack: --exchange: modem 1 of \S+, process \d+ has the number 0612340001, and so has unit [0-9a-f]{16} '
            rf'\(modem 1 of \S+, process {a.pid}\), which is in this exchange already; give one of them another number: '
            r'--set sim\.number=NUMBER\n', done.stderr), done.stderr
        with modem(broker, B) as b:  # and nothing has changed for the first
            host = Host(b.path)
            host.submit(A, gsm('still here'))
            host.wait(rb'\+CDS: ', 0)
            assert host.statuses() == [0]


def the_same_unit_takes_its_number_over():
    with Broker() as broker:
        keep = ('--state', folder('unit'))
        run = modem(broker, A, *keep)
        kill(run, Host(run.path))
        with modem(broker, A, *keep) as again, modem(broker, B) as b:
            host = Host(b.path)
            host.submit(A, gsm('it is me'))
            host.wait(rb'\+CDS: ', 0)
            assert len(Host(again.path).log) and host.statuses() == [0]
        assert not said(again), again.error


def password_file(user, password):
    path = folder('passwords')
    subprocess.run(['mosquitto_passwd', '-b', '-c', path, user, password], check=True, stderr=subprocess.DEVNULL)
    return path


def the_password_comes_from_a_file_or_the_environment():
    lines = ['allow_anonymous false', f'password_file {password_file("farm", "right")}']
    for name, text in ('right', 'right\n'), ('wrong', 'wrong\n'), ('empty', '\n'):
        with open(folder(name), 'w', encoding='utf-8') as f:
            f.write(text)
    with Broker(*lines) as broker:
        url = f'mqtt://farm@localhost:{broker.port}'
        with Run('--exchange', url, '--exchange-password', folder('right')) as run:
            pass
        assert not said(run), run.error
        done = fauxtrack('exec', '--exchange', url, '--', 'true',
                         env=dict(os.environ, FAUXTRACK_EXCHANGE_PASSWORD='right'))
        assert done.returncode == 0 and 'away' not in done.stderr, done
        done = fauxtrack('run', '--exchange', url, '--exchange-password', folder('wrong'))
        assert done.returncode == 1 and 'check the user in the URL and the password' in done.stderr, done
        done = fauxtrack('run', '--exchange', url, '--exchange-password', folder('empty'))
        assert done.returncode == 1 and 'its first line is empty' in done.stderr, done
        done = fauxtrack('run', '--exchange', url, '--exchange-password', folder('none'))
        assert done.returncode == 1 and 'check the path' in done.stderr, done
    done = fauxtrack('run', '--exchange', 'mqtt://me:secret@localhost')
    assert done.returncode == 2 and '--exchange-password FILE' in done.stderr and 'secret' not in done.stderr, done


def certificate(name, signer=None, subject='localhost'):
    """NAME.crt and NAME.key; without signer it signs itself."""
    key, crt = folder(name + '.key'), folder(name + '.crt')
    line = ['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
            '-keyout', key, '-out', crt, '-subj', f'/CN={subject}']
    if signer:
        line += ['-CA', folder(signer + '.crt'), '-CAkey', folder(signer + '.key'),
                 '-addext', f'subjectAltName=DNS:{subject}', '-addext', 'basicConstraints=critical,CA:FALSE']
    subprocess.run(line, check=True, capture_output=True)
    return crt, key


def tls_checks_both_sides():
    ca, _ = certificate('ca', subject='test CA')
    crt, key = certificate('broker', 'ca')
    mine, my_key = certificate('mine', 'ca', 'farm')
    stranger, _ = certificate('stranger', subject='another CA')
    lines = [f'cafile {ca}', f'certfile {crt}', f'keyfile {key}', 'require_certificate true', 'allow_anonymous true']
    with Broker(*lines) as broker:
        url = f'mqtts://localhost:{broker.port}'
        own = ('--exchange-cert', mine, '--exchange-key', my_key)
        with Run('--exchange', url, '--exchange-ca', ca, *own, '--speed', 'max', '--set', f'sim.number={A}') as a, \
                Run('--exchange', url, '--exchange-ca', ca, *own, '--set', f'sim.number={B}'):
            host = Host(a.path)
            host.submit(B, gsm('secret'))
            host.wait(rb'\+CDS: ', 0)
        assert not said(a), a.error
        done = fauxtrack('run', '--exchange', url, '--exchange-ca', stranger, *own)
        assert done.returncode == 1 and 'check the certificates on both sides' in done.stderr, done
        # the broker only ends the connection of one without a certificate
        done = fauxtrack('exec', '--exchange', url, '--exchange-ca', ca, '--', 'true')
        assert done.returncode == 0 and re.search('is away: .*certificates', done.stderr), done


def readme():
    """The commands of mosquitto_pub in the README, as a program types them."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), *'../../emulator/host/exchange/README.md'.split('/'))
    with open(path, encoding='utf-8') as f:
        return [shlex.split(line) for line in f if line.startswith('    mosquitto_pub')]


def what_the_readme_says_works():
    inject, join, end = readme()
    with Broker() as broker, modem(broker, A) as a, Listener(broker, 'fauxtrack/1/#') as listener:
        at = ['-h', 'localhost', '-p', str(broker.port)]
        host = Host(a.path)
        subprocess.run(inject + at, check=True, timeout=DEADLINE)
        host.wait(rb'\+CMT: ', 0)
        assert host.came()[0][2] == gsm('Hello'), host.log
        assert listener.wait('/ack ')[0] == 'fauxtrack/1/4915112345/ack'
        subprocess.run(join + at, check=True, timeout=DEADLINE)
        until('the modem knows it', lambda: known(a, 2))
        host.submit('+4915112345', gsm('Hi'))
        sms = listener.wait('4915112345/sms ')[1]
        subprocess.run([x.replace('ID OF THE MESSAGE', sms['id']) for x in end] + at, check=True, timeout=DEADLINE)
        host.wait(rb'\+CDS: ', 0)
        assert host.statuses() == [0]


def known(run, numbers):
    return f' {numbers} numbers;' in fauxtrack('ctl', '--control', run.socket, 'net').stdout


def other_programs_inject_and_listen():
    number = A.lstrip('+')
    with Broker() as broker, modem(broker, A) as a, Listener(broker, 'fauxtrack/1/#') as listener:
        host = Host(a.path)
        broker.publish(f'fauxtrack/1/{number}/sms',
                       {'v': 1, 'id': '00000000000000aa-1', 'from': '+4915112345', 'text': 'from the farm'})
        host.wait(rb'\+CMT: ', 0)
        topic, ack = listener.wait('/ack ')
        assert topic == 'fauxtrack/1/4915112345/ack', topic
        assert ack == {'v': 1, 'id': '00000000000000aa-1', 'to': A, 'status': 0}, ack
        # a second time: only the ack comes again
        broker.publish(f'fauxtrack/1/{number}/sms',
                       {'v': 1, 'id': '00000000000000aa-1', 'from': '+4915112345', 'text': 'from the farm'})
        until('the ack comes again', lambda: listener.read().count('/ack ') == 2)
        # one that has expired
        broker.publish(f'fauxtrack/1/{number}/sms', {'v': 1, 'id': '00000000000000aa-2', 'from': '+4915112345',
                                                     'expires': 1000000000, 'text': 'too late'})
        assert listener.wait('aa-2","to')[1]['status'] == 70
        assert len(host.came()) == 1
        # a number of their own
        broker.publish('fauxtrack/1/4915112345/state', {'v': 1, 'number': '+4915112345', 'unit': '00000000000000aa'}, '-r')
        until('the modem knows it', lambda: known(a, 2))
        host.submit('+4915112345', gsm('to the farm'))
        topic, sms = listener.wait('4915112345/sms ')
        assert sms['from'] == A and sms['text'] == 'to the farm' and sms['v'] == 1, sms
        broker.publish(f'fauxtrack/1/{number}/ack', {'v': 1, 'id': sms['id'], 'status': 65})
        host.wait(rb'\+CDS: ', 0)
        assert host.statuses()[-1] == 65
        # rubbish harms nobody
        for payload in 'x', '{"v":2}', 'y' * 100000:
            broker.publish(f'fauxtrack/1/{number}/sms', payload)
        broker.publish(f'fauxtrack/1/{number}/sms', {'v': 1, 'from': '1', 'text': 'the end'})
        host.wait(rb'\+CMT: ', 0, 2)
    assert len(said(a)) == 1 and 'is ignored' in said(a)[0], a.error


def a_number_goes_when_its_process_ends_unless_it_is_kept():
    with Broker() as broker:
        with modem(broker, A), modem(broker, B, '--state', folder('b')):
            assert sorted(s['number'] for s in broker.kept('fauxtrack/1/+/state')) == [A, B]
        assert [s['number'] for s in broker.kept('fauxtrack/1/+/state')] == [B]
        assert broker.kept('fauxtrack/1/process/+') == []


def libraries(run):
    with open(f'/proc/{run.pid}/maps', encoding='utf-8') as f:
        return f.read()


def the_library_is_loaded_only_for_an_exchange():
    with Broker() as broker, Run() as plain, modem(broker, A) as run:
        assert 'libmosquitto' not in libraries(plain)
        assert 'libmosquitto' in libraries(run)


def a_missing_module_is_named():
    with tempfile.TemporaryDirectory() as place:
        alone = shutil.copy(PROGRAM, place)
        done = subprocess.run([alone, 'run', '--exchange', 'mqtt://localhost'], capture_output=True, text=True,
                              env={**os.environ, 'FAUXTRACK_PROFILES': PROFILES}, timeout=DEADLINE, check=False)
        assert done.returncode == 1 and '--exchange: the module fauxtrack-mqtt.so is not there' in done.stderr, done


def options_are_checked():
    for args, text in [
            (('--exchange', 'http://x'), 'is not a broker'),
            (('--exchange-password', 'f'), '--exchange'),
            (('--exchange', 'mqtt://h', '--exchange-ca', 'f'), 'mqtts://'),
            (('--exchange', 'mqtts://h', '--exchange-cert', 'f'), 'belong together'),
            (('--exchange', 'mqtt://h', '--exchange-password', 'f'), 'needs a user')]:
        done = fauxtrack('run', *args)
        assert done.returncode == 2 and text in done.stderr, done
    done = fauxtrack('run', '--exchange', f'mqtts://localhost:{free_port()}', '--exchange-ca', folder('none'))
    assert done.returncode == 1 and 'check the path' in done.stderr, done


if __name__ == '__main__':
    main([
        messages_of_all_alphabets_go_both_ways_with_reports,
        with_several_modems_the_near_and_the_far_ones_are_reached,
        a_receiver_that_is_off_gets_it_once_when_it_is_back,
        without_the_broker_a_message_is_refused_and_one_line_says_so,
        a_broker_that_is_away_at_the_start_is_found_later,
        a_receiver_is_killed_in_the_middle_and_nothing_is_lost_or_twice,
        a_sender_is_killed_in_the_middle_and_nothing_is_lost_or_twice,
        the_broker_is_killed_in_the_middle_and_nothing_is_lost_or_twice,
        two_units_with_one_number_are_refused_by_name,
        the_same_unit_takes_its_number_over,
        the_password_comes_from_a_file_or_the_environment,
        tls_checks_both_sides,
        what_the_readme_says_works,
        other_programs_inject_and_listen,
        a_number_goes_when_its_process_ends_unless_it_is_kept,
        the_library_is_loaded_only_for_an_exchange,
        a_missing_module_is_named,
        options_are_checked,
    ])
