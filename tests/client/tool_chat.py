# chat as its manual says: its input and output are the port, and nothing sets the line, as in pppd
# and in users' scripts. Its exit status is 0, or from 4 on the number of the ABORT string that came.
from clienttest import *  # noqa: F403

ALL = [R663, R74, M1306B, FXT]
ABORTS = ['BUSY', 'NO CARRIER', 'NO ANSWER', 'NO DIALTONE', 'ERROR']


def chat(m, script):
    """Returns its exit status, and its log of what it expected and got."""
    aborts = ''.join(f"ABORT '{a}'\n" for a in ABORTS)
    name = m.file('script', aborts + script)
    done = m.run('sh', '-c', f'exec /usr/sbin/chat -s -S -v -f {name} <{m.path} >{m.path}')
    m.wait('closed')
    return done


@case('ppp', ALL, [R663], user=NOBODY)
def chat_data_call(m):
    m.wait('registered')
    out = chat(m, r'''TIMEOUT 60
'' ATZ OK ATE1+CBST=7,0,1 OK ATD0458783786 CONNECT 'who are you\c' 'who are you' '\d\d+++\c'
OK AT+CLCC '0458783786",129' '' OK ATO CONNECT 'still there\c' there '\d\d+++\c' OK ATH OK ATO
'NO CARRIER'
''').good()
    equal(re.findall(r'^expect \((.*)\)\n(?:.*\n)*? -- got it', out.out, re.M),
          ['OK', 'OK', 'CONNECT', 'who are you', 'OK', '0458783786",129', 'OK', 'CONNECT', 'there',
           'OK', 'OK', 'NO CARRIER'], 'expected and got')
    equal((m.state()['in_call'], m.state()['port']['dcd']), (False, False), 'call and DCD')
    m.did('chat: data call, +++, ATO, ATH')


@case('ppp', ALL, [R74], user=NOBODY)
def chat_gprs(m):
    script = r"""TIMEOUT 30
'' ATZ OK AT+CGDCONT=1,"IP","internet" OK ATD*99***1# CONNECT '\c'
"""
    holds(r'CONNECT\n -- got it', chat(m, script).good().out, 'chat')
    # chat closes the port when it ends, which ends the session.
    equal((m.state()['port']['mode'], m.state()['port']['dcd']), ('command', False), 'the port')
    # Once more with a script that reads on: the modem sends LCP, then come +++ and ATH.
    out = chat(m, script.replace("'\\c'", r"""'\c' '~' '\d\d+++\c' OK ATH OK""")).good().out
    equal(out.count(' -- got it'), 6, 'expected and got')
    m.did('chat: GPRS to CONNECT, +++, ATH')


# The far end rings for a while at any speed; 1 s is enough to see NO ANSWER.
@case('ppp', ALL, [R663], user=NOBODY, sets=['network.calls.no_answer=1s'])
def chat_abort_strings(m):
    for dial, status in (('0146290801', 'BUSY'), ('0146290802', 'NO ANSWER'),
                         ('0458783787', 'NO CARRIER'), ('*99***3#', 'ERROR')):
        if status == 'ERROR':
            m.meant.add('ATD' + dial)
        done = chat(m, f"TIMEOUT 100\n'' AT OK ATD{dial} CONNECT\n")
        equal(done.status, 4 + ABORTS.index(status), f'status of ATD{dial}')
        holds(f'Failed \\({status}\\)', done.out, dial)
    equal(m.state()['in_call'], False, 'in a call')
    equal(chat(m, "TIMEOUT 1\n'' AT NEVER\n").status, 3, 'time-out')
    m.did('chat: BUSY, NO ANSWER, NO CARRIER, ERROR, time-out')


@case('ppp', ALL, [], user=None)
def pppd(m):
    """pppd gets an address and ends the link; only if this machine's kernel has PPP and this is root. It
    sets no route and asks for no name servers. tool_pppd.py has the rest, in a kernel of its own."""
    if os.getuid() != 0:
        raise Skip('pppd wants root')
    try:
        os.close(os.open('/dev/ppp', os.O_RDWR))
    except OSError as e:
        raise Skip(f'pppd wants the kernel\'s PPP: /dev/ppp: {e.strerror}') from None
    script = m.file('script', "ABORT ERROR ABORT 'NO CARRIER' TIMEOUT 30 '' ATZ OK "
                    "AT+CGDCONT=1,\"IP\",\"internet\" OK ATD*99***1# CONNECT '\\c'\n")
    with m.start_tool(['pppd', m.pts, '115200', 'local', 'nocrtscts', 'nodetach', 'noauth',
                       'noipdefault', 'nodefaultroute', 'user', 'u', 'password', 'p', 'debug',
                       'connect', f'/usr/sbin/chat -v -f {script}'],
                      stdout=open(m.file('log', ''), 'wb'), stderr=subprocess.STDOUT) as process:
        def log():
            with open(m.folder + '/log', encoding='utf-8', errors='replace') as f:
                return f.read()
        until('an address', lambda: 'remote IP address' in log() or process.poll() is not None)
        holds(r'^rcvd \[LCP ConfReq id=0x1 <mru 1500> <asyncmap 0x0>.* <pcomp> <accomp> '
              r'<auth pap>\]', log(), 'pppd')
        holds(r'^local  IP address 10\.128\.3\.4$', log(), 'pppd')
        equal(m.state()['port']['mode'], 'ppp', 'the port')
        m.end_tool(process)
        holds(r'^rcvd \[LCP TermAck id=0x[0-9a-f]+\]\nConnection terminated', log(), 'pppd')
    m.wait('closed')
    equal(m.state()['port']['dcd'], False, 'DCD')
    m.did('pppd: an address, the end')
