/* What AT commands set: for each port those of V.250, and for the modem all others
 * (27.007, 27.005, Wavecom). The values in effect are `set` in struct channel and `live`
 * in struct modem; `user` in struct modem holds those stored by AT&W and by commands that
 * store at once; the factory values are made from the rows.
 *
 * Only settings that C code reads have a name here; the other parameters of the command
 * tables get a slot each (AT_SLOT), in the order of the tables. */
#pragma once

#define SETTINGS_SLOTS       320
#define SETTINGS_DATA        96
#define SETTINGS_APPLICATION 64 /* from there on: those of the application */

/* How a port talks: each has its own. */
struct port_settings {
	int none; /* offset 0 means "not stored" in a row */
	int echo, quiet, verbose, extended_results;
	int s2, s3, s4, s5;
	int dcd, dtr, dsr;
	int speed, frame_format, frame_parity;
	int flow_by_dte, flow_by_dce; /* +IFC */
};

struct common_settings {
	/* general */
	int s0;
	int cmee, charset, wpcs;
	int skip_books; /* +WAIP */
	int wcos;
	int cphs[7]; /* features of AT+CPHS, from 1 */
	/* audio */
	int speaker, echo_mode, echo_algorithm, echo_asked, muted, mic_controller;
	/* calls */
	int cring, clip, clir, colp, tone, fax_class;
	int cbst_speed, cbst_element, service_report, compression_report, rate_report;
	int compression, ds_direction;
	int csns; /* bearer of an incoming call that does not state one */
	int cug, cug_index, cug_info;
	int dial_on_dtr, dial_voice; /* %D */
	/* network */
	int cgerep, cgclass, cgauto, cusd;
	int ccwa, cssi, cssu, caoc;
	int creg, cgreg, cops_format, cpol_format, name_sources;
	int cced_mode, cced_dump, cced_step;
	int cmer_keyp, cmer_ind;
	/* short messages */
	int cmgf, csdh, csms, cmms, wuss;
	int cnmi_mode, cnmi_mt, cnmi_bm, cnmi_ds, cnmi_bfr;
	int csmp_fo, csmp_vp, csmp_pid, csmp_dcs;
	/* Wavecom */
	int wind, band;
	int reset_cyclic, reset_delay; /* +WRST, minutes */
	int gprs_detached, gprs_activate, gprs_contexts, gprs_silent, gprs_class;
	int gprs_slow_connect, gprs_filter, gprs_roaming; /* +WGPRS */
	int zone_from_network;                            /* +CTZU */
	int drawer_watched;                               /* +WFM: SIMREMOVAL */
	int toolkit, toolkit_high, toolkit_low;           /* +STSF */
	int int0_edge, int1_edge, int0_handled, int1_handled;
	int pin_directions, pin_levels; /* +WIOM with masks */
	int port_open[3], data_port[2]; /* +WMFM: see port_map.h */
	int slot[SETTINGS_SLOTS];
	int data[SETTINGS_DATA]; /* of commands that are data: the firmware's first */
};

struct settings {
	struct port_settings port;
	struct common_settings common;
};

/* A setting's index, as rows name it. */
#define SETTINGS_FIELDS     (sizeof(struct settings) / sizeof(int))
#define SETTINGS_OF_PORT    (sizeof(struct port_settings) / sizeof(int))
#define SETTING(field)      ((int)(offsetof(struct settings, common.field) / sizeof(int)))
#define PORT_SETTING(field) ((int)(offsetof(struct settings, port.field) / sizeof(int)))

static inline int *setting_at(struct settings *s, int field)
{
	return (int *)s + field;
}

static inline int setting_get(const struct settings *s, int field)
{
	return ((const int *)s)[field];
}
