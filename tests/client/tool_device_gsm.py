# Device::Gsm for Perl, used as in its examples. It begins with a line for telephone modems and ignores
# its refusal; it sends AT+CPIN? and goes on without waiting for OK.
from clienttest import *  # noqa: F403

ALL = [R663, R74, M1306B, FXT]
FRIEND = '+33612345678'

PROGRAM_TEXT = r'''
use strict; use warnings; use Device::Gsm;
my ($port, $to) = @ARGV;
my $gsm = Device::Gsm->new(port => $port, log => 'file,/dev/null') or die "new";
$gsm->connect(baudrate => 115200) or die "connect";
print "manufacturer ", $gsm->manufacturer(), "\n";
print "imei ", $gsm->imei(), "\n";
$gsm->register() or die "register";
print "signal ", $gsm->signal_quality(), "\n";
print "centre ", $gsm->service_center(), "\n";
print "sent ", $gsm->send_sms(content => 'from perl', recipient => $to), "\n";
$gsm->disconnect();
'''


@case('libdevice-gsm-perl', ALL, [], user=NOBODY)
def device_gsm(m):
    out = m.run('perl', m.file('dialogue.pl', PROGRAM_TEXT), m.path, FRIEND).good().out
    m.wait('closed')
    holds(f'^manufacturer {m.maker}$', out, 'manufacturer')
    imei = holds(r'^imei (\d{15})$', out, 'IMEI').group(1)
    holds(rf'< \\r\\n{imei}\\r\\n', m.trace(), 'IMEI')
    holds(f'^signal {2 * m.state()["registration"]["rssi"] - 113}$', out, 'signal')
    holds('^centre .*"' + re.escape('+13123149810' if m.profile == R663 else '+33609001390'), out,
          'service centre')
    equal(m.has_sent(1)[0]['text'], 'from perl', 'sent')
    m.did('manufacturer, IMEI, signal, service centre, a message')
