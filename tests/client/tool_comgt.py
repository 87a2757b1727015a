# comgt with its built-in scripts, one from its package, and one of our own. It types 20 characters
# per second, and all its time-outs are in real time. Its script APN never works: it sends the text
# of its own next lines. `info` cuts off the last character of the revision, and asks for things
# that only Option cards have.
from clienttest import *  # noqa: F403

ALL = [R663, R74, M1306B, FXT]

SCRIPT = r'''# a data call: waits for the login prompt and hangs up
opengt
set com 115200n81
set senddelay 0.01
waitquiet 1 0.2
let $n=$env("NUMBER")
let $d="ATD"+$n
send $d
send "^m"
waitfor 120 "CONNECT","BUSY","NO CARRIER","ERROR"
if % = -1 goto silent
if % > 0 goto failed
waitfor 60 "login: "
if % = -1 goto silent
print "asked who we are\n"
waitquiet 5 1.5
send "+++"
waitfor 10 "OK"
if % = -1 goto silent
send "ATH^m"
waitfor 10 "OK"
if % = -1 goto silent
print "hung up\n"
exit 0
:failed
print "result ",%,"\n"
exit 3
:silent
print "silent\n"
exit 4
'''


def comgt(m, *words, data=None, **variables):
    return m.run('env', *(f'{k}={v}' for k, v in variables.items()), 'comgt', '-d', m.path, *words,
                 data=data)


@case('comgt', ALL, [R663], user=NOBODY)
def signal_and_registration(m):
    at = m.state()['registration']
    out = comgt(m, 'sig').good().out
    holds(f'^Signal Quality: {at["rssi"]},0$', out, 'signal')
    m.act('signal', rssi=9)
    holds('^Signal Quality: 9,0$', comgt(m, 'sig').good().out, 'signal')
    out = comgt(m, 'reg').good().out
    holds(f'^Registered on Home network: {at["plmn"]}$', out, 'registration')
    m.did('signal', 'registration')


@case('comgt', ALL, [], user=NOBODY)
def information(m):
    told = m.state()
    out = comgt(m, 'info').good().out
    product = ('FXT009 Product' if m.profile.startswith('fxt009') else
               ' MULTIBAND  G850  1900 ' if m.profile == R663 else ' MULTIBAND  900E  1800 ')
    for line in (m.maker, product, f'Manufacturer: +{m.maker.strip()}', r'IMEI and Serial Number: \d{15}',
                 re.escape(told['firmware']['revision'][:-2]), 'Network Locked: +0'):
        holds(f'^{line}', out, 'information')
    m.did('information')


@case('comgt', ALL, [R74], user=NOBODY, sets=['sim.pin_enabled=true'])
def enters_pin(m):
    m.wait('pin')
    done = comgt(m, 'PIN', COMGTPIN='12')
    equal((done.status, m.state()['sim']['state']), (1, 'PIN'), 'half a PIN')
    holds('^SIM ready$', comgt(m, 'PIN', COMGTPIN='1234').good().out, 'PIN')
    m.wait('ready', 'registered')
    equal(m.state()['sim']['pin_tries'], 3, 'tries')
    m.did('PIN')


@case('comgt', ALL, [], user=NOBODY, sets=['sim.pin_enabled=true'], speed='50', speeds=('max',))
def asks_for_the_pin(m):
    """The default script begins with AT+CFUN=1, which restarts a Wavecom modem. It works only if
    that takes no longer than on an Option card."""
    m.wait('pin')
    out = comgt(m, data='1234\n').good().out
    holds('Enter PIN number: Waiting for Registration', out, 'PIN that is asked for')
    holds(f'^Signal Quality: {m.state()["registration"]["rssi"]},0$', out, 'signal')
    equal(m.state()['boots'], 2, 'boots')
    m.did('default script (with a quick restart)')


@case('comgt', ALL, [], user=NOBODY, speed='1', speeds=('1',))
def does_not_await_a_restart(m):
    """The same in real time: its next command, a third of a second later, is lost in the boot."""
    done = comgt(m)
    equal(done.status, 1, 'status')
    holds('SIM ERROR', done.out, 'what it says')
    m.wait('registered')
    equal(m.state()['boots'], 2, 'boots')
    m.did('default script in real time: it does not await the restart, and gives up')


@case('comgt', ALL, [], user=NOBODY)
def chooses_an_operator(m):
    """The script `operator` of /etc/comgt: lists the operators, then chooses one."""
    plmn = m.state()['registration']['plmn']
    out = comgt(m, '-s', 'operator', data=plmn + '\n').good().out
    holds(r'^\+COPS: \(2,"[^"]+","[^"]+","' + plmn, out, 'list')
    holds('Registration request accepted', out, 'choice')
    equal(m.state()['registration']['plmn'], plmn, 'network')
    out = comgt(m, '-s', 'operator', data='\n').good().out
    holds('Registration request accepted\nCommand was: AT\\+COPS=0', out, 'automatic')
    m.did('operators')


@case('comgt', ALL, [R663], user=NOBODY, sets=NO_CALL_BACK)
def own_script(m):
    script = m.file('dial', SCRIPT)
    out = comgt(m, '-s', script, NUMBER='0458783788').good().out
    equal(out.strip().split('\n'), ['asked who we are', 'hung up'], 'script')
    equal(m.state()['in_call'], False, 'in a call')
    for number, status in (('0146290801', 'result 1'), ('0458783787', 'result 2')):
        done = comgt(m, '-s', script, NUMBER=number)
        equal((done.status, done.out.strip()), (3, status), number)
    m.did('script of its own language: data call, busy, no carrier')


@case('comgt', ALL, [], user=NOBODY)
def settings_and_foreign_cards(m):
    """`dump` works; the scripts for Option cards report an error and exit."""
    out = comgt(m, '-s', 'dump').good().out
    holds(r'^Q:0 V:1 S0:000 .*\n(.*\n)+OK', out, 'AT&V')
    for words in ('USA', '3G'):
        done = comgt(m, '-s', words)
        equal(done.status, 1, words)
        holds('^Error response from device', done.out, words)
    m.did('settings')
