# C-Kermit with command files, as its manual says: commands are typed without a modem type, calls are
# dialled with one. It hangs up with +++ and ATH, or with B0, which counts as dropping DTR. INPUT reads for
# one second at a time and loses bytes that come exactly at the end of that second, so an answer
# must not come a whole number of seconds after a command.
from clienttest import *  # noqa: F403

ALL = [R663, R74, M1306B, FXT]


def kermit(m, script, status=0):
    lines = 'set hints off\n' + script.replace('PORT', m.path)
    done = m.run('kermit', m.file('commands', lines))
    m.wait('closed')
    equal(done.status, status, f'exit status; output {done.out!r}')
    return done.out.replace('\r', '')


@case('ckermit', ALL, [R74], user=NOBODY, sets=['network.sms.others.submit=2500ms'])
def kermit_talks(m):
    at = m.state()['registration']
    out = kermit(m, r'''set modem type none
set line PORT
if fail exit 9
set carrier-watch off
set speed 115200
set flow rts/cts
set input echo off
output AT+CGMR\13
input 20 OK
if fail exit 8
echo FIRMWARE \fword(\v(input),2,\10\13)
output AT+CSQ\13
minput 20 {+CSQ: 99} {+CSQ: }
if != \v(minput) 2 exit 7
input 20 OK
output AT+COPS?\13
input 20 OK
echo IT SAYS \v(input)
output AT+CMGF=1\13
input 20 OK
if fail exit 6
output AT+CMGS="0612345678"\13
input 20 {> }
if fail exit 5
output {hello from kermit\26}
input 60 {+CMGS: }
if fail exit 4
input 20 OK
if fail exit 3
close
exit 0
''')
    holds('FIRMWARE ' + re.escape(m.state()['firmware']['revision']), out, 'firmware')
    holds(rf'\+COPS: 0,2,{at["plmn"]}', out, 'operator')
    equal([(o['text'], o['to']) for o in m.has_sent(1)], [('hello from kermit', '0612345678')],
          'outbox')
    m.did('no modem type: output, input, a message')


@case('ckermit', ALL, [], user=NOBODY, sets=NO_CALL_BACK)
def kermit_dials(m):
    """With its usual modem type; hangs up with +++ and ATH."""
    out = kermit(m, r'''set modem type generic-high-speed
set line PORT
if fail exit 9
set carrier-watch off
set speed 115200
set dial timeout 100
set dial retries 1
dial 0146290801
echo STATUS \v(dialstatus) \v(dialresult)
dial 0458783787
echo STATUS \v(dialstatus) \v(dialresult)
set modem hangup-method modem-command
dial 0458783788
if fail exit 8
input 60 {login: }
if fail exit 7
echo THEY ASK WHO WE ARE
hangup
if fail exit 6
output AT\13
input 20 OK
if fail exit 5
exit 0
''')
    equal(re.findall('STATUS (.*)', out), ['22 BUSY', '23 NO CARRIER'], 'status of calls')
    holds('THEY ASK WHO WE ARE', out, 'call')
    equal((m.state()['in_call'], m.state()['port']['dcd']), (False, False), 'call and DCD')
    m.did('dial, BUSY, NO CARRIER, a call, +++ and ATH')


@case('ckermit', ALL, [R663], user=NOBODY)
def kermit_drops_dtr(m):
    """B0 for a moment releases the call; the port stays open."""
    out = kermit(m, r'''set modem type generic-high-speed
set line PORT
set carrier-watch off
set speed 115200
set dial timeout 100
set modem hangup-method rs232-signal
dial 0458783786
if fail exit 8
output {who is there}
input 20 {is there}
if fail exit 7
hangup
input 20 {NO CARRIER}
if fail exit 6
output AT+CLCC\13
input 20 OK
if fail exit 5
echo STILL OPEN
close
exit 0
''')
    holds('STILL OPEN', out, 'hang-up')
    equal((m.state()['in_call'], m.state()['port']['dcd']), (False, False), 'call and DCD')
    m.did('B0 as DTR')


@case('ckermit', ALL, [], user=NOBODY, sets=['device.line.garbles=true'])
def kermit_two_speeds(m):
    """The modem changes to another speed, then the program does."""
    kermit(m, r'''set modem type none
set line PORT
set carrier-watch off
set speed 115200
output AT+IPR=38400\13
input 20 OK
if fail exit 8
set speed 38400
output AT+IPR?\13
input 20 {+IPR: 38400}
if fail exit 7
input 20 OK
output AT+IPR=115200\13
input 20 OK
if fail exit 6
set speed 115200
output AT\13
input 20 OK
if fail exit 5
exit 0
''')
    equal(m.state()['port']['baud'], 115200, 'speed')
    m.did('another speed')
