// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lab.yaml as libcyaml reads it: one table a struct, one line a key. A key that stands in
 * no table, a missing one or a word that is not in an enum's table is an error.
 */
#include <cyaml/cyaml.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/lab_load.h"

#define TEXT(key, type) \
	CYAML_FIELD_STRING_PTR(#key, CYAML_FLAG_POINTER, type, key, 1, CYAML_UNLIMITED)
#define MAY_TEXT(key, type)                                                          \
	CYAML_FIELD_STRING_PTR(#key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, \
			       key, 1, CYAML_UNLIMITED)
#define WORD(key, type, table)                                      \
	CYAML_FIELD_ENUM(#key, CYAML_FLAG_STRICT, type, key, table, \
			 CYAML_ARRAY_LEN(table))
#define MAY_WORD(key, type, table)                                                 \
	CYAML_FIELD_ENUM(#key, CYAML_FLAG_STRICT | CYAML_FLAG_OPTIONAL, type, key, \
			 table, CYAML_ARRAY_LEN(table))
#define MAY_MAPPING(key, type, member, fields)                                       \
	CYAML_FIELD_MAPPING_PTR(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, \
				member, fields)
#define MAY_UINT(key, type) CYAML_FIELD_UINT(#key, CYAML_FLAG_OPTIONAL, type, key)
#define LIST(key, type, entry, min)                                           \
	CYAML_FIELD_SEQUENCE(#key, CYAML_FLAG_POINTER, type, key, entry, min, \
			     CYAML_UNLIMITED)
#define MAY_LIST(key, type, entry)                                                      \
	CYAML_FIELD_SEQUENCE(#key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, key, \
			     entry, 0, CYAML_UNLIMITED)

static const cyaml_strval_t forms[] = {
	{"probe", FORM_PROBE},	 {"number", FORM_NUMBER},
	{"string", FORM_STRING}, {"addresses", FORM_ADDRESSES},
	{"source", FORM_SOURCE}, {"full", FORM_FULL},
	{"path", FORM_PATH},	 {"arg", FORM_ARG},
	{"time", FORM_TIME},	 {"hex", FORM_HEX},
};

static const cyaml_strval_t truth_types[] = {
	{"probe", TRUTH_PROBE},
	{"nargs", TRUTH_NARGS},
	{"probes", TRUTH_PROBES},
	{"providers", TRUTH_PROVIDERS},
	{"nlocations", TRUTH_NLOCATIONS},
	{"addresses", TRUTH_ADDRESSES},
	{"library", TRUTH_LIBRARY},
	{"full", TRUTH_FULL},
	{"dead-semaphore", TRUTH_DEAD_SEMAPHORE},
	{"operand", TRUTH_OPERAND},
	{"size", TRUTH_SIZE},
	{"note", TRUTH_NOTE},
	{"arg", TRUTH_ARG},
	{"which", TRUTH_WHICH},
	{"fires", TRUTH_FIRES},
	{"tally", TRUTH_TALLY},
	{"latency", TRUTH_LATENCY},
	{"site", TRUTH_SITE},
	{"semaphore", TRUTH_SEMAPHORE},
	{"silent", TRUTH_SILENT},
	{"mapping", TRUTH_MAPPING},
	{"edit", TRUTH_EDIT},
	{"locations", TRUTH_LOCATIONS},
};

static const cyaml_strval_t picks[] = {
	{"only", PICK_ONLY},   {"most", PICK_MOST},	{"least", PICK_LEAST},
	{"never", PICK_NEVER}, {"always", PICK_ALWAYS},
};

static const cyaml_strval_t gives[] = {
	{"key", GIVE_KEY},   {"value", GIVE_VALUE},	{"provider", GIVE_PROVIDER},
	{"name", GIVE_NAME}, {"address", GIVE_ADDRESS}, {"next", GIVE_NEXT},
	{"byte", GIVE_BYTE}, {"call", GIVE_CALL},
};

static const cyaml_strval_t kinds[] = {{"string", KIND_STRING}, {"number", KIND_NUMBER}};
static const cyaml_strval_t readings[] = {{"unsigned", AS_UNSIGNED}};
static const cyaml_strval_t left_out[] = {
	{"sign", WITHOUT_SIGN},	  {"size", WITHOUT_SIZE},   {"offset", WITHOUT_OFFSET},
	{"index", WITHOUT_INDEX}, {"scale", WITHOUT_SCALE}, {"order", WITHOUT_ORDER},
};
static const cyaml_strval_t lines[] = {{"shared", LINE_SHARED}};

static const cyaml_strval_t mistake_matches[] = {
	{"provider", MISTAKE_PROVIDER},	  {"binary", MISTAKE_BINARY},
	{"pointer", MISTAKE_POINTER},	  {"other-arg", MISTAKE_OTHER_ARG},
	{"locations", MISTAKE_LOCATIONS}, {"listed", MISTAKE_LISTED},
	{"shaped", MISTAKE_SHAPED},	  {"equals", MISTAKE_EQUALS},
	{"truth", MISTAKE_TRUTH},	  {"base-name", MISTAKE_BASE_NAME},
	{"mapped", MISTAKE_MAPPED},	  {"multiple", MISTAKE_MULTIPLE},
	{"unit", MISTAKE_UNIT},		  {"low-bits", MISTAKE_LOW_BITS},
	{"elsewhere", MISTAKE_ELSEWHERE},
};

static const cyaml_schema_value_t a_text = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, CYAML_UNLIMITED),
};

static const cyaml_schema_value_t a_number = {
	CYAML_VALUE_UINT(CYAML_FLAG_DEFAULT, unsigned int),
};

static const cyaml_schema_field_t where_fields[] = {
	CYAML_FIELD_UINT("arg", CYAML_FLAG_DEFAULT, struct truth_where, arg),
	TEXT(is, struct truth_where),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t truth_fields[] = {
	WORD(type, struct truth, truth_types),
	MAY_TEXT(probe, struct truth),
	MAY_TEXT(then, struct truth),
	MAY_MAPPING("where", struct truth, where, where_fields),
	MAY_MAPPING("then-where", struct truth, then_where, where_fields),
	MAY_TEXT(function, struct truth),
	MAY_TEXT(than, struct truth),
	MAY_UINT(arg, struct truth),
	MAY_UINT(nargs, struct truth),
	MAY_WORD(kind, struct truth, kinds),
	MAY_WORD(as, struct truth, readings),
	MAY_TEXT(file, struct truth),
	MAY_WORD(without, struct truth, left_out),
	MAY_UINT(size, struct truth),
	MAY_WORD(line, struct truth, lines),
	MAY_TEXT(by, struct truth),
	CYAML_FIELD_STRING_PTR("then-by", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
			       struct truth, then_by, 1, CYAML_UNLIMITED),
	MAY_TEXT(match, struct truth),
	MAY_LIST(sum, struct truth, &a_number),
	MAY_WORD(pick, struct truth, picks),
	MAY_WORD(give, struct truth, gives),
	MAY_TEXT(unit, struct truth),
	MAY_UINT(tolerance, struct truth),
	MAY_TEXT(per, struct truth),
	MAY_LIST(traced, struct truth, &a_text),
	MAY_UINT(tracers, struct truth),
	CYAML_FIELD_BOOL("hit", CYAML_FLAG_OPTIONAL, struct truth, hit),
	MAY_TEXT(like, struct truth),
	MAY_TEXT(keeps, struct truth),
	CYAML_FIELD_BOOL("alone", CYAML_FLAG_OPTIONAL, struct truth, alone),
	CYAML_FIELD_BOOL("sizes", CYAML_FLAG_OPTIONAL, struct truth, sizes),
	MAY_UINT(locations, struct truth),
	MAY_LIST(macros, struct truth, &a_text),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t mistake_fields[] = {
	WORD(match, struct mistake, mistake_matches),
	MAY_UINT(arg, struct mistake),
	MAY_UINT(field, struct mistake),
	MAY_TEXT(file, struct mistake),
	MAY_TEXT(pattern, struct mistake),
	MAY_MAPPING("truth", struct mistake, truth, truth_fields),
	TEXT(say, struct mistake),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t a_mistake = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct mistake, mistake_fields),
};

static const cyaml_schema_field_t part_fields[] = {
	TEXT(name, struct part),
	WORD(form, struct part, forms),
	MAY_MAPPING("truth", struct part, truth, truth_fields),
	MAY_LIST(mistakes, struct part, &a_mistake),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t a_part = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct part, part_fields),
};

static const cyaml_schema_field_t question_fields[] = {
	TEXT(id, struct question),
	TEXT(ask, struct question),
	MAY_TEXT(target, struct question),
	TEXT(answer, struct question),
	MAY_LIST(needs, struct question, &a_text),
	MAY_WORD(form, struct question, forms),
	MAY_MAPPING("truth", struct question, truth, truth_fields),
	MAY_LIST(mistakes, struct question, &a_mistake),
	MAY_LIST(parts, struct question, &a_part),
	LIST(hints, struct question, &a_text, 3),
	TEXT(explanation, struct question),
	TEXT(reveal, struct question),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t function_fields[] = {
	TEXT(symbol, struct lab_function),
	MAY_TEXT(args, struct lab_function),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t a_function = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct lab_function, function_fields),
};

static const cyaml_schema_field_t target_fields[] = {
	TEXT(program, struct lab_target),
	MAY_TEXT(source, struct lab_target),
	MAY_TEXT(round, struct lab_target),
	MAY_LIST(functions, struct lab_target, &a_function),
	CYAML_FIELD_BOOL("variant", CYAML_FLAG_OPTIONAL, struct lab_target, variant),
	CYAML_FIELD_BOOL("children", CYAML_FLAG_OPTIONAL, struct lab_target, children),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t a_question = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct question, question_fields),
};

static const cyaml_schema_value_t a_target = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct lab_target, target_fields),
};

static const cyaml_schema_field_t lab_fields[] = {
	TEXT(title, struct lab),
	CYAML_FIELD_UINT("minutes", CYAML_FLAG_DEFAULT, struct lab, minutes),
	TEXT(chapter, struct lab),
	LIST(targets, struct lab, &a_target, 1),
	LIST(questions, struct lab, &a_question, 1),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t a_lab = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct lab, lab_fields),
};

/*
 * libcyaml tells an error in several messages: first what, such as "Load: Unexpected
 * key: hint", then where, from the inside out, such as
 * "  in mapping field 'questions' (line: 12, column: 3)". The first of each is kept.
 */
struct complaint {
	char what[160];
	unsigned int line;
};

static void listen(cyaml_log_t level, void *ctx, const char *format, va_list args)
{
	struct complaint *complaint = ctx;
	char text[240], *line;

	vsnprintf(text, sizeof(text), format, args);
	text[strcspn(text, "\n")] = '\0';
	line = strstr(text, "line: ");
	if (line && !complaint->line)
		complaint->line = strtoul(line + strlen("line: "), NULL, 10);
	if (!complaint->what[0] && text[0] != ' ' && !strstr(text, "Backtrace"))
		snprintf(complaint->what, sizeof(complaint->what), "%.150s",
			 strncmp(text, "Load: ", 6) ? text : text + 6);
}

static cyaml_config_t config_for(struct complaint *complaint)
{
	return (cyaml_config_t){
		.log_fn = complaint ? listen : NULL,
		.log_ctx = complaint,
		.log_level = CYAML_LOG_ERROR,
		.mem_fn = cyaml_mem,
	};
}

int lab_parse(const char *file, struct lab **out, char **why)
{
	struct complaint complaint = {};
	cyaml_config_t config = config_for(&complaint);
	cyaml_err_t err =
		cyaml_load_file(file, &config, &a_lab, (cyaml_data_t **)out, NULL);

	if (!err && *out)
		return 0;
	*out = NULL; /* an empty file is no error to libcyaml */
	if (!complaint.what[0])
		snprintf(complaint.what, sizeof(complaint.what), "%s",
			 cyaml_strerror(err));
	if (!complaint.line) {
		*why = strdup(complaint.what);
		return -EINVAL;
	}
	if (asprintf(why, "line %u: %s", complaint.line, complaint.what) < 0)
		*why = NULL;
	return -EINVAL;
}

void lab_parsed_free(struct lab *lab)
{
	cyaml_config_t config = config_for(NULL);

	cyaml_free(&config, &a_lab, lab, 0);
}
