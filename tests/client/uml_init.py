#!/usr/bin/python3
"""The first program of the user-mode-linux that uml.py boots. It makes a root of its own in memory (from the
machine only /usr, read-only), loads the modules that its command line names, and then does what uml.py
writes to it on /dev/ttyS1, a JSON object a line. The end of that line, or an error here, is the end of
this Linux."""
import ctypes
import json
import os
import platform
import shutil
import subprocess
import threading
import traceback
import tty

LIBC = ctypes.CDLL(None, use_errno=True)
READ_ONLY, BIND = 1, 4096  # of mount(2)
FINIT_MODULE = {'x86_64': 313}.get(platform.machine(), 273)  # syscalls(2): the tables of the kernel
ROOT, MODULES = '/tmp', '/usr/lib/uml/modules'
# What the C library needs to run programs, and names; nothing that says how this machine is set up.
ETC = ('passwd', 'group', 'ld.so.cache', 'nsswitch.conf', 'services', 'protocols')


def done(result, what):
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f'{what}: {os.strerror(number)}')


def mount(source, target, kind=None, flags=0, data=None):
    words = [w.encode() if w is not None else None for w in (source, target, kind)]
    done(LIBC.mount(*words, ctypes.c_ulong(flags), data.encode() if data else None), f'mount {target}')


def new_root(folder):
    """A root with /usr, the usual folders, and uml.py's folder, the only one that may be written, as /out."""
    mount('none', ROOT, 'tmpfs')
    for name in ('usr', 'dev', 'proc', 'sys', 'run/lock', 'tmp', 'root', 'etc/ppp/peers', 'var/log', 'var/lib', 'out'):
        os.makedirs(f'{ROOT}/{name}')
    mount('/usr', f'{ROOT}/usr', None, BIND)
    for name in os.listdir('/'):
        if os.path.islink('/' + name) and os.readlink('/' + name).lstrip('/').startswith('usr/'):
            os.symlink(os.readlink('/' + name), f'{ROOT}/{name}')
    for link, to in (('lock', '/run/lock'), ('run', '/run'), ('tmp', '/tmp')):
        os.symlink(to, f'{ROOT}/var/{link}')
    for name in ETC:
        if os.path.exists('/etc/' + name):
            with open('/etc/' + name, 'rb') as old, open(f'{ROOT}/etc/{name}', 'wb') as new:
                new.write(old.read())
    os.symlink('ppp/resolv.conf', f'{ROOT}/etc/resolv.conf')
    mount('none', f'{ROOT}/out', 'hostfs', 0, folder)
    os.chroot(ROOT)
    os.chdir('/')
    mount('dev', '/dev', 'devtmpfs')
    mount('proc', '/proc', 'proc')
    mount('sys', '/sys', 'sysfs')
    os.makedirs('/dev/pts', exist_ok=True)
    mount('pts', '/dev/pts', 'devpts', 0, 'ptmxmode=0666')


def load(name):
    """Loads a module and what it needs first; returns the error, or ''."""
    where = os.path.join(MODULES, os.uname().release)
    with open(os.path.join(where, 'modules.dep'), encoding='ascii') as f:
        needs = dict(line.rstrip('\n').split(':') for line in f)
    path = [p for p in needs if os.path.basename(p) == name + '.ko']
    if not path:
        return 'no such module'
    for one in [*reversed(needs[path[0]].split()), path[0]]:
        fd = os.open(os.path.join(where, one), os.O_RDONLY)
        try:
            done(LIBC.syscall(FINIT_MODULE, fd, b'', 0), one)
        except FileExistsError:
            pass
        except OSError as e:
            return e.strerror
        finally:
            os.close(fd)
    return ''


class Agent:
    """Does what uml.py asks: {"id", "do", ...}; the answer has the same id."""

    def __init__(self, line):
        self.line, self.lock, self.jobs = line, threading.Lock(), {}

    def tell(self, **what):
        with self.lock:
            data = json.dumps(what).encode() + b'\n'
            while data:
                data = data[os.write(self.line, data):]

    def run(self, job):
        """A program: its output goes to a file, its exit status is the answer."""
        with open(job['out'], 'wb') as out:
            process = subprocess.Popen(job['argv'], stdin=subprocess.DEVNULL, stdout=out,
                                       stderr=subprocess.STDOUT, env=job['env'], cwd='/root')
        self.jobs[job['id']] = process
        threading.Thread(target=lambda: self.tell(id=job['id'], status=process.wait()), daemon=True).start()

    def kill(self, job):
        self.jobs[job['job']].send_signal(job['signal'])
        self.tell(id=job['id'], status=0)

    def file(self, job):
        os.makedirs(os.path.dirname(job['path']), exist_ok=True)
        shutil.copyfile(job['text'], job['path'])
        os.chmod(job['path'], job['mode'])
        self.tell(id=job['id'], status=0)

    def serve(self):
        with os.fdopen(os.dup(self.line), 'r', encoding='ascii') as asked:
            for row in asked:
                job = json.loads(row)
                try:
                    getattr(self, job['do'])(job)
                except (OSError, subprocess.SubprocessError) as e:
                    self.tell(id=job['id'], status=127, error=str(e))


def main():
    mount('proc', '/proc', 'proc')
    with open('/proc/cmdline', encoding='ascii') as f:
        words = dict(w.split('=', 1) for w in f.read().split() if w.startswith('uml_'))
    new_root(words['uml_folder'])
    line = os.open('/dev/ttyS1', os.O_RDWR | os.O_NOCTTY)
    tty.setraw(line)
    with open('/proc/uptime', encoding='ascii') as f:
        up = float(f.read().split()[0])
    agent = Agent(line)
    agent.tell(id=0, status=0, kernel=os.uname().release, seconds=up,
               modules={name: load(name) for name in words['uml_modules'].split(',')})
    agent.serve()


try:
    main()
except BaseException:
    traceback.print_exc()
finally:
    with open('/proc/sysrq-trigger', 'w', encoding='ascii') as trigger:
        trigger.write('o')
    threading.Event().wait()
