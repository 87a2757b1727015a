# gammu-smsd and smsd with field bugs: four messages are to be sent, two are received. The result
# goes into the table; the trace must show the bug.
import glob

import tool_gammu_smsd
import tool_smstools
from clienttest import *  # noqa: F403

FRIEND = '+33612345678'
OUT, IN = [f'out {i}' for i in range(4)], [f'in {i}' for i in range(2)]
PATIENCE = 240  # seconds: longer than gammu waits for an answer that was lost to its AT+CFUN=1
R71, PIN = 'fastrack-supreme-20-r71', R74 + '-pin'
CLONE, SL6087 = 'q2406b-clone-r652a', 'sl6087-r752'
REFUSED_515 = r'\+CME ERROR: 515'


class Gammu:
    """gammu-smsd with files. Its AT+CFUN=1 restarts the modem before anything else."""

    def __init__(self, m):
        self.m = m
        self.daemon = tool_gammu_smsd.daemon(m, tool_gammu_smsd.files(m))

    def put(self, i, text):
        tool_gammu_smsd.put(self.m, i, text)

    def read(self):
        return set(tool_gammu_smsd.inbox(self.m)) & set(IN)

    def lost(self):
        return len(os.listdir(self.m.folder + '/error'))


class Smstools:
    def __init__(self, m, more):
        self.m = m
        self.daemon = tool_smstools.Smsd(m, 'pin = 1234\n' + more, network=1)

    def put(self, i, text):
        self.daemon.put(f'm{i}', text)

    def read(self):
        return set(self.daemon.read())

    def lost(self):
        return len(glob.glob(self.m.folder + '/failed/m*'))


def texts(m):
    return [o['text'] for o in m.outbox() if o['result'] != 'refused']


def meet(m, tool, sign, amid, chance):
    with tool.daemon:
        for i in (0, 1):
            tool.put(i, OUT[i])
        if amid:
            half = time.monotonic() + PATIENCE / 2
            until('the first half', lambda: set(texts(m)) == set(OUT[:2]) or
                  time.monotonic() > half, PATIENCE)
            amid(m)
        for i in (2, 3):
            tool.put(i, OUT[i])
        for text in IN:
            m.sms(FRIEND, text)
        end = time.monotonic() + PATIENCE

        def over():
            done = set(texts(m)) == set(OUT) and tool.read() == set(IN)
            return done or tool.lost() == 4 or time.monotonic() > end
        until('all messages sent and read, or lost', over, 2 * PATIENCE)
        sent = texts(m)
        lost, read = tool.lost(), tool.read()
    holds(sign, m.trace(), 'the bug')
    if lost:
        end = 'loses messages' if sent else 'loses all messages'
    elif set(sent) == set(OUT) and read == set(IN):
        end = 'recovers' if len(sent) == len(OUT) else 'recovers, and sends twice'
    else:
        end = 'gets stuck' if sent or read else 'waits for ever'
    m.ends(' or '.join(chance) if end in chance else end)


def bug(name, profile, sign, speed='10', core=(), amid=None, smstools='', chance=()):
    """Adds a case for each of the two tools. `sign` is a pattern of the bug in the trace, `amid` is
    called when half of the messages are sent, `smstools` are lines of smsd's configuration, `chance`
    are the possible ends if fractions of a second decide."""
    @case('gammu-smsd', [profile], [], speed=speed, bug=name)
    def with_gammu(m):
        meet(m, Gammu(m), sign, amid, chance)

    @case('smstools', [profile], core, speed=speed, bug=name)
    def with_smstools(m):
        meet(m, Smstools(m, smstools), sign, amid, chance)


bug('sms-cmti-collides-with-cmgs-then-515', R74, r'> AT\+CMGS=\d+\\r\n(.*\n)*?.*< \\r\\n\+CMTI',
    core=[R74])
bug('boot-515-until-sim-ready', PIN, REFUSED_515, speed='1',
    chance=('recovers', 'loses messages'))
bug('sms-cpms-515-right-after-send', R74, r'\+CMGS: 3')
bug('sim-cpin-without-ok', R74, r'< (AT\+CPIN\?\\r)?\\r\\n\+CPIN: READY\\r\\n$')
bug('boot-cfun1-resets-everything', R74, r'> AT\+CFUN=1\\r\n(.*\n)*?.*# boot: r74',
    smstools='init = AT+CFUN=1')
bug('dwl-bootloader-only-answers-error', R71, r'\\r\\nERROR\\r\\n')
bug('net-creg-query-goes-mute', 'm1306b-r640', r'# command: \+CREG\?')
bug('dwl-band-reset-after-upgrade', R74, r'net: searching')
# whether its reset meets a command decides
bug('sms-high-traffic-crash-usb', R74, r'# boot: r74', speed='1',
    amid=lambda m: m.clock('step', by='61m'), chance=('recovers', 'gets stuck'))
bug('sms-cms-512-persistent', 'm1306b-r651', r'\+CMS ERROR: 512')
bug('sim-cme10-intermittent-in-field', FXT, r'# sim: absent',
    amid=lambda m: m.clock('step', by='5m'), chance=('recovers', 'gets stuck', 'waits for ever'))
bug('sim-commands-error-until-cmee-set', CLONE, r'> AT\+CMEE=1')
bug('stab-cme-536-515-survives-reset', SL6087, r'\+CME ERROR: 5(15|36)')
bug('net-creg2-urc-after-ok', R74, r'\\r\\n\+CREG: 5,"25FF","825E"')
