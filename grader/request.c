// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grader/request.h"

/* The keys that are strings; "pid" is the one number. */
static const struct text_key {
	const char *name;
	size_t offset;
	int needed;
} text_keys[] = {
	{"lab", offsetof(struct request, lab), 1},
	{"question", offsetof(struct request, question), 1},
	{"answer", offsetof(struct request, answer), 0},
	{"source", offsetof(struct request, source), 0},
	{"build", offsetof(struct request, build), 0},
};

#define TEXT_KEYS (sizeof(text_keys) / sizeof(text_keys[0]))

static char **text_of(struct request *request, const struct text_key *key)
{
	return (char **)((char *)request + key->offset);
}

static const struct text_key *text_key(const char *name)
{
	size_t i;

	for (i = 0; i < TEXT_KEYS; i++) {
		if (!strcmp(text_keys[i].name, name))
			return &text_keys[i];
	}
	return NULL;
}

static int refuse(char **why, const char *what, const char *key)
{
	if (asprintf(why, "%s \"%.60s\"", what, key) < 0)
		*why = NULL;
	return -EINVAL;
}

static int take_member(struct request *request, const char *name, const json_t *value,
		       char **why)
{
	const struct text_key *key = text_key(name);

	if (json_is_null(value))
		return 0;
	if (!strcmp(name, "pid")) {
		json_int_t pid = json_integer_value(value);

		if (!json_is_integer(value) || pid < 0 || pid > INT_MAX)
			return refuse(why, "not a process id:", name);
		request->pid = pid;
		return 0;
	}
	if (!key)
		return refuse(why, "unknown key", name);
	if (!json_is_string(value))
		return refuse(why, "not a string:", name);
	*text_of(request, key) = strdup(json_string_value(value));
	return *text_of(request, key) ? 0 : -ENOMEM;
}

static int take_object(struct request *request, json_t *object, char **why)
{
	const char *name;
	json_t *value;
	size_t i;
	int err;

	json_object_foreach(object, name, value)
	{
		err = take_member(request, name, value, why);
		if (err)
			return err;
	}
	for (i = 0; i < TEXT_KEYS; i++) {
		if (text_keys[i].needed && !*text_of(request, &text_keys[i]))
			return refuse(why, "no key", text_keys[i].name);
	}
	if (!request->answer)
		request->answer = strdup("");
	return request->answer ? 0 : -ENOMEM;
}

int request_parse(const char *line, size_t len, struct request *out, char **why)
{
	json_error_t error;
	json_t *object = json_loadb(line, len, JSON_REJECT_DUPLICATES, &error);
	int err = -EINVAL;

	*out = (struct request){};
	*why = NULL;
	if (!object) {
		if (asprintf(why, "not JSON: %s", error.text) < 0)
			*why = NULL;
	} else if (!json_is_object(object)) {
		*why = strdup("not a JSON object");
	} else {
		err = take_object(out, object, why);
	}
	json_decref(object);
	if (err)
		request_fini(out);
	return err;
}

void request_fini(struct request *request)
{
	size_t i;

	for (i = 0; i < TEXT_KEYS; i++)
		free(*text_of(request, &text_keys[i]));
	*request = (struct request){};
}
