# gsm-utils under exec --lines: it clears and sets DTR at the start, and gives up where that fails.
# gsmctl's `op`, `all`, forwarding and locking are left out: its parser refuses the modem's list of operators.
from clienttest import *  # noqa: F403

ALL = [R663, R74, M1306B, FXT]


@case('gsm-utils', ALL, user=NOBODY, kind=Supervised)
def gsmctl(m):
    at = m.state()['registration']
    out = m.run('gsmctl', '-d', m.path, '-b', '115200', 'me', 'sig', 'currop').good().out
    holds(f'^<ME0>  Manufacturer: {m.maker.strip()}', out, 'manufacturer')
    holds(r'^<ME3>  Serial Number: \d{15}', out, 'IMEI')
    holds(f'^<SIG0>  {at["rssi"]}$', out, 'signal')
    m.did('identity, signal')


@case('gsm-utils', ALL, user=NOBODY, kind=Supervised)
def gsmsendsms(m):
    m.run('gsmsendsms', '-d', m.path, '-b', '115200', '+33612345678', 'Hello from gsm-utils').good()
    equal([(o['to'], o['text']) for o in m.has_sent(1)], [('+33612345678', 'Hello from gsm-utils')], 'outbox')
    m.did('a message')


# gsmpb reads each entry by itself, and an empty one is +CME ERROR: 22.
FOUR = [R74, M1306B, FXT]  # whose SIM has four entries
FULL_BOOK = ['sim.books.SM.capacity=4', 'sim.books.SM.entries.3.index=4']


@case('gsm-utils', FOUR, user=NOBODY, kind=Supervised, sets=FULL_BOOK)
def gsmpb(m):
    out = m.run('gsmpb', '-b', '115200', '-p', 'SM', '-s', m.path, '-d', '-').good().out
    equal(sorted(out.splitlines()), ['|Alice|+33612345678', '|Bob|+33698765432', '|Jacky|01290917',
                                     '|Office|0145678901'], 'the SIM')
    book = m.file('book', out.replace('Bob', 'Robert'))
    m.run('gsmpb', '-b', '115200', '-p', 'SM', '-s', book, '-d', m.path, '-y').good()
    out = m.run('gsmpb', '-b', '115200', '-p', 'SM', '-s', m.path, '-d', '-').good().out
    holds(r'^\|Robert\|\+33698765432', out, 'the changed entry')
    m.did('phonebook: list, write')


@case('gsm-utils', FOUR, user=NOBODY, kind=Supervised)
def gsmpb_gives_up_at_an_empty_entry(m):
    m.meant.add('AT+CPBR=4<00>')
    done = m.run('gsmpb', '-b', '115200', '-p', 'SM', '-s', m.path, '-d', '-')
    equal(done.status, 1, 'status')
    holds("'not found' \\(code 22\\)", done.out, 'what it says')
    m.did('phonebook with an empty entry: gives up, as a Wavecom answers +CME ERROR: 22')
