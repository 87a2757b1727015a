# The kernel's 27.010 multiplexer, the line discipline n_gsm, in user-mode-linux: ldattach sends AT+CMUX and starts it,
# with frames of 127 octets always; uml_gsm.py does so with others. Each DLC is a /dev/gsmttyN there.
# This kernel (6.1) takes no frame for 2.8 s after a DLC has opened, since its receiver waits for the answer to its
# own MSC, and neither DISC nor CLD says that it ends.
import dialup
import uml
from clienttest import *  # noqa: F403

ALL = [R663, R74, FXT]
LDATTACH = 127
HALTED = 'Level 2 halted'  # EL2HLT


class Muxed:
    """n_gsm on the modem's port during the `with`."""

    def __init__(self, linux, n1):
        self.linux, self.m, self.n1 = linux, linux.m, n1
        with open(os.path.join(HERE, 'uml_gsm.py'), encoding='utf-8') as f:
            linux.file('/root/gsm', f.read(), 0o755)

    def start(self):
        if self.n1 == LDATTACH:
            self.holder = self.linux.start('ldattach', '-d', '-s', '115200', '-c', f'AT+CMUX=0,0,5,{self.n1}\r', 'GSM0710',
                                           '/dev/ttyS0')
            self.holder.hears('line discipline set', 'ldattach')
        else:
            self.holder = self.linux.start('/root/gsm', 'attach', self.n1)
            self.holder.hears('attached', 'n_gsm')

    def stop(self):
        self.holder.kill()
        self.holder.end()
        self.linux.run('/root/gsm', 'close').good()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, kind, error, _):
        if kind:
            return
        self.stop()
        until('command mode', lambda: self.m.state()['port']['mode'] == 'command')

    def ask(self, dlc, *commands):
        return self.linux.run('/root/gsm', 'ask', dlc, *commands).good().out

    def ask_first(self, dlc, *commands):
        """As ask(), after the start: ldattach leaves T1 at 0.1 s and N2 at 3, so where this machine is too busy for
        an answer to the SABM of DLC 0 in 0.4 s, n_gsm has given up, and is started again."""
        def answer():
            done = self.linux.run('/root/gsm', 'ask', dlc, *commands)
            if HALTED not in done.out:
                return done.good().out
            self.stop()
            self.start()
            return None
        return until('DLC 0', answer)

    def hold(self, dlc, command):
        return self.linux.start('/root/gsm', 'hold', dlc, command)


@case('user-mode-linux', ALL, user=NOBODY, sets=NO_CALL_BACK, speeds=['max'])
def n_gsm_two_dlcs(m):
    m.wait('registered')
    with uml.Linux(m, uml.MUX) as linux:
        for n1 in (LDATTACH, 31):
            with Muxed(linux, n1) as mux:
                holds(re.escape(m.maker.strip()), mux.ask_first(1, 'AT+CGMI'), 'DLC 1')
                holds(r'\+CSQ: \(0-31,99\),\(0-7,99\)', mux.ask(4, 'AT+CSQ=?'), 'DLC 4')
                mux.ask(1, 'AT+CBST=7,0,1')
                call = mux.hold(1, 'ATD0458783786')
                call.hears('CONNECT 9600', 'a data call')
                call.hears('circuits: .*DCD', 'DCD by MSC')
                holds('0458783786', mux.ask(2, 'AT+CLCC'), 'DLC 2')
                m.act('farend', text='abcdefghijklmnopqrstuvwxyz' * 20)
                call.hears('(abcdefghijklmnopqrstuvwxyz){20}', 'the far end')
                m.act('hangup')
                holds(r'NO CARRIER\r?\ncircuits: (?!.*DCD)', call.end().good().out, 'the end')
        linux.unplug()
        m.wait('closed')
    m.did('ldattach, and frames of 31 octets: a data call on one DLC, commands on another, DCD by MSC, the end')


@case('user-mode-linux', ALL, user=NOBODY, kind=dialup.Networked, speeds=['max'])
def n_gsm_ppp(m):
    m.wait('registered')
    with uml.Linux(m, uml.PPP + uml.MUX) as linux, Muxed(linux, LDATTACH) as mux:
        dialup.prepare(linux)
        for _ in range(2):
            job = linux.start(*dialup.pppd(port='/dev/gsmtty2'))
            equal(dialup.address(job), '10.128.3.4', 'the address')
            holds(r'\+CSQ: \d+', mux.ask(1, 'AT+CSQ'), 'DLC 1')
            dialup.online(linux)
            holds(r'\+CGACT: 1,1', mux.ask(1, 'AT+CGACT?'), 'DLC 1')
            job.kill()
            holds(r'^rcvd \[LCP TermAck', job.end().out, 'the end')
    m.did('n_gsm: PPP over a DLC, twice, 2 MB by HTTP, commands on another')
