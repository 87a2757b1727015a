# Device::Gsm of Perl, and modem-cmd.
import table
from clienttest import *  # noqa: F403

ALL = [R663, R74, M1306B, FXT]
FRIEND = '+33612345678'

PROGRAM_TEXT = r'''
use strict; use warnings; use Device::Gsm;
my ($port, $to) = @ARGV;
my $gsm = Device::Gsm->new(port => $port, log => 'file,/dev/null', loglevel => 'debug') or die "new";
$gsm->connect(baudrate => 115200) or die "connect";
print "manufacturer ", $gsm->manufacturer(), "\n";
print "imei ", $gsm->imei(), "\n";
$gsm->register() or die "register";
my ($net, $code) = $gsm->network();
print "network $code\n";
print "signal ", $gsm->signal_quality(), "\n";
print "centre ", $gsm->service_center(), "\n";
$gsm->mode('pdu');
print "sent ", $gsm->send_sms(content => 'from perl {1}', recipient => $to), "\n";
for my $message ($gsm->messages('SM')) {
    print "message from ", $message->sender(), ": ", $message->content(), "\n";
    $message->delete();
}
$gsm->disconnect();
'''


@case('libdevice-gsm-perl', ALL, [], user=NOBODY)
def device_gsm(m):
    m.sms(FRIEND, 'to perl')
    until('a message', lambda: m.state()['messages']['SM']['used'] == 1)
    out = m.run('perl', m.file('dialogue.pl', PROGRAM_TEXT), m.path, FRIEND).out
    print(out)
    m.did('x')
