/* Input in each mode of the port: command lines, PPP, data, XMODEM. */
#include "link/modes.h"

#include "link/link.h"
#include "state/modem_state.h"

struct mode {
	size_t (*rx)(struct modem *m, const unsigned char *p, size_t len);
};

static size_t rx_command(struct modem *m, const unsigned char *p, size_t len)
{
	return download_is_tail(m, *p) ? 1 : m->link->typed(m, p, len);
}

static size_t rx_ppp(struct modem *m, const unsigned char *p, size_t len)
{
	(void)len;
	data_watch(m, *p);
	ppp_rx(m, *p);
	return 1;
}

static size_t rx_data(struct modem *m, const unsigned char *p, size_t len)
{
	(void)len;
	return data_rx(m, *p);
}

/* The engine may end the mode before all bytes are taken. */
static size_t rx_download(struct modem *m, const unsigned char *p, size_t len)
{
	if (!m->link->takes(m))
		return 0;
	len = download_uneventful(m, len);
	download_rx(m, p, len);
	return len;
}

static const struct mode modes[] = {
	[LINK_COMMAND] = { rx_command },
	[LINK_PPP] = { rx_ppp },
	[LINK_DATA] = { rx_data },
	[LINK_DOWNLOAD] = { rx_download },
};

size_t link_rx(struct modem *m, const unsigned char *p, size_t len)
{
	return modes[m->link->mode].rx(m, p, len);
}
