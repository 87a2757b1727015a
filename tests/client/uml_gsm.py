#!/usr/bin/python3
"""The kernel's 27.010 multiplexer, n_gsm, from a program in user-mode-linux:

    uml_gsm.py config N1            basic option, and SABM on DLC 0 of the line that ldattach holds
    uml_gsm.py ask DLC COMMAND...   types commands on a DLC, and prints what comes, up to each result
    uml_gsm.py hold DLC COMMAND     types one, prints the circuits, and sends back what comes until the end

A DLC without DCD has to be opened with O_NONBLOCK, as on any serial port."""
import fcntl
import os
import re
import select
import struct
import sys
import termios
import time
import tty

# struct gsm_config of linux/gsmmux.h: adaption, encapsulation, initiator, t1, t2, t3, n2, mru, mtu, k, i, 8 unused
CONFIG = '=19I'
GETCONF = 2 << 30 | struct.calcsize(CONFIG) << 16 | ord('G') << 8
SETCONF = 1 << 30 | struct.calcsize(CONFIG) << 16 | ord('G') << 8 | 1
BASIC = 0
SECONDS = 60
RESULT = rb'\r\n(OK|NO CARRIER|BUSY|CONNECT[^\r]*|ERROR|\+CM[ES] ERROR: \d+)\r\n$'
CIRCUITS = {termios.TIOCM_CTS: 'CTS', termios.TIOCM_DSR: 'DSR', termios.TIOCM_CD: 'DCD', termios.TIOCM_RI: 'RI'}


def config(n1):
    fd = os.open('/dev/ttyS0', os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    conf = list(struct.unpack(CONFIG, fcntl.ioctl(fd, GETCONF, bytes(struct.calcsize(CONFIG)))))
    conf[1:3] = BASIC, 1
    conf[7:9] = int(n1), int(n1)
    fcntl.ioctl(fd, SETCONF, struct.pack(CONFIG, *conf))
    os.close(fd)


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


what, first, *rest = sys.argv[1:]
if what == 'config':
    config(first)
else:
    line = dlc(first)
    for one in rest:
        {'ask': ask, 'hold': hold}[what](line, one)
