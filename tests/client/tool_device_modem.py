# Device::Modem (libdevice-modem-perl) under exec --lines: its status() is TIOCMGET, and it drops DTR.
from clienttest import *  # noqa: F403

ALL = [R663, R74, M1306B, FXT]

SCRIPT = r'''use Device::Modem;
my $m = Device::Modem->new(port => $ARGV[0], log => "file,$ARGV[1]") or die;
$m->connect(baudrate => 115200, initstring => 'H0 Z V1 Q0') or die "no connect\n";
print "active: ", ($m->is_active() ? 1 : 0), "\n";
$m->atsend("AT+CGMI\r");
print "answer: ", join('|', split /[\r\n]+/, $m->answer(undef, 5000)), "\n";
my %s = $m->status;
print join(' ', map { "$_=" . ($s{$_} ? 1 : 0) } sort keys %s), "\n";
$m->disconnect;
'''


@case('libdevice-modem-perl', ALL, user=NOBODY, kind=Supervised)
def device_modem(m):
    m.meant.add('AT S7=45 S0=0 L1 V1 X4 &c1 E1 Q0')  # its own init string, with a command of Hayes modems
    m.meant.add('ATH0 Z V1 Q0')
    script = m.file('talk.pl', SCRIPT)
    out = m.run('perl', script, m.path, m.file('log', '')).good().out
    holds(f'^answer: {m.maker}\\|OK$', out, 'answer')
    port = m.state()['port']
    holds(f'^CTS=1 DSR={int(port["dsr"])} RING=0 RLSD=0$', out, 'modem lines')
    m.wait('closed')
    m.did('connect, a command, the modem lines')
