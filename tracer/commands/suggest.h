/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What may have been meant by a name that no probe has. */
#ifndef BPFHOL_TRACER_COMMANDS_SUGGEST_H
#define BPFHOL_TRACER_COMMANDS_SUGGEST_H

#include "tracer/commands/search.h"
#include "tracer/static/pattern.h"

/* suggest - on stderr the nearest names in the files FROM to TO - 1, or how to see all.
 */
void suggest(const struct search *search, const struct pattern *pattern, size_t from,
	     size_t to);

#endif
