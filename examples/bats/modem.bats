#!/usr/bin/env bats
# Tests a host program against the emulated modem: bats examples/bats
# The program under test is ./ask PORT COMMAND: it prints the modem's answer.

bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_DIRNAME"
	fauxtrack=${FAUXTRACK:-fauxtrack}
}

@test "the signal strength is printed" {
	run -0 --separate-stderr "$fauxtrack" exec --wait registered -- ./ask {} AT+CSQ
	[ "$output" = "+CSQ: 22,0" ]
}

@test "without a SIM the program fails" {
	run -1 --separate-stderr "$fauxtrack" exec --profile fastrack-supreme-20-r74-no-sim -- ./ask {} AT+CPIN?
}

@test "an incoming call is listed" {
	run -0 --separate-stderr "$fauxtrack" exec -- sh -c '
		"$0" ctl ring from=+1555 >/dev/null && "$0" ctl wait in-call timeout=5s >/dev/null &&
		./ask {} AT+CLCC' "$fauxtrack"
	[[ "$output" == "+CLCC: 1,1,4,0,0"* ]]
}

@test "an unsolicited line at any moment does no harm" {
	run -0 --separate-stderr "$fauxtrack" exec --speed max --sweep urc -- timeout 20 ./ask {} AT+CGMM
	[[ "$stderr" == *" 0 broke the command"* ]]
}

@test "the program makes no protocol mistake" {
	run -0 --separate-stderr "$fauxtrack" exec --on-exit fail -- ./ask {} AT+CGMM
}
