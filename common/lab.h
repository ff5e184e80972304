/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A lab: one exercise set, a folder labs/NN-name/ with a lab.yaml. Data only.
 * The loader checks everything it can (ids, references between questions and truths,
 * empty texts) and refuses a broken file with file, line where known, and reason.
 */
#ifndef BPFHOL_COMMON_LAB_H
#define BPFHOL_COMMON_LAB_H

#include <stddef.h>

/* How an answer looks, and so how it is normalised before it is compared. */
enum answer_form {
	FORM_PROBE,	/* NAME, PROVIDER:NAME or usdt:PATH:PROVIDER:NAME */
	FORM_NUMBER,	/* decimal or hex */
	FORM_STRING,	/* as printed; surrounding quotes may be left out */
	FORM_ADDRESSES, /* hex numbers in any order, blanks or commas between; the
			   learner's edited source is judged with them */
	FORM_SOURCE,	/* the answer is the learner's edited source */
};

/* Where the truth comes from. */
enum truth_type {
	TRUTH_PROBE, /* static: the name of the program's probe */
	TRUTH_NARGS, /* static: how many arguments .probe has */
	TRUTH_ARG,   /* live: the value of argument .arg of .probe */
	TRUTH_EDIT,  /* an edited source fires .probe as the reference source .like does,
			and still fires .keeps */
	TRUTH_LOCATIONS, /* an edited source fires .probe from at least .locations places
			    with the values the reference gives; the answer is their
			    addresses */
};

struct truth {
	enum truth_type type;
	char *probe; /* "provider:name" */
	char *like;  /* reference source in the lab's folder */
	char *keeps; /* "provider:name" that must still fire right, or NULL */
	unsigned int arg;
	unsigned int locations;
};

/* A known mistake, and what to say about it. The first that matches is used. */
enum mistake_match {
	MISTAKE_PROVIDER,  /* the provider alone */
	MISTAKE_BINARY,	   /* the program's name in the provider's place */
	MISTAKE_POINTER,   /* the pointer instead of the string it points to */
	MISTAKE_OTHER_ARG, /* the value of argument .arg */
	MISTAKE_LOCATIONS, /* the number of locations */
	MISTAKE_LISTED, /* field .field (from 1, colon-separated) of some line of the file
			   named .file that the target has open */
	MISTAKE_SHAPED, /* matches the extended regular expression .pattern */
	MISTAKE_EQUALS, /* is exactly .pattern */
};

struct mistake {
	enum mistake_match match;
	unsigned int arg;
	unsigned int field;
	char *file;
	char *pattern;
	char *say;
};

struct question {
	char *id; /* the part behind "lab." */
	char *ask;
	char *target; /* the program it is about; never NULL, by default the lab's first
		       */
	char *answer; /* the form of the answer in words: "one number", ... */
	enum answer_form form;
	char **needs; /* kernel features or tools: "sleepable", "bpftrace"; may be empty
		       */
	unsigned int needs_count;
	struct truth truth;
	struct mistake *mistakes;
	unsigned int mistakes_count;
	char **hints; /* from general to specific */
	unsigned int hints_count;
	char *explanation;
	char *reveal; /* how to find the answer oneself, step by step; shown on reveal,
			 with {kit}, {pid} and {work} (the learner's folder) filled in */
};

struct lab_target {
	char *program; /* name in bin/ */
	char *source;  /* in the lab's start/ folder, the learner's copy is made from it;
			  NULL if there is nothing to edit */
};

struct lab {
	char *name;   /* folder's name without the number; filled by the loader */
	char *folder; /* absolute; filled by the loader */
	char *title;
	unsigned int minutes;
	char *chapter; /* handbook/CHAPTER.md */
	struct lab_target *targets;
	unsigned int targets_count;
	struct question *questions;
	unsigned int questions_count;
};

/*
 * lab_load - read one lab by name ("passwd"). Returns 0, -ENOENT no such lab, -EINVAL
 * the file is broken (*ERROR: "labs/02-passwd/lab.yaml: line 12: ..."; to be freed).
 */
int lab_load(const char *name, struct lab **out, char **error);
void lab_free(struct lab *lab);

/* labs_names - all labs' names in the order of their numbers, NULL-terminated; one
 * free() of the array frees the strings too. NULL with errno on error. */
char **labs_names(void);

/* lab_question - by id ("user"), NULL if there is none. */
const struct question *lab_question(const struct lab *lab, const char *id);

/* question_is_live - is a running target needed to judge it? */
int question_is_live(const struct question *question);

#endif
