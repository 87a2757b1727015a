#!/usr/bin/python3
"""The kernel's 27.010 multiplexer, n_gsm, from a program in user-mode-linux:

    uml_gsm.py attach N1            sends AT+CMUX, starts n_gsm, and holds the line until it is killed
    uml_gsm.py ask DLC COMMAND...   types commands on a DLC, and prints what comes, up to each result
    uml_gsm.py hold DLC COMMAND     types one, prints the circuits, and what comes until NO CARRIER
    uml_gsm.py close                closes DLC 0, which n_gsm itself does not do when it ends

ldattach of util-linux does as `attach 127`. A DLC without DCD has to be opened with O_NONBLOCK, as on any serial port."""
import fcntl
import os
import re
import select
import signal
import struct
import sys
import termios
import time
import tty

# struct gsm_config of linux/gsmmux.h: adaption, encapsulation, initiator, t1, t2, t3, n2, mru, mtu, k, i, 8 unused
CONFIG = '=19I'
GETCONF = 2 << 30 | struct.calcsize(CONFIG) << 16 | ord('G') << 8
SETCONF = 1 << 30 | struct.calcsize(CONFIG) << 16 | ord('G') << 8 | 1
BASIC, N_GSM = 0, 21
T1 = 255  # hundredths of a second: this machine may be busy
SECONDS = 60
DISC, UA = bytes.fromhex('f9035301fdf9'), bytes.fromhex('f9037301d7f9')  # of DLC 0
RESULT = rb'\r\n(OK|NO CARRIER|BUSY|CONNECT[^\r]*|ERROR|\+CM[ES] ERROR: \d+)\r\n$'
CIRCUITS = {termios.TIOCM_CTS: 'CTS', termios.TIOCM_DSR: 'DSR', termios.TIOCM_CD: 'DCD', termios.TIOCM_RI: 'RI'}


def attach(n1):
    """The basic option, with this machine as the initiator: SABM on DLC 0 follows at once."""
    fd = os.open('/dev/ttyS0', os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    tty.setraw(fd)
    ask(fd, f'AT+CMUX=0,0,5,{n1}')
    fcntl.ioctl(fd, termios.TIOCSETD, struct.pack('=i', N_GSM))
    conf = list(struct.unpack(CONFIG, fcntl.ioctl(fd, GETCONF, bytes(struct.calcsize(CONFIG)))))
    conf[1:4] = BASIC, 1, T1
    conf[7:9] = int(n1), int(n1)
    fcntl.ioctl(fd, SETCONF, struct.pack(CONFIG, *conf))
    print('attached', flush=True)
    signal.pause()


def close():
    fd = os.open('/dev/ttyS0', os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    tty.setraw(fd)
    os.write(fd, DISC)
    read(fd, b'', re.escape(UA))


def dlc(number):
    fd = os.open(f'/dev/gsmtty{number}', os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    tty.setraw(fd)
    how = termios.tcgetattr(fd)
    how[2] |= termios.CLOCAL
    termios.tcsetattr(fd, termios.TCSANOW, how)
    return fd


def read(fd, heard, end):
    while not re.search(end, heard):
        if not select.select([fd], [], [], SECONDS)[0]:
            sys.exit(f'no {end} in {heard}')
        heard += os.read(fd, 4096)
    return heard


def ask(fd, command):
    end = time.monotonic() + SECONDS
    data = command.encode() + b'\r'
    while data:  # the DLC takes nothing before its UA
        try:
            data = data[os.write(fd, data):]
        except BlockingIOError:
            if time.monotonic() > end:
                sys.exit('the DLC does not open')
            select.select([], [], [], 0.05)
    print(read(fd, b'', RESULT).decode('latin-1'), flush=True)


def circuits(fd):
    got, = struct.unpack('=I', fcntl.ioctl(fd, termios.TIOCMGET, bytes(4)))
    return ' '.join(name for bit, name in CIRCUITS.items() if got & bit)


def hold(fd, command):
    ask(fd, command)
    print('circuits:', circuits(fd), flush=True)
    heard = b''
    while not heard.endswith(b'\r\nNO CARRIER\r\n'):
        heard = read(fd, b'', b'.')
        print(heard.decode('latin-1'), end='', flush=True)
    print('circuits:', circuits(fd), flush=True)


what, *rest = sys.argv[1:]
if what == 'attach':
    attach(rest[0])
elif what == 'close':
    close()
else:
    line = dlc(rest[0])
    for one in rest[1:]:
        {'ask': ask, 'hold': hold}[what](line, one)
