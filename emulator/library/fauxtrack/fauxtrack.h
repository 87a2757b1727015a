/* libfauxtrack: an emulated Wavecom modem inside of a program, without a port, a process
 * or a thread. Bytes, lines, actions and time go in; bytes, lines and events come out of
 * callbacks. pkg-config: fauxtrack.
 *
 *	static void said(void *ctx, unsigned port, uint64_t at, const void *b, size_t n)
 *	{
 *		fwrite(b, 1, n, stdout);
 *	}
 *	...
 *	struct fauxtrack_options o = { .size = sizeof(o), .instant = 1 };
 *	struct fauxtrack_callbacks c = { .size = sizeof(c), .bytes = said };
 *	char *error;
 *	struct fauxtrack *f = fauxtrack_new(&o, &c, &error);
 *
 *	fauxtrack_rx(f, FAUXTRACK_UART1, fauxtrack_now(f), "AT+CREG?\r", 9);
 *	fauxtrack_free(f);
 *
 * Time is an argument: virtual microseconds since the modem was made. Nothing here reads a
 * clock. The same profile, options, seed, bytes and times give the same output. A `now`
 * that is earlier than the time that the modem has reached counts as that time; one
 * after FAUXTRACK_LAST is an error. Every function that takes `now` first runs what is due
 * until then.
 *
 * There is no network beyond the modem: packets of a PPP session are lost, sockets of
 * WIPsoft reach nobody, and the far end of a data call only listens ("far_end" of the
 * state) unless the action "farend" sends for it. There is no cable: the action "cable"
 * has no effect, fauxtrack_lines() takes DTR away.
 *
 * Threads: nothing is shared between modems, so different threads may use different
 * modems; one modem must not be used by two threads at once. The environment is read (but
 * never changed) by fauxtrack_new(): $FAUXTRACK_PROFILES.
 *
 * Callbacks may only take what they are given: a function of this header that is
 * called for the same modem from one of them fails and does nothing. They run in the
 * locale "C". Out of memory ends the program with a message, as a failed assertion does,
 * which is a bug of the library.
 *
 * Texts that are returned as `char *` belong to the caller, who frees them with
 * fauxtrack_text_free(). All texts are UTF-8. */
#ifndef FAUXTRACK_H
#define FAUXTRACK_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A modem. */
struct fauxtrack;

#define FAUXTRACK_NEVER UINT64_MAX
#define FAUXTRACK_LAST  (UINT64_C(100) * 366 * 86400 * 1000000) /* a hundred years */

enum fauxtrack_port {
	FAUXTRACK_UART1 = 0,
	FAUXTRACK_UART2 = 1,
	FAUXTRACK_USB = 2
};

/* Lines of V.24, as a set. */
enum fauxtrack_line {
	FAUXTRACK_DCD = 1, /* of the modem */
	FAUXTRACK_DSR = 2,
	FAUXTRACK_RI = 4,
	FAUXTRACK_CTS = 8,
	FAUXTRACK_DTR = 16, /* of the host */
	FAUXTRACK_RTS = 32
};

/* Whose fault a log line reports. */
enum fauxtrack_level {
	FAUXTRACK_ERROR = 0,  /* of the library, or of a callback */
	FAUXTRACK_WARN = 1,   /* of the profile, or of what is stored */
	FAUXTRACK_CLIENT = 2, /* of the host at the port: a protocol mistake */
	FAUXTRACK_NOTE = 3
};

/* What load() returns instead of a length. */
#define FAUXTRACK_ABSENT     (-1L) /* there is no such record */
#define FAUXTRACK_UNREADABLE (-2L) /* it exists and cannot be read */
#define FAUXTRACK_TOO_LONG   (-3L) /* it is longer than max */

/* Both structs begin with their size, sizeof(struct ...), and later versions of this
 * header may only append members. An older program works with a newer library; a newer
 * program works with an older library unless it uses (sets to something else than zero)
 * a member that the library does not know: that is an error. All zero is the default. */

struct fauxtrack_options {
	size_t size;
	/* A name of `fauxtrack list profiles`, or the path of a file (with a "/", or
	 * ending in .yaml); NULL: fastrack-supreme-20-r74. */
	const char *profile;
	/* A folder that is searched for profiles before $FAUXTRACK_PROFILES and the
	 * installed ones; NULL: none. */
	const char *profiles;
	/* "sim.pin=1234": values of the profile that are different, as those of
	 * `fauxtrack run --set`. At most 256, a NULL after the last; NULL: none. */
	const char *const *set;
	/* A field bug: a name of `fauxtrack list bugs`, or the path of a file. Its profile
	 * applies unless `profile` is given, and its rules are armed. NULL: none. */
	const char *bug;
	uint64_t seed;  /* of what is random; 0: the bug's, else 1 */
	unsigned ports; /* 1 to 3: UART1, UART2, USB; 0: 1 */
	/* 0: the modem has booted (until nothing of its own is pending, at most 120 s of
	 * virtual time), and nobody has heard it. 1: it has no power until
	 * fauxtrack_lines() first switches DTR on; its boot is heard then. */
	int cold;
	/* 1: the modem's own delays take no time: after each complete line it goes on
	 * until none is pending, as with `fauxtrack run --speed max`. */
	int instant;
	/* Universal time at virtual time 0, in seconds since 1970; 0: 2010-01-01 12:00,
	 * or where the records continue. */
	int64_t clock;
};

struct fauxtrack_callbacks {
	size_t size;
	void *ctx; /* first argument of each */
	/* The modem sends bytes at a port, at a virtual time. NULL: they are lost. */
	void (*bytes)(
		void *ctx, unsigned port, uint64_t at, const void *bytes, size_t len);
	/* The number of bytes that bytes() takes now at that port. When it was too
	 * small, the rest waits until fauxtrack_tx_ready(). NULL: always enough. */
	size_t (*room)(void *ctx, unsigned port);
	/* The lines of the modem (FAUXTRACK_DCD, DSR, RI, CTS) have changed. May be NULL. */
	void (*lines)(void *ctx, unsigned port, uint64_t at, unsigned lines);
	/* Something has happened: {"at":..., "event":"sim", "text":..., "value":...}, as
	 * an event of the control interface has it, but for its id. `fauxtrack list
	 * events` explains each. May be NULL. */
	void (*event)(void *ctx, const char *json);
	/* A line of the log. May be NULL. */
	void (*log)(void *ctx, enum fauxtrack_level level, const char *text);
	/* What the modem remembers without power: load() reads a record into buf and
	 * returns its length, or one of the negative numbers above; store() keeps it whole
	 * or not at all, and returns 0 or -1. Names have letters, digits, "-", "." and "_"
	 * and at most 31 characters. Both or none: without them nothing is remembered. */
	long (*load)(void *ctx, const char *record, void *buf, size_t max);
	int (*store)(void *ctx, const char *record, const void *data, size_t len);
};

/* Version of the library, as "0.7.0". */
const char *fauxtrack_version(void);

/* Makes a modem. Both structs are copied, and their texts are not needed afterwards;
 * either may be NULL. DTR is on at every port, as if a host had opened it, unless `cold`.
 * Returns NULL after an error, which is then in *error, for the caller to free
 * ("place: what; remedy", a line for each); `error` may be NULL. */
struct fauxtrack *fauxtrack_new(const struct fauxtrack_options *options,
	const struct fauxtrack_callbacks *callbacks, char **error);

/* Ends a modem: its clock is stored if there is a store(). NULL is allowed. Must not be
 * called from a callback. */
void fauxtrack_free(struct fauxtrack *f);

/* Frees a text that the library has returned. NULL is allowed. */
void fauxtrack_text_free(char *text);

/* What was wrong with the last call that failed: "what; remedy". Valid until the next
 * call for this modem; "" if none has failed yet. */
const char *fauxtrack_error(const struct fauxtrack *f);

/* Bytes of the host for the modem. Returns how many it has taken: fewer than len if its
 * memory is full, as when CTS is off; the rest is to be sent again later. -1: an error. */
long fauxtrack_rx(
	struct fauxtrack *f, unsigned port, uint64_t now, const void *bytes, size_t len);

/* The host's side of a port has room again, see room(). 0, or -1: an error. */
int fauxtrack_tx_ready(struct fauxtrack *f, unsigned port, uint64_t now);

/* The lines of the host: all of FAUXTRACK_DTR and FAUXTRACK_RTS that are on now. RTS
 * has no effect until it was on once. 0, or -1: an error. */
int fauxtrack_lines(struct fauxtrack *f, unsigned port, uint64_t now, unsigned lines);

/* The host sends a break. 0, or -1: an error. */
int fauxtrack_break(struct fauxtrack *f, unsigned port, uint64_t now);

/* What the host has set on its side: baud in bits per second (0: unknown), and a format
 * such as "8N1" (NULL: unknown). A speed that is not the modem's is reported as a mistake
 * of the host. 0, or -1: an error. */
int fauxtrack_uart(struct fauxtrack *f, unsigned port, uint64_t now, unsigned baud,
	const char *format);

/* Lets time pass until now. 0, or -1: an error. */
int fauxtrack_advance(struct fauxtrack *f, uint64_t now);

/* The virtual time that the modem has reached. */
uint64_t fauxtrack_now(const struct fauxtrack *f);

/* When fauxtrack_advance() should be called next; FAUXTRACK_NEVER: nothing is pending. */
uint64_t fauxtrack_next(const struct fauxtrack *f);

/* Skips the time of the modem's own work until none is pending, at most `limit`
 * microseconds: an answer that takes 15 s comes at once. What the modem does again and
 * again, and what waits for the host, is not its own work. Returns the time that was
 * reached; without effect if it was called from a callback. */
uint64_t fauxtrack_settle(struct fauxtrack *f, uint64_t limit);

/* Does something to the modem from outside: a name of `fauxtrack list actions`, and its
 * arguments as a JSON text, as POST /v1/modems/1/actions/NAME takes them; NULL or "":
 * none. fauxtrack_act(f, now, "sms", "{\"from\": \"+1555\", \"text\": \"hi\"}"). 0, or -1:
 * nothing has changed, fauxtrack_error() says why. */
int fauxtrack_act(
	struct fauxtrack *f, uint64_t now, const char *action, const char *arguments);

/* The whole state as a JSON text: the member "state" of GET /v1/modems/1. NULL: an
 * error. */
char *fauxtrack_state(struct fauxtrack *f);

/* One value of the state by its path (`fauxtrack list states`): "registration.state" is
 * "home", flags are "true" or "false". NULL: an error, or the value is not known now. */
char *fauxtrack_value(struct fauxtrack *f, const char *path);

/* The messages that the modem has sent, as a JSON text: a list, the member "messages" of
 * GET /v1/modems/1/outbox. NULL: an error. */
char *fauxtrack_outbox(struct fauxtrack *f);

#ifdef __cplusplus
}
#endif

#endif
