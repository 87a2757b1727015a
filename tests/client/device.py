# Tools that take only a port that udev knows as a serial device, and talk on the system's D-Bus:
# they run in a mount namespace of their own, where the modem's pseudo-terminal stands in /dev, a
# sysfs and a udev database of a few files say what it is, and the bus is a private one. Nothing of
# the machine's own is seen or changed. Without such a namespace the case is skipped.
import re

from clienttest import DEADLINE, Skip, os, shutil, subprocess, until

BUS = '''<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=SOCKET</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow send_destination="*" eavesdrop="true"/>
    <allow receive_sender="*" eavesdrop="true"/>
  </policy>
</busconfig>
'''

# "$@" is the tool. What is mounted here ends with it.
INSIDE = '''set -e
mount --make-rprivate /
for node in null zero urandom tty; do
	: >dev/$node
	mount --bind /dev/$node dev/$node
done
: >dev/NAME
mount --bind PTS dev/NAME
mount --rbind dev /dev
mount --rbind sys /sys
mount --rbind run /run
# what it keeps of a SIM, messages that wait among it, is not another run's
[ ! -d /var/lib/ofono ] || mount -t tmpfs none /var/lib/ofono
exec "$@"
'''


class Wanted:
    """What sysfs and udev have of the port: `serial` is an RS-232 port of the board, `usb` the first
    port of a Wavecom module's own USB. A node is its path, its subsystem, its driver, its uevent, its
    properties in udev's database, and its attributes."""

    def __init__(self, name, major, nodes):
        self.name, self.major, self.nodes = name, major, nodes


def serial(**properties):
    return Wanted('ttyS0', 4, [
        ('devices/platform/serial8250', 'bus/platform', 'serial8250', 'MODALIAS=platform:serial8250',
         {}, {}),
        ('devices/platform/serial8250/tty/ttyS0', 'class/tty', None,
         'MAJOR=4\nMINOR=64\nDEVNAME=ttyS0', properties, {})])


def usb(**properties):
    ids = {'ID_BUS': 'usb', 'ID_VENDOR_ID': '114f', 'ID_MODEL_ID': '1234'}
    return Wanted('ttyACM0', 166, [
        ('devices/usb1/1-1', 'bus/usb', 'usb', 'DEVTYPE=usb_device\nPRODUCT=114f/1234/0\n'
         'MAJOR=189\nMINOR=1\nDEVNAME=bus/usb/001/002', {**ids, **properties},
         {'idVendor': '114f', 'idProduct': '1234'}),
        ('devices/usb1/1-1/1-1:1.0', 'bus/usb', 'cdc_acm', 'DEVTYPE=usb_interface\n'
         'PRODUCT=114f/1234/0\nINTERFACE=2/2/1', ids,
         {'bInterfaceClass': '02', 'bInterfaceSubClass': '02', 'bInterfaceProtocol': '01',
          'bInterfaceNumber': '00'}),
        ('devices/usb1/1-1/1-1:1.0/tty/ttyACM0', 'class/tty', None,
         'MAJOR=166\nMINOR=0\nDEVNAME=ttyACM0',
         {**ids, 'ID_USB_DRIVER': 'cdc_acm', 'ID_USB_INTERFACE_NUM': '00', **properties}, {})])


def may_mount():
    """The words that give a mount namespace; Skip where there is none."""
    words = ['unshare', '--mount'] if os.getuid() == 0 else ['unshare', '--mount', '--map-root-user']
    if not shutil.which('unshare'):
        raise Skip('it wants unshare, of util-linux')
    tried = subprocess.run([*words, 'mount', '--make-rprivate', '/'], stdin=subprocess.DEVNULL,
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if tried.returncode:
        said = tried.stdout.decode(errors='replace').strip().split('\n')[-1]
        raise Skip(f'it wants a mount namespace of its own: {said}')
    return words


class Device:
    """A daemon in that namespace, as long as the `with`; it says what it does in the file `log`."""

    def __init__(self, m, wanted, argv, before=(), **environment):
        """`before` are tools that the daemon wants on the bus."""
        self.m, self.processes, self.before = m, [], before
        self.words = may_mount()
        self.argv, self.more = argv, environment
        for folder in ('dev', 'sys', 'run/udev/data'):
            os.makedirs(os.path.join(m.folder, folder))
        for node in wanted.nodes:
            self.node(*node)
        text = INSIDE.replace('NAME', wanted.name).replace('PTS', m.pts)
        self.script = m.file('inside', text)
        self.socket = os.path.join(m.folder, 'bus')
        self.config = m.file('bus.conf', BUS.replace('SOCKET', self.socket))
        self.env = {'DBUS_SYSTEM_BUS_ADDRESS': f'unix:path={self.socket}',
                    'SYSTEMD_DEVICE_VERIFY_SYSFS': '0'}

    def node(self, path, subsystem, driver, uevent, properties, attributes):
        sys, folder = self.m.folder + '/sys', os.path.join(self.m.folder, 'sys', path)
        os.makedirs(folder)
        for name, value in {'uevent': uevent, **attributes}.items():
            self.m.file(f'sys/{path}/{name}', value + '\n')
        os.makedirs(os.path.join(sys, subsystem), exist_ok=True)
        os.symlink(f'/sys/{subsystem}', folder + '/subsystem')
        if subsystem.startswith('class/'):
            os.symlink(f'/sys/{path}', f'{sys}/{subsystem}/{os.path.basename(path)}')
            os.symlink('/sys/' + os.path.dirname(os.path.dirname(path)), folder + '/device')
            numbers = re.findall(r'M[AJIN]+OR=(\d+)', uevent)
            self.m.file(f'sys/{path}/dev', ':'.join(numbers) + '\n')
            known = 'c' + ':'.join(numbers)
        else:
            os.makedirs(f'{sys}/{subsystem}/devices', exist_ok=True)
            os.symlink(f'/sys/{path}', f'{sys}/{subsystem}/devices/{os.path.basename(path)}')
            known = f'+{os.path.basename(subsystem)}:{os.path.basename(path)}'
            numbers = re.findall(r'M[AJIN]+OR=(\d+)', uevent)
            if numbers:
                known = 'c' + ':'.join(numbers)
        if driver:
            os.makedirs(f'{sys}/{subsystem}/drivers/{driver}', exist_ok=True)
            os.symlink(f'/sys/{subsystem}/drivers/{driver}', folder + '/driver')
        self.m.file('run/udev/data/' + known, 'I:1\n' + ''.join(
            f'E:{k}={v}\n' for k, v in properties.items()) + 'G:systemd\nQ:systemd\nV:1\n')

    def __enter__(self):
        env = {**self.m.environment(), **self.env}
        self.log_file = open(self.m.file('log', ''), 'ab')
        self.processes.append(self.m.start_tool(
            ['dbus-daemon', '--nofork', '--nopidfile', '--nosyslog', f'--config-file={self.config}'],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self.log_file))
        until('the private bus', lambda: os.path.exists(self.socket))
        self.watch = open(self.m.file('signals', ''), 'ab')
        self.processes.append(self.m.start_tool(
            ['env', f'DBUS_SYSTEM_BUS_ADDRESS={env["DBUS_SYSTEM_BUS_ADDRESS"]}', 'dbus-monitor',
             '--system', 'type=signal'], stdin=subprocess.DEVNULL, stdout=self.watch,
            stderr=subprocess.DEVNULL))
        until('dbus-monitor', lambda: 'NameAcquired' in self.signals())
        pairs = [f'{k}={v}' for k, v in {**self.env, **self.more}.items()]
        for argv in [*self.before, self.argv]:
            self.processes.append(self.m.start_tool(
                [*self.words, 'env', *pairs, 'sh', self.script, *argv],
                stdin=subprocess.DEVNULL, stdout=self.log_file, stderr=subprocess.STDOUT))
        return self

    def __exit__(self, kind, error, _):
        try:
            for process in reversed(self.processes):
                self.m.end_tool(process)
        finally:
            self.log_file.close()
            self.watch.close()
            if kind:
                print('# its log:\n# ' + self.log()[-3000:].replace('\n', '\n# '))

    def log(self):
        with open(self.m.folder + '/log', encoding='utf-8', errors='replace') as f:
            return f.read()

    def signals(self):
        """What has been said to everybody on the bus, as dbus-monitor writes it."""
        with open(self.m.folder + '/signals', encoding='utf-8', errors='replace') as f:
            return f.read()

    def tool(self, *argv, seconds=DEADLINE):
        """A tool that talks on that bus."""
        return self.m.run('env', *(f'{k}={v}' for k, v in self.env.items()), *argv, seconds=seconds)
