#!/usr/bin/python3
"""test_openapi.py FAUXTRACK: the description of the control interface is true. Each answer and each
refusal matches its schema and has no other keys; each operation has an id, its security and a
schema; the described request bodies are those that the emulator accepts."""
import copy
import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile

try:
    import jsonschema
except ImportError:
    print('1..0 # SKIP python3-jsonschema is not installed')
    sys.exit(0)

DEADLINE = 60
TESTS = []


class Unix(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__('localhost', timeout=DEADLINE)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(DEADLINE)
        self.sock.connect(self.path)


class Emulator:
    def __init__(self, folder):
        self.socket = os.path.join(folder, 'control')
        self.process = subprocess.Popen([sys.argv[1], 'run', '--control', self.socket],
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.port = self.process.stdout.readline().decode().rstrip('\n')
        self.description = self.ask('GET', '/v1/openapi.json')[1]

    def ask(self, method, path, body=None):
        c = Unix(self.socket)
        c.request(method, path, None if body is None else json.dumps(body),
                  {'Content-Type': 'application/json'})
        answer = c.getresponse()
        text = answer.read()
        c.close()
        assert answer.getheader('Content-Type') == 'application/json', text
        return answer.status, json.loads(text)

    def stop(self):
        self.process.terminate()
        self.process.wait(DEADLINE)
        self.process.stdout.close()


def strict(schema):
    """The same schema, but keys that it does not name are errors."""
    if isinstance(schema, list):
        return [strict(s) for s in schema]
    if not isinstance(schema, dict):
        return schema
    out = {k: strict(v) for k, v in schema.items()}
    if out.get('type') == 'object' and isinstance(out.get('properties'), dict):
        out.setdefault('additionalProperties', False)
    return out


def validator(description, schema, hard=True):
    whole = copy.deepcopy(description)
    if hard:
        whole['components']['schemas'] = strict(whole['components']['schemas'])
    resolver = jsonschema.RefResolver('', whole)
    return jsonschema.Draft202012Validator(schema, resolver=resolver)


def operations(d):
    return [(method.upper(), path, o) for path, item in d['paths'].items()
            for method, o in item.items()]


def test(f):
    TESTS.append(f)
    return f


@test
def each_operation_is_whole(e):
    d = e.description
    ids = set()
    for method, path, o in operations(d):
        assert o['operationId'].isalnum() and o['operationId'] not in ids, path
        ids.add(o['operationId'])
        assert {} in o['security'] and {'token': []} in o['security'], path
        (schema,) = [c['schema'] for c in o['responses']['200']['content'].values()]
        # of one modem, or of each modem of a group
        for one in schema.get('anyOf', [schema]):
            assert '$ref' in one or one['type'] == 'string', (path, schema)
            if '$ref' in one:
                named = d['components']['schemas'][one['$ref'].split('/')[-1]]
                assert named['properties'] and named['required'], named
        assert any(s.startswith('4') for s in o['responses']), path
        for p in o['parameters']:
            assert p['description'] and p['schema']['type'], (path, p)
    assert len(ids) > 40, ids


@test
def each_schema_is_one(e):
    def refs(j):
        if isinstance(j, dict):
            for k, v in j.items():
                if k == '$ref':
                    yield v
                else:
                    yield from refs(v)
        elif isinstance(j, list):
            for v in j:
                yield from refs(v)

    schemas = e.description['components']['schemas']
    for schema in schemas.values():
        jsonschema.Draft202012Validator.check_schema(schema)
    used = {r.rsplit('/', 1)[1] for r in refs(e.description)}
    assert used == set(schemas), used ^ set(schemas)


def expect(e, method, path, body=None, status=200, pattern=None):
    o = e.description['paths'][pattern or path.replace('/1', '/{id}')][method.lower()]
    got, answer = e.ask(method, path, body)
    assert got == status, (path, got, answer)
    schema = o['responses'][str(status)]['content']['application/json']['schema']
    validator(e.description, schema).validate(answer)
    if status == 200 and body is not None:
        validator(e.description, o['requestBody']['content']['application/json']['schema']
                  ).validate(body)
    return answer


@test
def each_answer_is_as_described(e):
    one = '/v1/modems/1'
    fd = os.open(e.port, os.O_RDWR | os.O_NOCTTY)
    for line, end in ((b'AT+CMGF=1\r', b'OK'), (b'AT+CMGS="+33612345678"\r', b'> '),
                      (b'hello\x1a', b'OK'), (b'ATD+33612345678;\r', b'ATD')):
        os.write(fd, line)
        heard = b''
        while end not in heard:
            heard += os.read(fd, 4096)
    seen = set()
    for method, path, o in operations(e.description):
        if method != 'GET' or '200' not in o['responses'] or \
                'application/json' not in o['responses']['200']['content']:
            continue
        expect(e, 'GET', path.replace('{id}', '1'), pattern=path)
        seen.add(path)
    assert len(seen) >= 8, seen
    assert e.ask('GET', one + '/outbox')[1]['messages'], 'no message was sent'
    assert e.ask('GET', one)[1]['state']['calls'], 'there is no call'
    expect(e, 'POST', one + '/actions/rack', 'closed')
    expect(e, 'POST', one + '/actions/sms', {'from': '+1555', 'text': 'hi'})
    expect(e, 'POST', one + '/wait', {'for': 'registered'})
    expect(e, 'POST', one + '/wait', {'for': ['registered', 'sim=ready', 'event=urc'], 'since': 0})
    expect(e, 'POST', one + '/clock', {'do': 'step', 'by': '1s'})
    expect(e, 'POST', one + '/factory')
    expect(e, 'POST', one + '/type', {'hex': '41540d'})
    expect(e, 'POST', one + '/bug', {'name': 'dwl-band-reset-after-upgrade'}, 409)
    expect(e, 'POST', one + '/bug', {'name': 'dwl-band-reset-after-upgrade', 'force': True})
    expect(e, 'POST', one + '/bug', {'name': 'none', 'force': True})
    expect(e, 'POST', '/v1/panel', {}, pattern='/v1/panel')
    os.close(fd)


@test
def each_refusal_is_as_described(e):
    one = '/v1/modems/1'
    expect(e, 'POST', one + '/actions/sms', {}, 400)
    expect(e, 'POST', one + '/actions/sms', {'x': 1, 'y': 2}, 400)
    expect(e, 'POST', one + '/wait', {'for': 'sim=removed'}, 400)
    expect(e, 'POST', one + '/wait', {'for': 'off', 'timeout': '1ms'}, 408)
    expect(e, 'POST', one + '/actions/report', {'message': 77}, 409)
    expect(e, 'GET', '/v1/modems/7', None, 404, '/v1/modems/{id}')
    expect(e, 'GET', '/v1/modems/7/outbox', None, 404, '/v1/modems/{id}/outbox')


@test
def each_event_is_as_described(e):
    c = Unix(e.socket)
    c.request('GET', '/v1/modems/1/events?since=0&bytes=1&state=1')
    answer = c.getresponse()
    assert answer.getheader('Content-Type') == 'text/event-stream'
    of = {'bytes': 'bytes_data', 'state': 'modem_with_state'}
    judges = {name: validator(e.description, {'$ref': f'#/components/schemas/{name}'}) for name in ('event_data', *of.values())}
    seen = set()
    while not seen >= {'sms', 'urc', 'bytes', 'state'}:
        line = answer.readline()
        if line.startswith(b'event: '):
            event = line[7:].decode().strip()
        if line.startswith(b'data: '):
            judges[of.get(event, 'event_data')].validate(json.loads(line[6:]))
            seen.add(event)
    c.close()


@test
def each_event_says_who_does_what(e):
    listed = subprocess.run([sys.argv[1], 'list', 'events'], stdout=subprocess.PIPE, text=True,
                            check=True).stdout.splitlines()
    schema = e.description['components']['schemas']['event']
    described = list(schema['x-enumDescriptions'].items())
    assert schema['enum'] == [name for name, _ in described]
    assert len(listed) == len(described) > 15
    actors = ('the modem', 'the host', 'a client', 'the called party', 'a call', 'the registration', 'the SIM',
              'the LED', "the modem's power", 'the flash')
    for line, row in zip(listed, described):
        assert line.startswith(row[0]) and line.endswith(row[1]), (line, row)
        assert row[1].startswith(actors), row
        assert len(line) < 90, line


def main():
    print(f'1..{len(TESTS)}', flush=True)
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        e = Emulator(folder)
        try:
            for i, f in enumerate(TESTS, 1):
                try:
                    f(e)
                    print(f'ok {i} - {f.__name__.replace("_", " ")}', flush=True)
                except Exception as wrong:
                    bad += 1
                    print('# ' + f'{type(wrong).__name__}: {wrong}'[:3000].replace('\n', '\n# '))
                    print(f'not ok {i} - {f.__name__.replace("_", " ")}', flush=True)
        finally:
            e.stop()
    sys.exit(bad > 0)


if __name__ == '__main__':
    main()
