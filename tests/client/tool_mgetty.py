# mgetty as root under exec --lines: it drops DTR, sets modem lines, answers a data call and asks who is there.
from clienttest import *  # noqa: F403

ALL = [R663, R74, M1306B, FXT]


@case('mgetty', ALL, user=None, kind=Supervised)
def login_prompt(m):
    if os.getuid():
        raise Skip('mgetty needs root')
    m.begin_tool('mgetty', '-D', '-b', '-x', '5', '-s', '115200', m.pts)
    until('mgetty waits for a call', lambda: re.search(r'> (\S*)AT\\r', m.trace()))
    m.wait('opened')
    m.act('ring', **{'from': '+33612345678', 'as': 'data'})
    until('a login prompt', lambda: 'login: ' in m.trace())
    equal(m.state()['port']['dcd'], True, 'DCD')
    m.act('hangup')
    m.did('drops DTR, answers a data call, login prompt')
    m.kill_tool()
