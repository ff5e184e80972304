// SPDX-License-Identifier: GPL-2.0-or-later
/* member: should be a string */
#include <string>
#include <sys/sdt.h>
#include <unistd.h>

extern "C" {
#include "heartbeat.h"
#include "seed.h"
#include "word.h"
}

#define BOXES 16 /* a day */

class Shelf
{
public:
	Shelf(const std::string &label, int width)
	    : label_(label), width_(width), room_(width)
	{
	}

	/* False: there is no room left. The last box may stick out. */
	bool put(int width)
	{
		if (room_ <= 0)
			return false;
		room_ -= width;
		boxes_++;
		DTRACE_PROBE3(shelf, put, label_.size(), boxes_, room_);
		return true;
	}

	void clear()
	{
		room_ = width_;
		boxes_ = 0;
	}

private:
	std::string label_;
	int width_;
	int room_; /* below zero: so much does the last box stick out */
	unsigned int boxes_ = 0;
};

static std::string word(uint64_t number)
{
	char text[WORD_MAX];

	word_put(text, number);
	return text;
}

int main()
{
	uint64_t seed = seed_read();
	Shelf upper(word(seed_mix(seed, 0)), 900), lower(word(seed_mix(seed, 1)), 700);

	heartbeat_start("ten days a second, all alike");
	for (unsigned long days = 1;; days++) {
		for (unsigned int i = 0; i < BOXES; i++) {
			int width = 20 + seed_mix(seed, 2 + i) % 280;

			DTRACE_PROBE1(shelf, box, width);
			if (!upper.put(width))
				lower.put(width);
		}
		upper.clear();
		lower.clear();
		heartbeat("days", days);
		usleep(100000);
	}
}
