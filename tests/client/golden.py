"""Writes the conversation of a tool and the modem as a scenario of tests/scenario/client: the
tool's bytes as it sent them, and the modem's answers, which the tool accepted. The scenario keeps
the tool's pauses, so that what depends on time (a SIM that loads, a time stamp) stays the same."""
import json
import os
import re

LONG = 4.0  # an answer that takes more seconds needs `within`
SOON = 1.0  # seconds by which a typed line may come early; text after a prompt and +++ come exactly


def events(path, acts):
    """[(time, kind, what)] of a trace: '>' and '<' with bytes, 'dtr', 'speed', 'act', and 'rest', the
    end of the boot before the tool starts."""
    found, acts = [], list(acts)
    with open(path, encoding='ascii') as f:
        for row in f:
            if row.startswith('#'):
                continue
            at, kind, text = float(row[:12]), row[13:14], row[15:].rstrip('\n')
            if kind == '#':
                name, _, rest = text.partition(': ')
                if name in ('dtr', 'speed'):
                    found.append((at, name, rest))
                elif text.startswith('boot: initialised') and not found:
                    found = [(at, 'rest', '')]
                elif name == 'action' and not rest.startswith('refused'):
                    found.append((at, 'act', acts.pop(0)))
            elif found and found[-1][1] == kind and found[-1][0] == at:
                found[-1] = (at, kind, found[-1][2] + plain(text))
            else:
                found.append((at, kind, plain(text)))
    return found


def plain(text):
    """The bytes of a trace's line, one character each."""
    known = {'\\r': '\r', '\\n': '\n', '\\\\': '\\'}
    return re.sub(r'\\[rn\\]|<([0-9A-F]{2})>',
                  lambda m: chr(int(m.group(1), 16)) if m.group(1) else known[m.group(0)], text)


def shown(text):
    """Writes the bytes as the player's lines accept them."""
    known = {'\r': '\\r', '\n': '\\n', '\\': '\\\\', '<': '<3C>'}
    return re.sub(r'[^ -~]|\\|<(?=[0-9A-Fa-f]{2}>)',
                  lambda m: known.get(m.group(0), f'<{ord(m.group(0)):02X}>'), text)


def quoted(text):
    """The same as a quoted string of YAML, in which \\r and \\n need no further escape."""
    return json.dumps(re.sub(r'[^\r\n]+', lambda m: shown(m.group(0)), text))


class Writer:
    """Collects typed and received bytes until a step is complete."""

    def __init__(self):
        self.steps, self.talk, self.echo = [], [], True
        self.typed, self.came, self.prompt = '', '', False
        self.last, self.owed, self.within = None, 0.0, 0.0

    def step(self, text):
        self.end_talk()
        self.steps.append(text)

    def end_talk(self):
        if self.talk:
            within = f'  - within: {int(self.within * 2)}s\n    ' if self.within > LONG else '  - '
            self.steps.append(within + 'talk: |\n' + ''.join(f'      {t}\n' for t in self.talk))
        self.talk, self.within = [], 0.0

    def pause(self, at, exactly):
        """Adds a step that waits until this time, if the tool has paused long enough."""
        if self.owed >= (0.001 if exactly else SOON):
            self.step(f'  - until: {round(at * 1000)}ms\n')
            self.owed = 0.0

    def passed(self, at):
        """Something happens at this time; returns the time since the last thing happened."""
        since = at - self.last if self.last is not None else 0.0
        self.last = at
        return since

    def act(self, at, text):
        since = self.passed(at)
        self.flush()
        self.owed += since
        self.pause(at, True)
        self.step(text)

    def heard(self, at, what):
        self.within = max(self.within, self.passed(at))
        self.came += what

    def types(self, at, what):
        since = self.passed(at)
        goes_on = (self.typed and self.came == self.typed and since < SOON
                   and self.typed[-1] not in '\r\x1a\x1b')
        if not goes_on:
            self.flush()
        self.owed += since
        if not self.typed:
            self.pause(at, self.prompt or what[0] == '+')
        self.typed += what

    def flush(self):
        typed, came = self.typed, self.came
        self.typed = self.came = ''
        self.prompt = came.endswith('\r\n> ')
        if not typed:
            self.say(came)
            return
        whole = typed.endswith('\r') and typed.count('\r') == 1 and len(typed) > 1
        echo = came.startswith(typed)
        if whole and re.fullmatch(r'[!-~]([ -~]*[!-~])?', typed[:-1]):
            if echo != self.echo:
                self.step(f'  - echo: "{"on" if echo else "off"}"\n')
                self.echo = echo
            self.talk.append(f'> {shown(typed[:-1])}')
            self.say(came[len(typed):] if echo else came)
            return
        self.step(f'  - type: {quoted(typed)}\n')
        if came:
            within = f'    within: {int(self.within * 2)}s\n' if self.within > LONG else ''
            self.step(f'  - raw: {quoted(came)}\n{within}')

    def say(self, came):
        """Writes blocks as lines, anything else as exact bytes."""
        while came:
            block = re.match(r'\r\n((?:(?! )[ -~]*[!-~]\r\n)+)(?=\r\n|$)', came)
            if not block or re.match(r'\r\n(@|\|)', came):
                self.talk.append(f'= {shown(came)}')
                return
            first, *more = block.group(1).split('\r\n')[:-1]
            self.talk += [f'< {shown(first)}'] + [f'<| {shown(text)}' for text in more]
            came = came[block.end():]

    def end(self):
        self.flush()
        self.end_talk()


def scenario(name, see, profile, sets, path, acts):
    w = Writer()
    there = None
    garbles = any('garbles' in s for s in sets)
    every = events(path, acts)
    for i, (at, kind, what) in enumerate(every):
        if kind == '<':
            w.heard(at, what)
        elif kind == '>':
            w.types(at, what)
        elif kind == 'act':
            if there is None:  # before the tool has opened the port
                there = False
                w.act(at, '  - cable: unplugged\n')
            action, args = what
            w.act(at, f'  - {action}: {json.dumps(args, ensure_ascii=False)}\n')
        elif kind == 'rest':
            w.passed(at)
        elif kind == 'speed':
            if garbles:
                w.act(at, f'  - speed: {what}\n')
        elif there is None and what == 'on':
            there = True  # a scenario begins with the port open
            w.owed = w.passed(at)
        elif (what == 'on') != there:
            there = what == 'on'
            # If bytes still come while DTR is down, it was a hang-up with B0, not a closed port.
            by_b0 = next((k for _, k, _ in every[i + 1:] if k in ('dtr', '<')), '') == '<'
            if there or not by_b0:
                w.act(at, f'  - cable: {"" if there else "un"}plugged\n')
            else:
                w.act(at, '  - port: closed\n')
    w.end()
    if w.steps and w.steps[-1] == '  - cable: unplugged\n':
        w.steps.pop()
    head = f'name: {json.dumps(name, ensure_ascii=False)}\nsee: {json.dumps(see)}\n'
    head += f'profile: {profile}\n'
    if sets:
        pairs = ', '.join(f'{json.dumps(k)}: {json.dumps(v)}' for k, v in
                          (s.split('=', 1) for s in sets))
        head += f'set: {{ {pairs} }}\n'
    return head + 'steps:\n' + ''.join(w.steps)


def keep(folder, case, modem, version):
    """Writes the modem's first run in a case as a scenario; later runs depend on the state left by
    the first. Leaves out cases with extra arguments (--bug), which a scenario does not have, and very
    long traces, which are files and not conversations."""
    if modem.args or modem.speed not in ('1', 'max') or os.path.getsize(modem.traces[0]) > 300000:
        return
    name = re.sub('[ _]', '-', f'{case.tool}-{case.name}-{modem.profile}.yaml')
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), 'w', encoding='utf-8') as f:
        f.write(scenario(f'{case.tool}: {case.name}', f'{case.tool} {version}', modem.profile,
                         modem.sets, modem.traces[0], modem.acts))
