# minicom on a separate terminal, by hand and with a script (runscript). Its lock file (none with -o)
# is named after the last part of the path, so it gets the path in /dev/pts: many run at once.
# It hangs up with the modem lines, if the port has them, or with a string if its setup says so.
from clienttest import *  # noqa: F403
from screen import Screen

ALL = [R663, R74, M1306B, FXT]
# What it sends at the start unless a minirc says otherwise.
INIT = 'AT S7=45 S0=0 L1 V1 X4 &c1 E1 Q0'

SCRIPT = '''# asks for the signal, calls, and waits for the login prompt
verbose on
timeout 100
gosub signal
send "ATD0458783788"
expect {
  "CONNECT" break
  "NO CARRIER" exit 2
  "ERROR" exit 3
  timeout 90 exit 4
}
expect {
  "login: " break
  timeout 60 exit 5
}
log they ask who we are
set a 3
loop:
dec a
if a > 0 goto loop
print that was it
log that was it
expect {
  "NO CARRIER" exit 9
  timeout 60 exit 0
}

signal:
send "AT+CSQ"
expect {
  "+CSQ: 99" exit 6
  "+CSQ: " break
  timeout 20 exit 7
}
expect {
  "OK" return
  timeout 20 exit 8
}
'''


def log(m, name='log'):
    try:
        with open(os.path.join(m.folder, name), encoding='utf-8', errors='replace') as f:
            return f.read()
    except FileNotFoundError:
        return ''


def minicom(m, *words):
    return Screen(m, ['minicom', '-D', m.pts, '-b', '115200', '-C', m.folder + '/log', *words],
                  'vt102')


def control_a(screen, key):
    screen.type('\x01' + key)


@case('minicom', ALL, [R663], user=NOBODY)
def minicom_by_hand(m):
    rssi = m.state()['registration']['rssi']
    # The init string is minicom's default; it uses registers that a Wavecom does not have.
    m.file('.minirc.dfl', f'pu minit            ~^M~{INIT}^M\n'
           'pu mdropdtr         No\n')
    m.meant.add(INIT)
    with minicom(m) as s:
        s.ready('Welcome to minicom')
        s.see(re.escape(INIT) + r'[\r\n]+ERROR')
        s.type('AT+CSQ\r')
        s.see(rf'AT\+CSQ[\r\n]+\+CSQ: {rssi},0[\r\n]+OK[\r\n]+')
        s.type('ATD0458783786\r')
        s.see('CONNECT 9600')
        s.type('who is there')
        s.see('who is there')
        equal(m.state()['port']['dcd'], True, 'DCD')
        # pauses, +++, pauses, ATH
        control_a(s, 'h')
        s.see('Hang-up line')
        s.type('\r')
        m.wait('no-call')
        equal(m.state()['port']['dcd'], False, 'DCD')
        # X resets the modem
        control_a(s, 'x')
        s.see('Leave Minicom')
        s.type('\r')
        s.ends()
    m.wait('closed')
    holds(r'\+CSQ: \d+,0\n\nOK\n', log(m).replace('\r', ''), 'its own log')
    m.did('by hand: init string, call, hang-up, exit with reset')


@case('minicom', ALL, [R74], user=NOBODY)
def minicom_leaves_without_reset(m):
    with minicom(m, '-o') as s:
        s.ready('Welcome to minicom')
        s.type('ATE1+CMEE=1\r')
        s.see('OK')
        s.type('AT+CREG=2\r')
        s.see(r'\+CREG: 1,"[0-9A-F]{4}","[0-9A-F]{4}"')
        control_a(s, 'q')
        s.see('Leave without reset')
        s.type('\r')
        s.ends()
    m.wait('closed')
    # The settings are still there for the next session.
    with minicom(m, '-o') as s:
        s.ready('Welcome to minicom')
        s.type('AT+CMEE?;+CREG?\r')
        s.see(r'\+CMEE: 1[\r\n]+\+CREG: 2,1,')
        s.see('OK')
        control_a(s, 'q')
        s.see('Leave without reset')
        s.type('\r')
        s.ends()
    m.did('exit without reset: settings stay')


@case('minicom', ALL, [R74], user=NOBODY, kind=Preloaded, sets=NO_CALL_BACK)
def minicom_drops_dtr(m):
    """With modem lines by the preload library: it hangs up by DTR, and leaves DTR on."""
    m.file('.minirc.dfl', f'pu minit            ~^M~{INIT}^M\npu mdropdtr         Yes\n')
    m.meant.add(INIT)
    with minicom(m) as s:
        s.ready('Welcome to minicom')
        s.see(re.escape(INIT) + r'[\r\n]+ERROR')
        s.type('ATD0458783788\r')
        s.see('login: ')
        equal(m.state()['port']['dcd'], True, 'DCD')
        control_a(s, 'h')
        s.see('Hang-up line')
        s.type('\r')
        m.wait('no-call')
        control_a(s, 'q')
        s.see('Leave')
        s.type('\r')
        s.ends()
    # it has switched HUPCL off
    equal(m.state()['port']['dtr'], True, 'DTR after leaving without reset')
    assert not re.search(r'> (\S*)ATH', m.trace()), 'it hung up with a string'
    m.did('modem lines by preload: hang-up by DTR, leaves it on at the end')


@case('minicom', ALL, [R74], user=NOBODY)
def minicom_locks(m):
    with minicom(m) as s:
        s.ready('Welcome to minicom')
        s.type('AT\r')
        s.see(r'AT[\r\n]+OK')
    # It was killed: its lock file stays, and the next minicom sees that it is stale.
    m.wait('closed')
    with minicom(m) as s:
        s.see('Lockfile is stale')
        s.ready('Welcome to minicom')
        s.type('AT\r')
        s.see(r'AT[\r\n]+OK')
        with minicom(m) as second:
            second.see('locked')
            second.ends(1)
        s.type('AT+CSQ\r')
        s.see('OK')
        control_a(s, 'q')
        s.see('Leave without reset')
        s.type('\r')
        s.ends()
    m.did('killed, a stale lock, two at once')


@case('minicom', ALL, [R663], user=NOBODY, sets=NO_CALL_BACK)
def minicom_script(m):
    script = m.file('script', SCRIPT)
    with minicom(m, '-o', '-S', script) as s:
        s.see(r'AT\+CSQ.*OK.*CONNECT 9600.*login: .*that was it')
        # runscript has a separate log
        until('the log of the script', lambda: re.search('they ask who we are\n.* that was it',
                                           log(m, 'minicom.log')))
        equal(m.state()['in_call'], True, 'in a call')
    # It was killed while online, which drops DTR.
    m.wait('closed', 'no-call')
    holds(r'\+CSQ: \d+,0\n[^~]*CONNECT 9600\nlogin: ', log(m).replace('\r', ''), 'log')
    m.did('a script: signal, call, log')
