// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Real programs: this one starts python3, java and PostgreSQL's server where the machine
 * has them, gives each some work once a round, and does some itself with the library that
 * every C++ program uses. The probes are theirs and the library's; its own tells where a
 * round begins.
 *
 * It is given a seed like all of the kit's programs, and makes no use of it: what others
 * have written does what it does.
 */
#include <exception>
#include <future>
#include <istream>
#include <stdexcept>
#include <streambuf>
#include <string>
#include <sys/sdt.h>
#include <unistd.h>

extern "C" {
#include "heartbeat.h"
#include "seed.h"
#include "wild_programs.h"
}

#define WARM_UP 3 /* rounds before the first that counts: caches are full by then */

/* Where text would come from, if the line had not broken. */
class BrokenLine : public std::streambuf
{
protected:
	int_type underflow() override
	{
		throw std::runtime_error("the line is broken");
	}
};

/* A number, a word and a line are to come from it, by a stream that lets errors through.
 */
static void read_broken_line()
{
	for (int what = 0; what < 3; what++) {
		BrokenLine line;
		std::istream stream(&line);
		std::string text;
		int number;

		stream.exceptions(std::ios::badbit);
		try {
			if (what == 0)
				stream >> number;
			else if (what == 1)
				stream >> text;
			else
				std::getline(stream, text);
		} catch (const std::runtime_error &) {
		}
	}
}

/* A task that fails, and whoever waits for what it brings. */
static void fail_elsewhere()
{
	std::packaged_task<int()> task([] { return std::stoi("many"); });
	std::future<int> result = task.get_future();

	task();
	try {
		result.get();
	} catch (const std::invalid_argument &) {
	}
}

static void work()
{
	read_broken_line();
	fail_elsewhere();
	wild_programs_work();
}

int main()
{
	seed_read();
	wild_programs_start();
	for (int i = 0; i < WARM_UP; i++)
		work();
	heartbeat_start("a round a second");
	for (unsigned long round = 1;; round++) {
		DTRACE_PROBE1(wild, round, round);
		work();
		heartbeat("rounds", round);
		usleep(700000);
	}
}
