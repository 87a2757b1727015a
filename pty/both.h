/* One port of the modem that can be reached at two others, by one client at a time. */
#pragma once

#include "base/log.h"
#include "port.h"

struct both;

/* Prepares: the two ports are then opened with both_events(). Events are copied. */
struct both *both_new(const struct log *log, const struct port_events *events);

/* The events for the port with that number, 0 or 1. */
struct port_events both_events(struct both *b, unsigned which);

/* Joins the two open ports, which belong to the new one from now on. Its path is that of
 * the first. port_close() closes them and frees b. */
struct port *both_join(struct both *b, struct port *first, struct port *second);

/* Frees b before it was joined. */
void both_free(struct both *b);

/* Whether no client of the other port is in the way; if one is, why says where. */
bool both_admits(const struct both *b, unsigned which, char *why, size_t size);
