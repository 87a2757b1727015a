# An MQTT broker of the test's own, and what any client of it can do.
import json
import os
import shutil
import signal
import socket
import subprocess

from ptytest import DEADLINE, FOLDER, Skip, until

MOSQUITTO = shutil.which('mosquitto') or '/usr/sbin/mosquitto'


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


class Broker:
    """mosquitto on a free port of loopback, with its default persistence."""

    def __init__(self, *lines):
        if not os.path.exists(MOSQUITTO):
            raise Skip('mosquitto is not installed')
        self.port = free_port()
        self.folder = os.path.join(FOLDER.name, f'broker-{self.port}')
        os.mkdir(self.folder)
        self.config = os.path.join(self.folder, 'mosquitto.conf')
        user = 'root' if os.getuid() == 0 else ''
        with open(self.config, 'w', encoding='utf-8') as f:
            f.write('\n'.join([f'listener {self.port} 127.0.0.1', 'persistence true',
                               f'persistence_location {self.folder}/', f'user {user}' if user else '',
                               *(lines or ['allow_anonymous true'])]) + '\n')
        self.url = f'mqtt://localhost:{self.port}'
        self.process = None
        self.start()

    def start(self):
        self.log = open(os.path.join(self.folder, 'log'), 'ab')
        self.process = subprocess.Popen([MOSQUITTO, '-c', self.config], stdout=self.log, stderr=self.log)
        until('the broker listens', self.listens)

    def listens(self):
        assert self.process.poll() is None, open(os.path.join(self.folder, 'log'), encoding='utf-8').read()
        try:
            socket.create_connection(('127.0.0.1', self.port), 1).close()
            return True
        except OSError:
            return False

    def end(self, signo=signal.SIGTERM):
        """mosquitto listens before its loop begins, which forgets a signal that came between: it gets another one."""
        def ended():
            self.process.send_signal(signo)
            try:
                return self.process.wait(0.5) is not None
            except subprocess.TimeoutExpired:
                return False
        until('the broker ends', ended)
        self.log.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.end()

    def publish(self, topic, payload, *more):
        """As another program does."""
        text = payload if isinstance(payload, str) else json.dumps(payload)
        subprocess.run(['mosquitto_pub', '-h', 'localhost', '-p', str(self.port), '-q', '1', '-t', topic, '-m', text,
                        *more], check=True, timeout=DEADLINE)

    def kept(self, topic):
        """The retained payloads of a topic filter."""
        done = subprocess.run(['mosquitto_sub', '-h', 'localhost', '-p', str(self.port), '-t', topic, '-W', '1',
                               '--retained-only'], capture_output=True, text=True, timeout=DEADLINE, check=False)
        return [json.loads(line) for line in done.stdout.splitlines()]


class Listener:
    """mosquitto_sub: what comes on a topic filter, from now on."""

    def __init__(self, broker, topic):
        self.process = subprocess.Popen(
            ['mosquitto_sub', '-h', 'localhost', '-p', str(broker.port), '-q', '1', '-v', '-t', topic, '-t', 'sync'],
            stdout=subprocess.PIPE)
        os.set_blocking(self.process.stdout.fileno(), False)
        self.text = ''

        def subscribed():
            broker.publish('sync', 'x')
            return 'sync x\n' in self.read()
        until('mosquitto_sub has subscribed', subscribed, every=0.05)

    def read(self):
        self.text += (self.process.stdout.read() or b'').decode()
        return self.text

    def wait(self, what):
        """Until a line contains `what`: its topic and payload."""
        line = until(f'{what} is published', lambda: [x for x in self.read().splitlines() if what in x])[0]
        topic, payload = line.split(' ', 1)
        return topic, json.loads(payload)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()  # it may wait to write what nobody has read
        self.process.wait(DEADLINE)
        self.process.stdout.close()
