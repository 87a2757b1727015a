# For the tools that dial up in user-mode-linux (uml.py): files of pppd, a web server that the modem's network
# leads to (--forward), and what is the same in each of their cases.
import hashlib
import http.server
import random
import re
import threading

from clienttest import Modem, Skip, equal, holds, os, until

SITE = 'www.test'
PAGE = random.Random(16).randbytes(2 * 1024 * 1024)
DIAL = r"""ABORT ERROR ABORT BUSY ABORT 'NO CARRIER' TIMEOUT 30 '' ATZ OK AT+CGDCONT=1,"IP","APN" OK
ATD*99***1# CONNECT '\c'
"""
PPPD = ['115200', 'nodetach', 'local', 'nocrtscts', 'noauth', 'noipdefault', 'defaultroute',
        'usepeerdns', 'debug', 'connect', '/usr/sbin/chat -v -f /etc/ppp/dial']


class Web:
    """A web server on loopback during the `with`: `forward` is the option that leads to it."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header('Content-Length', str(len(PAGE)))
            self.end_headers()
            self.wfile.write(PAGE)

        def log_message(self, *_):
            pass

    def __init__(self):
        self.server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), self.Handler)
        self.forward = f'tcp:{SITE}:80=127.0.0.1:{self.server.server_port}'
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Networked(Modem):
    """A modem whose network leads to a web server on loopback."""

    def __init__(self, *args, **options):
        self.web = Web()
        super().__init__(*args, **{**options, 'args': [*options.get('args', ()), '--forward', self.web.forward]})

    def close(self, keep):
        self.web.close()
        super().close(keep)


def pppd(*options, port='/dev/ttyS0'):
    return ['pppd', port, *PPPD, *options]


def prepare(linux, apn='internet', user='somebody', password='secret'):
    """The files of pppd and chat. That Linux sees what its user may see here: Debian's pppd is for the group dip."""
    if os.getuid() and not os.access('/usr/sbin/pppd', os.X_OK):
        raise Skip('pppd is for root and the group dip')
    linux.file('/etc/ppp/options', f'user "{user}"\n')
    linux.file('/etc/ppp/dial', DIAL.replace('APN', apn))
    for name in ('pap-secrets', 'chap-secrets'):
        linux.file('/etc/ppp/' + name, f'"{user}" * "{password}" *\n', 0o600)


def address(job):
    """Waits until pppd is online; returns the address that it got."""
    return job.hears(r'^local  IP address ([0-9.]+)\n(?:.*\n)*?remote IP address [0-9.]+', 'an address')[1]


def online(linux):
    """The network answers: ping, a name, a page of 2 MB whole."""
    ping = linux.run('ping', '-n', '-c', '3', '-i', '0.2', '-w', '30', SITE).good('ping')
    holds(r'3 packets transmitted, 3 received', ping.out, 'ping')
    linux.run('curl', '-sS', '-o', '/tmp/page', f'http://{SITE}/').good('curl')
    got = linux.run('sha256sum', '/tmp/page').good().out.split()[0]
    equal(got, hashlib.sha256(PAGE).hexdigest(), 'the page')


def hung_up(m, dcd=False):
    """The modem is back in command mode."""
    until('command mode', lambda: m.state()['port']['mode'] == 'command')
    equal(m.state()['port']['dcd'], dcd, 'DCD')
