#!/usr/bin/python3
# Data calls whose far end is a socket or a file (--number): what both sides can rely on.
import hashlib
import os
import select
import socket
import subprocess
import sys
import threading
import time

from ptytest import DEADLINE, FOLDER, PROGRAM, Client, Run, fauxtrack, main, until

NUMBER = '0123456'
SIZE = 256 << 10
# every byte, the escape, and lines that a modem in command mode would carry out
PATTERN = (bytes(range(256)) + b'+++\rAT+CPOF=1\r+++ATH\r') * (SIZE // 256 + 1)
DATA = PATTERN[:SIZE]


def digest(data):
    return len(data), hashlib.sha256(data).hexdigest()


class Far:
    """A server at loopback: the far end of a number."""

    def __init__(self):
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.listener.settimeout(DEADLINE)
        self.port = self.listener.getsockname()[1]
        self.socket = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()
        if self.socket:
            self.socket.close()

    def option(self):
        return f'--number={NUMBER}=tcp:127.0.0.1:{self.port}'

    def accept(self):
        self.socket, _ = self.listener.accept()
        self.socket.settimeout(DEADLINE)
        return self.socket

    def read(self, size, each=65536):
        got = bytearray()
        while len(got) < size:
            more = self.socket.recv(min(each, size - len(got)))
            assert more, f'closed after {len(got)} of {size} bytes'
            got += more
        return bytes(got)

    def is_closed(self):
        """No more bytes come, then the end."""
        got = self.socket.recv(65536)
        assert got == b'', f'{got[:80]!r} where the end was expected'


def dial(c, far=None, word=b'CONNECT 9600\r\n', number=NUMBER):
    c.send(b'ATD' + number.encode() + b'\r')
    got = b''
    while not got.endswith(word):  # and no byte more
        assert select.select([c.fd], [], [], DEADLINE)[0], got
        got += c.get(1)
    return far.accept() if far else None


class Call:
    """A modem in a data call with a server."""

    def __init__(self, *args, speed='max'):
        self.far = Far()
        self.run = Run(self.far.option(), '--speed', speed, *args)
        self.client = Client(self.run.path)
        dial(self.client, self.far)

    def __enter__(self):
        return self.run, self.client, self.far

    def __exit__(self, *what):
        self.client.close()
        self.far.__exit__()
        self.run.__exit__(*what)


def in_background(work):
    t = threading.Thread(target=work)
    t.start()
    return t


def read_slowly(c, size, each, pause):
    got = b''
    end = time.monotonic() + 3 * DEADLINE
    while len(got) < size:
        assert time.monotonic() < end, f'{len(got)} of {size} bytes'
        select.select([c.fd], [], [], 1)
        got += c.get(each)
        select.select([], [], [], pause)
    return got


def escape(c):
    select.select([], [], [], 1.1)
    c.send(b'+++')
    c.read_until(b'\r\nOK\r\n')


# ---- bytes -------------------------------------------------------------------------------------------


def each_way_256_kib_arrive_whole_at_the_same_time():
    with Call() as (_, c, far):
        sends = [in_background(lambda: far.socket.sendall(DATA)), in_background(lambda: c.send(DATA[::-1]))]
        there = []
        reads = in_background(lambda: there.append(far.read(SIZE)))
        here = read_slowly(c, SIZE, 65536, 0)
        for t in sends + [reads]:
            t.join()
        assert digest(here) == digest(DATA), 'from the far end'
        assert digest(there[0]) == digest(DATA[::-1]), 'to the far end'


def a_far_end_that_reads_slowly_stops_the_host_and_gets_all():
    with Call() as (_, c, far):
        sent = []

        def send():
            c.send(8 * DATA)
            sent.append(True)

        t = in_background(send)
        # nobody reads: the buffers fill, and the host waits
        select.select([], [], [], 0.5)
        assert not sent, 'the host was not stopped'
        got = far.read(8 * SIZE, each=3000)
        t.join()
        assert digest(got) == digest(8 * DATA)


def a_host_that_reads_slowly_stops_the_far_end_and_gets_all():
    with Call() as (_, c, far):
        t = in_background(lambda: far.socket.sendall(DATA))
        got = read_slowly(c, SIZE, 4096, 0.002)
        t.join()
        assert digest(got) == digest(DATA)


def at_the_speed_of_the_line_all_arrives():
    size = 20000
    with Call('--line', 'real', speed='10') as (_, c, far):
        t = in_background(lambda: c.send(DATA[:size]))
        far.socket.sendall(DATA[:size][::-1])
        here = read_slowly(c, size, 65536, 0)
        there = far.read(size)
        t.join()
        assert digest(here) == digest(DATA[:size][::-1])
        assert digest(there) == digest(DATA[:size])


# ---- ends --------------------------------------------------------------------------------------------


def when_the_far_end_closes_the_host_has_its_last_byte_then_no_carrier():
    with Call() as (_, c, far):
        far.socket.sendall(DATA[:100000])
        far.socket.close()
        got = c.read_until(b'\r\nNO CARRIER\r\n')
        assert digest(got[:-14]) == digest(DATA[:100000])
        c.send(b'AT+CEER\r')
        assert b'+CEER: Error 16\r\n' in c.read_until(b'\r\nOK\r\n')


def a_far_end_that_is_killed_in_the_middle_ends_the_call():
    code = ('import socket,sys;l=socket.create_server(("127.0.0.1",0));print(l.getsockname()[1],flush=True);'
            's,_=l.accept()\nwhile 1: s.sendall(b"x"*1000)')
    server = subprocess.Popen([sys.executable, '-c', code], stdout=subprocess.PIPE)
    port = int(server.stdout.readline())
    with Run(f'--number={NUMBER}=tcp:{port}', '--speed', 'max') as r, Client(r.path) as c:
        dial(c)
        c.send(b'y' * 1000)
        until('bytes come', lambda: c.get(1000))
        server.kill()
        server.wait()
        got = c.read_until(b'\r\nNO CARRIER\r\n', limit=1 << 24)
        assert not got[:-14].strip(b'x')
        c.send(b'AT\r')
        c.read_until(b'\r\nOK\r\n')
        server.stdout.close()


def a_host_that_closes_its_port_hangs_up():
    with Call() as (_, c, far):
        c.send(b'bye')
        c.close()
        assert far.read(3) == b'bye'
        far.is_closed()


def a_host_that_is_killed_hangs_up():
    with Far() as far, Run(far.option(), '--speed', 'max') as r:
        code = (f'import os,sys,time;f=os.open({r.path!r},os.O_RDWR|os.O_NOCTTY);os.write(f,b"ATD{NUMBER}\\r");'
                'b=b""\nwhile b"CONNECT 9600" not in b: b+=os.read(f,100)\n'
                'while 1: os.write(f,b"z"*1000)')
        host = subprocess.Popen([sys.executable, '-c', code])
        far.accept()
        far.read(20000)
        host.kill()
        host.wait()
        while got := far.socket.recv(65536):
            assert not got.strip(b'z')
        # nothing of it is left for the next client
        with Client(r.path, patient=True) as c:
            c.send(b'AT\r')
            c.read_until(b'AT\r\r\nOK\r\n')


def a_cable_that_is_pulled_out_hangs_up():
    with Call() as (r, c, far):
        far.socket.sendall(b'hello')
        c.read_until(b'hello')
        fauxtrack('ctl', 'cable', 'unplugged')
        far.is_closed()


def a_program_that_is_killed_closes_the_connection():
    with Call() as (r, c, far):
        r.process.kill()
        try:
            far.is_closed()
        except ConnectionResetError:
            pass
        r.process.wait()
        r.process.terminate = lambda: None
        r.process.wait = lambda *_: 0


def a_factory_reset_hangs_up():
    with Call() as (r, _, far):
        end = fauxtrack('ctl', 'factory')
        assert end.returncode == 0, end.stderr
        far.is_closed()


def a_power_cut_hangs_up():
    with Call() as (r, _, far):
        end = fauxtrack('ctl', 'power', 'cut')
        assert end.returncode == 0, end.stderr
        far.is_closed()


def what_was_sent_before_ath_arrives_though_the_far_end_still_sends():
    with Call() as (_, c, far):
        escape(c)
        far.socket.sendall(b'unread')
        c.send(b'ATO\r')
        c.read_until(b'CONNECT 9600\r\nunread')
        assert far.read(3) == b'+++'
        c.send(DATA[:50000])
        until('all is on its way', lambda: len(far.socket.recv(1 << 20, socket.MSG_PEEK)) == 50000)
        escape(c)
        far.socket.sendall(b'never read')
        c.send(b'ATH\r')
        c.read_until(b'\r\nOK\r\n')
        assert digest(far.read(50003)) == digest(DATA[:50000] + b'+++')
        far.is_closed()


def a_number_where_nobody_listens_ends_with_cause_27():
    with socket.socket() as taken:  # and nobody else will
        taken.bind(('127.0.0.1', 0))
        at = f'tcp:127.0.0.1:{taken.getsockname()[1]}'
        with Run(f'--number={NUMBER}={at}', '--speed', 'max') as r, Client(r.path) as c:
            dial(c, word=b'\r\nNO CARRIER\r\n')
            c.send(b'AT+CEER\r')
            assert b'+CEER: Error 27\r\n' in c.read_until(b'\r\nOK\r\n')
    assert f'{at} cannot be reached: Connection refused' in r.error


# ---- the escape --------------------------------------------------------------------------------------


def what_comes_while_escaped_waits_for_ato():
    with Call() as (_, c, far):
        escape(c)
        far.socket.sendall(b'later')
        c.send(b'AT\r')
        assert c.read_until(b'\r\nOK\r\n') == b'AT\r\r\nOK\r\n'
        c.send(b'ATO\r')
        assert c.read_until(b'later') == b'ATO\r\r\nCONNECT 9600\r\nlater'


def a_far_end_that_closes_while_escaped_is_no_carrier_at_once():
    for unread in (b'', b'unread'):
        with Call() as (_, c, far):
            escape(c)
            far.socket.sendall(unread)
            far.socket.close()
            assert c.read_until(b'NO CARRIER\r\n') == b'\r\nNO CARRIER\r\n'
            c.send(b'ATO\r')
            assert c.read_until(b'NO CARRIER\r\n') == b'ATO\r\r\nNO CARRIER\r\n'


def pluses_of_a_host_that_was_stopped_are_no_escape():
    with Call() as (_, c, far):
        lump = b'a' * (8 * SIZE) + b'+++'
        t = in_background(lambda: c.send(lump))
        select.select([], [], [], 2.5)  # longer than the guard times, while the pluses wait
        got = far.read(len(lump))
        t.join()
        assert got == lump
        c.send(b'data')
        assert far.read(4) == b'data'


# ---- calls that come in ------------------------------------------------------------------------------


class Caller:
    def __init__(self, r):
        said = r.process.stderr.readline().decode()
        self.at = ('127.0.0.1', int(said.split('127.0.0.1:')[1].split()[0]))

    def call(self):
        s = socket.create_connection(self.at, DEADLINE)
        s.settimeout(DEADLINE)
        return s


def ended(s):
    try:
        return s.recv(100) == b''
    except ConnectionResetError:
        return True


LISTEN = '--number=+33600000999=listen:0'


def a_client_that_connects_makes_it_ring_and_ata_connects_it():
    with Run(LISTEN, '--speed', 'max') as r, Client(r.path) as c:
        caller = Caller(r)
        for line in (b'AT+CRC=1', b'AT+CLIP=1'):
            c.send(line + b'\r')
            c.read_until(b'\r\nOK\r\n')
        with caller.call() as s:
            s.sendall(b'early')
            c.read_until(b'\r\n+CRING: REL ASYNC\r\n\r\n+CLIP: "+33600000999",145\r\n')
            c.send(b'ATA\r')
            assert c.read_until(b'early') == b'ATA\r\r\nCONNECT 9600\r\nearly'
            c.send(b'hello')
            assert s.recv(100) == b'hello'
            with caller.call() as second:
                assert ended(second), 'a second caller while the modem is busy'
            escape(c)
            assert s.recv(100) == b'+++'
            c.send(b'ATH\r')
            c.read_until(b'\r\nOK\r\n')
            assert ended(s)
        with caller.call() as s:
            c.read_until(b'+CLIP: "+33600000999",145\r\n')
            c.send(b'ATH\r')
            c.read_until(b'\r\nOK\r\n')
            assert ended(s), 'rejected'


def s0_answers_a_caller():
    with Run('--number=listen:0', '--speed', 'max') as r, Client(r.path) as c:
        caller = Caller(r)
        c.send(b'ATS0=1\r')
        c.read_until(b'\r\nOK\r\n')
        with caller.call() as s:
            assert c.read_until(b'CONNECT 9600\r\n') == b'\r\nRING\r\n\r\nCONNECT 9600\r\n'
            s.sendall(DATA[:70000])
            assert digest(read_slowly(c, 70000, 65536, 0)) == digest(DATA[:70000])
            s.shutdown(socket.SHUT_WR)
            c.read_until(b'\r\nNO CARRIER\r\n')
            assert ended(s)


def a_caller_that_gives_up_is_no_carrier():
    for said in (b'', b'said before'):
        with Run(LISTEN, '--speed', 'max') as r, Client(r.path) as c:
            caller = Caller(r)
            s = caller.call()
            c.read_until(b'\r\nRING\r\n')
            s.sendall(said)
            s.close()
            assert c.read_until(b'NO CARRIER\r\n') == b'\r\nNO CARRIER\r\n'


def a_modem_without_network_takes_no_caller():
    with Run(LISTEN, '--speed', 'max', '--set', 'network.cells=[]') as r:
        with Caller(r).call() as s:
            assert ended(s)


def each_modem_of_a_count_has_a_port_of_its_own():
    def two_in_a_row():
        with socket.create_server(('127.0.0.1', 0)) as s, socket.socket() as t:
            try:
                t.bind(('127.0.0.1', s.getsockname()[1] + 1))
            except (OSError, OverflowError):
                return None
            return s.getsockname()[1]

    port = until('two ports in a row', two_in_a_row)
    with Run(f'--number=listen:{port}', '--count', '2', '--speed', 'max', count=2) as r:
        for i in (0, 1):
            with Client(r.paths[i]) as c, socket.create_connection(('127.0.0.1', port + i), DEADLINE):
                c.read_until(b'\r\nRING\r\n')


# ---- what is allowed ---------------------------------------------------------------------------------


def refused(*args):
    end = fauxtrack('run', *args)
    assert end.returncode, f'{args}: it has run'
    return end.stderr


def a_port_in_use_and_addresses_of_others_are_named():
    with Far() as far:
        said = refused(f'--number=listen:{far.port}')
        assert f'port {far.port}: Address already in use' in said, said
    for at in ('0.0.0.0:4000', '192.168.1.5:4000', '[::]:4000'):
        said = refused(f'--number=listen:{at}')
        assert 'this machine only' in said, said
    for wrong in ('tcp:4000x', 'tcp:somewhere:4000', 'tcp:127.0.0.1:0', 'tcp:70000', 'udp:4', 'file:', 'echo:1', ''):
        said = refused(f'--number={NUMBER}={wrong}')
        assert '--number' in said and ';' in said, said
    assert 'number' in refused('--number=house=echo')


def write(name, text):
    path = os.path.join(FOLDER.name, name)
    with open(path, 'w', encoding='utf-8') as f:
        f.write(text)
    return path


def profile(*numbers):
    return write('p.yaml', 'kind: profile\ntitle: P\ninherits: fastrack-supreme-20-r74\nnetwork:\n  numbers:\n'
                 + ''.join(f'    {n}\n' for n in numbers))


def a_profile_names_only_loopback_and_files_beside_it():
    for far, word in (('tcp:192.168.1.5:4000', 'another machine'), ('tcp:8.8.8.8:53', 'another machine'),
                      ('"tcp:[fe80::1]:4000"', 'another machine'), ('tcp:0.0.0.0:4000', 'another machine'),
                      ('file:/etc/passwd', 'not in the folder'), ('file:../x', 'not in the folder'),
                      ('file:a/../../x', 'not in the folder'), ('"file:x,keep=y"', 'may not write'),
                      ('"tcp:127.0.0.1:4,keep=y"', 'may not write')):
        for text in (f'"{NUMBER}": {far}', f'"{NUMBER}": {{ far: {far} }}'):
            path = profile(text)
            for way in (('run', '--profile', path), ('check', path)):
                end = fauxtrack(*way)
                assert end.returncode and word in end.stderr + end.stdout, (far, way, end)
    # and so do the values of a bug file, whose `set` is no command line
    said = fauxtrack('run', '--set', f'network.numbers.{NUMBER}=tcp:192.168.1.5:4000')
    assert said.returncode and '--number' in said.stderr, said


def a_profile_may_name_loopback_and_an_echo():
    with Far() as far:
        path = profile(f'"{NUMBER}": tcp:127.0.0.1:{far.port}', '"0654321": echo')
        with Run('--profile', path, '--speed', 'max') as r, Client(r.path) as c:
            dial(c, far)
            far.socket.sendall(b'hello')
            c.read_until(b'hello')
            far.socket.close()
            c.read_until(b'NO CARRIER\r\n')
            dial(c, number='0654321')
            c.send(b'there')
            assert c.read_until(b'there') == b'there'


# ---- files -------------------------------------------------------------------------------------------


def a_file_is_sent_and_what_comes_is_kept():
    sent, kept = (os.path.join(FOLDER.name, n) for n in ('sent', 'kept'))
    with open(sent, 'wb') as f:
        f.write(DATA)
    with Run(f'--number={NUMBER}=file:{sent},keep={kept}', '--speed', 'max') as r, Client(r.path) as c:
        dial(c)
        t = in_background(lambda: c.send(DATA[::-1]))
        assert digest(read_slowly(c, SIZE, 65536, 0)) == digest(DATA)
        t.join()
        until('all is kept', lambda: os.path.getsize(kept) == SIZE)
        with open(kept, 'rb') as f:
            assert digest(f.read()) == digest(DATA[::-1])
        escape(c)
        c.send(b'ATH\r')
        c.read_until(b'\r\nOK\r\n')


def a_file_that_cannot_be_read_ends_the_call():
    with Run(f'--number={NUMBER}=file:{FOLDER.name}/none', '--speed', 'max') as r, Client(r.path) as c:
        dial(c, word=b'\r\nNO CARRIER\r\n')
    assert 'No such file' in r.error


def a_file_beside_a_profile_is_sent_also_in_virtual_time():
    write('hello.txt', 'welcome')
    path = profile(f'"{NUMBER}": file:hello.txt')
    play = write('s.yaml', f'name: A file\nsee: "data.md"\nprofiles: [{path}]\nsteps:\n  - within: 20s\n    talk: |\n'
                 f'      > ATD{NUMBER}\n      < CONNECT 9600\n  - raw: "welcome"\n')
    end = fauxtrack('play', '--mode', 'all', play)
    assert end.returncode == 0, end.stdout + end.stderr
    with Run('--profile', path, '--speed', 'max') as r, Client(r.path) as c:
        dial(c)
        c.read_until(b'welcome')


# the line settings of a client are looked at five times a second (pty/README.md)
# ---- costs -------------------------------------------------------------------------------------------


def a_silent_call_costs_nothing():
    with Call() as (r, _, _far):
        cpu, wakes = r.cost_over(1.5)
        assert wakes <= 10, f'{wakes} wake-ups'
        assert cpu < 0.005, f'{cpu:.2%} of a processor'


def an_escaped_call_whose_far_end_has_sent_costs_nothing():
    with Call() as (r, c, far):
        escape(c)
        far.socket.sendall(DATA)
        cpu, wakes = r.cost_over(1.5)
        assert wakes <= 10 and cpu < 0.005, f'{wakes} wake-ups, {cpu:.2%} of a processor'


def the_trace_has_what_came_from_the_far_end():
    name = os.path.join(FOLDER.name, 'trace')
    with Call('--trace', name) as (_, c, far):
        far.socket.sendall(b'one\r\n')
        c.read_until(b'one\r\n')
        far.socket.close()
        c.read_until(b'NO CARRIER\r\n')
    with open(name, encoding='ascii') as f:
        lines = [l.split(None, 1)[1].rstrip('\n') for l in f if not l.startswith('#')]
    entered = [l for l in lines if l[0] in '(!']
    assert entered == ['! far 1 there', '( one\\r\\n', '! far 1 hung-up'], entered


main([each_way_256_kib_arrive_whole_at_the_same_time,
      a_far_end_that_reads_slowly_stops_the_host_and_gets_all,
      a_host_that_reads_slowly_stops_the_far_end_and_gets_all,
      at_the_speed_of_the_line_all_arrives,
      when_the_far_end_closes_the_host_has_its_last_byte_then_no_carrier,
      a_far_end_that_is_killed_in_the_middle_ends_the_call,
      a_host_that_closes_its_port_hangs_up,
      a_host_that_is_killed_hangs_up,
      a_cable_that_is_pulled_out_hangs_up,
      a_program_that_is_killed_closes_the_connection,
      a_factory_reset_hangs_up,
      a_power_cut_hangs_up,
      what_was_sent_before_ath_arrives_though_the_far_end_still_sends,
      a_number_where_nobody_listens_ends_with_cause_27,
      what_comes_while_escaped_waits_for_ato,
      a_far_end_that_closes_while_escaped_is_no_carrier_at_once,
      pluses_of_a_host_that_was_stopped_are_no_escape,
      a_client_that_connects_makes_it_ring_and_ata_connects_it,
      s0_answers_a_caller,
      a_caller_that_gives_up_is_no_carrier,
      a_modem_without_network_takes_no_caller,
      each_modem_of_a_count_has_a_port_of_its_own,
      a_port_in_use_and_addresses_of_others_are_named,
      a_profile_names_only_loopback_and_files_beside_it,
      a_profile_may_name_loopback_and_an_echo,
      a_file_is_sent_and_what_comes_is_kept,
      a_file_that_cannot_be_read_ends_the_call,
      a_file_beside_a_profile_is_sent_also_in_virtual_time,
      a_silent_call_costs_nothing,
      an_escaped_call_whose_far_end_has_sent_costs_nothing,
      the_trace_has_what_came_from_the_far_end])
