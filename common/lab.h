/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A lab: one exercise set, a folder labs/NN-name/ with a lab.yaml. Data only.
 * The loader checks everything it can (ids, references between questions and truths,
 * empty texts) and refuses a broken file with file, line where known, and reason.
 */
#ifndef BPFHOL_COMMON_LAB_H
#define BPFHOL_COMMON_LAB_H

#include <stdbool.h>
#include <stddef.h>

/* How an answer looks, and so how it is normalised before it is compared. */
enum answer_form {
	FORM_NONE,
	FORM_PROBE,	/* NAME, PROVIDER:NAME or usdt:PATH:PROVIDER:NAME */
	FORM_NUMBER,	/* decimal or hex */
	FORM_STRING,	/* as printed; surrounding quotes may be left out */
	FORM_ADDRESSES, /* hex numbers in any order, blanks or commas between */
	FORM_SOURCE,	/* the answer is the learner's edited source */
	FORM_FULL,	/* usdt:PATH:PROVIDER:NAME, nothing left out */
	FORM_PATH,	/* a file: its path or its base name */
	FORM_ARG,	/* an argument: "arg3" or "3" */
	FORM_TIME,	/* a number with ns, us, ms or s; without one the truth's unit */
	FORM_HEX,	/* one hex number, with 0x or without */
};

/* Where the truth comes from. */
enum truth_type {
	/* From the notes of the file that runs */
	TRUTH_PROBE,	      /* the name of the program's probe */
	TRUTH_NARGS,	      /* how many arguments .probe has */
	TRUTH_PROBES,	      /* how many probes the file has, or with .nargs arguments */
	TRUTH_PROVIDERS,      /* how many providers; of both: or the file with .probe */
	TRUTH_NLOCATIONS,     /* how many locations .probe has, a pattern's probes
				 together, or all of the program */
	TRUTH_ADDRESSES,      /* of .probe's locations; of some, with .line */
	TRUTH_LIBRARY,	      /* the mapped file, not the program's own, with probes or
				 with .probe */
	TRUTH_FULL,	      /* .probe's full name */
	TRUTH_DEAD_SEMAPHORE, /* the probe whose semaphore is in no file's data */
	TRUTH_OPERAND,	      /* where argument .arg of .probe is, or its value, in the
				 picture of registers and memory called .file */
	TRUTH_SIZE,	      /* bytes of .function's code, or how many more than .than */
	TRUTH_NOTE,	      /* bytes of .probe's note, all of it */
	/* From the firings of one round */
	TRUTH_ARG,	 /* the value of argument .arg of .probe */
	TRUTH_WHICH,	 /* which argument of .probe is the only one of its .kind */
	TRUTH_FIRES,	 /* the only one of the probes that match .probe that fires */
	TRUTH_TALLY,	 /* firings of .probe counted, or arguments summed; by groups */
	TRUTH_LATENCY,	 /* the median time from .probe to .then */
	TRUTH_SITE,	 /* what stands at .probe's location in the process */
	TRUTH_SEMAPHORE, /* what .probe's reads while .tracers watch */
	TRUTH_SILENT,	 /* the only one of the probes that match .probe that does not
			    fire though .then tells its name in .by; or what .then adds
			    up to for it */
	TRUTH_MAPPING,	 /* where the mapping begins in which .probe's location is now */
	/* From a learner's source, compiled and run */
	TRUTH_EDIT,	 /* fires .probe as the reference source .like does, and still
			    fires .keeps; with .alone that also as it does while nobody
			    traces .probe; by .macros, from .locations places, with a
			    semaphore if .like has one, and with .sizes as there */
	TRUTH_LOCATIONS, /* fires .probe from at least .locations places with the values
			    the reference gives; the answer is their addresses */
};

/* Only firings whose argument .arg is .is: a number, or a string. */
struct truth_where {
	unsigned int arg;
	char *is;
};

/* By what firings are put into groups or pairs; an argument is its number from 0. */
enum {
	KEY_BY_NOTHING = -1,
	KEY_BY_LOCATION = -2,
	KEY_BY_TID = -3,
	KEY_BY_PID = -4,
	KEY_BY_PROBE = -5,
	KEY_INVALID = -6,
};

enum truth_pick {
	PICK_ONLY,   /* there is one group */
	PICK_MOST,   /* most firings, the largest sum, the longest time */
	PICK_LEAST,  /* the fewest, of those that fire at all */
	PICK_NEVER,  /* the location that is never hit */
	PICK_ALWAYS, /* the group in which .then fires as often as .probe */
};

enum truth_give {
	GIVE_KEY,
	GIVE_VALUE,
	GIVE_PROVIDER,
	GIVE_NAME,
	GIVE_ADDRESS, /* OPERAND: of the value; SITE: of the location, in the process */
	GIVE_NEXT,    /* SITE: where the program goes on after a hit */
	GIVE_BYTE,    /* SITE: the first one there */
	GIVE_CALL,    /* SITE: where the call that stands there leads */
};
enum truth_kind { KIND_ANY, KIND_STRING, KIND_NUMBER };
enum truth_as { AS_IT_IS, AS_UNSIGNED };
enum truth_line { LINE_ANY, LINE_SHARED };

/* What of an operand is left out: how it must not be read. */
enum truth_without {
	WITHOUT_NOTHING,
	WITHOUT_SIGN,
	WITHOUT_SIZE, /* 8 bytes, as they stand there */
	WITHOUT_OFFSET,
	WITHOUT_INDEX,
	WITHOUT_SCALE,
	WITHOUT_ORDER, /* the bytes of a word counted from its other end */
};

struct truth {
	enum truth_type type;
	char *probe; /* "provider:name"; FIRES, ARG: or a pattern, one of which fires */
	char *then;  /* "provider:name" that comes after it, or NULL */
	struct truth_where *where, *then_where; /* NULL: all firings */
	char *function, *than; /* SIZE: symbols of functions; .than may be NULL */
	unsigned int arg;
	unsigned int nargs;	    /* PROBES: only those with so many; 0: all */
	enum truth_kind kind;	    /* ARG: not .arg, but the only one of this kind */
	enum truth_as as;	    /* ARG: its bits read as an unsigned number */
	char *file;		    /* OPERAND: the file in memory that has the picture */
	enum truth_without without; /* OPERAND, for mistakes */
	unsigned int size;	    /* OPERAND, for mistakes: so many bytes; 0: its own */
	enum truth_line line; /* ADDRESSES: only those that share their source line */
	char *by, *then_by,
		*match; /* "argN", "location", "pid", "tid", "probe": see truth_key() */
	unsigned int *sum; /* TALLY: arguments to add up, none: firings */
	unsigned int sum_count;
	enum truth_pick pick;
	enum truth_give give;
	char *unit;		/* LATENCY: ns, us, ms or s */
	unsigned int tolerance; /* LATENCY: percent */
	char *per;		/* LATENCY: of each firing of this probe in between */
	char **traced;		/* LATENCY, ARG: probes that are traced meanwhile */
	unsigned int traced_count;
	unsigned int tracers; /* SEMAPHORE, SITE: how many watch */
	bool hit;	      /* SITE: once it was hit while they do; else before */
	char *like;	      /* reference source in the lab's folder */
	char *keeps;	      /* "provider:name" that must still fire right, or NULL */
	bool alone;	      /* EDIT: traced too without .probe, so its semaphore is 0;
				 ARG: while nobody traces any other */
	unsigned int locations;
	bool sizes;    /* EDIT: each argument has size and sign as in .like */
	char **macros; /* EDIT: the source must use them for .probe */
	unsigned int macros_count;
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
	MISTAKE_TRUTH,	/* right by another truth, .truth */
	MISTAKE_BASE_NAME, /* ends, as a path, in the same word as argument .arg */
	MISTAKE_MAPPED,	   /* a file that the process maps */
	MISTAKE_MULTIPLE,  /* right by .truth, but two to five times */
	MISTAKE_UNIT,	   /* a time right by .truth, but for its unit */
	MISTAKE_LOW_BITS,  /* .truth's low 32 bits alone, where it has more */
	MISTAKE_ELSEWHERE, /* addresses of locations of another of the lab's targets */
};

struct mistake {
	enum mistake_match match;
	unsigned int arg;
	unsigned int field;
	char *file;
	char *pattern;
	struct truth *truth;
	char *say;
};

/* An answer of several words has a part for each; any other has one part. */
struct part {
	char *name; /* how feedback calls it; NULL for the only one */
	enum answer_form form;
	struct truth *truth;
	struct mistake *mistakes;
	unsigned int mistakes_count;
};

struct question {
	char *id; /* the part behind "lab." */
	char *ask;
	char *target; /* the program it is about; never NULL, by default the lab's first
		       */
	char *answer; /* the form of the answer in words: "one number", ... */
	char **needs; /* checks of `usdt doctor -j` or programs: "nop5", or one of
			 several: "bpftrace or perf"; without them the question cannot be
			 answered here; may be empty */
	unsigned int needs_count;
	/* As written, for a question of one part; the loader moves it to .parts[0]. */
	enum answer_form form;
	struct truth *truth;
	struct mistake *mistakes;
	unsigned int mistakes_count;
	struct part *parts; /* never empty */
	unsigned int parts_count;
	char **hints; /* from general to specific */
	unsigned int hints_count;
	char *explanation;
	char *reveal; /* how to find the answer oneself, step by step; shown on reveal,
			 with {kit}, {pid} and {work} (the learner's folder) filled in */
};

/* A function that is watched as if a probe stood at its entry: "entry:SYMBOL". */
struct lab_function {
	char *symbol; /* or a pattern, for all functions that have such a one */
	char *args;   /* its arguments, as in a note: "-4@%esi"; may be NULL */
};

struct lab_target {
	char *program; /* name in bin/ */
	char *source;  /* in the lab's start/ folder, the learner's copy is made from it;
			  NULL if there is nothing to edit */
	char *round;   /* "provider:name" of the probe that begins a round, or NULL */
	struct lab_function *functions; /* may be empty */
	unsigned int functions_count;
	bool variant;  /* compiled at its start with -DVARIANT=, by the seed */
	bool children; /* watched together with the processes it has started */
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

/* lab_target - by its program, NULL if there is none. */
const struct lab_target *lab_target(const struct lab *lab, const char *program);

/*
 * lab_source - the Nth of its targets that has a source to edit, from 0; NULL: there are
 * not as many.
 */
const struct lab_target *lab_source(const struct lab *lab, unsigned int n);

/*
 * lab_source_words - as `bpfhol edit` and `build` want it named: "passwd", or "writing
 * shelf" where the lab has several. To be freed; NULL on ENOMEM.
 */
char *lab_source_words(const struct lab *lab, const struct lab_target *target);

/* question_is_live - is a running target needed to judge it? */
bool question_is_live(const struct question *question);

/* question_edits - is it the learner's own source that is judged? */
bool question_edits(const struct question *question);

/* question_moves - may a right answer be wrong with the next start of the program, as it
 * has an address in memory? */
bool question_moves(const struct question *question);

/* question_is_typed - is there something to type, not just an edited source? */
bool question_is_typed(const struct question *question);

/*
 * need_option - the Nth (from 0) of those of which a need wants one: "nop5" has one,
 * "bpftrace or perf" two. To be freed; NULL: there are not as many.
 */
char *need_option(const char *need, unsigned int n);

/* truth_is_pattern - is it one, for several probes, of which one fires? */
bool truth_is_pattern(const char *probe);

/* truth_is_live - does it come from firings? */
bool truth_is_live(const struct truth *truth);

/* truth_is_apart - does it want a capture in which nothing else is traced? */
bool truth_is_apart(const struct truth *truth);

/* truth_key - "arg2" gives 2, "location", "pid", "tid", "probe" and NULL one of
 * KEY_BY_..., what is none of these KEY_INVALID. */
int truth_key(const char *text);

#endif
