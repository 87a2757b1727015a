# mono's SerialPort under exec --lines: Open() fails where TIOCMGET does. The program is compiled by the test.
from clienttest import *  # noqa: F403

ALL = [R663, R74, M1306B, FXT]

PROGRAM_CS = r'''using System;
using System.IO.Ports;
class P {
	static SerialPort p;
	static string Ask(string line) {
		var got = "";
		p.Write(line + "\r");
		while (!got.EndsWith("\r\nOK\r\n")) got += (char)p.ReadByte();
		return got.Replace("\r", "").Replace("\n", "|");
	}
	static void Main(string[] a) {
		p = new SerialPort(a[0], 115200, Parity.None, 8, StopBits.One);
		p.ReadTimeout = 20000;
		p.DtrEnable = p.RtsEnable = true;
		p.Open();
		Console.WriteLine("cts={0} cd={1}", p.CtsHolding, p.CDHolding);
		Console.WriteLine(Ask("AT+CGMI"));
		p.DtrEnable = false;
		Console.WriteLine("dtr={0}", p.DtrEnable);
		Console.ReadLine();
		p.DtrEnable = true;
		Console.WriteLine(Ask("AT"));
		p.BreakState = true;
		p.BreakState = false;
		p.Close();
	}
}
'''


@case('mono-runtime', ALL, user=NOBODY, kind=Supervised)
def serial_port(m):
    source, program = m.file('p.cs', PROGRAM_CS), m.folder + '/p.exe'
    m.run('mcs', '-out:' + program, source).good('the compiler')
    out = m.run('mono', program, m.path, data='\n').good().out
    holds('^cts=True cd=False$', out, 'modem lines')
    holds(rf'^AT\+CGMI\|{m.maker}\|\|OK\|$', out, 'a command')
    holds('^dtr=False\nAT\\|OK\\|$', out, 'DTR')
    holds(r'# dtr: off\n(.*\n)*.*# dtr: on\n', m.trace(), 'DTR at the modem')
    m.did('System.IO.Ports: lines, a command, DTR, break')
