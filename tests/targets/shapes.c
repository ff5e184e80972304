// SPDX-License-Identifier: GPL-2.0-or-later
/* One probe a kind of operand; what each must say stands in tests/21-trace.bats. */
#define _GNU_SOURCE
#include <stdint.h>
#include <sys/mman.h>
#include <sys/sdt.h>
#include <unistd.h>

int variable = 77;
__thread int own = -55;
struct three {
	long a, b, c;
} three = {1, 2, 3};
double real = 1.5;

/* A text across two pages that nobody has touched. */
static const char *cold_text(void)
{
	int fd = memfd_create("cold", 0);
	char *map;

	if (ftruncate(fd, 8192) || pwrite(fd, "across the edge", 16, 4090) != 16)
		_exit(1);
	map = mmap(NULL, 8192, PROT_READ, MAP_PRIVATE, fd, 0);
	return map + 4090;
}

int main(void)
{
	uint64_t bits = 0x1122334455667788;
	int64_t least = INT64_MIN;
	uint64_t most = UINT64_MAX;
	double one = 1.0;
	const char *cold = cold_text();

	__asm__ volatile("" : "+r"(bits), "+r"(least), "+r"(most));
	STAP_PROBE4(shapes, widths, (uint8_t)bits, (int16_t)bits, (uint32_t)bits, bits);
	STAP_PROBE3(shapes, extremes, least, most, -1);
	STAP_PROBE3(shapes, places, variable, own, three);
	STAP_PROBE1(shapes, real, real);
	STAP_PROBE1(shapes, cold, cold);
	STAP_PROBE1(shapes, bad, (char *)0x123456789000);
	__asm__ volatile("990: nop\n"
			 ".pushsection .note.stapsdt,\"\",\"note\"\n"
			 ".balign 4\n.4byte 992f-991f, 994f-993f, 3\n"
			 "991: .asciz \"stapsdt\"\n992: .balign 4\n"
			 "993: .8byte 990b, 0, 0\n"
			 ".asciz \"shapes\"\n.asciz \"vector\"\n.asciz \"8f@%%xmm0 -4@$7 "
			 "1@%%ah\"\n"
			 "994: .balign 4\n.popsection\n"
			 :
			 : "a"(0x4200), "x"(one));
	return 0;
}
