/* host/field: each reader of logs finds the bytes, times and directions of a small log, and
 * says what it is not sure of. */
#include "log_rig.h"

static void assert_reads(
	const char *bytes, size_t len, const char *format, const char *wanted)
{
	char *text = log_bytes_as_text(bytes, len, format);

	assert_string_equal(text, wanted);
	free(text);
}

/* --- programs ------------------------------------------------------------------------
 */

static void modemmanager(void **state)
{
	(void)state;
	assert_log("<debug> [1640636601.510000] [ttyUSB0/at] device open count is 1\n"
		   "<debug> [1640636601.510418] [ttyUSB0/at] --> 'AT+CSQ<CR>'\n"
		   "<debug> [1640636601.530418] [ttyUSB0/at] <-- '<CR><LF>+CSQ:\n"
		   "22,0<CR><LF><CR><LF>OK<CR><LF>'\n"
		   "<debug> [1640636601.540000] [ttyUSB1/at] --> 'AT<CR>'\n"
		   "<debug> (ttyUSB0): --> 'AT+CMGS=1<CR>a\\26'\n"
		   "nonsense\n",
		"modemmanager: 6 of 7 lines understood\n"
		"5: another port than most lines; left out\n"
		"7: not understood\n"
		"2 > 0.000000 AT+CSQ\\r\n"
		"3 < 0.020000 \\r\\n+CSQ: 22,0\\r\\n\\r\\nOK\\r\\n (the log was wrapped "
		"there; a space is assumed)\n"
		"6 > - AT+CMGS=1\\ra<1A>\n");
}

static void kannel(void **state)
{
	(void)state;
	assert_log("2012-06-29 23:59:59 [9] [6] DEBUG: AT2[a]: --> AT+CMGS=1^M\n"
		   "2012-06-29 23:59:59 [9] [6] DEBUG: AT2[a]: <-- AT+CMGS=1\n"
		   "2012-06-29 23:59:59 [9] [6] DEBUG: AT2[a]: <-- >\n"
		   "2012-06-30 00:00:01 [9] [6] DEBUG: AT2[a]: \xe2\x80\x93> 00\n"
		   "2012-06-30 00:00:01 [9] [6] DEBUG: AT2[a]: --> ^Z\n"
		   "2012-06-30 00:00:02 [9] [6] ERROR: AT2[a]: Generic error\n"
		   "2012-06-30 00:00:02 [9] [6] DEBUG: AT2[a]: <-- ERROR\n",
		"kannel: 7 of 7 lines understood\n"
		"1 > 0.000000 AT+CMGS=1\\r\n"
		"2 < 0.000000 AT+CMGS=1\\r\n"
		"3 < 0.000000 \\r\\n> \n"
		"4 > 2.000000 00 (typographic characters were replaced)\n"
		"5 > 2.000000 <1A>\n"
		"7 < 3.000000 \\r\\nERROR\\r\\n\n");
}

static void smstools(void **state)
{
	(void)state;
	assert_log(
		"2013-07-27 07:30:11,7, GSM1: -> AT+CMGR=1\n"
		"2013-07-27 07:30:11,7, GSM1: Command is sent, waiting for the answer\n"
		"2013-07-27 07:30:12,7, GSM1: <- AT+CMGR=1 +CMGR: 1,,22 "
		"07913336990000F00B OK\n"
		"2013-07-27 07:30:12,7, GSM1: -> AT+CMGS=1\n"
		"2013-07-27 07:30:12,7, GSM1: <- >\n"
		"2013-07-27 07:30:12,7, GSM1: -> 00\n"
		"2013-07-27 07:30:12,7, GSM1: <- +CMS ERROR: 512\n",
		"smstools: 7 of 7 lines understood\n"
		"1 > 0.000000 AT+CMGR=1\\r\n"
		"3 < 1.000000 AT+CMGR=1\\r\n"
		"3 < 1.000000 \\r\\n+CMGR: 1,,22 07913336990000F00B\\r\\n (the log has "
		"joined "
		"lines; taken apart by their form)\n"
		"3 < 1.000000 \\r\\nOK\\r\\n (the log has joined lines; taken apart by "
		"their "
		"form)\n"
		"4 > 1.000000 AT+CMGS=1\\r\n"
		"5 < 1.000000 \\r\\n> \n"
		"6 > 1.000000 00<1A> (Ctrl-Z at the end of the text is assumed)\n"
		"7 < 1.000000 \\r\\n+CMS ERROR: 512\\r\\n\n");
}

static void gnokii(void **state)
{
	(void)state;
	assert_log("GNOKII Version 0.6.27\n"
		   "write: [ATE1<cr>]\n"
		   "read : [ATE1<cr><cr><lf>OK<cr><lf>]\n"
		   "write: [00<1a>]\n",
		"gnokii: 4 of 4 lines understood\n"
		"2 > - ATE1\\r\n"
		"3 < - ATE1\\r\\r\\nOK\\r\\n\n"
		"4 > - 00<1A>\n");
}

static void python(void **state)
{
	(void)state;
	assert_log("INFO: Connecting\n"
		   "DEBUG: write: AT+CSCA?\n"
		   "DEBUG: response: ['AT+CSCA?\\r', '+CSCA: \"+33639980000\",145', "
		   "\"it's\", 'OK']\n",
		"python: 3 of 3 lines understood\n"
		"2 > - AT+CSCA?\\r\n"
		"3 < - AT+CSCA?\\r\n"
		"3 < - \\r\\n+CSCA: \"+33639980000\",145\\r\\n\n"
		"3 < - \\r\\nit's\\r\\n\n"
		"3 < - \\r\\nOK\\r\\n\n");
}

static void gammu(void **state)
{
	(void)state;
	assert_log(
		"Wed 2023/11/29 08:46:57: Escaping SMS mode\n"
		"Wed 2023/11/29 08:46:57: SENDING frame type 0x00/length 0x03/3\n"
		"Wed 2023/11/29 08:46:57: 41A|54T|0D                      AT.\n"
		"Wed 2023/11/29 08:46:58: 1 \"AT\"\n"
		"Wed 2023/11/29 08:46:58: RECEIVED frametype 0x00/length 0x13/19\n"
		"Wed 2023/11/29 08:46:58: 0D |0A |2B+|43C|53S|51Q|3A:|20 |300|0D |0A |0D "
		"|0A |4FO|4BK|0D  ..+CSQ: 0....OK.\n"
		"Wed 2023/11/29 08:46:58: 0A |20 |41A                     . A\n"
		"Wed 2023/11/29 08:46:59: SENDING frame type 0x00/length 0x05/5\n"
		"Wed 2023/11/29 08:46:59: 41A|54T\n"
		"Wed 2023/11/29 08:46:59: Leaving\n",
		"gammu: 10 of 10 lines understood\n"
		"9: the frame is shorter than its length says\n"
		"3 > 0.000000 AT\\r\n"
		"6 < 1.000000 \\r\\n+CSQ: 0\\r\\n\\r\\nOK\\r\\n A\n"
		"9 > 2.000000 AT\n");
}

static void strace(void **state)
{
	(void)state;
	assert_log(
		"7  10:00:00.000100 openat(AT_FDCWD, \"/etc/rc\", O_RDONLY) = 3\n"
		"7  10:00:00.000200 read(3, \"AT=1\", 99) = 4\n"
		"7  10:00:00.000300 close(3)      = 0\n"
		"7  10:00:00.001000 open(\"/dev/ttyS0\", O_RDWR) = 3\n"
		"7  10:00:00.002000 dup2(3, 5)    = 5\n"
		"7  10:00:00.003000 write(5, \"AT\\r\", 3) = 3\n"
		"8  10:00:00.003100 read(3,  <unfinished ...>\n"
		"7  10:00:00.003200 write(1, \"AT\\n\", 3) = 3\n"
		"8  10:00:00.004000 <... read resumed>\"\\r\\nO\\x4b\\15\\n\", 9) = 6\n"
		"7  10:00:00.005000 read(3, 0x7f, 9) = -1 EAGAIN (Try again)\n"
		"7  10:00:00.006000 writev(3, [{iov_base=\"AT\", iov_len=2}, "
		"{iov_base=\"I\\r\", iov_len=2}], 2) = 4\n"
		"7  10:00:00.007000 read(3, \"\\r\\nWAVE\"..., 99) = 60\n"
		"what\n",
		"strace: 12 of 13 lines understood\n"
		"13: not understood\n"
		"6 > 0.000000 AT\\r\n"
		"9 < 0.001000 \\r\\nOK\\r\\n\n"
		"11 > 0.003000 AT\n"
		"11 > 0.003000 I\\r\n"
		"12 < 0.004000 \\r\\nWAVE (strace has cut the string; use -s 4096)\n");
}

static void strace_of_an_open_port(void **state)
{
	(void)state;
	assert_log("[pid  12] write(4, \"AT\\r\", 3) = 3\n"
		   "[pid  12] read(4, \"\\r\\nOK\\r\\n\", 9) = 6\n"
		   "[pid  12] read(3, \"else\", 9) = 4\n",
		"strace: 3 of 3 lines understood\n"
		"1: the port was open before; its descriptor is the one that commands "
		"are "
		"written to\n"
		"1 > - AT\\r\n"
		"2 < - \\r\\nOK\\r\\n\n");
}

static void times_of_strace(void **state)
{
	(void)state;
	assert_log("1700000000.100000 write(4, \"AT\\r\", 3) = 3\n"
		   "1700000000.350000 read(4, \"OK\", 9) = 2\n",
		"strace: 2 of 2 lines understood\n"
		"1: the port was open before; its descriptor is the one that commands "
		"are "
		"written to\n"
		"1 > 0.000000 AT\\r\n"
		"2 < 0.250000 OK\n");
	/* -r: since the call before */
	assert_log("     0.000000 write(4</dev/ttyS0>, \"AT\\r\", 3) = 3\n"
		   "     0.250000 poll([{fd=4}], 1, 9) = 1\n"
		   "     0.250000 read(4</dev/ttyS0>, \"OK\", 9) = 2\n",
		"strace: 3 of 3 lines understood\n"
		"1 > 0.000000 AT\\r\n"
		"3 < 0.500000 OK\n");
}

static void chat(void **state)
{
	(void)state;
	assert_log("Oct 19 08:35:11 a pppd[57]: started\n"
		   "Oct 19 08:35:12 a chat[58]: send (AT^M)\n"
		   "Oct 19 08:35:12 a chat[58]: expect (OK)\n"
		   "Oct 19 08:35:13 a chat[58]: AT^M^M\n"
		   "Oct 19 08:35:13 a chat[58]: OK\n"
		   "Oct 19 08:35:13 a chat[58]:  -- got it\n"
		   "Oct 19 08:35:13 a chat[58]: send (?????\?)\n",
		"chat: 7 of 7 lines understood\n"
		"7: what was sent is hidden\n"
		"2 > 0.000000 AT\\r\n"
		"4 < 1.000000 AT\\r\n"
		"5 < 1.000000 \\r\\nOK\\r\\n\n");
}

static void wvdial(void **state)
{
	(void)state;
	assert_log("--> Initializing modem.\n"
		   "--> Sending: ATZ\n"
		   "ATZ\n"
		   "OK\n"
		   "--> Sending: ATE0\n"
		   "OK\n",
		"wvdial: 6 of 6 lines understood\n"
		"2 > - ATZ\\r\n"
		"3 < - ATZ\\r\n"
		"4 < - \\r\\nOK\\r\\n\n"
		"5 > - ATE0\\r\n"
		"6 < - \\r\\nOK\\r\\n\n");
}

static void any_pair_of_marks(void **state)
{
	(void)state;
	assert_log("Start of the test\n"
		   "Tx[ AT+CREG?]\n"
		   "Rx[ +CREG: 0,1]\n"
		   "Rx[ ]\n"
		   "Rx[ OK]\n",
		"marked: 4 of 5 lines understood\n"
		"1: not understood\n"
		"2 > - AT+CREG?\\r\n"
		"3 < - \\r\\n+CREG: 0,1\\r\\n\n"
		"5 < - \\r\\nOK\\r\\n\n");
	assert_log("12-16-2009 10:28:51.906 - Send: AT<cr>\n"
		   "12-16-2009 10:28:51.984 - Recv: <cr><lf>OK<cr><lf>\n",
		"marked: 2 of 2 lines understood\n"
		"1 > 0.000000 AT\\r\n"
		"2 < 0.078000 \\r\\nOK\\r\\n\n");
	assert_log("SENT: b'AT\\r'\nRECV: b'\\r\\nOK\\r\\n'\n",
		"marked: 2 of 2 lines understood\n"
		"1 > - AT\\r\n"
		"2 < - \\r\\nOK\\r\\n\n");
	assert_log("11/30 12:00:01 yS0  send: AT[0d]\n"
		   "11/30 12:00:02 yS0  got: AT[0d][0d][0a]OK[0d][0a]\n",
		"marked: 2 of 2 lines understood\n"
		"1 > 0.000000 AT\\r\n"
		"2 < 1.000000 AT\\r\\r\\nOK\\r\\n\n");
	assert_log("2023/05/01 15:42:29 w: AT+CMGS=1\n"
		   "2023/05/01 15:42:29 r:\n"
		   "> \n"
		   "2023/05/01 15:42:30 w: 00\n"
		   "2023/05/01 15:42:31 r:\n"
		   "+CMS ERROR: 500\n",
		"marked: 6 of 6 lines understood\n"
		"1 > 0.000000 AT+CMGS=1\\r\n"
		"3 < - \\r\\n>  (direction as of the line before)\n"
		"4 > 1.000000 00<1A> (Ctrl-Z at the end of the text is assumed)\n"
		"6 < - \\r\\n+CMS ERROR: 500\\r\\n (direction as of the line before)\n");
	/* pieces of a command, without the ends of lines */
	assert_log("26/09/18 06:11:59 - TX: AT+CG\n"
		   "26/09/18 06:11:59 - RX: A\n"
		   "26/09/18 06:11:59 - RX: T+CG\n"
		   "26/09/18 06:12:00 - TX: MI\n"
		   "26/09/18 06:12:00 - RX: MIERROR\n",
		"marked: 5 of 5 lines understood\n"
		"1 > 0.000000 AT+CG (its CR comes in a later line, it seems)\n"
		"2 < 0.000000 A\n"
		"3 < 0.000000 T+CG\n"
		"4 > 1.000000 MI\\r\n"
		"5 < 1.000000 MI\\r\n"
		"5 < 1.000000 \\r\\nERROR\\r\\n\n");
	/* the prompt is logged late */
	assert_log("T : \"AT+CMGS=1\"\nT : \"00^Z\"\nF : \"> \"\nF : \"OK\"\n",
		"marked: 4 of 4 lines understood\n"
		"1 > - AT+CMGS=1\\r\n"
		"2 < - \\r\\n>  (the prompt is not in the log before the text; assumed)\n"
		"2 > - 00<1A>\n"
		"4 < - \\r\\nOK\\r\\n\n");
}

/* One exchange, as many programs write it. */
static void marks_of_many_forms(void **state)
{
	static const char *const logs[] = {
		"[Tx] AT\n[Rx] OK\n",
		"TX AT\nRX OK\n",
		"TX> AT\nRX> OK\n",
		">>> AT\n<<< OK\n",
		"> AT\n< OK\n",
		"modem <- AT\nmodem -> OK\n",
		"Sending AT\nReceived: OK\n",
		"sent 'AT\\r' to modem\nreceived '\\r\\nOK\\r\\n' from modem\n",
		"Command: \"AT\"\nResponse: \"OK\"\n",
		"host: AT<CR>\nmodem: <CR><LF>OK<CR><LF>\n",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(logs) / sizeof(logs[0]); i++)
		assert_log(logs[i], "marked: 2 of 2 lines understood\n"
				    "1 > - AT\\r\n"
				    "2 < - \\r\\nOK\\r\\n\n");
}

/* --- bytes ---------------------------------------------------------------------------
 */

static void hex_dumps(void **state)
{
	(void)state;
	assert_log("Request: 1/09/2009 14:02:06.02664 (+0.0000 seconds)\n\n"
		   " 41 54 0D                                          AT.\n\n"
		   "Answer: 1/09/2009 14:02:06.12664 (+0.1000 seconds)\n\n"
		   " 0D 0A 2B 43 53 51 3A 20 32 32 2C 30 0D 0A 0D 0A   ..+CSQ: 22,0....\n"
		   " 4F 4B 0D 0A                                       OK..\n",
		"hex: 5 of 5 lines understood\n"
		"3 > 0.000000 AT\\r\n"
		"7 < 0.100000 \\r\\n+CSQ: 22,0\\r\\n\\r\\nOK\\r\\n\n");
	assert_log("TX: 41 54 0D\nRX: 0d 0a 4f 4b\nRX: 0d 0a\n",
		"hex: 3 of 3 lines understood\n"
		"1 > - AT\\r\n"
		"2 < - \\r\\nOK\n"
		"3 < - \\r\\n\n");
}

static void socat(void **state)
{
	(void)state;
	assert_log("> 2013/10/23 17:10:28.917413  length=3 from=0 to=2\n"
		   "AT\\r"
		   "< 2013/10/23 17:10:28.921598  length=9 from=0 to=8\n"
		   "AT\\r\\r\nOK\\r\n",
		"socat: 4 of 4 lines understood\n"
		"1: socat's first address is taken for the host's\n"
		"2 > 0.000000 AT\\r\n"
		"3 < 0.004185 AT\\r\\r\\nOK\\r\\n\n");
	assert_log("> 2013/10/23 17:10:28.917413  length=4 from=0 to=3\n"
		   "AT\\r\n"
		   "< 2013/10/23 17:10:28.921598  length=9 from=0 to=8\n"
		   "AT\\r\\r\nOK\\r\n",
		"socat: 5 of 5 lines understood\n"
		"1: socat's first address is taken for the host's\n"
		"2 > 0.000000 AT\\r\\n\n"
		"4 < 0.004185 AT\\r\\r\\nOK\\r\\n\n");
	assert_log("> 2013/10/23 17:10:28.917413  length=3 from=0 to=2\n 41 54 0d\n--\n"
		   "< 2013/10/23 17:10:28.921598  length=2 from=0 to=1\n 4f 4b\n--\n",
		"hex: 4 of 6 lines understood\n"
		"3: not understood\n"
		"6: not understood\n"
		"2 > 0.000000 AT\\r\n"
		"5 < 0.004185 OK\n");
}

static void lists_of_bytes(void **state)
{
	(void)state;
	assert_log("Time [s],Direction,Value\n0.1,TX,0x41\n0.1001,TX,0x54\n"
		   "0.1002,TX,0x0D\n0.2,RX,0x4F\n0.3,RX,0x4B\n",
		"csv: 6 of 6 lines understood\n"
		"1: TX is taken for the host's side\n"
		"2 > 0.000000 AT\\r\n"
		"5 < 0.100000 O\n"
		"6 < 0.200000 K\n");
	assert_log("Time [s],Value,Parity Error\n0.5,A,\n0.5001,T,\n0.5002,\\r,\n"
		   "0.5003,COMMA,\n0.5004,' ',\n",
		"csv: 6 of 6 lines understood\n"
		"2 < 0.000000 AT\\r,  (the list has no direction)\n");
	assert_log("10-18 UART: TX: 41\n19-27 UART: TX: 54\n30-38 UART: RX: 4F\n",
		"csv: 3 of 3 lines understood\n"
		"1: TX is taken for the host's side\n"
		"1 > - AT\n"
		"3 < - O\n");
	assert_log("0.001;>;41\n0.002;>;54\n0.003;<;0d\n",
		"csv: 3 of 3 lines understood\n"
		"1: TX is taken for the host's side\n"
		"1 > 0.000000 AT\n"
		"3 < 0.002000 \\r\n");
}

static void our_own_traces(void **state)
{
	(void)state;
	assert_log(
		"{\"fauxtrack_trace\":1,\"version\":\"1\",\"profile\":\"p\",\"seed\":1,"
		"\"speed\":\"1\",\"clock\":0}\n"
		"{\"at\":12.345678,\"kind\":\"host\",\"data\":\"AT\\r\"}\n"
		"{\"at\":12.345679,\"port\":\"uart2\",\"kind\":\"host\",\"data\":"
		"\"AT\\r\"}"
		"\n"
		"{\"at\":12.355678,\"kind\":\"modem\",\"data\":\"\\r\\nOK\\r\\n\"}\n"
		"{\"at\":12.355678,\"kind\":\"note\",\"text\":\"x\"}\n",
		"trace: 5 of 5 lines understood\n"
		"3: another port than the first one; left out\n"
		"2 > 0.000000 AT\\r\n"
		"4 < 0.010000 \\r\\nOK\\r\\n\n");
}

#define SCREEN "1: a screen: what the host sent is known by its echo\n"

/* --- hostile files -------------------------------------------------------------------
 */

static void assert_error(const char *bytes, size_t len, const char *wanted)
{
	assert_reads(bytes, len, NULL, wanted);
}

static void what_is_no_log_is_refused(void **state)
{
	(void)state;
	assert_error("", 0, ": empty; name a log of a conversation\n");
	assert_error("\xff\xfe"
		     "A\0T\0",
		6, ": UTF-16; make it UTF-8 first: iconv -f UTF-16 -t UTF-8\n");
	assert_error("A\0T\0\r\0\n\0", 8,
		": UTF-16; make it UTF-8 first: iconv -f UTF-16 -t UTF-8\n");
	assert_error("m\0o\0d\0e\0m\0:\0\n\0A\0T\0\n\0", 20,
		": UTF-16; make it UTF-8 first: iconv -f UTF-16 -t UTF-8\n");
	assert_error("\x1f\x8b\x08\0AT\n", 7, ": compressed; unpack it first: gunzip\n");
	assert_error("Dear all,\nAttention please.\n", 28,
		": no AT command is in it, and no format that is known; name its "
		"format\n");
	assert_reads("AT\nOK\n", 6, "kannel",
		": read as kannel, but no command or answer is in it; name its format, "
		"or see "
		"whether the port was logged\n");
	assert_reads("AT\nOK\n", 6, "zmodem",
		"zmodem: no format of a log; one of trace, gammu, strace, socat, hex, "
		"csv, "
		"chat, "
		"kannel, smstools, gnokii, modemmanager, python, marked, wvdial, "
		"screen\n");
}

static void endless_files_end(void **state)
{
	size_t size = FIELD_MOST_OCTETS + 1;
	char *bytes = calloc(1, size), *text;

	(void)state;
	assert_non_null(bytes);
	memcpy(bytes, "AT\n", 3);
	assert_error(
		bytes, size, ": longer than 16 MiB; cut out the part that matters\n");
	text = log_as_text("/dev/zero", NULL);
	assert_string_equal(
		text, "/dev/zero: longer than 16 MiB; cut out the part that matters\n");
	free(text);
	free(bytes);
}

static void nuls_and_binary_do_no_harm(void **state)
{
	static const char log[] = "AT\0\r\n\0\0OK\r\n\x80\xff\xfe\n";

	(void)state;
	assert_reads(log, sizeof(log) - 1, NULL,
		"screen: 2 of 3 lines understood\n" SCREEN "3: not understood\n"
		"1 > - AT\\r\n"
		"1 < - AT\\r\n"
		"2 < - \\r\\nOK\\r\\n\n");
}

static void a_file_that_is_not_there(void **state)
{
	char *text = log_as_text("/nowhere/a.log", NULL);

	(void)state;
	assert_string_equal(text, "/nowhere/a.log: No such file or directory; name a "
				  "file that can be read\n");
	free(text);
}

static const struct CMUnitTest tests[] = {
	UNIT(modemmanager),
	UNIT(kannel),
	UNIT(smstools),
	UNIT(gnokii),
	UNIT(python),
	UNIT(gammu),
	UNIT(strace),
	UNIT(strace_of_an_open_port),
	UNIT(times_of_strace),
	UNIT(chat),
	UNIT(wvdial),
	UNIT(any_pair_of_marks),
	UNIT(marks_of_many_forms),
	UNIT(hex_dumps),
	UNIT(socat),
	UNIT(lists_of_bytes),
	UNIT(our_own_traces),
	UNIT(what_is_no_log_is_refused),
	UNIT(endless_files_end),
	UNIT(nuls_and_binary_do_no_harm),
	UNIT(a_file_that_is_not_there),
};

UNIT_MAIN(tests)
