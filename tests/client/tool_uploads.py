# Each XMODEM sender sends a firmware image and nothing goes wrong; test_senders.py has the faults.
from clienttest import *  # noqa: F403
from senders import SENDERS, holds_file, image, wait_for_file

SIZE = 200000


def add(sender):
    @case(sender.package, [R663, R74, M1306B, FXT], speed='max', user=NOBODY)
    def upload(m):
        firmware = m.state()['flash']['firmware']
        name, sha256 = image(firmware, 'firmware', SIZE, m.profile)
        wait_for_file(m)
        sender.send(m, name, hasty=False).good(sender.name)
        holds_file(m, 'firmware', sha256)
        # the modem starts the received firmware
        talk(m, 'AT+CFUN=1')
        until('the new firmware to start', lambda: m.state()['power'] == 'on')
        m.did(f'{sender.name}: firmware of {SIZE // 1000} kB over AT+WDWL')
    CASES[-1].name = f'upload by {sender.name}'


for one in SENDERS:
    add(one)
