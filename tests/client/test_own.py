#!/usr/bin/python3
"""test_own.py FAUXTRACK [CASE...]: the modems of examples/profiles, which are YAML alone, with gammu, smstools,
ModemManager and a host that does what python-gsmmodem does. On the modem of another make they may meet no ERROR, but
where YAML cannot help it."""
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import clienttest  # noqa: E402
import device  # noqa: E402
import tool_dialogues  # noqa: E402
import tool_gammu  # noqa: E402
import tool_modemmanager  # noqa: E402
import tool_smstools  # noqa: E402
from clienttest import case, equal, holds, NOBODY, until  # noqa: E402

clienttest.CASES.clear()  # those of the tools on other modems
OWN = os.path.join(os.path.dirname(os.path.dirname(HERE)), 'examples', 'profiles')
Q2403A = os.path.join(OWN, 'q2403a', 'q2403a-r641b.yaml')
METER = os.path.join(OWN, 'meter', 'meter-supreme.yaml')
SIM800 = os.path.join(OWN, 'sim800-like', 'sim800-like.yaml')
FRIEND, CALLER = '+33612345678', '+33698765432'


def no_error(m, but=()):
    """Nothing that the tool has sent was refused, except these: profiles/README.md says why they are."""
    lines = {line for line, _ in clienttest.refused(m.traces)}
    equal(sorted(lines), sorted(but), 'refused commands')


@case('gammu', [Q2403A], [Q2403A], speed='max', speeds=())
def a_wavecom_that_is_not_shipped(m):
    out = tool_gammu.gammu(m, 'identify')
    equal([tool_gammu.value(out, w) for w in ('Manufacturer', 'Firmware', 'IMEI')],
          ['Wavecom', '641b09gg.Q2403A 1320676 061804 14:38', '001017000024037'], 'identify')
    holds(r'^Model +: MULTIBAND  900E  1800 ', out, 'model')
    tool_gammu.gammu(m, 'sendsms', 'TEXT', FRIEND, '-text', 'hello')
    equal(m.has_sent(1)[0]['text'], 'hello', 'sent')


@case('dialogues', [METER], [METER], user=NOBODY, speeds=())
def a_meter_reader(m):
    with tool_dialogues.Host(m, unasked=('+MTRALM: 1', '+WIND', 'METER')) as h:
        equal(h.ask('AT+MTRID?'), ['+MTRID: "EM-100","004711"', 'OK'], 'fixed')
        equal(h.ask('AT+MTRREG=3'), ['+MTRREG: 3,"00012345.6","kWh"', 'OK'], '{1}')
        equal(h.ask('AT+MTRREG=5', bears=['ERROR'])[-1], 'ERROR', 'out of range')
        equal(h.ask('AT+MTRPER=60'), ['OK'], 'kept')
        m.act('say', 'cover')
        equal(h.comes(r'^\+MTRALM: 1,"(.*)"$').group(1), 'COVER OPEN', 'an alarm')
    m.stop()
    m.start()
    with tool_dialogues.Host(m) as h:
        equal(h.ask('AT+MTRPER?'), ['+MTRPER: 60', 'OK'], 'kept across power-off')


@case('dialogues', [METER], [METER])
def a_command_more_is_one_entry_in_one_file(m):
    m.stop()
    shutil.copytree(os.path.dirname(METER), m.folder + '/mine')
    path = m.folder + '/mine/applications/meter-reader.yaml'
    with open(path, encoding='utf-8') as f:
        text = f.read()
    m.file('mine/applications/meter-reader.yaml', text.replace(
        '\ncommands:\n', '\ncommands:\n  "+MTRVER": { forms: { exec: "+MTRVER: 2.03" } }\n'))
    m.profile = m.folder + '/mine/meter-supreme.yaml'
    listed = subprocess.run([clienttest.PROGRAM, 'list', 'commands', '--profile', m.profile], check=True,
                            stdout=subprocess.PIPE, text=True).stdout
    holds(r'^\+MTRVER +E--- .* applications/meter-reader.yaml:\d+', listed, 'list commands')
    m.start()
    with tool_dialogues.Host(m) as h:
        equal(h.ask('AT+MTRVER'), ['+MTRVER: 2.03', 'OK'], 'the new command')


@case('gammu', [SIM800], [SIM800], speed='max', speeds=())
def gammu_on_another_make(m):
    out = tool_gammu.gammu(m, 'identify')
    holds('SIM800', tool_gammu.value(out, 'Model'), 'model')
    tool_gammu.gammu(m, 'sendsms', 'TEXT', FRIEND, '-text', 'hello')
    equal(m.has_sent(1)[0]['text'], 'hello', 'sent')
    m.sms(FRIEND, 'to you')
    until('the message', lambda: m.state()['messages']['SM']['used'])
    holds('^to you$', tool_gammu.gammu(m, 'geteachsms'), 'received')
    no_error(m)


@case('smstools', [SIM800], [SIM800], speeds=())
def smstools_on_another_make(m):
    with tool_smstools.Smsd(m) as smsd:
        smsd.put('one', 'hello')
        equal(m.has_sent(1)[0]['text'], 'hello', 'sent')
        m.sms(FRIEND, 'in 1')
        until('the message in a file', smsd.read)
    no_error(m)


@case('modemmanager', [SIM800], [SIM800], user=None, speeds=())
def modemmanager_on_another_make(m):
    with tool_modemmanager.Manager(m, device.serial) as o:
        equal([o.get('modem.generic.' + w) for w in ('plugin', 'manufacturer', 'model')],
              ['generic', 'SIMCOM_Ltd', 'SIMCOM_SIM800L'], 'identity')
        o.mmcli('-s', o.made(f"--messaging-create-sms=text='plain',number='{FRIEND}'"), '--send')
        equal(m.has_sent(1)[0]['text'], 'plain', 'sent')
        m.sms(CALLER, 'to you')
        until('the message', lambda: 'received' in o.modem('--messaging-list-sms'))
    no_error(m, [f'AT+CSIM=10,"00{what}00{which}100"' for what in ('20', '2C') for which in ('0', '8')])


@case('dialogues', [SIM800], [SIM800], user=NOBODY, speeds=())
def like_python_gsmmodem_on_another_make(m):
    """Its connect(): with AT+CLAC it takes the modem for none that it knows."""
    with tool_dialogues.Host(m) as h:
        for line in ('ATZ', 'ATE0'):
            h.ask(line)
        equal(h.ask('AT+CFUN?')[0], '+CFUN: 1', 'AT+CFUN?')
        h.ask('AT+CMEE=1')
        equal(h.ask('AT+CPIN?'), ['+CPIN: READY', 'OK'], 'AT+CPIN?')
        listed = h.ask('AT+CLAC')
        equal(len(listed), 2, 'lines of AT+CLAC')
        commands = listed[0].removeprefix('+CLAC:').split(',')
        assert '+VTS' in commands and '+WIND' not in commands, commands
        equal(h.ask('AT+CGMI')[0], 'SIMCOM_Ltd', 'AT+CGMI')
        equal(h.ask('AT+ZPAS?', bears=['ERROR']), ['ERROR'], 'AT+ZPAS?: only a ZTE has it')
        for line in ('AT+COPS=3,0', 'AT+CMGF=0'):
            h.ask(line)
        holds(r'^\+CSCA: "([^,]+)",(\d+)$', h.ask('AT+CSCA?')[0], 'AT+CSCA?')
        h.ask('AT+CSMP=49,167,0,0')
        holds(r'^\+CSCA: ', h.ask('AT+CSCA?')[0], 'AT+CSCA?')
        groups = h.ask('AT+CPMS=?')[0].split(' ', 1)[1].split('),(')
        memories = [next(w for w in ('"ME"', '"SM"', '"SR"') if w in g) for g in groups]
        h.ask('AT+CPMS=' + ','.join(memories))
        for line in ('AT+CNMI=2,1,0,2', 'AT+CLIP=1', 'AT+CRC=1', 'AT+CVHU=0'):
            h.ask(line)
        m.sms(CALLER, 'to you')
        place = h.comes(r'^\+CMTI:\s*"([^"]+)",(\d+)$')
        h.ask(f'AT+CPMS="{place.group(1)}"')
        came = h.ask(f'AT+CMGR={place.group(2)}')
        holds('F43728FFAE03$', came[1], 'its text')
    no_error(m, ['AT+ZPAS?'])


clienttest.main()
