# python3-gammu, in programs as its manual shows: EncodeSMS, SendSMS, GetNextSMS, DecodeSMS. The outbox
# must have what they send; the same texts are sent to them and must arrive unchanged. Init() restarts the
# modem with AT+CFUN=1: at the modem's own speed the next command is lost, so there the programs first
# ask for the manufacturer.
import tool_gammu
from clienttest import *  # noqa: F403

FRIEND = '+33612345678'

def early(m):
    """The last argument of a program, which it needs at the modem's own speed."""
    if m.speed != '1':
        return []
    m.helped('GetManufacturer first')
    return ['early']


PROGRAM_TEXT = r'''
import gammu, json, sys
config, what = sys.argv[1], json.load(sys.stdin)
s = gammu.StateMachine()
s.ReadConfig(Filename=config)
s.Init()
if "early" in sys.argv:
    s.GetManufacturer()
for text, unicode in what["texts"]:
    info = {"Class": -1, "Unicode": unicode,
            "Entries": [{"ID": "ConcatenatedTextLong", "Buffer": text}]}
    for message in gammu.EncodeSMS(info):
        message["SMSC"] = {"Location": 1}
        message["Number"] = what["to"]
        s.SendSMS(message)
got, start = [], True
while True:
    try:
        got += [s.GetNextSMS(Folder=0, Start=True) if start
                else s.GetNextSMS(Folder=0, Location=got[-1][0]["Location"])]
        start = False
    except gammu.ERR_EMPTY:
        break
whole = []
for parts in gammu.LinkSMS(got):
    told = gammu.DecodeSMS(parts)
    whole.append(parts[0]["Text"] if told is None else
                 "".join(e["Buffer"] for e in told["Entries"] if e["Buffer"]))
print(json.dumps({"imei": s.GetIMEI(), "texts": whole}))
s.Terminate()
'''


@case('python3-gammu', [R663, R74, M1306B, FXT], [R74], speed='max')
def messages_out_and_back(m):
    tool_gammu.prepare(m)
    m.act('sms', pdu=alphabet_deliver())
    m.sms(FRIEND, TEN_PARTS)
    until('11 messages stored', lambda: m.state()['messages']['SM']['used'] == 11)
    config = m.file('gammurc', f'[gammu]\ndevice = {m.path}\nconnection = at115200\n'
                    'synchronizetime = no\n')
    program = m.file('dialogue.py', PROGRAM_TEXT)
    out = m.run('/usr/bin/python3', program, config, *early(m), data=json.dumps(
        {'to': FRIEND, 'texts': [[ALPHABET, False], [TEN_PARTS, True]]})).good().out
    told = json.loads(out.splitlines()[-1])
    equal(told['texts'], [ALPHABET, TEN_PARTS], 'what it has received')
    equal([o['text'] for o in m.has_sent(2)], [ALPHABET, TEN_PARTS], 'what it has sent')
    m.did('the whole alphabet, ten parts with emoji, both ways')


CALLS = r'''
import gammu, sys
s = gammu.StateMachine()
s.ReadConfig(Filename=sys.argv[1])
s.Init()
if "early" in sys.argv:
    s.GetManufacturer()
told = []
s.SetIncomingCallback(lambda machine, kind, data: told.append((kind, data)))
s.SetIncomingCall(True)
def until(status):
    while not any(k == "Call" and d["Status"] == status for k, d in told):
        s.ReadDevice(True)
print("dial", flush=True)
s.DialVoice("0146290800")
s.CancelCall(0, True)
del told[:]
print("wait", flush=True)
until("IncomingCall")
print(told[-1][1]["Number"], flush=True)
s.AnswerCall(0, True)
sys.stdin.readline()
s.CancelCall(0, True)
s.Terminate()
'''


@case('python3-gammu', [R663, R74, M1306B, FXT], [], speed='max')
def calls(m):
    config = m.file('gammurc', f'[gammu]\ndevice = {m.path}\nconnection = at115200\n'
                    'synchronizetime = no\n')
    tool = m.start_tool(['/usr/bin/python3', m.file('calls.py', CALLS), config, *early(m)],
                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        equal(tool.stdout.readline(), 'dial\n', 'first it dials')
        equal(tool.stdout.readline(), 'wait\n', 'then it waits')
        calls = re.findall('# call: (.*)', m.trace())
        equal(calls, ['dialing (1)', 'alerting (1)', 'active (1)', 'free (1)'], 'the first call')
        m.act('ring', **{'from': FRIEND})
        equal(tool.stdout.readline(), FRIEND + '\n', 'who calls')
        m.wait('calls.0.state=active')
        tool.stdin.write('enough\n')
        tool.stdin.flush()
        equal(tool.wait(DEADLINE), 0, 'its end')
        equal(m.state()['calls'], [], 'calls left')
    finally:
        m.end_tool(tool)
    m.did('dial, hang up, be called, answer')


BINARY = r'''
import gammu, json, sys
s = gammu.StateMachine()
s.ReadConfig(Filename=sys.argv[1])
s.Init()
if "early" in sys.argv:
    s.GetManufacturer()
header, data = bytes.fromhex(sys.argv[3]), bytes.fromhex(sys.argv[4])
s.SendSMS({"SMSC": {"Location": 1}, "Number": sys.argv[2], "Coding": "8bit", "Text": data,
           "UDH": {"Type": "UserUDH", "Text": header}, "Class": -1})
got = s.GetNextSMS(Folder=0, Start=True)[0]
print(got["Coding"], got["UDH"]["Text"].hex(), got["Text"].hex())
s.Terminate()
'''


@case('python3-gammu', [R663, R74, M1306B, FXT], [], speed='max')
def binary_to_a_port(m):
    m.act('sms', pdu=PORT_DELIVER)
    config = m.file('gammurc', f'[gammu]\ndevice = {m.path}\nconnection = at115200\n'
                    'synchronizetime = no\n')
    out = m.run('/usr/bin/python3', m.file('binary.py', BINARY), config, FRIEND,
                PORT_HEADER.hex(), PORT_DATA.hex(), *early(m)).good().out
    equal(out.split(), ['8bit', PORT_HEADER.hex(), PORT_DATA.hex()], 'what it has received')
    equal(m.has_sent(1)[0]['pdus'], [PORT_SUBMIT], 'what it has sent')
    m.did('port 2948, every byte above 127, both ways')
