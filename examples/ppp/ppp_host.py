"""A host that speaks PPP at a modem's port, with just enough of IP, DNS and TCP to look something up
and to fetch it. Everything is sent escaped and in full; nothing is retransmitted."""
import select
import struct
import time

LCP, PAP, IPCP, IP = 0xc021, 0xc023, 0x8021, 0x0021
REQUEST, ACK, NAK, REJECT, TERMINATE = 1, 2, 3, 4, 5
SYN, RST, PSH, ACKED, FIN = 2, 4, 8, 16, 1
PATIENCE = 20


def fcs(data):
    f = 0xffff
    for byte in data:
        f ^= byte
        for _ in range(8):
            f = f >> 1 ^ (0x8408 if f & 1 else 0)
    return f ^ 0xffff


def checksum(data):
    total = sum(struct.unpack(f'!{len(data) // 2}H', data[:len(data) // 2 * 2]))
    total += data[-1] << 8 if len(data) % 2 else 0
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return total ^ 0xffff


def octets(address):
    return bytes(int(n) for n in address.split('.'))


def dotted(address):
    return '.'.join(str(n) for n in address)


class Lost(Exception):
    """The modem has ended the session."""


class Host:
    def __init__(self, client):
        self.client = client
        self.raw = b''
        self.ident = 0
        self.port = 40000
        self.address, self.dns = '', []
        self.up = set()  # protocols whose request was acknowledged by the other side
        self.waiting = []  # IP packets

    # -- frames

    def send(self, protocol, data):
        frame = struct.pack('!BBH', 0xff, 3, protocol) + data
        frame += struct.pack('<H', fcs(frame))
        out = b'~' + b''.join(bytes([0x7d, b ^ 0x20]) if b < 0x20 or b in (0x7d, 0x7e) else bytes([b])
                              for b in frame) + b'~'
        self.client.send(out)

    def frames(self, seconds):
        """The frames that come within that time; ends at the first moment with some."""
        end = time.monotonic() + seconds
        while True:
            parts = self.raw.split(b'~')
            self.raw = parts.pop()
            got = [f for f in map(self.unframe, parts) if f]
            if got:
                return got
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.client.fd], [], [], left)[0]:
                return []
            self.raw += self.client.get()
            if b'NO CARRIER' in self.raw:
                raise Lost()

    @staticmethod
    def unframe(raw):
        frame, escaped = bytearray(), False
        for b in raw:
            if b == 0x7d and not escaped:
                escaped = True
                continue
            frame.append(b ^ 0x20 if escaped else b)
            escaped = False
        if len(frame) < 4 or fcs(frame[:-2]) != frame[-2] | frame[-1] << 8:
            return None
        del frame[-2:]
        if frame[:2] == b'\xff\x03':
            del frame[:2]
        if frame[0] & 1:
            return frame[0], bytes(frame[1:])
        return frame[0] << 8 | frame[1], bytes(frame[2:])

    # -- negotiation

    def control(self, protocol, code, data, ident=None):
        if ident is None:
            self.ident += 1
            ident = self.ident
        self.send(protocol, struct.pack('!BBH', code, ident, len(data) + 4) + data)

    def ask(self, protocol):
        wanted = b''
        if protocol == IPCP:
            wanted = b'\x03\x06' + octets(self.address or '0.0.0.0')
            for number, name in zip((129, 131), self.dns or ['0.0.0.0', '0.0.0.0']):
                wanted += bytes([number, 6]) + octets(name)
        self.control(protocol, REQUEST, wanted)

    def take_values(self, options):
        while options:
            kind, length = options[0], options[1]
            if kind == 3:
                self.address = dotted(options[2:length])
            elif kind in (129, 131):
                self.dns.append(dotted(options[2:length]))
            options = options[length:]

    def take(self, protocol, data):
        if protocol == IP:
            self.waiting.append(data)
            return
        code, ident, length = struct.unpack('!BBH', data[:4])
        data = data[4:length]
        if protocol in (LCP, IPCP) and code == REQUEST:
            self.control(protocol, ACK, data, ident)
        elif protocol in (LCP, IPCP) and code == ACK or protocol == PAP and code == ACK:
            self.up.add(protocol)
        elif protocol == IPCP and code == NAK:
            self.dns = []
            self.take_values(data)
            self.ask(IPCP)
        elif protocol == LCP and code == TERMINATE:
            self.control(LCP, TERMINATE + 1, b'', ident)

    def serve(self, seconds):
        for protocol, data in self.frames(seconds):
            self.take(protocol, data)

    def until(self, what, condition):
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end, f'{what}: not within {PATIENCE} s'
            self.serve(0.1)

    def dial(self):
        self.client.send(b'ATD*99***1#\r')
        connect = b'\r\nCONNECT 115200\r\n'
        end = time.monotonic() + PATIENCE
        while connect not in self.raw:
            assert time.monotonic() < end, f'no CONNECT: {self.raw!r}'
            select.select([self.client.fd], [], [], PATIENCE)
            self.raw += self.client.get()
        self.raw = self.raw.split(connect)[1]
        self.serve(PATIENCE)  # the modem's first request
        self.ask(LCP)
        self.until('LCP', lambda: LCP in self.up)
        self.control(PAP, REQUEST, b'\x00\x00')
        self.until('PAP', lambda: PAP in self.up)
        self.ask(IPCP)
        self.until('IPCP', lambda: IPCP in self.up)

    def hang_up(self):
        self.control(LCP, TERMINATE, b'')
        try:
            self.until('the end', lambda: False)
        except Lost:
            pass

    # -- IP

    def packet(self, protocol, to, data):
        head = struct.pack('!BBHHHBBH4s4s', 0x45, 0, 20 + len(data), 0, 0x4000, 64, protocol, 0,
                           octets(self.address), octets(to))
        self.send(IP, head[:10] + struct.pack('!H', checksum(head)) + head[12:] + data)

    def pseudo(self, protocol, to, data):
        return octets(self.address) + octets(to) + struct.pack('!HH', protocol, len(data)) + data

    def next(self, protocol, seconds=PATIENCE):
        """What the next IP packet of that protocol carries, and where it is from; None: nothing comes."""
        end = time.monotonic() + seconds
        while True:
            while self.waiting:
                p = self.waiting.pop(0)
                assert checksum(p[:20]) == 0 and p[16:20] == octets(self.address), p
                if p[9] == protocol:
                    return p[20:], dotted(p[12:16])
            if time.monotonic() > end:
                return None
            self.serve(min(0.1, seconds))

    def ping(self, to, seconds=PATIENCE):
        echo = struct.pack('!BBHHH', 8, 0, 0, 7, 1) + b'fauxtrack'
        self.packet(1, to, echo[:2] + struct.pack('!H', checksum(echo)) + echo[4:])
        got = self.next(1, seconds)
        return bool(got) and got[0][0] == 0 and got[0][8:] == b'fauxtrack'

    def look_up(self, name, seconds=PATIENCE):
        """The address; None: the name server does not know it; '': it says nothing."""
        question = struct.pack('!6H', 77, 0x100, 1, 0, 0, 0) + b''.join(
            bytes([len(n)]) + n.encode() for n in name.split('.')) + b'\0\0\1\0\1'
        self.packet(17, self.dns[0], struct.pack('!4H', 5353, 53, 8 + len(question), 0) + question)
        got = self.next(17, seconds)
        if not got:
            return ''
        answer = got[0][8:]
        assert got[1] == self.dns[0] and answer[:2] == b'\0\x4d', got
        return dotted(answer[-4:]) if answer[3] & 15 == 0 else None

    def segment(self, flags, to, ports, numbers, data=b''):
        p = struct.pack('!HHIIBBHHH', *ports, *(n & 0xffffffff for n in numbers), 0x50, flags, 65535, 0, 0) + data
        sum_ = checksum(self.pseudo(6, to, p))
        self.packet(6, to, p[:16] + struct.pack('!H', sum_) + p[18:])

    def fetch(self, to, port, request, seconds=PATIENCE):
        """Sends a request by TCP and returns all that comes; None: reset, or no answer."""
        self.port += 1
        ports, sent, heard, body = (self.port, port), 1000, 0, b''
        self.segment(SYN, to, ports, (sent, 0))
        sent += 1
        while True:
            got = self.next(6, seconds)
            if not got:
                return None
            p = got[0]
            theirs, mine, flags = struct.unpack('!I', p[4:8])[0], struct.unpack('!HH', p[:4]), p[13]
            if mine != (port, self.port):
                continue
            data = p[4 * (p[12] >> 4):]
            if flags & RST:
                return None
            if flags & SYN:
                heard = theirs + 1
                self.segment(ACKED | PSH, to, ports, (sent, heard), request)
                sent += len(request)
                continue
            if theirs != heard & 0xffffffff:
                continue
            body += data
            heard += len(data) + (flags & FIN)
            if flags & FIN:
                self.segment(ACKED | FIN, to, ports, (sent, heard))
                return body
            if data:
                self.segment(ACKED, to, ports, (sent, heard))
