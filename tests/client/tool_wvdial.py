# wvdial and wvdialconf as their manuals say. In one case it starts the real pppd, in user-mode-linux (uml.py);
# in the others a script replaces pppd ("PPPD Path") and records whether it got a line with PPP on it. A pty has no DCD
# line, hence "Carrier Check = no". Lock files are named after the last part of a path, so each port
# gets a different name: many run at once. wvdial 1.61 often dies of an assertion in its own library
# while it waits for a carrier (WvTaskMan::yield); then it is started again.
import dialup
import uml
from clienttest import *  # noqa: F403

ALL = [R663, R74, M1306B, FXT]

CONFIG = '''[Dialer Defaults]
Modem = PORT
Baud = 115200
Init1 = ATZ
Init2 = AT+CGDCONT=1,"IP","internet"
Phone = *99***1#
Username = somebody
Password = secret
Stupid Mode = 1
Carrier Check = no
Auto Reconnect = off
Dial Attempts = 1
PPPD Path = FOLDER/pppd
[Dialer login]
Phone = 0458783788
Init2 = AT+CBST=7,0,1
Stupid Mode = 0
[Dialer busy]
Phone = 0146290801
Abort on Busy = yes
Init2 = AT+CBST=7,0,1
Stupid Mode = 0
'''

# The line is its standard input.
PPPD = '''#!/bin/sh
echo "called as $*" >FOLDER/told
if [ -n "$1" ] && [ -e FOLDER/ppp ]; then
	dd bs=1 count=16 2>/dev/null | od -An -tx1 >>FOLDER/told
fi
exit 0
'''

# A /dev with only one serial port, so that the ports of this machine are not touched.
ALONE = '''set -e
mkdir dev
touch "dev/$2" dev/null
mount --bind "$1" "dev/$2"
mount --bind /dev/null dev/null
mount --rbind dev /dev
exec wvdialconf wvdial.conf
'''

# The file of Debian's package, which the guest does not see.
PEER = 'noauth\nname wvdial\nusepeerdns\n'


def name_of_its_own(m):
    return 'ttyUSB' + os.path.basename(m.pts)


def wvdial(m, *sections):
    port = os.path.join(m.folder, name_of_its_own(m))
    if not os.path.lexists(port):
        os.symlink(m.path, port)
    config = m.file('wvdial.conf', CONFIG.replace('PORT', port).replace('FOLDER', m.folder))
    os.chmod(m.file('pppd', PPPD.replace('FOLDER', m.folder)), 0o777)
    m.file('told', '')
    for _ in range(20):
        done = m.run('wvdial', '--config', config, *sections)
        m.wait('closed', 'no-call')
        if 'WvTaskMan::yield' not in done.out:
            break
    with open(m.folder + '/told', encoding='utf-8') as f:
        return done, f.read()


@case('wvdial', ALL, user=NOBODY, kind=dialup.Networked)
def wvdial_starts_pppd(m):
    """It dies of its assertion here too, before or after pppd has an address: judged is the try that
    it survives."""
    config = CONFIG.replace('PORT', '/dev/ttyS0').replace('PPPD Path = FOLDER/pppd\n', '')
    with uml.Linux(m) as linux:
        dialup.prepare(linux)
        linux.file('/etc/wvdial.conf', config)
        linux.file('/etc/ppp/peers/wvdial', PEER)
        for _ in range(20):
            job = linux.start('wvdial')
            until('an address', lambda: job.ended() or 'remote IP address' in job.said())
            if not job.ended():
                break
            holds('WvTaskMan::yield', job.said(), 'wvdial')
            linux.unplug()
            m.wait('closed')
        holds(r'^--> local  IP address 10\.128\.3\.4$', job.said(), 'the address')
        dialup.online(linux)
        job.kill(signal.SIGINT)
        done = job.end()
        holds(r'Caught signal 2', done.out, 'the end')
        # it drops DTR, mostly after pppd has ended PPP but not always
        linux.unplug()
        m.wait('closed')
        dialup.hung_up(m)
    m.did('GPRS: dials, starts pppd, 2 MB by HTTP, ends')


@case('wvdial', ALL, user=NOBODY)
def wvdial_gprs(m):
    m.file('ppp', '')
    done, told = wvdial(m)
    holds(r'Sending: ATDT\*99\*\*\*1#', done.out, 'dial')
    holds(r'CONNECT 115200', done.out, 'dial')
    holds(r'Carrier detected\.  Starting PPP immediately', done.out, 'PPP')
    holds(r'called as 115200 modem crtscts', told, 'pppd')
    # the first octets of LCP, escaped
    holds(r'7e ff 7d 23 c0 21', told, 'what pppd reads')
    holds(r'The PPP daemon has died', done.out, 'the end')
    equal(m.state()['port']['dcd'], False, 'DCD')
    m.did('GPRS: dial, CONNECT, LCP for pppd, hang-up')


@case('wvdial', ALL, user=NOBODY, sets=NO_CALL_BACK)
def wvdial_login(m):
    """A data call; wvdial recognises the login prompt and types the name."""
    done, told = wvdial(m, 'login')
    holds(r'CONNECT 9600', done.out, 'call')
    holds(r'Looks like a login prompt\.\s+--> Sending: somebody', done.out, 'prompt')
    holds(r'called as', told, 'pppd')
    equal((m.state()['in_call'], m.state()['port']['dcd']), (False, False), 'call and DCD')
    done, told = wvdial(m, 'busy')
    holds(r'The line is busy', done.out, 'busy')
    equal(told, '', 'pppd')
    m.did('data call: login, hang-up, BUSY')


@case('wvdial', ALL, user=None, sets=['device.line.garbles=true'])
def wvdialconf_finds_it(m):
    """It tries several speeds and finds the modem's."""
    root = os.getuid() == 0
    script = m.file('alone', ALONE)
    done = m.run('unshare', '-m' if root else '-rm', 'sh', script, m.pts, name_of_its_own(m))
    if re.search('^(unshare|mount): ', done.out, re.M):
        raise Skip(done.out.split('\n')[0])
    done.good('wvdialconf')
    with open(m.folder + '/wvdial.conf', encoding='utf-8') as f:
        config = f.read()
    holds(r'failed with 9600 baud, next try: 115200 baud', done.out, 'another speed')
    holds(f'Modem Identifier: ATI -- +{m.maker.strip()}', done.out, 'identity')
    holds(r'^Baud = 115200$', config, 'speed')
    holds(r'^Init2 = ATQ0 V1 E1 S0=0 &C1 &D2 \+FCLASS=0$', config, 'init string')
    m.did('wvdialconf: speed and init string')
