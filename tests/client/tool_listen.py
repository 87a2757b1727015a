# Ports of --listen: clients that reach the modem over TCP or a Unix socket, with modem lines by RFC 2217.
# `m.pts` is the URL that `fauxtrack run` has printed.
import contextlib

from clienttest import *  # noqa: F403
from screen import Screen
from tool_dialogues import Host, smslib
from tool_python3_serial import Serial

ALL = [R663, R74, M1306B, FXT]
RFC2217, TCP = ['--listen', 'rfc2217:0'], ['--listen', 'tcp:0']


def lines(s):
    return {name: s.tell('get', name=name) for name in ('cts', 'dsr', 'ri', 'cd')}


def shows(s, name, value):
    until(f'{name} {value}', lambda: s.tell('get', name=name) is value)


def events(m):
    return [line[15:] for line in m.trace().split('\n') if line[13:14] == '#']


def lines_of(m, s):
    """The modem's lines at the client, in and out of a data call, and DTR as a hang-up (&D)."""
    port = m.state()['port']
    equal(lines(s), {'cts': port['cts'], 'dsr': port['dsr'], 'ri': False, 'cd': False}, 'lines at rest')
    s.ask('AT&C1&D2', 'OK')
    s.ask('AT+CBST=7,0,1', 'OK')
    s.ask('ATD0458783786', 'CONNECT 9600')
    shows(s, 'cd', True)
    everything = ''.join(map(chr, range(256)))
    s.write(everything)
    s.whole('every byte', re.escape(everything))
    # &D2: DTR hangs up
    s.tell('set', name='dtr', value=False)
    m.wait('no-call')
    shows(s, 'cd', False)
    s.tell('hear', pattern='NO CARRIER', seconds=1)
    s.tell('set', name='dtr', value=True)
    s.ask('AT&D0', 'OK')
    s.ask('ATD0458783786', 'CONNECT 9600')
    shows(s, 'cd', True)
    s.tell('set', name='dtr', value=False)
    s.write('still there')
    s.whole('data without DTR', 'still there')
    s.tell('set', name='dtr', value=True)
    s.escape()
    # &D1: DTR only leaves the data
    s.ask('AT&D1;O', 'CONNECT 9600')
    s.tell('set', name='dtr', value=False)
    until('command mode', lambda: m.state()['port']['mode'] == 'command')
    equal(m.state()['in_call'], True, 'in a call')
    s.tell('hear', pattern='OK', seconds=1)
    s.tell('set', name='dtr', value=True)
    s.ask('ATH', 'OK')
    shows(s, 'cd', False)


@case('python3-serial', ALL, [R74], user=NOBODY, args=RFC2217, sets=NO_CALL_BACK)
def lines_over_rfc2217(m):
    with Serial(m, port=m.pts, exclusive=None) as s:
        equal(s.opened, None, 'opened')
        lines_of(m, s)
        # it rings: RI
        m.act('ring', '0123456789')
        shows(s, 'ri', True)
        shows(s, 'ri', False)
        m.act('hangup')
        s.tell('hear', pattern='NO CARRIER|$^', seconds=1)
    m.wait('closed')
    equal(m.state()['port']['dtr'], False, 'DTR')
    m.did('over rfc2217://: CTS, DSR, RI, DCD in calls, DTR with &D0, &D1, &D2')


@case('python3-serial', ALL, [R74], user=NOBODY, args=RFC2217, sets=['device.line.garbles=true'])
def settings_over_rfc2217(m):
    with Serial(m, port=m.pts, exclusive=None) as s:
        s.ask('AT+IPR=9600', 'OK')
        s.tell('set', name='baudrate', value=9600)
        s.ask('AT', 'OK')
        equal(m.state()['port']['baud'], 9600, 'speed')
        # at 7E1 the modem, at 8N1, misreads the parity bit; it changes after its OK
        s.ask('AT+ICF=5,1', 'OK')
        s.write('AT\r')
        assert 'OK' not in s.tell('hear', pattern=None, seconds=0.3), 'understood at 8N1'
        for name, value in (('bytesize', 7), ('parity', 'E')):
            equal(s.tell('set', name=name, value=value), None, name)
        s.write('AT\r')
        s.whole('AT', r'.*AT\r\r\nOK\r\n')
        s.ask('AT+ICF=3,4', 'OK')
        for name, value in (('parity', 'N'), ('bytesize', 8)):
            equal(s.tell('set', name=name, value=value), None, name)
        s.ask('AT', 'OK')
        # RTS off holds what the modem says
        s.ask('AT+IFC=2,2', 'OK')
        s.tell('set', name='rts', value=False)
        s.write('AT+CGMI\r')
        s.quiet(0.5)
        s.tell('set', name='rts', value=True)
        s.whole('AT+CGMI', re.escape('AT+CGMI\r') + s.blocks([m.maker, 'OK']))
        s.tell('call', name='send_break', args=[0.05])
        until('break', lambda: any(e.startswith('break') for e in events(m)))
        # unread bytes are counted and dropped
        s.write('AT\r')
        until('unread bytes', lambda: s.tell('get', name='in_waiting') == len('AT\r\r\nOK\r\n'))
        s.tell('call', name='reset_input_buffer', args=[])
        equal(s.tell('get', name='in_waiting'), 0, 'unread bytes')
        # each answer of the port is that it is set so
        for name, value in (('stopbits', 2), ('parity', 'M'), ('parity', 'S'), ('parity', 'N'), ('stopbits', 1),
                            ('xonxoff', True), ('xonxoff', False), ('rtscts', True)):
            equal(s.tell('set', name=name, value=value), None, name)
        s.ask('AT', 'OK')
    told = events(m)
    assert 'rts: off' in told and 'rts: on' in told, told
    m.did('over rfc2217://: speed, 7E1, flow control, RTS with +IFC=2,2, break, purge')


@case('python3-serial', ALL, [R74], user=NOBODY, args=TCP)
def bytes_over_tcp(m):
    with Serial(m, port=m.pts, exclusive=None) as s:
        s.ask('AT+CGMI', m.maker, 'OK')
        s.ask('ATD0458783786', 'CONNECT 9600')
        everything = ''.join(map(chr, range(256)))
        s.write(everything)
        s.whole('every byte', re.escape(everything))
        with Serial(m, port=m.pts, exclusive=None) as second:
            heard = second.tell('hear', pattern='\n', seconds=DEADLINE)
            holds('in use by|socket disconnected', heard if isinstance(heard, str) else str(heard),
                  'the second program')
            second.opened = 'refused'
        s.write('on')
        s.whole('data', 'on')
    m.wait('closed', 'no-call')
    with Serial(m, port=m.pts, exclusive=None) as s:
        s.ask('AT', 'OK')
    m.did('over socket://: commands, a data call, a second program refused, DTR at the close')


@case('ser2net', [R663, R74], [], user=NOBODY, args=RFC2217, sets=NO_CALL_BACK)
def ser2net_in_between(m):
    """python3-serial speaks RFC 2217 with ser2net, and ser2net with the modem."""
    with socket.create_server(('127.0.0.1', 0)) as held:
        number = held.getsockname()[1]
    there = re.sub('.*:', 'tcp,127.0.0.1,', m.pts)
    conf = m.file('ser2net.yaml', f'''%YAML 1.1
---
connection: &modem
  accepter: telnet(rfc2217=true),tcp,127.0.0.1,{number}
  connector: telnet(rfc2217=true),{there}
''')
    tool = m.start_tool(['/usr/sbin/ser2net', '-n', '-d', '-c', conf, '-P', m.file('pid', '')],
                        stdin=subprocess.DEVNULL, stdout=open(m.file('log', ''), 'wb'), stderr=subprocess.STDOUT)
    try:
        def listens():
            with open('/proc/net/tcp', encoding='ascii') as f:
                return any(row.split()[1].endswith(f':{number:04X}') and row.split()[3] == '0A'
                           for row in f.readlines()[1:])
        until('the port of ser2net', listens)
        with Serial(m, port=f'rfc2217://127.0.0.1:{number}?ign_set_control', exclusive=None) as s:
            equal(s.opened, None, 'opened')
            # SET-MODEMSTATE-MASK: without one ser2net passes the modem's lines on only sometimes
            s.tell('call', name='rfc2217_send_subnegotiation', args=['\x0b', '\xff'])
            s.ask('AT+CGMI', m.maker, 'OK')
            s.ask('ATD0458783786', 'CONNECT 9600')
            shows(s, 'cd', True)
            everything = ''.join(map(chr, range(256)))
            s.write(everything)
            s.whole('every byte', re.escape(everything))
            s.tell('set', name='dtr', value=False)
            m.wait('no-call')
            shows(s, 'cd', False)
            s.tell('set', name='dtr', value=True)
            s.tell('hear', pattern='NO CARRIER', seconds=1)
            s.tell('set', name='baudrate', value=9600)
            until('the speed', lambda: m.state()['port']['baud'] == 9600)
            s.tell('call', name='send_break', args=[0.05])
            until('break', lambda: any(e.startswith('break') for e in events(m)))
        m.wait('closed')
    finally:
        m.end_tool(tool)
    m.did('in between: RFC 2217 on both sides, bytes, DCD, DTR, speed, break')


@case('socat', ALL, [], user=NOBODY, args=TCP)
def socat_over_tcp(m):
    rssi = m.state()['registration']['rssi']
    out = m.run('socat', '-t', '10', '-', m.pts.replace('socket://', 'TCP:'),
                data='ATE0\rAT+CSQ;+CMEE=1;+CMEE?\r').good().out
    equal(out, f'ATE0\r\r\nOK\r\n\r\n+CSQ: {rssi},0\r\n\r\n+CMEE: 1\r\n\r\nOK\r\n', 'what it heard')
    m.wait('closed')
    m.did('over TCP: the bytes as they are')


@contextlib.contextmanager
def pty_by_socat(m, there):
    """The path of a pty that socat makes of the modem's address."""
    if not version('socat'):
        raise Skip('socat is not installed')
    port = os.path.join(m.folder, 'ttyV0')
    tool = m.start_tool(['socat', f'pty,raw,echo=0,link={port}', there])
    try:
        until('the pty of socat', lambda: os.path.exists(port))
        yield port
    finally:
        m.end_tool(tool)


@case('socat', [R74], [], user=NOBODY, args=['--listen', 'unix:{folder}/modem.sock'])
def socat_makes_a_pty(m):
    """A program that wants a serial port: socat makes one of the socket."""
    with pty_by_socat(m, 'UNIX-CONNECT:' + m.pts) as port:
        with Serial(m, port=port) as s:
            s.ask('AT+CGMI', m.maker, 'OK')
            s.ask('AT+CMGF=1', 'OK')
            s.prompted('AT+CMGS="+33612345678"', 'by socat', r'~\+CMGS: \d+', 'OK')
    m.wait('closed')
    equal(m.has_sent(1)[0]['text'], 'by socat', 'outbox')
    m.did('a Unix socket as a pty: commands, a message')


@case('dialogues', ALL, [], user=NOBODY, args=TCP)
def smslib_over_socat(m):
    """A Java program reaches a port elsewhere so: its serial library wants a device."""
    own = m.path
    with pty_by_socat(m, m.pts.replace('socket://', 'TCP:')) as m.path:
        with Host(m, alone=False) as h:
            smslib(h, m)
    m.path = own
    m.wait('closed')
    m.did('as SMSLib, over TCP by a pty of socat')


@case('inetutils-telnet', ALL, [], user=NOBODY, args=RFC2217)
def telnet_by_hand(m):
    rssi = m.state()['registration']['rssi']
    host, number = re.fullmatch(r'rfc2217://(.*):(\d+)', m.pts).groups()
    with Screen(m, ['telnet', host, number]) as s:
        s.ready('Escape character is')
        s.type('AT+CMEE=1\r')
        s.see('OK')
        s.type('AT+CGMR;+CSQ\r')
        s.see(re.escape(m.state()['firmware']['revision']))
        s.see(rf'\+CSQ: {rssi},0')
        s.type('AT+CMGF=1\r')
        s.see('OK')
        s.type('AT+CMGS="+33612345678"\r')
        s.see('> ')
        s.type('typed at telnet\x1a')
        s.see(r'\+CMGS: \d+.*OK')
        s.type('\x1d')
        s.see('telnet> ')
        s.type('send brk\r')
        until('break', lambda: any(e.startswith('break') for e in events(m)))
        s.type('\x1d')
        s.see('telnet> ')
        s.type('quit\r')
        s.see('Connection closed')
        s.ends()
    m.wait('closed')
    equal(m.has_sent(1)[0]['text'], 'typed at telnet', 'outbox')
    m.did('by hand: identity, signal, a message, a break')
