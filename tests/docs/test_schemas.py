#!/usr/bin/python3
"""test_schemas.py FAUXTRACK SOURCE-ROOT: the printed JSON Schemas and the program agree. Every
shipped YAML file is valid by the schema of its kind. Then the files are made wrong in every way
that a schema can detect (an unknown key, a value out of range, a list too long ...), once per row
of the schema, and both the schema and `fauxtrack check` must refuse them. TAP."""
import copy
import json
import os
import re
import subprocess
import sys
import tempfile

try:
    import jsonschema
    import yaml
except ImportError as missing:
    print('1..0 # SKIP %s: apt-get install python3-jsonschema python3-yaml' % missing)
    sys.exit(0)

KINDS = {'': 'profile', 'devices': 'device', 'firmware': 'firmware', 'networks': 'network',
         'applications': 'application', 'operators': 'operators', 'sets': 'set', 'sims': 'sim'}
TOO_MUCH = 'x' * 2000


class Yaml12(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """YAML 1.2's core schema: true and false are booleans, on and off are strings."""


Yaml12.yaml_implicit_resolvers = {}
for tag, pattern, first in (
        ('bool', r'^(?:true|false)$', 'tf'),
        ('null', r'^(?:~|null|)$', ['~', 'n', '']),
        ('int', r'^(?:-?[0-9]+|0x[0-9a-fA-F]+)$', '-0123456789'),
        ('float', r'^-?[0-9]+\.[0-9]*(?:[eE][-+]?[0-9]+)?$', '-0123456789')):
    Yaml12.add_implicit_resolver('tag:yaml.org,2002:' + tag, re.compile(pattern), list(first))


def kind_of(path, root):
    """The kind of a shipped file, by its folder."""
    rest = os.path.relpath(path, os.path.join(root, 'profiles'))
    if os.path.basename(os.path.dirname(path)) == 'fleet':
        return 'fleet'
    if rest.startswith('..') or rest.startswith('bugs' + os.sep):
        return 'scenario'
    return KINDS[os.path.dirname(rest)]


def shipped(root):
    files = []
    for top in ('profiles', 'tests/scenario', 'examples'):
        for folder, _, names in os.walk(os.path.join(root, top)):
            if '/github' in folder:  # a GitHub workflow
                continue
            files += [os.path.join(folder, n) for n in names if n.endswith('.yaml')]
    return sorted(files)


def load(path):
    with open(path, encoding='utf-8') as f:
        return yaml.load(f, Yaml12)  # a SafeLoader


def run(fauxtrack, *words):
    return subprocess.run([fauxtrack, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, check=False)


def fits(schema, value):
    """Does the type of the value fit the schema? Finds the branch of an anyOf."""
    types = schema.get('type', [])
    types = [types] if isinstance(types, str) else types
    if not types and 'enum' in schema:
        return value in schema['enum']
    is_a = {'object': dict, 'array': list, 'string': str, 'boolean': bool}
    for t in types:
        if t in ('integer', 'number'):
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                return True
        elif isinstance(value, is_a[t]):
            return True
    return False


def wrong_values(schema, value):
    """Yields (what is wrong, value) for every wrong value of this row."""
    kind = schema.get('type')
    if 'enum' in schema:
        yield 'another word', 'no-such-word'
        yield 'a mapping', {'no-such-key': 1}
    elif kind == 'integer':
        yield 'above its range', schema['maximum'] + 1
        yield 'below its range', schema['minimum'] - 1
        yield 'a string', 'seven'
        yield 'a fraction', 1.5
    elif kind == 'boolean':
        yield 'a word', 'yes'
        yield 'a number', 1
    elif kind == 'string' and 'pattern' in schema:
        yield 'without a unit', 5
        yield 'another unit', '5 parsecs'
    elif kind == 'string':
        yield 'a list', ['x']
        if schema.get('maxLength'):
            yield 'too long', 'x' * (schema['maxLength'] + 1)
        if schema.get('minLength'):
            yield 'too short', ''
    elif kind == ['string', 'number']:
        yield 'a list', ['x']
    elif kind == 'array':
        yield 'not a list', {'no-such-key': 1}
        if value and schema.get('maxItems'):
            yield 'too many', value * (schema['maxItems'] // len(value) + 1)
    elif kind == 'object' and 'properties' in schema:
        yield 'an unknown key', dict(value, **{'no-such-key': 1})
        yield 'a list', ['x']
        for key in schema.get('required', []):
            yield 'without ' + key, {k: v for k, v in value.items() if k != key}
    elif kind == 'object':
        yield 'not a mapping', 'x'


def walk(schema, value, row, place):
    """Yields (row, place, what is wrong, wrong value) for each row that the value has."""
    if 'anyOf' in schema:
        branch = next((s for s in schema['anyOf'] if fits(s, value)), None)
        others = [s for s in schema['anyOf'] if s is not branch]
        for entry in walk(branch, value, row, place) if branch else ():
            # a list is not wrong where a list or one of its items may stand
            if entry[1] != place or not any(fits(s, entry[3]) for s in others):
                yield entry
        return
    for what, wrong in wrong_values(schema, value):
        yield row, place, what, wrong
    if isinstance(value, dict):
        for key, below in value.items():
            inner = schema.get('properties', {}).get(key)
            name = key
            if inner is None:
                inner, name = schema.get('additionalProperties'), '*'
            if isinstance(inner, dict):
                yield from walk(inner, below, row + '.' + name, place + [key])
    if isinstance(value, list) and isinstance(schema.get('items'), dict):
        for i, below in enumerate(value):
            yield from walk(schema['items'], below, row + '[]', place + [i])


def changed(data, place, wrong):
    data = copy.deepcopy(data)
    if not place:
        return wrong
    at = data
    for step in place[:-1]:
        at = at[step]
    at[place[-1]] = wrong
    return data


class Tap:
    def __init__(self):
        self.n = self.bad = 0

    def result(self, ok, name, why=()):
        self.n += 1
        self.bad += not ok
        print('%sok %d - %s' % ('' if ok else 'not ', self.n, name))
        for line in why[:20]:
            print('# ' + line)
        sys.stdout.flush()


def write(folder, i, path, root, data):
    """Writes the data to a new file in a folder from which `check` knows its kind."""
    rest = os.path.relpath(path, root)
    to = os.path.join(folder, str(i), rest)
    os.makedirs(os.path.dirname(to), exist_ok=True)
    with open(to, 'w', encoding='utf-8') as f:
        json.dump(data, f, ensure_ascii=False)  # JSON is YAML
    return to


def refused(fauxtrack, files):
    """The files that `check` complains about."""
    out = set()
    for i in range(0, len(files), 500):
        said = run(fauxtrack, 'check', *files[i:i + 500])
        named = {line.split(':', 1)[0] for line in said.stderr.splitlines()}
        if not said.stderr and said.returncode:
            sys.exit('check: exit status %d without a message' % said.returncode)
        out |= named & set(files)
    return out


def main():
    fauxtrack, root = sys.argv[1:]
    tap = Tap()
    schemas, printed = {}, {}
    for kind in ['scenario', 'fleet', *KINDS.values()]:
        printed[kind] = json.loads(run(fauxtrack, 'schema', kind).stdout)
    printed['any'] = json.loads(run(fauxtrack, 'schema').stdout)
    why = []
    for kind, schema in printed.items():
        jsonschema.Draft7Validator.check_schema(schema)
        if schema.get('$id') != 'urn:fauxtrack:schema:' + kind:
            why.append('%s has the $id %s' % (kind, schema.get('$id')))
        schemas[kind] = jsonschema.Draft7Validator(schema)
    tap.result(not why, 'each printed schema is valid and has its $id', why)

    files = {path: load(path) for path in shipped(root)}
    for kind in sorted(set(printed) - {'any'}):
        own = [p for p in files if kind_of(p, root) == kind]
        why = []
        for path in own:
            for by in (kind,) if kind in ('scenario', 'fleet') else (kind, 'any'):
                why += ['%s by the schema %s: %s' % (path, by, e.message[:200])
                        for e in schemas[by].iter_errors(files[path])]
        tap.result(own and not why, 'all %d files of kind %s are valid by its schema' % (
            len(own), kind), why)

    with tempfile.TemporaryDirectory() as folder:
        whole = [write(folder, i, p, root, d) for i, (p, d) in enumerate(files.items())
                 if kind_of(p, root) != 'scenario' or '/bugs/' in p]
        bad = refused(fauxtrack, whole)
        tap.result(not bad, 'the unchanged files, written as JSON, pass `check`', sorted(bad))
        for kind in sorted(set(printed) - {'any'}):
            seen, made = set(), {}
            for path, data in files.items():
                if kind_of(path, root) != kind:
                    continue
                top = printed[kind]['definitions'][kind]
                for row, place, what, wrong in walk(top, data, kind, []):
                    # a base that other files inherit from may lack required keys
                    if (row, what) in seen or what.startswith('without') and data.get('base'):
                        continue
                    seen.add((row, what))
                    new = changed(data, place, wrong)
                    made[write(folder, kind + str(len(made)), path, root, new)] = (
                        row, what, path, schemas[kind].is_valid(new))
            no = refused(fauxtrack, list(made))
            why = ['%s: %s, in %s: %s accepts it' % (row, what, path, who)
                   for file, (row, what, path, valid) in made.items()
                   for who, takes in (('the schema', valid), ('check', file not in no)) if takes]
            tap.result(len(made) > 5 and not why, '%s: schema and check refuse %d wrong files' % (
                kind, len(made)), why)
    print('1..%d' % tap.n)
    sys.exit(tap.bad != 0)


main()
