#!/usr/bin/python3
"""test_fleet.py FAUXTRACK: many modems in one process: the limits of the system that they reach,
fleet files, and control of one modem, a group or all."""
import ctypes
import errno
import http.client
import json
import os
import re
import resource
import socket
import subprocess

import ptytest
from ptytest import FOLDER, Client, Net, Run, Skip, fauxtrack, main

OK = b'\r\nOK\r\n'
FLEET = """
speed: max
groups:
  - name: north
    count: 3
    numbers: "+33612340000"
    imsi: "208010000000097"
    link: {folder}/north-{{}}
  - name: south
    count: 2
    profile: m1306b-r657
    link: {folder}/south
    state: {folder}/state-{{}}
    set: [sim.pin_enabled=true, "2:sim.pin=4711"]
"""


def fleet_file(text=FLEET):
    path = os.path.join(FOLDER.name, 'fleet.yaml')
    with open(path, 'w', encoding='utf-8') as f:
        f.write(text.replace('{folder}', FOLDER.name).replace('{{}}', '{}'))
    return path


def command(path, line):
    with Client(path) as c:
        c.send(line.encode() + b'\r')
        got = c.read_until(OK)
    return got[len(line) + 1:-len(OK)].strip().decode()


class Unix(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__('localhost', timeout=20)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(20)
        self.sock.connect(self.path)


def ask(connection, method, path, body=None):
    connection.request(method, path, None if body is None else json.dumps(body),
                       {'Content-Type': 'application/json'})
    reply = connection.getresponse()
    return reply.status, json.loads(reply.read())


def ctl(*words):
    return fauxtrack('ctl', *words)


# --- limits -------------------------------------------------------------------------------


def refused(*args, **more):
    """What it says; it has published nothing."""
    link = os.path.join(FOLDER.name, 'link')
    state = os.path.join(FOLDER.name, 'state')
    done = fauxtrack('run', '--link', link, '--state', state, *args, **more)
    assert done.returncode == 1 and done.stdout == '', done
    assert not os.path.lexists(link) and not os.path.exists(state), os.listdir(FOLDER.name)
    assert done.stderr.startswith('fauxtrack: ') and done.stderr.count('\n') == 1, done
    return done.stderr


def too_few_open_files_are_refused_with_the_limit_and_the_remedy():
    def few():
        resource.setrlimit(resource.RLIMIT_NOFILE, (200, 200))
    said = refused('--count', '100', preexec_fn=few)
    assert re.search(r'100 modems need \d{3} open files.* is 200 \(ulimit -Hn\).*ulimit -n \d+', said), said


def a_soft_limit_of_open_files_is_raised():
    def few():
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    done = fauxtrack('exec', '--count', '40', '--', 'true', preexec_fn=few)
    assert (done.returncode, done.stderr) == (0, ''), done


def mount(source, target, kind, flags, options):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(source, target, kind, flags, options) != 0:
        raise Skip(f'mount: {os.strerror(ctypes.get_errno())}')


def need_own_terminals():
    if os.geteuid() != 0 or os.readlink('/proc/self/ns/mnt') == os.readlink(f'/proc/{os.getppid()}/ns/mnt'):
        raise Skip('needs root, and a /dev/pts of its own')


def a_dev_pts_with_too_few_terminals_is_refused():
    need_own_terminals()
    mount(b'devpts', b'/dev/pts', b'devpts', 0, b'max=5,ptmxmode=0666')
    mount(b'/dev/pts/ptmx', b'/dev/ptmx', None, 0x1000, None)
    said = refused('--count', '6')
    assert re.search(r'6 modems .*max=5, of which 0 are in use; .*remount,max=6 /dev/pts', said), said
    with Run('--count', '5', count=5):
        pass


def a_missing_dev_pts_is_refused():
    need_own_terminals()
    mount(b'tmpfs', b'/dev/pts', b'tmpfs', 0, None)
    said = refused()
    assert '/dev/pts is not mounted' in said and 'mount -t devpts' in said, said


def preloaded(error, good=0):
    return dict(os.environ, LD_PRELOAD=os.path.basename(os.environ['OPEN_FAILS']), OPENPT_ERRNO=str(error),
                OPENPT_GOOD=str(good), ASAN_OPTIONS='verify_asan_link_order=0')


def an_exhausted_system_is_refused_with_its_limits():
    said = refused('--count', '7', env=preloaded(errno.ENOSPC))
    numbers = [open(f'/proc/sys/kernel/pty/{n}', encoding='ascii').read().strip() for n in ('max', 'reserve')]
    assert f'pty/max is {numbers[0]} ' in said and f'{numbers[1]} are reserved' in said, said
    assert re.search(r'7 modems .*the system gave 0: .*sysctl kernel.pty.max=\d+', said), said


def another_error_of_ptmx_has_its_own_remedy():
    said = refused(env=preloaded(errno.ENOENT))
    assert '/dev/ptmx' in said and 'No such file' in said and 'pts/ptmx' in said, said
    said = refused(env=preloaded(errno.EACCES))
    assert 'Permission denied' in said and 'ptmxmode=666' in said, said


def a_limit_of_inotify_is_refused():
    # in its own user namespace, whose limits can be lowered
    script = 'echo %s >/proc/sys/user/%s 2>/dev/null || exit 77; shift; exec "$0" "$@"'
    for limit, value, pattern in (
            ('max_inotify_instances', 0, r'1 inotify instances, and the limit is 0 .*sysctl user.max_inotify_instances=1'),
            ('max_inotify_watches', 3, r'8 modems need 9 inotify watches, and the limit is 3 .*user.max_inotify_watches=9')):
        done = subprocess.run(['unshare', '-r', 'sh', '-c', script % (value, limit), ptytest.PROGRAM, '-',
                               'run', '--count', '8'], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True, timeout=60, check=False)
        if done.returncode == 77 or 'unshare' in done.stderr:
            raise Skip('no user namespace with limits of its own')
        assert done.returncode == 1 and re.search(pattern, done.stderr), done


# --- fleet files --------------------------------------------------------------------------


def a_fleet_has_its_groups_in_order():
    with Run('--fleet', fleet_file(), count=5) as r:
        names = ['north-1', 'north-2', 'north-3', 'south', 'south-2']
        assert [os.readlink(os.path.join(FOLDER.name, n)) for n in names] == r.paths
        numbers = [re.search(r'"(\+\d+)"', command(p, 'AT+CNUM')).group(1) for p in r.paths[:3]]
        assert numbers == ['+33612340000', '+33612340001', '+33612340002'], numbers
        assert [command(p, 'AT+CIMI')[-3:] for p in r.paths[:3]] == ['097', '098', '099']
        assert command(r.paths[4], 'AT+CPIN="4711"') == ''
        serials = {command(p, 'AT+CGSN') for p in r.paths}
        assert len(serials) == 5, serials
    assert sorted(n for n in os.listdir(FOLDER.name) if n.startswith('state')) == ['state-1', 'state-2']


def groups_of_one_profile_do_not_share_an_identity():
    path = fleet_file('groups: [{name: a, count: 2}, {name: b, count: 2}]\n')
    with Run('--fleet', path, '--speed', 'max', count=4) as r:
        found = [command(p, 'AT+CGSN') for p in r.paths]
    with Run('--count', '4', '--speed', 'max', count=4) as r:
        assert [command(p, 'AT+CGSN') for p in r.paths] == found


def groups_have_ports_of_different_kinds():
    folder = FOLDER.name
    path = fleet_file(f'''
groups:
  - {{ name: plain, count: 2 }}
  - {{ name: net, count: 2, listen: "tcp:0" }}
  - {{ name: lines, listen: "rfc2217:0", link: "{folder}/modem" }}
  - {{ name: paths, count: 2, listen: "unix:{folder}/m{{}}.sock" }}
''')
    with Run('--fleet', path, count=7) as r:
        kinds = [re.sub(r'[\d.:]+$', '', p) for p in r.paths]
        assert kinds == ['/dev/pts/'] * 2 + ['socket://'] * 2 + ['rfc2217://'] + r.paths[5:], r.paths
        assert r.paths[5:] == [f'{folder}/m1.sock', f'{folder}/m2.sock'], r.paths
        for path in r.paths[2:4] + r.paths[5:]:
            with Net(path) as c:
                c.send(b'AT\r')
                c.read_until(b'OK\r\n')
        assert os.readlink(f'{folder}/modem').startswith('/dev/pts/')
    done = fauxtrack('check', fleet_file('groups: [{ name: a, count: 3, listen: "tcp:65534" }]'))
    assert done.returncode == 1 and 'modem 3 would need port 65536' in done.stderr + done.stdout, done


def groups_have_further_ports():
    folder = FOLDER.name
    path = fleet_file(f'''
speed: max
port: usb
groups:
  - {{ name: one, count: 2, link: "{folder}/one-{{}}" }}
  - {{ name: both, link: "{folder}/{{port}}", port: [uart2] }}
  - {{ name: net, port: usb, listen: "unix:{folder}/net" }}
''')
    with Run('--fleet', path, count=4):
        assert sorted(f for f in os.listdir(folder) if f[0] in 'onu' and not f.endswith('.yaml')) == \
            ['net', 'net-usb', 'one-1', 'one-1-usb', 'one-2', 'one-2-usb', 'uart1', 'uart2', 'usb'], os.listdir(folder)
        for first, other in ((f'{folder}/one-2', f'{folder}/one-2-usb'), (f'{folder}/uart1', f'{folder}/usb')):
            command(first, 'AT+WMFM=0,1,3')
            assert command(other, 'AT+WMFM=0,2,3') == '+WMFM: 0,2,3,1'
    done = fauxtrack('check', fleet_file('groups: [{ name: a, profile: m1306b-r657, port: usb }]'))
    assert done.returncode == 1 and ':1:49: a Wavecom Fastrack M1306B has no port usb' in done.stderr, done


def called(r, count):
    """[(port, modem)] of so many lines that say where calls come in."""
    said = [r.process.stderr.readline().decode() for _ in range(count)]
    return [re.search(r'connects to \S+:(\d+) calls modem (\d)', line).groups() for line in said]


def groups_have_far_ends_of_data_calls():
    path = fleet_file('''
speed: max
number: "listen:0"
groups:
  - { name: north, count: 2, number: ["0123456=echo", "+33600000999=listen:0"] }
  - { name: south, number: "0123456=file:/etc/hostname" }
  - { name: plain }
''')
    with Run('--fleet', path, count=4) as r:
        callers = called(r, 6)
        assert [number for _, number in callers] == list('112234'), callers
        with Client(r.paths[1]) as c:
            c.send(b'ATD0123456\r')
            c.read_until(b'CONNECT 9600\r\n')
            c.send(b'hello')
            c.read_until(b'hello')
        with Client(r.paths[3]) as c:  # whom it calls does not answer as data
            c.send(b'ATD0146290800\r')
            c.read_until(b'NO CARRIER\r\n')
        with Client(r.paths[3]) as c, socket.create_connection(('127.0.0.1', int(callers[5][0])), 20):
            c.read_until(b'RING\r\n')


def ports_of_calls_that_come_in_count_up_over_the_groups():
    with socket.socket() as free:
        free.bind(('127.0.0.1', 0))
        port = free.getsockname()[1]
    path = fleet_file('groups: [{name: a, count: 2}, {name: b, count: 2}]\n')
    with Run('--fleet', path, '--speed', 'max', f'--number=listen:{port}', count=4) as r:
        found = called(r, 4)
        assert found == [(str(port + i), str(i + 1)) for i in range(4)], found


def exec_runs_a_fleet():
    path = fleet_file()
    done = fauxtrack('exec', '--fleet', path, '--wait', 'power=on', '--', 'sh', '-c',
                     'echo $FAUXTRACK_TTY {} $FAUXTRACK_TTY_5; "$0" ctl --modem south state power',
                     ptytest.PROGRAM)
    assert done.returncode == 0 and done.stderr == '', done
    assert re.fullmatch(r'(/dev/pts/\d+) \1 /dev/pts/\d+\npower +on\n', done.stdout), done


def faulty(text, *patterns):
    path = fleet_file(text)
    for args in (('check', path), ('run', '--fleet', path)):
        done = fauxtrack(*args)
        assert done.returncode == 1 and done.stdout == '', done
        for pattern in patterns:
            assert re.search('^' + re.escape(path) + pattern, done.stderr, re.M), (pattern, done.stderr)


def errors_of_a_fleet_file_have_their_place():
    faulty('groups: [{name: a, cuont: 2}]\n', r':1:20: unknown key "cuont"; did you mean "count"\?')
    faulty('groups: [{count: 2}]\n', r':1:10: "name" is missing')
    faulty('groups: [{name: a, count: many}]\n', r':1:27: count: "many" is not a number of modems')
    faulty('groups: [{name: a, count: [2]}]\n', r':1:27: "count" is a single value')
    faulty('groups: [{name: a}, {name: a}]\n', r':1:28: name "a" is that of an earlier group')
    faulty('groups: [{name: all}]\n', r':1:17: .*all modems')
    faulty('groups: [{name: a, link: /tmp/x}, {name: b, link: /tmp/x}]\n', r':1:51: link "/tmp/x"')
    faulty('groups: [{name: a, profile: fastrack-supreme-20-r75}]\n', r':1:29: there is no profile .*did you mean')
    faulty('groups: [{name: a, bug: no-such-bug}]\n', r':1:25: there is no field bug')
    faulty('groups: [{name: a, set: [sim.pni=1234]}]\n', r':1:26: .*sim.pni.*did you mean')
    faulty('groups: [{name: a, set: ["3:sim.pin=1234"]}]\n', r':1:26: there is no modem 3 in this group')
    faulty('groups: [{name: a, imei: "490154203237517"}]\n', r':1:26: .*device.imei')
    faulty('groups: [{name: a, sync: true}]\n', r':1:10: --sync works only with --state')
    faulty('groups: [{name: a, count: 3000}, {name: b, count: 3000}]\n', r':1:34: .*6000 modems, the limit')
    faulty('boot: lukewarm\ngroups: [{name: a}]\n', r':1:7: boot: "lukewarm" is not a way to boot')
    faulty('groups: {name: a}\n', r':1:9: "groups" is a list')


def check_accepts_a_fleet():
    done = fauxtrack('check', fleet_file())
    assert (done.returncode, done.stdout, done.stderr) == (0, '', ''), done


# --- control ------------------------------------------------------------------------------


def a_group_and_all_are_controlled_like_one():
    with Run('--fleet', fleet_file(), count=5) as r:
        c = Unix(r.socket)
        status, got = ask(c, 'GET', '/v1/modems')
        assert status == 200 and [(m['name'], m['group']) for m in got['modems']] == [
            ('north.1', 'north'), ('north.2', 'north'), ('north.3', 'north'),
            ('south.1', 'south'), ('south.2', 'south')], got
        assert [m['profile'] for m in got['modems']][2:4] == ['fastrack-supreme-20-r74', 'm1306b-r657']
        status, got = ask(c, 'POST', '/v1/modems/north/actions/sms', {'from': '+1555', 'text': 'hi'})
        assert status == 200, got
        assert [(m['id'], m['name'], m['status'], m['answer']['done']) for m in got['modems']] == [
            (str(i), f'north.{i}', 200, True) for i in (1, 2, 3)], got
        assert ask(c, 'POST', '/v1/modems/south.2/actions/power', 'off')[0] == 200
        status, got = ask(c, 'GET', '/v1/modems/all')
        assert [m['answer']['state']['power'] for m in got['modems']] == ['on'] * 4 + ['off'], got
        assert ask(c, 'GET', '/v1/modems/5')[1]['state']['power'] == 'off'


def a_request_that_is_wrong_changes_nothing():
    with Run('--fleet', fleet_file(), count=5) as r:
        c = Unix(r.socket)
        for name in ('nroth', 'north.4', 'north.0', 'north.', '6', '0', '01', 'All', '.1'):
            status, got = ask(c, 'POST', f'/v1/modems/{name}/actions/power', 'off')
            assert status == 404 and got['error']['field'] == 'id' and got['error']['remedy'], (name, got)
        assert 'north' in str(ask(c, 'GET', '/v1/modems/nroth')[1])
        assert ask(c, 'POST', '/v1/modems/all/actions/power', 'sideways')[0] == 400
        assert ask(c, 'POST', '/v1/modems/all/actions/no-such-action')[0] == 404
        status, got = ask(c, 'GET', '/v1/modems/north/events')
        assert status == 400 and 'one modem' in got['error']['message'], got
        states = [m['answer']['state']['power'] for m in ask(c, 'GET', '/v1/modems/all')[1]['modems']]
        assert states == ['on'] * 5, states


def each_member_has_its_own_result():
    with Run('--fleet', fleet_file(), count=5) as r:
        assert ctl('--modem', 'north.2', 'power', 'off').returncode == 0
        done = ctl('--modem', 'north', 'ring', 'from=+1555')
        assert done.returncode == 1 and done.stdout == '', done
        assert re.fullmatch(r'fauxtrack ctl: modem 2 \(north\.2\): .+\n', done.stderr), done
        status, got = ask(Unix(r.socket), 'POST', '/v1/modems/north/actions/ring', {'from': '+1555'})
        assert status == 200 and [m['status'] for m in got['modems']][1] == 409, got


def a_wait_of_a_group_ends_when_all_are_there():
    with Run('--fleet', fleet_file(), count=5) as r:
        c = Unix(r.socket)
        assert ask(c, 'POST', '/v1/modems/all/actions/sim', 'removed')[0] == 200
        status, got = ask(c, 'POST', '/v1/modems/all/wait', {'for': ['sim=absent', 'event=sim']})
        assert status == 200 and [m['answer']['met'] for m in got['modems']] == [True] * 5, got
        assert ctl('--modem', 'north', 'wait', 'event=sim').returncode == 0
        status, got = ask(c, 'POST', '/v1/modems/north/wait', {'for': ['event=sms'], 'since': 3})
        assert status == 400 and got['error']['field'] == 'since', got
        assert ctl('--modem', 'north.1', 'sms', 'from=+1', 'text=x').returncode in (0, 1)
        # one of them leaves the state that it waits for, and comes back while another still waits
        waiting = Unix(r.socket)
        waiting.request('POST', '/v1/modems/north/wait', json.dumps({'for': ['power=off']}),
                        {'Content-Type': 'application/json'})
        for i in (3, 1, 2):
            assert ctl('--modem', f'north.{i}', 'power', 'off').returncode == 0
        reply = waiting.getresponse()
        assert reply.status == 200 and len(json.loads(reply.read())['modems']) == 3
        status, got = ask(c, 'POST', '/v1/modems/all/wait', {'for': ['power=off'], 'timeout': '50ms'})
        assert status == 200 and [m['status'] for m in got['modems']] == [200] * 3 + [408] * 2, got
        done = ctl('--modem', 'all', 'wait', 'power=off', 'timeout=50ms')
        assert done.returncode == 4 and 'modem 4 (south.1): timed out' in done.stderr, done


def a_client_that_leaves_ends_its_wait_of_a_group():
    with Run('--fleet', fleet_file(), count=5) as r:
        waiting = Unix(r.socket)
        waiting.request('POST', '/v1/modems/all/wait', json.dumps({'for': ['power=off']}),
                        {'Content-Type': 'application/json'})
        waiting.sock.close()
        assert ctl('--modem', 'all', 'power', 'off').returncode == 0
        assert ctl('--modem', 'all', 'state', 'power').stdout.split() == ['power', 'off']


def state_and_list_of_many_are_short():
    with Run('--count', '30', '--speed', 'max', count=30) as r:
        lines = ctl('list').stdout.splitlines()
        assert len(lines) == 1 and 'modems 1 to 30  ' + r.paths[0] in lines[0], lines
        assert ctl('--modem', '7', 'power', 'off').returncode == 0
        done = ctl('--modem', 'all', 'state', 'power')
        assert done.stdout.split('power')[1].strip() == 'on (29), off (1)', done
        done = ctl('--modem', 'all', 'state')
        assert done.returncode == 0 and len(done.stdout.splitlines()) < 200, done
        done = ctl('--modem', 'all', '--json', 'state', 'power')
        assert [m['state'] for m in json.loads(done.stdout)].count('off') == 1, done
        done = ctl('--modem', 'north', 'state')
        assert done.returncode == 2 and 'write all' in done.stderr, done
        assert '--modem all' in ctl('state').stderr
        done = ctl('--modem', 'all', 'wait', 'off', 'timeout=50ms')
        assert done.returncode == 4 and len(done.stderr.splitlines()) == 11, done
        assert 'and 19 more modems' in done.stderr, done
        done = ctl('--modem', 'all', 'events')
        assert done.returncode == 2 and '--modem: ' in done.stderr and 'one modem' in done.stderr, done


def five_hundred_modems_answer():
    if resource.getrlimit(resource.RLIMIT_NOFILE)[1] < 2000:
        raise Skip('fewer than 2000 open files are allowed')
    with Run('--count', '500', count=500) as r:
        for i in (0, 250, 499):
            assert command(r.paths[i], 'AT') == ''
        assert ctl('--modem', 'all', 'ring', 'from=+1555').returncode == 0
        assert ctl('--modem', 'all', 'state', 'calls.0.state').stdout.split() == ['calls.0.state', 'incoming']


def without_room_it_ends_and_says_so():
    """A terminal that fails after the first ones: all links are removed again."""
    link = os.path.join(FOLDER.name, 'link')
    done = fauxtrack('run', '--count', '3', '--link', link, env=preloaded(errno.ENOSPC, good=5))
    assert done.returncode == 1 and done.stdout == '' and 'pty/max' in done.stderr, done
    assert not os.listdir(FOLDER.name) or not os.path.lexists(link), os.listdir(FOLDER.name)


main([
    too_few_open_files_are_refused_with_the_limit_and_the_remedy,
    a_soft_limit_of_open_files_is_raised,
    a_dev_pts_with_too_few_terminals_is_refused,
    a_missing_dev_pts_is_refused,
    an_exhausted_system_is_refused_with_its_limits,
    another_error_of_ptmx_has_its_own_remedy,
    a_limit_of_inotify_is_refused,
    without_room_it_ends_and_says_so,
    a_fleet_has_its_groups_in_order,
    groups_of_one_profile_do_not_share_an_identity,
    groups_have_ports_of_different_kinds,
    groups_have_further_ports,
    groups_have_far_ends_of_data_calls,
    ports_of_calls_that_come_in_count_up_over_the_groups,
    exec_runs_a_fleet,
    errors_of_a_fleet_file_have_their_place,
    check_accepts_a_fleet,
    a_group_and_all_are_controlled_like_one,
    a_request_that_is_wrong_changes_nothing,
    each_member_has_its_own_result,
    a_wait_of_a_group_ends_when_all_are_there,
    a_client_that_leaves_ends_its_wait_of_a_group,
    state_and_list_of_many_are_short,
    five_hundred_modems_answer,
])
