"""Tests of a host that sends and receives short messages, and of one that sets the band."""
import pytest

import at


def test_a_message_goes_out(fauxtrack):
    modem = fauxtrack(speed='max')
    with at.Port(modem.port) as port:
        port.command('AT+CMGF=1')
        port.command('AT+CMGS="+33612345678"', text='hello')
    sent = modem.outbox()
    assert [(m['to'], m['text']) for m in sent] == [('+33612345678', 'hello')]


def test_a_message_comes_in(fauxtrack):
    modem = fauxtrack(speed='max')
    with at.Port(modem.port) as port:
        port.command('AT+CMGF=1')
        port.command('AT+CNMI=2,1')
        modem.ctl('sms', **{'from': '+1555', 'text': 'hi there'})
        modem.wait('at=+CMTI: "SM",')
        index = port.line('+CMTI:').rpartition(',')[2]
        assert 'hi there' in port.command(f'AT+CMGR={index}')


def test_a_modem_whose_band_is_wrong(fauxtrack):
    modem = fauxtrack(set=['network=americas'], speed='max')
    assert modem.state('registration.registered') is False
    with at.Port(modem.port) as port:
        port.command('AT+WMBS=4,1')
    modem.wait('registered')


def test_no_sim(fauxtrack):
    modem = fauxtrack(profile='fastrack-supreme-20-r74-no-sim')
    with at.Port(modem.port) as port, pytest.raises(at.Error, match='10'):
        port.command('AT+CMEE=1;+CPIN?')
