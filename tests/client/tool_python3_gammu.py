# python3-gammu, a program as its manual shows: EncodeSMS, SendSMS, GetNextSMS, DecodeSMS. What it
# sends is judged by the outbox; the same comes back to it and must be the same.
from clienttest import *  # noqa: F403

FRIEND = '+33612345678'

PROGRAM_TEXT = r'''
import gammu, json, sys
config, what = sys.argv[1], json.load(sys.stdin)
s = gammu.StateMachine()
s.ReadConfig(Filename=config)
s.Init()
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


@case('python3-gammu', [R663, R74, M1306B, FXT], [R74], speed='max', user=NOBODY)
def messages_out_and_back(m):
    alphabet = (GSM7 + EXTENSION).replace('\r', '').replace('\n', ' ')
    talk(m, 'AT+CMEE=1', 'AT+CSCS="HEX"', 'AT&W')
    for text in (alphabet, TEN_PARTS):
        m.sms(FRIEND, text)
    until('11 messages stored', lambda: m.state()['messages']['SM']['used'] == 11)
    config = m.file('gammurc', f'[gammu]\ndevice = {m.path}\nconnection = at115200\n'
                    'synchronizetime = no\nchecksecurity = 0\n')
    program = m.file('dialogue.py', PROGRAM_TEXT)
    out = m.run('/usr/bin/python3', program, config, data=json.dumps(
        {'to': FRIEND, 'texts': [[alphabet, False], [TEN_PARTS, True]]})).good().out
    told = json.loads(out.splitlines()[-1])
    equal(told['texts'], [alphabet, TEN_PARTS], 'what it has received')
    equal([o['text'] for o in m.has_sent(2)], [alphabet, TEN_PARTS], 'what it has sent')
    m.did('the whole alphabet, ten parts with emoji, both ways')
