# ser2net under exec --lines with RFC 2217: python3-serial's rfc2217:// sees and sets the lines of our port.
from clienttest import *  # noqa: F403

ALL = [R663, R74, M1306B, FXT]

CLIENT = r'''import serial, sys, time
s = serial.serial_for_url('rfc2217://127.0.0.1:' + sys.argv[1], baudrate=115200, timeout=20)
def until(what, condition):
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end, what
until('CTS', lambda: s.cts)
s.write(b'AT+CGMI\r')
print(s.read_until(b'\r\nOK\r\n'))
s.dtr = False
s.write(b'AT\r')
print(s.read_until(b'\r\nOK\r\n'))
s.dtr = True
s.close()
'''


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


@case('ser2net', ALL, user=NOBODY, kind=Supervised)
def rfc2217(m):
    port = free_port()
    m.begin_tool('ser2net', '-n', '-Y', f'connection: &a#  accepter: telnet(rfc2217=true),tcp,127.0.0.1,{port}#  '
                 f'connector: serialdev,{m.path},115200n81,local')
    client = m.file('client.py', CLIENT)

    def works():
        done = subprocess.run([sys.executable, client, str(port)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, check=False)
        return done.returncode == 0 and done.stdout
    out = until('ser2net answers', works)
    holds(re.escape(m.maker), out, 'a command')
    holds(r'# dtr: off\n(.*\n)*.*# dtr: on\n(.*\n)*.*# dtr: off', m.trace(), 'DTR')
    m.kill_tool()
    m.did('RFC 2217: a command, CTS, DTR')
