# picocom, both in scripts (input from a pipe) and by hand (on a terminal).
from clienttest import *  # noqa: F403
from screen import Screen

ALL = [R663, R74, M1306B, FXT]


def piped(m, text, *words):
    done = m.run('picocom', '-q', *words, m.path, data=text)
    m.wait('closed')
    return done.good().out


def picocom(m, *words):
    return Screen(m, ['picocom', *words, m.path])


def control_a(screen, *keys):
    for key in keys:
        screen.type('\x01' + key)


@case('picocom', ALL, [R663], user=NOBODY)
def picocom_in_a_pipe(m):
    """With --exit-after it ends after that many milliseconds of silence."""
    rssi = m.state()['registration']['rssi']
    out = piped(m, 'AT\rAT+CSQ\r', '-b', '115200', '--exit-after', '1000')
    equal(out, f'AT\r\r\nOK\r\nAT+CSQ\r\r\n+CSQ: {rssi},0\r\n\r\nOK\r\n', 'what it heard')
    # mapped characters: the lines of a text file end with LF
    out = piped(m, 'AT+CMEE=1\nAT+CMEE?\n', '-b', '115200', '--omap', 'lfcr', '-x', '1000',
                '--imap', 'crcrlf,lfcrlf')
    holds(r'\+CMEE: 1', out, 'mapped')
    out = piped(m, '', '--initstring', 'AT+CGSN\r', '-x', '1000')
    holds(r'AT\+CGSN\r\r\n\d{15}\r\n\r\nOK\r\n$', out, 'initstring')
    m.did('in a pipe: --exit-after, maps, --initstring')


@case('picocom', ALL, [R74], user=NOBODY)
def picocom_by_hand(m):
    with picocom(m, '-b', '9600', '--flow', 'h') as s:
        s.ready('baudrate is    : 9600.*Terminal ready')
        s.type('AT+WIND=32767\r')
        s.see('OK')
        # another speed by keys, C-a C-u and C-a C-d; the modem on a pty understands any speed
        control_a(s, '\x15')
        s.see('baud: 19200')
        control_a(s, '\x04')
        s.see('baud: 9600')
        s.type('AT\r')
        s.see('OK')
        # the status, a toggle of DTR, a break: these have no effect on a pty
        control_a(s, '\x16')
        s.see('baud: 9600.*flow: RTS/CTS.*dtr: up')
        control_a(s, '\x14')
        s.see('DTR: up')
        control_a(s, '\x1c')
        s.see('break')
        s.type('AT+CFUN=1\r')
        s.see(r'OK.*\+WIND: 4.*\+WIND: 11')
        control_a(s, '\x18')
        s.see('Thanks for using picocom')
        s.ends()
    m.wait('closed', 'registered')
    equal(m.state()['boots'], 2, 'boots')
    m.did('by hand: speeds, status, DTR, break, a reset')


@case('picocom', ALL, [R663], user=NOBODY)
def picocom_call(m):
    """C-a C-q leaves without a hang-up: with &D0 the modem keeps the call."""
    with picocom(m, '-b', '115200') as s:
        s.ready('Terminal ready')
        s.type('AT&D0\r')
        s.see('OK')
        s.type('ATD0458783786\r')
        s.see('CONNECT 9600')
        s.type('who is there')
        s.see('who is there')
        control_a(s, '\x11')
        s.ends()
    m.wait('closed', 'in-call')
    # back in the call, without changing the port's settings
    with picocom(m, '--noinit', '--noreset') as s:
        s.ready('Terminal ready')
        s.type('still')
        s.see('still')
        s.type('AT&D2')
        s.see('AT&D2')
        control_a(s, '\x11')
        s.ends()
    m.wait('closed', 'in-call')
    m.act('hangup')
    m.wait('no-call')
    # with &D2 leaving ends the call
    with picocom(m, '-b', '115200') as s:
        s.ready('Terminal ready')
        s.type('AT&D2\r')
        s.see('OK')
        s.type('ATD0458783786\r')
        s.see('CONNECT 9600')
        equal(m.state()['port']['dcd'], True, 'DCD')
        control_a(s, '\x18')
        s.ends()
    m.wait('closed', 'no-call')
    m.did('call: left and found again with &D0, released with &D2')


@case('picocom', ALL, [], user=NOBODY)
def picocom_locks(m):
    """It locks with flock(), which keeps a second picocom and python3-serial away; with -l it does not."""
    with picocom(m, '-b', '115200') as s:
        s.ready('Terminal ready')
        done = m.run('picocom', '-q', '-x', '500', m.path, data='AT\r')
        equal(done.status, 1, 'a second one')
        holds('cannot lock', done.out, 'a second one')
        s.type('AT+CSQ\r')
        s.see('OK')
        done = m.run('/usr/bin/python3', '-c', 'import serial, sys\n'
                     'serial.Serial(sys.argv[1], exclusive=True)', m.path)
        holds('exclusively lock port', done.out, 'python3-serial')
        with picocom(m, '-l', '--noinit') as second:
            second.ready('Terminal ready')
            second.type('AT+CMEE?\r')
            until('an answer to one of them', lambda: (
                second.read(), s.read(), 'CMEE: 0' in second.all + s.all)[-1])
        s.process.kill()
    m.wait('closed')
    out = piped(m, 'AT\r', '-x', '500')
    holds('OK', out, 'after one that was killed')
    m.did('locks, killed')
