/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Growable arrays: a pointer and a count in the caller's struct, room doubled as
 * needed. The room is the count rounded up to a power of two, so no third member.
 */
#ifndef BPFHOL_COMMON_ARRAY_H
#define BPFHOL_COMMON_ARRAY_H

#include <stddef.h>

/*
 * array_grow - room for one more element behind the count there are.
 * Returns the (moved) array with the new element zeroed, or NULL with errno ENOMEM and
 * the old array as it was.
 */
void *array_grow(void *array, size_t count, size_t element_size);

/*
 * array_add(ARRAY, COUNT): ARRAY is a pointer lvalue, COUNT an lvalue. Evaluates to the
 * new, zeroed last element's address, or NULL when there is no memory.
 */
#define array_add(array, count)                                                \
	({                                                                     \
		void *grown_ = array_grow((array), (count), sizeof(*(array))); \
		if (grown_)                                                    \
			(array) = grown_;                                      \
		grown_ ? &(array)[(count)++] : NULL;                           \
	})

#endif
