# The real pppd with the kernel's PPP, in user-mode-linux (uml.py): the modem's port is its ttyS0. What pppd
# logs with `debug` are the packets that it has sent and received.
import dialup
import uml
from clienttest import *  # noqa: F403

ALL = [R663, R74, M1306B, FXT]
LOGIN = ['network.gprs.logins.0.apn=internet', 'network.gprs.logins.0.user=somebody',
         'network.gprs.logins.0.password=secret']

BY_CHAP, BY_PAP = ('refuse-pap', 'refuse-eap'), ('refuse-chap', 'refuse-eap')


def magic(m):
    """The magic number in the modem's LCP request: the Q24 sends none (gprs.md, LCP request)."""
    return '' if m.profile == M1306B else ' <magic 0x0>'


def echoes(m):
    """The LCP Echo-Replies of the modem."""
    return len(re.findall(r'~(?:<FF><03>|<FF>}#)?<C0>!(?:\\n|}\*)', m.trace()))


def ended_by_pppd(m, job):
    job.kill()
    done = job.end()
    holds(r'^sent \[LCP TermReq id=(0x[0-9a-f]+) "User request"\]\nrcvd \[LCP TermAck id=\1\]\n'
          'Connection terminated', done.out, 'the end')
    equal(done.status, 5, 'exit status of pppd')
    dialup.hung_up(m)


def ended_by_the_modem(m, job):
    m.act('deregister')
    done = job.end()
    holds(r'^rcvd \[LCP TermReq id=(0x[0-9a-f]+).*\]\n(?:.*\n)*?sent \[LCP TermAck id=\1\]', done.out, 'the end')
    holds('^LCP terminated by peer', done.out, 'the end')
    dialup.hung_up(m)


@case('ppp', ALL, [R74], user=NOBODY, kind=dialup.Networked)
def pppd_dials(m):
    with uml.Linux(m) as linux:
        dialup.prepare(linux)
        for end in (ended_by_pppd, ended_by_the_modem):
            job = linux.start(*dialup.pppd())
            got = dialup.address(job)
            log = job.said()
            holds(r'^rcvd \[LCP ConfReq id=0x1 <mru 1500> <asyncmap 0x0>' + magic(m) +
                  r' <pcomp> <accomp> <auth pap>\]', log, 'the request of the modem')
            holds(r'^rcvd \[PAP AuthAck ', log, 'PAP')
            holds(r'^rcvd \[IPCP ConfRej id=0x[0-9a-f]+ <compress VJ 0f 01>\]', log, 'VJ')
            holds(r'^rcvd \[LCP ProtRej id=0x[0-9a-f]+ 80 57 ', log, 'IPV6CP')
            holds(r'^rcvd \[LCP ProtRej id=0x[0-9a-f]+ 80 fd ', log, 'CCP')
            equal(got, '10.128.3.4', 'the address')
            equal(m.state()['port']['mode'], 'ppp', 'the port')
            dialup.online(linux)
            end(m, job)
    m.did('pppd: LCP, PAP, IPCP, ping, 2 MB by HTTP, ends it, dials again, the network ends it')


@case('ppp', [R663, R74], user=NOBODY, kind=dialup.Networked, sets=LOGIN, speeds=['max'])
def pppd_by_chap(m):
    with uml.Linux(m) as linux:
        dialup.prepare(linux)
        job = linux.start(*dialup.pppd(*BY_CHAP))
        dialup.address(job)
        log = job.said()
        holds(r'^sent \[LCP ConfNak id=0x1 <auth chap MD5>\]', log, 'CHAP asked for')
        holds(r'^rcvd \[LCP ConfReq id=0x2 .*<auth chap MD5>', log, 'CHAP')
        holds(r'^rcvd \[CHAP Challenge id=(0x[0-9a-f]+) .*\]\nsent \[CHAP Response id=\1 .*name = "somebody"\]\n'
              r'rcvd \[CHAP Success id=\1', log, 'CHAP')
        dialup.online(linux)
        ended_by_pppd(m, job)
    m.did('pppd: CHAP')


@case('ppp', [R663, R74], user=NOBODY, sets=LOGIN, speeds=['max'])
def pppd_with_a_wrong_password(m):
    """The modem says yes; then the network refuses the context (gprs.md, PPP authentication)."""
    with uml.Linux(m) as linux:
        for way in (BY_CHAP, BY_PAP):
            dialup.prepare(linux, password='wrong')
            job = linux.start(*dialup.pppd(*way))
            done = job.end()
            holds(r'^rcvd \[(PAP AuthAck|CHAP Success) ', done.out, 'the modem')
            holds(r'^rcvd \[LCP TermReq ', done.out, 'the network')
            dialup.hung_up(m)
    m.did('pppd: a wrong password by PAP and CHAP')


@case('ppp', [R74], user=None, kind=dialup.Networked, speeds=['max'])
def pppd_echoes(m):
    """Root runs it; an idle link carries LCP echoes; the port is unplugged in the middle."""
    with uml.Linux(m) as linux:
        dialup.prepare(linux)
        job = linux.start(*dialup.pppd('lcp-echo-interval', '1', 'lcp-echo-failure', '3', 'mru', '600', 'noipv6',
                          'noccp', 'novj'))
        dialup.address(job)
        # pppd logs no echoes while the link is up
        until('three echoes', lambda: echoes(m) >= 3)
        dialup.online(linux)
        job.kill(signal.SIGKILL)
        job.end()
        linux.unplug()
        m.wait('closed')
        dialup.hung_up(m)
        job = linux.start(*dialup.pppd())
        dialup.address(job)
        ended_by_pppd(m, job)
    m.did('pppd: LCP echoes, MRU 600, killed, dials again')


# Ends each session as soon as it has an address.
UP = '#!/bin/sh\necho "$IPLOCAL" >>/tmp/addresses\nkill "$PPPD_PID"\n'
AGAIN = '''set -u
for i in $(seq COUNT); do
	pppd "$@" >/tmp/log 2>&1
	status=$?
	if [ $status != 5 ]; then
		echo "dial-up $i: pppd ended with $status"
		cat /tmp/log
		exit 1
	fi
done
'''


@case('ppp', [R74], user=NOBODY, speeds=())
def pppd_dials_100_times(m):
    count = 100
    with uml.Linux(m) as linux:
        dialup.prepare(linux)
        linux.file('/etc/ppp/ip-up', UP, 0o755)
        linux.file('/root/again', AGAIN.replace('COUNT', str(count)))
        linux.run('sh', '/root/again', *dialup.pppd('connect-delay', '1')[1:], seconds=LONG).good('dial-ups')
        equal(linux.run('sort', '-u', '/tmp/addresses').out, '10.128.3.4\n', 'addresses')
        equal(linux.run('wc', '-l', '/tmp/addresses').out.split()[0], str(count), 'addresses')
    m.did(f'pppd: {count} times in a row, each with an address')
