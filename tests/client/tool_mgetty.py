# mgetty as root under exec --lines: it drops DTR, sets modem lines, answers a data call and asks who is there.
from clienttest import *  # noqa: F403

ALL = [R663, R74, M1306B, FXT]


def typed(m):
    """What mgetty has sent: it writes octet by octet."""
    return ''.join(re.findall(r'^ *[0-9.]+ > (.*)', m.trace(), re.M))


@case('mgetty', ALL, user=None, kind=Supervised)
def login_prompt(m):
    if os.getuid():
        raise Skip('mgetty needs root')
    m.begin_tool('mgetty', '-D', '-b', '-x', '5', '-s', '115200', m.pts)
    until('mgetty waits for a call', lambda: typed(m).endswith(r'\rAT\r'))
    m.wait('opened')
    m.act('ring', **{'from': '+33612345678', 'as': 'data'})
    until('a login prompt', lambda: 'login: ' in m.trace())
    equal(m.state()['port']['dcd'], True, 'DCD')
    m.act('hangup')
    m.did('drops DTR, answers a data call, login prompt')
    m.kill_tool()


@case('mgetty', ALL, user=None, kind=Supervised, args=['--number=+33612345678=listen:0'], speeds=['max'])
def a_caller_logs_in(m):
    """The caller is a TCP connection: it gets the login prompt, and `login` asks it for a password."""
    if os.getuid():
        raise Skip('mgetty needs root')
    at = holds(r'127\.0\.0\.1:([0-9]+)', m.complaints(), 'where to call')[1]
    m.begin_tool('mgetty', '-D', '-b', '-x', '5', '-s', '115200', m.pts)
    until('mgetty waits for a call', lambda: typed(m).endswith(r'\rAT\r'))
    m.wait('opened', 'registered')
    with socket.create_connection(('127.0.0.1', int(at)), DEADLINE) as caller:
        caller.settimeout(DEADLINE)

        def hears(what):
            heard = b''
            while what not in heard:
                got = caller.recv(4096)
                assert got, f'the call ended after {heard!r}, before {what!r}'
                heard += got
        hears(b'login: ')
        equal(m.state()['port']['dcd'], True, 'DCD')
        caller.sendall(b'nobody\r')
        hears(b'Password: ')
    m.wait('no-call')
    equal(m.state()['port']['dcd'], False, 'DCD')
    m.did('answers a caller over TCP, who gets as far as the password')
    m.kill_tool()
