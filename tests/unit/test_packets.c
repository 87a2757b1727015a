/* gsm/packets: what goes wrong with IP packets on their way, the same for the same seed. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "codec/ip.h"
#include "gsm/packets.h"

static struct sched sched;
static struct rand rand_;
static struct packets_memory memory;
static struct packets packets;
static bool room;
static char seen[4096]; /* a letter for each packet: small from the host */
static struct ip last;
static uint8_t kept[PACKETS_MAX];

static bool pass(void *ctx, enum packets_way way, const void *packet, size_t len)
{
	size_t n = strlen(seen);

	(void)ctx;
	if (way == PACKETS_TO_HOST && !room)
		return false;
	memcpy(kept, packet, len);
	assert_true(ip_read(kept, len, &last));
	if (n + 1 < sizeof(seen)) {
		seen[n] = last.payload_len ? (char)last.payload[0] : 'r';
		seen[n + 1] = '\0';
	}
	return true;
}

static void begin(uint64_t seed)
{
	memset(&memory, 0, sizeof(memory));
	sched_init(&sched, 1);
	rand_init(&rand_, seed);
	packets_init(&packets, &memory, &sched, &rand_, pass, NULL);
	seen[0] = '\0';
	room = true;
}

static bool put(enum packets_way way, char letter, uint16_t port)
{
	const struct ip_ends e = { { 10, 128, 3, 4 }, { 10, 0, 2, 100 }, port, port };
	uint8_t packet[PACKETS_MAX];

	return packets_pass(&packets, way, packet,
		ip_make_udp(packet, sizeof(packet), &e, &letter, 1));
}

static void trouble(struct packets_trouble t)
{
	packets_trouble(&packets, &t);
}

static void without_trouble_all_pass_at_once(void **state)
{
	(void)state;
	begin(1);
	assert_true(put(PACKETS_FROM_HOST, 'a', 1));
	assert_true(put(PACKETS_TO_HOST, 'B', 1));
	assert_string_equal(seen, "aB");
	assert_int_equal(packets.count[PACKETS_FROM_HOST].packets, 1);
	assert_int_equal(packets.count[PACKETS_FROM_HOST].octets, 29);
	assert_int_equal(packets.count[PACKETS_TO_HOST].lost, 0);
	assert_int_equal(sched_next(&sched), USEC_NEVER);
}

static void a_stalled_network_swallows_all(void **state)
{
	(void)state;
	begin(1);
	trouble((struct packets_trouble){ .fate = PACKETS_STALLED });
	assert_true(put(PACKETS_FROM_HOST, 'a', 1));
	assert_true(put(PACKETS_TO_HOST, 'B', 1));
	assert_string_equal(seen, "");
	assert_int_equal(packets.count[PACKETS_TO_HOST].lost, 1);
	trouble((struct packets_trouble){ .fate = PACKETS_PASS });
	assert_true(put(PACKETS_TO_HOST, 'C', 1));
	assert_string_equal(seen, "C");
}

static size_t loses(uint64_t seed, char out[sizeof(seen)])
{
	unsigned i;

	begin(seed);
	trouble((struct packets_trouble){ .loss = 30 });
	for (i = 0; i < 1000; i++) {
		/* offered twice: one that had no room is not judged again */
		room = i % 2;
		while (!put(PACKETS_TO_HOST, (char)('A' + i % 26), 1))
			room = true;
	}
	strcpy(out, seen);
	return strlen(seen);
}

static void losses_are_those_of_the_seed(void **state)
{
	static char a[sizeof(seen)], b[sizeof(seen)], c[sizeof(seen)];
	size_t n = loses(7, a);

	(void)state;
	assert_true(n > 630 && n < 770);
	assert_int_equal(packets.count[PACKETS_TO_HOST].lost, 1000 - n);
	assert_int_equal(loses(7, b), n);
	assert_string_equal(a, b);
	loses(8, c);
	assert_true(strcmp(a, c) != 0);
}

static void late_packets_come_in_their_order(void **state)
{
	char letter;

	(void)state;
	begin(1);
	trouble((struct packets_trouble){ .delay = MS(300) });
	put(PACKETS_FROM_HOST, 'a', 1);
	sched_run(&sched, MS(100));
	put(PACKETS_TO_HOST, 'B', 1);
	put(PACKETS_FROM_HOST, 'c', 1);
	sched_run(&sched, MS(299));
	assert_string_equal(seen, "");
	sched_run(&sched, MS(301));
	assert_string_equal(seen, "a");
	/* what comes now does not overtake */
	trouble((struct packets_trouble){ .delay = 0 });
	put(PACKETS_FROM_HOST, 'd', 1);
	sched_run(&sched, MS(302));
	assert_string_equal(seen, "acdB");
	/* bounded: the network loses, the modem waits */
	trouble((struct packets_trouble){ .delay = SEC(1) });
	for (letter = 'A'; letter < 'A' + PACKETS_LATE; letter++)
		assert_true(put(PACKETS_TO_HOST, letter, 1));
	assert_false(put(PACKETS_TO_HOST, 'Z', 1));
	for (letter = 0; letter < PACKETS_LATE + 1; letter++)
		assert_true(put(PACKETS_FROM_HOST, 'z', 1));
	assert_int_equal(packets.count[PACKETS_FROM_HOST].lost, 1);
	/* without room in the modem they wait, and are asked for again */
	room = false;
	sched_run(&sched, SEC(3));
	assert_null(strchr(seen, 'C'));
	room = true;
	sched_run(&sched, SEC(4));
	assert_non_null(strstr(seen, "ABCDEFGHIJKLMNOP"));
	packets_clear(&packets);
	assert_int_equal(sched_next(&sched), USEC_NEVER);
}

static void questions_are_lost_alone(void **state)
{
	(void)state;
	begin(1);
	trouble((struct packets_trouble){ .no_dns = true });
	put(PACKETS_FROM_HOST, 'q', 53);
	put(PACKETS_FROM_HOST, 'a', 80);
	put(PACKETS_TO_HOST, 'Q', 53);
	put(PACKETS_TO_HOST, 'B', 80);
	assert_string_equal(seen, "aB");
}

static void segments_are_reset(void **state)
{
	const struct ip_ends e = { { 10, 128, 3, 4 }, { 10, 0, 2, 100 }, 4000, 80 };
	const struct ip_segment s = { 77, 88, IP_TCP_ACK, 100 };
	uint8_t packet[PACKETS_MAX];

	(void)state;
	begin(1);
	trouble((struct packets_trouble){ .fate = PACKETS_RESETS });
	assert_true(packets_pass(&packets, PACKETS_FROM_HOST, packet,
		ip_make_tcp(packet, sizeof(packet), &e, &s, "x", 1)));
	assert_string_equal(seen, "r");
	assert_int_equal(last.tcp.flags, IP_TCP_RST);
	assert_int_equal(last.tcp.seq, 88);
	assert_int_equal(last.sport, 80);
	assert_int_equal(last.dport, 4000);
	put(PACKETS_FROM_HOST, 'a', 80);
	assert_string_equal(seen, "ra");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(without_trouble_all_pass_at_once),
		UNIT(a_stalled_network_swallows_all),
		UNIT(losses_are_those_of_the_seed),
		UNIT(late_packets_come_in_their_order),
		UNIT(questions_are_lost_alone),
		UNIT(segments_are_reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
