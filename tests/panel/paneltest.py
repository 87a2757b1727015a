# Shared by the tests of the panel: an emulator with its panel open, and requests to it.
import http.client
import json
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
ASSETS = os.path.join(TOP, 'emulator', 'host', 'control', 'panel')
sys.path.insert(0, os.path.join(HERE, '..', 'pty'))
import ptytest  # noqa: E402
from ptytest import DEADLINE, FOLDER, Run  # noqa: E402


class Panel(Run):
    """`fauxtrack run --panel`."""

    def __init__(self, *args, count=1):
        super().__init__('--panel', *args, count=count)
        for line in iter(self.process.stderr.readline, b''):
            found = re.fullmatch(rb'panel: (http://127\.0\.0\.1:(\d+)/#token=([0-9a-f]{32}))\n', line)
            if found:
                break
        assert found, 'no line "panel: URL"'
        self.url, self.port, self.token = found.group(1).decode(), int(found.group(2)), found.group(3).decode()

    def ask(self, method, path, body=None, host=None, token='', **headers):
        """(status, headers, body) of a request as a browser sends it; token None: without."""
        c = http.client.HTTPConnection('127.0.0.1', self.port, timeout=DEADLINE)
        c.putrequest(method, path, skip_host=True)
        if host != '':
            c.putheader('Host', host or f'127.0.0.1:{self.port}')
        if token is not None:
            c.putheader('Authorization', f'Bearer {token or self.token}')
        for name, value in headers.items():
            c.putheader(name.replace('_', '-'), value)
        text = None if body is None else json.dumps(body).encode()
        if text is not None:
            c.putheader('Content-Type', 'application/json')
            c.putheader('Content-Length', str(len(text)))
        c.endheaders(text)
        answer = c.getresponse()
        got = answer.read()
        c.close()
        return answer.status, answer.headers, got

    def get(self, path):
        status, _, got = self.ask('GET', path)
        assert status == 200, (status, got)
        return json.loads(got)

    def post(self, path, body):
        status, _, got = self.ask('POST', path, body)
        return status, json.loads(got)

    def state(self):
        return self.get('/v1/modems/1')['state']

    def events(self, query):
        return Events(self, query)


class Events:
    """The stream of events, as the panel reads it."""

    def __init__(self, panel, query):
        self.connection = http.client.HTTPConnection('127.0.0.1', panel.port, timeout=DEADLINE)
        self.connection.request('GET', f'/v1/modems/1/events?{query}', headers={'Authorization': f'Bearer {panel.token}'})
        self.answer = self.connection.getresponse()
        assert self.answer.status == 200

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()

    def next(self):
        """(event, data)"""
        event = ''
        while True:
            line = self.answer.readline().decode().rstrip('\n')
            if line.startswith('event: '):
                event = line[7:]
            elif line.startswith('data: '):
                return event, json.loads(line[6:])

    def until(self, wanted):
        """The data of the next event for which wanted(event, data) is true."""
        while True:
            event, data = self.next()
            if wanted(event, data):
                return data


def assets():
    """{path as a browser asks for it: file in the tree}"""
    return {'/' if name == 'index.html' else f'/{name}': os.path.join(ASSETS, name)
            for name in os.listdir(ASSETS) if name.endswith(('.html', '.js', '.css', '.svg'))}


__all__ = ['ASSETS', 'FOLDER', 'Panel', 'assets', 'ptytest']
