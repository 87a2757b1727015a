# Real servers on loopback for WIPsoft's sessions: pyftpdlib, aiosmtpd, dovecot, Python's http.server; and one that
# says what a test wants.
import contextlib
import hashlib
import http.server
import logging
import os
import signal
import socket
import socketserver
import subprocess
import tempfile
import threading
import warnings

from ptytest import FOLDER, Skip, until

warnings.simplefilter('ignore')
logging.disable(logging.CRITICAL)  # of the servers
try:
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import AuthResult
    from pyftpdlib.authorizers import DummyAuthorizer
    from pyftpdlib.handlers import FTPHandler
    from pyftpdlib.ioloop import IOLoop
    from pyftpdlib.servers import FTPServer
    SERVERS = True
except ImportError:
    SERVERS, AuthResult, FTPHandler, Controller = False, None, object, None

DOVECOT = '/usr/sbin/dovecot'
BINARY = bytes(range(256)) * 781 + b'\x10\x03\r\n.\r\n\x10'  # 200 KB with every octet, and the end of a mail
FILES = {'empty': b'', 'one': b'\x03', 'big': BINARY}


def need_servers():
    if not SERVERS:
        raise Skip('python3-pyftpdlib and python3-aiosmtpd are not installed')


def digest(data):
    return hashlib.sha256(data).hexdigest()


def path(name, data=None):
    name = os.path.join(FOLDER.name, name)
    if data is not None:
        with open(name, 'wb') as f:
            f.write(data)
    return name


def content(name):
    with open(path(name), 'rb') as f:
        return f.read()


def forward(port, name='server.test', at=None, address='127.0.0.1'):
    return f'tcp:{name}:{at or 21}={address}:{port}'


@contextlib.contextmanager
def ftp_server(handler=None, **settings):
    need_servers()
    home = tempfile.mkdtemp(dir=FOLDER.name)
    users = DummyAuthorizer()
    users.add_user('user', 'secret', home, perm='elradfmwMT')
    kind = type('Handler', (handler or FTPHandler,), {'authorizer': users, 'auth_failed_timeout': 0.01, **settings})
    server = FTPServer(('127.0.0.1', 0), kind, ioloop=IOLoop())
    server.home, server.stops = home, False
    server.commands = []
    kind.pre_process_command = lambda self, line, cmd, arg: (server.commands.append(line),
                                                             FTPHandler.pre_process_command(self, line, cmd, arg))[1]

    def serve():
        while not server.stops:
            server.ioloop.loop(0.02, False)
    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield server
    finally:
        server.stops = True
        thread.join()
        server.close_all()


def port_of(server):
    return server.address[1]


def stored(server, name, data=None):
    name = os.path.join(server.home, name)
    if data is not None:
        with open(name, 'wb') as f:
            f.write(data)
    with open(name, 'rb') as f:
        return f.read()


class Talker(socketserver.StreamRequestHandler):
    """A server that says what a test wants: `says` is a list of (what a command begins with, answer)."""

    def handle(self):
        self.server.reached.append(self.client_address)
        self.wfile.write(self.server.greeting)
        for line in self.rfile:
            for begins, answer in self.server.says:
                if line.upper().startswith(begins):
                    self.wfile.write(answer)
                    break


class Talkers(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


@contextlib.contextmanager
def talker(says, greeting=b'220 here\r\n', address='127.0.0.1'):
    with Talkers((address, 0), Talker) as server:
        server.says, server.greeting, server.reached = says, greeting, []
        thread = threading.Thread(target=server.serve_forever, kwargs={'poll_interval': 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def talks_ftp(pasv):
    return [(b'USER', b'331 go on\r\n'), (b'PASS', b'230 in\r\n'), (b'PWD', b'257 "/"\r\n'), (b'TYPE', b'200 ok\r\n'),
            (b'SIZE', b'502 no\r\n'), (b'PASV', b'227 (' + pasv + b')\r\n'), (b'RETR', b'150 here\r\n'), (b'QUIT', b'221 bye\r\n')]


def port_of_talker(server):
    return server.server_address[1]


class Web(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def log_message(self, *_):
        pass

    def answer(self):
        body = b''
        if 'chunked' in self.headers.get('Transfer-Encoding', ''):
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        elif 'Content-Length' in self.headers:
            body = self.rfile.read(int(self.headers['Content-Length']))
        self.server.asked.append((self.command, self.path, dict(self.headers), body))
        status, headers, data = self.server.pages.get(self.path, (404, {}, b'none'))
        if not isinstance(status, tuple):
            status = (status,)
        self.send_response(*status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header('Content-Length', str(len(data)))
        self.end_headers()
        if self.command != 'HEAD':
            self.wfile.write(data)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = answer


@contextlib.contextmanager
def web_server(pages, address='127.0.0.1'):
    with http.server.ThreadingHTTPServer((address, 0), Web) as server:
        server.pages, server.asked = pages, []
        thread = threading.Thread(target=server.serve_forever, kwargs={'poll_interval': 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def web(server, name='server.test', at=80):
    return forward(server.server_address[1], name, at)


class Mails:
    def __init__(self):
        self.got = []

    async def handle_MAIL(self, server, session, envelope, address, options):
        if address == 'bad@here.test':
            return '550 not you'
        envelope.mail_from = address
        return '250 ok'

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith('bad'):
            return '550 nobody'
        envelope.rcpt_tos.append(address)
        return '250 ok'

    async def handle_DATA(self, server, session, envelope):
        self.got.append((envelope.mail_from, envelope.rcpt_tos, envelope.original_content))
        return '554 too bad' if b'spam' in envelope.content else '250 taken'


@contextlib.contextmanager
def mail_server(**options):
    need_servers()
    mails = Mails()
    with socket.create_server(('127.0.0.1', 0)) as free:
        mails.port = free.getsockname()[1]
    controller = Controller(mails, hostname='127.0.0.1', port=mails.port, decode_data=False, data_size_limit=10**7, **options)
    controller.start()
    try:
        yield mails
    finally:
        controller.stop()


CONFIG = '''
protocols = pop3
base_dir = {0}/run
state_dir = {0}/state
log_path = {0}/log
ssl = no
disable_plaintext_auth = no
default_internal_user = {1}
default_internal_group = {2}
default_login_user = {1}
mail_location = maildir:{0}/mail
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid={3} gid={4} home={0}
}}
first_valid_uid = 1
first_valid_gid = 1
service anvil {{
  chroot =
}}
service pop3-login {{
  chroot =
  inet_listener pop3 {{
    address = 127.0.0.1
    port = {5}
  }}
  inet_listener pop3s {{
    port = 0
  }}
}}
'''


@contextlib.contextmanager
def pop3_server(*mails):
    if not os.path.exists(DOVECOT):
        raise Skip('dovecot-pop3d is not installed')
    if os.geteuid() != 0:
        raise Skip('dovecot wants to be started as root')
    with socket.create_server(('127.0.0.1', 0)) as free:
        port = free.getsockname()[1]
    home = path('pop3')
    for folder in ('cur', 'new', 'tmp'):
        os.makedirs(os.path.join(home, 'mail', folder))
    for i, mail in enumerate(mails):
        with open(os.path.join(home, 'mail', 'new', f'{i + 1}.mail'), 'wb') as f:
            f.write(mail)
    subprocess.run(['chown', '-R', 'mail:mail', home], check=True)
    os.chmod(FOLDER.name, 0o711)
    with open(home + '/conf', 'w', encoding='utf-8') as f:
        f.write(CONFIG.format(home, 'dovenull', 'dovenull', 8, 8, port))
    with subprocess.Popen([DOVECOT, '-F', '-c', home + '/conf'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as dovecot:
        def answers():
            with contextlib.suppress(OSError), socket.create_connection(('127.0.0.1', port)) as c:
                return c.recv(3) == b'+OK'
        try:
            until('dovecot', answers, every=0.05)
            yield port, home
        except AssertionError:
            with contextlib.suppress(OSError), open(home + '/log', encoding='utf-8') as f:
                print('# ' + f.read().replace('\n', '\n# '))
            raise
        finally:
            dovecot.send_signal(signal.SIGTERM)
