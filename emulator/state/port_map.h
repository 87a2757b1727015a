/* What AT+WMFM and a running application decide: which ports are open, and which of them gets data (wavecom.md
 * +WMFM). A channel that is no port of the device is always open. */
#pragma once

#include <stdbool.h>

struct channel;
struct device;
struct modem;

/* Kinds of data, as +WMFM numbers them. */
enum port_data {
	PORT_DATA_GSM,  /* data calls */
	PORT_DATA_GPRS, /* PPP */
	PORT_DATA_KINDS,
};

#define PORT_DYNAMIC 4 /* as a port of +WMFM: data go to the port that asks for them */

/* The name of a port; NULL for a channel that is none. */
const char *port_name(unsigned port);

/* Whether the device has that port. */
bool device_has_port(const struct device *d, unsigned port);

/* Whether the application that runs uses the port for itself: no AT is heard there. */
bool port_taken(const struct channel *ch);

/* Whether the port is to be open now. While no firmware runs only UART1 is. */
bool port_wanted(const struct channel *ch);

/* The port to which +WMFM sends data of this kind; NULL: to the one that asks. */
struct channel *port_of_data(const struct modem *m, enum port_data data);

/* Whether data of this kind may use this channel. */
bool port_takes_data(const struct channel *ch, enum port_data data);
