# Terminal programs, and tools that scripts use instead: each opens the port with its own line settings,
# types commands, and leaves with its own key. The modem's settings show that the tool has typed them;
# closing the port drops DTR.
from clienttest import *  # noqa: F403
from screen import Screen

ALL = [R663, R74, M1306B, FXT]


def by_hand(m, argv, first, leave, last=None, term='dumb'):
    """A dialogue on its terminal: identity, signal, a message. `leave`: the keys that leave it, and
    'see PATTERN' for what it shows in between."""
    at = m.state()['registration']
    with Screen(m, argv, term) as s:
        s.ready(first)
        s.type('AT+CMEE=1\r')
        s.see('OK')
        s.type('AT+CGMR;+CSQ\r')
        s.see(re.escape(m.state()['firmware']['revision']))
        s.see(rf'\+CSQ: {at["rssi"]},0')
        s.see('OK')
        s.type('AT+CMGF=1\r')
        s.see('OK')
        s.type('AT+CMGS="+33612345678"\r')
        s.see('> ')
        s.type(f'typed at {argv[0]}\x1a')
        s.see(r'\+CMGS: \d+.*OK')
        for keys in leave:
            if keys.startswith('see '):
                s.see(keys[4:])
            else:
                s.type(keys)
        if last:
            s.see(last)
        s.ends()
    m.wait('closed')
    equal(m.has_sent(1)[0]['text'], f'typed at {argv[0]}', 'outbox')
    m.did('by hand: identity, signal, a message')


def piped(m, *argv, data, seconds=DEADLINE):
    """Runs it with a pipe as input; returns its output."""
    out = m.run(*argv, data=data, seconds=seconds).good().out
    m.wait('closed')
    return out


@case('tio', ALL, [], user=NOBODY)
def tio_by_hand(m):
    by_hand(m, ['tio', '-b', '115200', '--no-autoconnect', m.path], 'Connected', ['\x14', 'q'],
            'Disconnected')


@case('tio', [R74], [], user=NOBODY)
def tio_in_a_pipe(m):
    out = piped(m, 'tio', '-b', '9600', '--response-wait', '--response-timeout', '5000', m.path,
                data='AT+CGSN\r')
    holds(r'AT\+CGSN', out, 'what it shows')
    holds(r'> AT\+CGSN\\r', m.trace(), 'what it typed')
    m.did('in a pipe: a command, and the line that comes')


@case('cu', ALL, [], user=NOBODY)
def cu_by_hand(m):
    """It accepts the port's path as it is; ~. on a separate line leaves it."""
    by_hand(m, ['cu', '-l', m.pts, '-s', '115200'], 'Connected', ['\r~.'], 'Disconnected')


@case('screen', ALL, [], user=None)
def screen_by_hand(m):
    by_hand(m, ['screen', m.path, '115200'], r'\x1b\[J', ['\x01', 'k', 'y'],
            'terminating', term='vt100')


@case('microcom', ALL, [], user=None)
def microcom_by_hand(m):
    by_hand(m, ['microcom', '-f', '-p', m.path, '-s', '115200'], 'connected to', ['\x1c', 'see -> ', 'quit\n'])


@case('socat', ALL, [], user=NOBODY)
def socat_in_a_pipe(m):
    rssi = m.state()['registration']['rssi']
    out = piped(m, 'socat', '-t', '5', '-', f'{m.path},raw,echo=0,b115200',
                data='ATE0\rAT+CSQ;+CMEE=1;+CMEE?\r')
    equal(out, f'ATE0\r\r\nOK\r\n\r\n+CSQ: {rssi},0\r\n\r\n+CMEE: 1\r\n\r\nOK\r\n', 'what it heard')
    m.did('in a pipe: the bytes as they are')


@case('socat', [R74], [], user=NOBODY)
def socat_to_tcp(m):
    """A host that reaches the modem over TCP, as with a terminal server."""
    with socket.create_server(('127.0.0.1', 0)) as held:
        number = held.getsockname()[1]
    tool = m.start_tool(['socat', f'tcp-listen:{number},bind=127.0.0.1,reuseaddr',
                         f'{m.path},raw,echo=0,b115200'])
    try:
        def connects():
            try:
                return socket.create_connection(('127.0.0.1', number), DEADLINE)
            except ConnectionRefusedError:
                return None
        with until('the port of socat', connects) as s:
            s.sendall(b'AT+CGMI\r')
            heard = b''
            while not heard.endswith(b'OK\r\n'):
                heard += s.recv(4096)
        equal(heard, f'AT+CGMI\r\r\n{m.maker}\r\n\r\nOK\r\n'.encode(), 'what it heard')
        equal(tool.wait(DEADLINE), 0, 'its end')
    finally:
        m.end_tool(tool)
    m.wait('closed')
    m.did('TCP to the port')


@case('putty-tools', ALL, [], user=NOBODY)
def plink_by_hand(m):
    """plink -serial has no key to leave it: SIGTERM ends it."""
    rssi = m.state()['registration']['rssi']
    tool = m.start_tool(['plink', '-batch', '-serial', '-sercfg', '115200,8,n,1,N', m.path],
                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        tool.stdin.write(b'AT+CMEE=1;+CSQ\r')
        tool.stdin.flush()
        heard = b''
        while not heard.endswith(b'OK\r\n'):
            got = os.read(tool.stdout.fileno(), 4096)
            assert got, f'plink has ended: {heard!r}'
            heard += got
        holds(rf'^\+CSQ: {rssi},0', heard.decode(), 'what it heard')
    finally:
        tool.terminate()
        tool.communicate()
    m.wait('closed')
    m.did('by hand: signal')


EXPECT = r'''
set timeout 60
set port [open [lindex $argv 0] {RDWR NOCTTY}]
fconfigure $port -mode 115200,n,8,1 -blocking 0 -buffering none -translation binary
spawn -open $port
proc ask {line want} {
    send -- "$line\r"
    expect {
        -re $want {}
        "ERROR" { puts "refused: $line"; exit 3 }
        timeout { puts "silent: $line"; exit 4 }
    }
}
ask "ATE0" "OK"
ask "AT+CLIP=1;+CRC=0" "\r\nOK\r\n"
ask "AT+CREG?" {\+CREG: 0,1\r\n\r\nOK\r\n}
puts "ready"
flush stdout
expect -re {RING\r\n\r\n\+CLIP: "(\+\d+)",145} { puts "from $expect_out(1,string)" }
ask "ATA" "\r\nOK\r\n"
puts "answered"
flush stdout
expect "NO CARRIER" { puts "over" }
'''


@case('expect', ALL, [], user=NOBODY)
def expect_answers_a_call(m):
    m.wait('registered')
    tool = m.start_tool(['expect', m.file('script', EXPECT), m.path], stdin=subprocess.DEVNULL,
                        stdout=open(m.file('log', ''), 'wb'), stderr=subprocess.STDOUT)

    def says(words):
        def there():
            with open(m.folder + '/log', encoding='utf-8', errors='replace') as f:
                return words in f.read()
        return there
    try:
        until('the script to be ready', says('ready'))
        m.act('ring', **{'from': '+33612345678'})
        until('the caller', says('from +33612345678'))
        until('the answer', says('answered'))  # before that a hang-up takes the place of its OK
        m.wait('in-call')
        m.act('hangup')
        until('the end of the call', says('over'))
        equal(tool.wait(DEADLINE), 0, 'its end')
    finally:
        m.end_tool(tool)
    m.did('a script: registration, answers a call, hears its end')
