// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/array.h"

void *array_grow(void *array, size_t count, size_t element_size)
{
	/* Room runs out exactly when the count is zero or a power of two. */
	if ((count & (count - 1)) == 0 || !count) {
		size_t room = count ? count * 2 : 1;

		array = reallocarray(array, room, element_size);
		if (!array)
			return NULL;
	}
	memset((char *)array + count * element_size, 0, element_size);
	return array;
}
