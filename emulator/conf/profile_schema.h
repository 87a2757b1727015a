/* The schemas of all kinds of profile files. Used by profile_conf.c only. */
#pragma once

#include "conf/schema.h"

extern const struct schema device_schema;   /* struct device */
extern const struct schema firmware_schema; /* struct firmware */
extern const struct schema_field firmware_fields[];
extern const struct schema_field application_fields[];
extern const struct schema network_schema;     /* struct network */
extern const struct schema sim_schema;         /* struct sim_conf */
extern const struct schema profile_schema;     /* struct profile: title, memory */
extern const struct schema operators_schema;   /* struct operator_table */
extern const struct schema application_schema; /* struct application */
extern const struct schema set_schema;         /* struct profile_set */

/* Parts that several of these schemas use. */
extern const struct schema fact_schema;        /* struct fact */
extern const struct schema behaviour_schema;   /* struct sms_behaviour */
extern const struct schema message_schema;     /* struct message_conf */
extern const struct schema book_schema;        /* struct book_conf */
extern const struct schema services_schema;    /* struct services_conf */
extern const struct schema gprs_schema;        /* struct gprs_conf */
extern const struct schema calls_schema;       /* struct calls_conf */
extern const struct schema messages_schema;    /* struct sim_conf: messages */
extern const struct schema_field ussd_item;    /* struct ussd_conf */
extern const struct schema_field number_item;  /* struct subscriber */
extern const struct schema_field message_item; /* struct message_conf */

/* Checks of single values; each returns "what; remedy", or NULL if the value is right. */
const char *check_digits(const void *value);
const char *check_plmn(const void *value);
const char *check_pin(const void *value);
const char *check_puk(const void *value);
const char *check_number(const void *value);
const char *check_hex(const void *value);
const char *check_imsi(const void *value);
const char *check_iccid(const void *value);
const char *check_word(const void *value);
const char *check_command_name(const char *key);
const char *check_command_form(const char *key);
const char *check_ussd_code(const char *key);
const char *check_number_key(const char *key);

/* Checks of whole parts. */
void check_device(const void *object, const struct doc *d, struct doc_errors *e);
void check_firmware(const void *object, const struct doc *d, struct doc_errors *e);
void check_network(const void *object, const struct doc *d, struct doc_errors *e);
void check_sim(const void *object, const struct doc *d, struct doc_errors *e);
void check_book(const void *object, const struct doc *d, struct doc_errors *e);
struct message_conf;
void check_messages(const struct message_conf *c, size_t n, int capacity,
	const struct doc *d, const char *key, struct doc_errors *e);
void check_operators(const void *object, const struct doc *d, struct doc_errors *e);

/* The place of a key, and of item i of its list; the place of d if it is missing. */
struct doc_place check_at(const struct doc *d, const char *key);
struct doc_place check_item_at(const struct doc *d, const char *key, size_t i);
