// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * With -DPLUGIN a library with a probe, else a program that waits for a byte, loads it
 * (its path is the argument), and calls it ten times in two seconds.
 */
#include <stdio.h>
#include <sys/sdt.h>

#ifdef PLUGIN
void work(int n);

void work(int n)
{
	STAP_PROBE1(plugin, work, n);
}
#else
#include <dlfcn.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
	void (*work)(int);
	void *library;
	int i;

	STAP_PROBE(host, began);
	if (getchar() == EOF)
		return 0;
	library = dlopen(argv[1], RTLD_NOW);
	work = library ? (void (*)(int))dlsym(library, "work") : NULL;
	for (i = 0; work && i < 10; i++) {
		usleep(200000);
		work(i);
	}
	return !work;
}
#endif
