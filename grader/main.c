// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * grade: reads answers, one JSON object a line, and says of each: pass, wrong or
 * unchecked. All lines are read before the first is judged, so that one look at a running
 * program serves them all.
 */
#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/array.h"
#include "common/exit.h"
#include "common/kit.h"
#include "grader/grader.h"
#include "grader/interrupt.h"

static const char help[] =
	"Usage: grade [-j] < ANSWERS\n"
	"\n"
	"Judges answers to the kit's questions. Each line of standard input is a JSON "
	"object:\n"
	"  {\"lab\": \"passwd\", \"question\": \"nargs\", \"answer\": \"3\"}\n"
	"and, where it matters, \"pid\" (the running target), \"source\" (the learner's "
	"edited\n"
	"source) and \"build\" (compiler and flags for it).\n"
	"\n"
	"  -j, --json     print a JSON object for each: lab, question, verdict, answer,\n"
	"                 feedback, evidence; shapeless, if it has not the form of an "
	"answer\n"
	"  -h, --help     print this\n"
	"  -V, --version  print the version\n"
	"\n"
	"Verdicts: pass, wrong, unchecked. Exit status: 0 all pass, 1 some wrong, 2 "
	"usage,\n"
	"77 none wrong but some unchecked, 99 the kit itself is broken.\n";

static const char *const verdicts[] = {
	[VERDICT_PASS] = "pass",
	[VERDICT_WRONG] = "wrong",
	[VERDICT_UNCHECKED] = "unchecked",
};

struct requests {
	struct request *list;
	size_t count;
};

static int bad_line(unsigned long line, const char *why)
{
	fprintf(stderr,
		"grade: cannot read answer in line %lu: %s\n"
		"  try: {\"lab\":\"passwd\",\"question\":\"nargs\",\"answer\":\"3\"}\n",
		line, why ?: "out of memory");
	return -EINVAL;
}

/* A line, or its beginning if it is longer than is allowed; no newline. -1 at the end. */
static ssize_t read_line(char line[REQUEST_MAX + 1])
{
	ssize_t len = 0;
	int c;

	while ((c = getchar()) != EOF && c != '\n' && len <= REQUEST_MAX)
		line[len++] = c;
	return len || c == '\n' ? len : -1;
}

static int read_requests(struct requests *requests)
{
	static char line[REQUEST_MAX + 1];
	unsigned long number = 0;
	struct request *request;
	ssize_t len;
	char *why;
	int err;

	while ((len = read_line(line)) >= 0) {
		number++;
		if (len > REQUEST_MAX)
			return bad_line(number,
					"longer than 65536 bytes, as no answer is");
		if (strspn(line, " \t\r") >= (size_t)len)
			continue;
		request = array_add(requests->list, requests->count);
		if (!request)
			return bad_line(number, NULL);
		err = request_parse(line, len, request, &why);
		if (err) {
			bad_line(number, why);
			free(why);
			return err;
		}
	}
	return 0;
}

static void print_json(const struct request *request, const struct judgement *judgement)
{
	json_t *evidence = json_array(), *object;
	size_t i;

	for (i = 0; i < judgement->evidence_count; i++)
		json_array_append_new(evidence, json_string(judgement->evidence[i]));
	object = json_pack("{ss, ss, ss, ss, ss*, so}", "lab", request->lab, "question",
			   request->question, "verdict", verdicts[judgement->verdict],
			   "answer", request->answer, "feedback", judgement->feedback,
			   "evidence", evidence);
	if (object && judgement->shapeless)
		json_object_set_new(object, "shapeless", json_true());
	if (object && judgement->not_here)
		json_object_set_new(object, "here", json_false());
	/* Nothing printed would be a verdict lost: whoever reads counts the lines. */
	if (!object || json_dumpf(object, stdout, JSON_COMPACT))
		printf("{\"verdict\":\"unchecked\",\"feedback\":\"grade: out of "
		       "memory\"}");
	putchar('\n');
	json_decref(object);
}

static void print_text(const struct request *request, const struct judgement *judgement)
{
	size_t i;

	printf("%s.%s: %s\n  %s\n", request->lab, request->question,
	       verdicts[judgement->verdict], judgement->feedback);
	for (i = 0; i < judgement->evidence_count; i++)
		printf("  - %s\n", judgement->evidence[i]);
}

static int judge_all(struct requests *requests, bool json)
{
	bool wrong = false, unchecked = false, broken = false;
	struct grader *grader = grader_new();
	size_t i;

	if (!grader) {
		fprintf(stderr,
			"grade: cannot begin: %s\n  try: is there an account 'nobody'?\n",
			strerror(errno));
		return EXIT_BROKEN;
	}
	grader_watch(grader, requests->list, requests->count);
	for (i = 0; i < requests->count && !interrupted(); i++) {
		struct judgement judgement = {};

		grader_judge(grader, &requests->list[i], &judgement);
		if (interrupted()) {
			judgement_fini(&judgement);
			break;
		}
		wrong |= judgement.verdict == VERDICT_WRONG;
		unchecked |= judgement.verdict == VERDICT_UNCHECKED;
		broken |= judgement.broken;
		(json ? print_json : print_text)(&requests->list[i], &judgement);
		fflush(stdout);
		judgement_fini(&judgement);
	}
	grader_free(grader);
	if (interrupted()) {
		/* Cleaned up; now end as whoever sent the signal expects. */
		signal(interrupted(), SIG_DFL);
		raise(interrupted());
	}
	if (broken)
		return EXIT_BROKEN;
	return wrong ? EXIT_NO : unchecked ? EXIT_CANNOT : EXIT_YES;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{"json", no_argument, NULL, 'j'},
		{"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'V'},
		{},
	};
	struct requests requests = {};
	bool json = false;
	int option, status;

	while ((option = getopt_long(argc, argv, "jhV", options, NULL)) != -1) {
		if (option == 'j') {
			json = true;
		} else if (option == 'h') {
			fputs(help, stdout);
			return EXIT_YES;
		} else if (option == 'V') {
			puts("grade " KIT_VERSION);
			return EXIT_YES;
		} else {
			fputs("Try 'grade --help'\n", stderr);
			return EXIT_USAGE;
		}
	}
	if (optind < argc) {
		fprintf(stderr,
			"grade: answers are read from standard input, not '%s'\n"
			"Try 'grade --help'\n",
			argv[optind]);
		return EXIT_USAGE;
	}
	signal(SIGPIPE, SIG_IGN); /* a program may end before it reads its seed */
	interrupt_catch();
	status = read_requests(&requests) ? EXIT_USAGE : judge_all(&requests, json);
	while (requests.count)
		request_fini(&requests.list[--requests.count]);
	free(requests.list);
	return status;
}
