# For tools that accept only a port that udev knows as a serial device, and talk on the system
# D-Bus. They run in a separate mount namespace: the modem's pseudo-terminal is in /dev there, a
# sysfs and a udev database of a few files describe it, and the bus is a private one. The machine's
# own devices are not seen or changed. If such a namespace is not allowed, the case is skipped.
import re
import socket

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

# "$@" is the tool. The mounts made here end with it.
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
# oFono keeps data of a SIM, waiting messages too: hide those of other runs
[ ! -d /var/lib/ofono ] || mount -t tmpfs none /var/lib/ofono
exec "$@"
'''


class Wanted:
    """The sysfs and udev entries of the port: serial() is an RS-232 port of the board, usb() the first
    USB port of a Wavecom module. A node is (path, subsystem, driver, uevent, properties in udev's
    database, attributes)."""

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
    """The command that makes a mount namespace; raises Skip if it is not allowed."""
    words = ['unshare', '--mount'] if os.getuid() == 0 else ['unshare', '--mount', '--map-root-user']
    if not shutil.which('unshare'):
        raise Skip('needs unshare, of util-linux')
    tried = subprocess.run([*words, 'mount', '--make-rprivate', '/'], stdin=subprocess.DEVNULL,
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if tried.returncode:
        said = tried.stdout.decode(errors='replace').strip().split('\n')[-1]
        raise Skip(f'needs a separate mount namespace: {said}')
    return words


class Device:
    """A daemon in that namespace, running during the `with`; its output is in the file `log`."""

    def __init__(self, m, wanted, argv, before=(), **environment):
        """`before`: other daemons that this one needs on the bus."""
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
        until('the private bus', self.answers)
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

    def answers(self):
        """Whether the private bus takes connections: its socket is there a moment before."""
        with socket.socket(socket.AF_UNIX) as s:
            return s.connect_ex(self.socket) == 0

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
        """The signals on the bus, as dbus-monitor prints them."""
        with open(self.m.folder + '/signals', encoding='utf-8', errors='replace') as f:
            return f.read()

    def tool(self, *argv, seconds=DEADLINE):
        """Runs a tool that talks on that bus."""
        return self.m.run('env', *(f'{k}={v}' for k, v in self.env.items()), *argv, seconds=seconds)
