/* Input in each mode of the port: command lines, PPP, data, XMODEM, frames. */
#include "link/modes.h"

#include "link/link.h"
#include "link/mux.h"
#include "link/socket_data.h"
#include "state/modem_state.h"

struct mode {
	size_t (*rx)(struct channel *ch, const unsigned char *p, size_t len);
};

static size_t rx_command(struct channel *ch, const unsigned char *p, size_t len)
{
	return download_is_tail(ch, *p) ? 1 : ch->link->typed(ch, p, len);
}

static size_t rx_ppp(struct channel *ch, const unsigned char *p, size_t len)
{
	size_t i, n;

	/* with rules each byte is looked at on its way here */
	n = ppp_rx(ch, p, ch->modem->faults.effects ? 1 : len);
	for (i = 0; i < n; i++)
		data_watch(ch, p[i]);
	return n;
}

static size_t rx_data(struct channel *ch, const unsigned char *p, size_t len)
{
	/* fault rules look at each byte */
	return data_rx(ch, p, ch->modem->faults.effects ? 1 : len);
}

static size_t rx_socket(struct channel *ch, const unsigned char *p, size_t len)
{
	const struct modem *m = ch->modem;
	bool counts = m->faults.looks_at[FAULT_AT_BYTE];
	size_t n = socket_data_rx(ch, p, counts || m->faults.effects ? 1 : len);

	if (n && counts)
		m->taps->byte(ch, *p);
	return n;
}

/* The engine may end the mode before all bytes are taken. */
static size_t rx_download(struct channel *ch, const unsigned char *p, size_t len)
{
	if (!ch->link->takes(ch))
		return 0;
	len = download_uneventful(ch, len);
	download_rx(ch, p, len);
	return len;
}

static const struct mode modes[] = {
	[LINK_COMMAND] = { rx_command },
	[LINK_PPP] = { rx_ppp },
	[LINK_DATA] = { rx_data },
	[LINK_DOWNLOAD] = { rx_download },
	[LINK_MUX] = { mux_rx },
	[LINK_SOCKET] = { rx_socket },
};

size_t link_rx(struct channel *ch, const unsigned char *p, size_t len)
{
	return modes[ch->link->mode].rx(ch, p, len);
}
