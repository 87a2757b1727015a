/* fauxtrack ctl state: the state of a modem as a tree, or how many of several modems have
 * each value. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/suggest.h"
#include "describe/describe.h"
#include "host/ctl/ctl_int.h"

static void print_leaf(const json_t *j)
{
	if (json_is_string(j))
		puts(json_string_value(j));
	else if (json_is_integer(j))
		printf("%lld\n", (long long)json_integer_value(j));
	else
		puts(json_is_null(j) ? "unknown" : json_is_true(j) ? "true" : "false");
}

static void print_tree(const json_t *j, char *path, size_t len, size_t size)
{
	const char *key;
	json_t *value;
	size_t i, n;

	if (json_is_object(j)) {
		json_object_foreach((json_t *)j, key, value)
		{
			n = (size_t)snprintf(
				path + len, size - len, "%s%s", len ? "." : "", key);
			print_tree(value, path, len + n, size);
		}
	} else if (json_is_array(j)) {
		json_array_foreach(j, i, value)
		{
			n = (size_t)snprintf(
				path + len, size - len, "%s%zu", len ? "." : "", i);
			print_tree(value, path, len + n, size);
		}
	} else {
		path[len] = '\0';
		printf("%-26s ", path);
		print_leaf(j);
	}
}

static const json_t *below(const json_t *j, const char *path)
{
	char key[64];
	size_t len;

	for (; j && *path; path += len + (path[len] == '.')) {
		len = strcspn(path, ".");
		snprintf(key, sizeof(key), "%.*s", (int)len, path);
		j = json_is_array(j) ? json_array_get(j, (size_t)atoi(key))
				     : json_object_get(j, key);
	}
	return j;
}

static int state_unknown(const char *path)
{
	struct state_field f;
	struct suggest near;
	char paths[200][80], mem[120], what[300];
	size_t i;

	if (modem_state_known(path, NULL)) {
		snprintf(what, sizeof(what),
			"the modem has no %s at the moment; fauxtrack ctl state shows "
			"all of its state",
			path);
		return ctl_complain(CTL_REFUSED, what);
	}
	suggest_init(&near, path);
	for (i = 0; i < 200 && modem_state_field(i, &f); i++) {
		snprintf(paths[i], sizeof(paths[i]), "%s%s%s", f.part ? f.part : "",
			f.part ? "." : "", f.key);
		suggest_offer(&near, paths[i]);
	}
	snprintf(what, sizeof(what), "\"%.64s\" is not a state of a modem%s", path,
		suggest_text(
			&near, mem, sizeof(mem), "; fauxtrack list states shows all"));
	return ctl_complain(CTL_USAGE, what);
}

/* Counts how many modems have each value of each path. */
static void count_leaves(json_t *counts, const char *path, const json_t *j)
{
	char below[256], number[24];
	const char *key, *text;
	json_t *value, *values;
	size_t i;

	if (json_is_object(j) || json_is_array(j)) {
		json_object_foreach((json_t *)j, key, value)
		{
			snprintf(below, sizeof(below), "%s%s%s", path, *path ? "." : "",
				key);
			count_leaves(counts, below, value);
		}
		json_array_foreach(j, i, value)
		{
			snprintf(below, sizeof(below), "%s%s%zu", path, *path ? "." : "",
				i);
			count_leaves(counts, below, value);
		}
		return;
	}
	snprintf(number, sizeof(number), "%lld", (long long)json_integer_value(j));
	text = json_is_string(j)    ? json_string_value(j)
	       : json_is_integer(j) ? number
	       : json_is_null(j)    ? "unknown"
	       : json_is_true(j)    ? "true"
				    : "false";
	values = json_object_get(counts, path);
	if (!values) {
		values = json_object();
		json_object_set_new(counts, path, values);
	}
	json_object_set_new(values, text,
		json_integer(json_integer_value(json_object_get(values, text)) + 1));
}

#define VALUES_SHOWN 4

/* A line per path: the value that all have, or the values and how many have each. */
static void print_counts(const json_t *counts)
{
	const char *path, *value;
	json_t *values, *n;
	size_t shown;

	json_object_foreach((json_t *)counts, path, values)
	{
		printf("%-26s", path);
		shown = 0;
		json_object_foreach(values, value, n)
		{
			if (shown++ < VALUES_SHOWN && json_object_size(values) > 1)
				printf("%s %s (%lld)", shown > 1 ? "," : "", value,
					(long long)json_integer_value(n));
			else if (shown == 1)
				printf(" %s", value);
		}
		if (shown > VALUES_SHOWN)
			printf(", and %zu more values", shown - VALUES_SHOWN);
		putchar('\n');
	}
}

/* The state of several modems. */
static int state_each(const struct ctl *c, const json_t *reply, const char *path)
{
	json_t *counts = json_object(), *list = json_array();
	const json_t *one, *j;
	char who[16];
	size_t at = 0, n = 0;

	while ((one = ctl_next(c, reply, &at, who))) {
		j = below(json_object_get(one, "state"), path);
		n += j != NULL;
		if (j && !c->json)
			count_leaves(counts, path, j);
		else if (j)
			json_array_append_new(
				list, json_pack("{s:O,s:O,s:O}", "id",
					      json_object_get(one, "id"), "name",
					      json_object_get(one, "name"), "state", j));
	}
	if (n && c->json)
		ctl_print_json(list);
	else if (n)
		print_counts(counts);
	json_decref(counts);
	json_decref(list);
	return n ? CTL_DONE : state_unknown(path);
}

int ctl_state(struct ctl *c, int argc, char **argv)
{
	json_t *reply = NULL;
	const json_t *j;
	char path[256];
	int status = ctl_modem(c, "GET", "", NULL, &reply, NULL);

	snprintf(path, sizeof(path), "%.100s", argc ? argv[0] : "");
	if (status == CTL_DONE && c->several) {
		status = state_each(c, reply, argc ? argv[0] : "");
		json_decref(reply);
		return status;
	}
	if (status != CTL_DONE) {
		json_decref(reply);
		return status;
	}
	j = below(json_object_get(reply, "state"), argc ? argv[0] : "");
	if (!j)
		status = state_unknown(argv[0]);
	else if (c->json)
		ctl_print_json(j);
	else if (json_is_object(j) || json_is_array(j))
		print_tree(j, path, strlen(path), sizeof(path));
	else
		print_leaf(j);
	json_decref(reply);
	return status;
}
