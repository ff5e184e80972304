// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A market stall, to be looked at in two ways: by its probes, and by uprobes on its
 * functions. Some calls of a function have no function to go to, since the compiler has
 * put its body where the call was. Names in C++ are many a function's, and its symbol is
 * not what the source calls it. And some things no probe tells.
 */
#include <sys/sdt.h>
#include <unistd.h>

extern "C" {
#include "heartbeat.h"
#include "seed.h"
}

#define QUEUES 10 /* a day */
#define PAUSE_US 90000

/*
 * What is called by its name is inlined; what is called through a reference, to whatever
 * kind of scale that may be, is not.
 */
class Scale
{
public:
	__attribute__((always_inline)) virtual int weigh(int grams)
	{
		if (grams <= tray_)
			return 0;
		weighed_++;
		DTRACE_PROBE1(stall, weighed, grams - tray_);
		return grams - tray_;
	}

private:
	int tray_ = 40;
	unsigned long weighed_ = 0;
};

struct Apple {
	static const int price = 3;
};
struct Cherry {
	static const int price = 14;
};
struct Lemon {
	static const int price = 5;
};
struct Melon {
	static const int price = 31;
};
struct Pear {
	static const int price = 4;
};
struct Quince {
	static const int price = 9;
};

struct Piece {
	static const int weight = 1;
};
struct Basket {
	static const int weight = 7;
};
struct Crate {
	static const int weight = 40;
};
struct Sack {
	static const int weight = 65;
};

class Till
{
public:
	/* A function for each pair of types: so the compiler makes 24 of this one. */
	template <class Ware, class Measure> void sell(int count)
	{
		sold_ += count * Ware::price * Measure::weight;
	}

	int ring(int price)
	{
		int due = 3 * price + 11;

		DTRACE_PROBE1(stall, rung, due);
		return due;
	}

	/* The same twice, but for a probe. */
	int rounded(int price)
	{
		int rest = price % 5;

		return price - rest + sold_;
	}

	int rounded_probed(int price)
	{
		int rest = price % 5;

		DTRACE_PROBE2(stall, rounded, price, 1000 * rest / price);
		return price - rest + sold_;
	}

	void earn(int money)
	{
		takings_ += money;
	}

	/* No probe tells what there is in the till. */
	void close()
	{
		days_++;
		sold_ = 0;
		takings_ = 0;
	}

private:
	const char *sign_ = "fruit";
	unsigned long days_ = 0;
	int sold_ = 0;
	int takings_ = 0;
};

#define EACH_MEASURE(ware)                                                             \
	&Till::sell<ware, Piece>, &Till::sell<ware, Basket>, &Till::sell<ware, Crate>, \
		&Till::sell<ware, Sack>

static void (Till::*const sales[])(int) = {
	EACH_MEASURE(Apple), EACH_MEASURE(Cherry), EACH_MEASURE(Lemon),
	EACH_MEASURE(Melon), EACH_MEASURE(Pear),   EACH_MEASURE(Quince),
};

#define SALES (sizeof(sales) / sizeof(*sales))

/* How much there is to do in a day, so many full trays and so many empty ones. */
struct work {
	unsigned int full, empty;
};

static int at_counter(Scale &scale, struct work work)
{
	int sum = 0;

	for (; work.full; work.full--)
		sum += scale.weigh(500);
	for (; work.empty; work.empty--)
		sum += scale.weigh(0);
	return sum;
}

static int from_cart(Scale &scale, struct work work)
{
	int sum = 0;

	for (; work.full; work.full--)
		sum += scale.Scale::weigh(9000);
	for (; work.empty; work.empty--)
		sum += scale.Scale::weigh(0);
	return sum;
}

static int for_delivery(Scale &scale, struct work work)
{
	int sum = 0;

	while (work.full--)
		sum += scale.Scale::weigh(1500);
	return sum;
}

static void sell_all(Till &till, uint64_t seed)
{
	unsigned int most = seed_mix(seed, 10) % SALES, i, n;

	for (i = 0; i < SALES; i++) {
		unsigned int times = 1 + seed_mix(seed, 11 + i) % 6 + (i == most) * 7;

		for (n = 0; n < times; n++)
			(till.*sales[i])(n);
	}
}

static int serve_queue(Till &till, unsigned int length)
{
	unsigned int i;
	int sum = 0;

	DTRACE_PROBE1(stall, queue, length);
	for (i = 0; i < length; i++)
		sum += till.ring(i);
	DTRACE_PROBE(stall, served);
	return sum;
}

static unsigned int draw(uint64_t seed, unsigned int n, unsigned int least,
			 unsigned int most)
{
	return least + seed_mix(seed, n) % (most - least + 1);
}

int main()
{
	uint64_t seed = seed_read();
	struct work counter = {draw(seed, 0, 40, 99), draw(seed, 1, 3, 30)};
	struct work cart = {draw(seed, 2, 5, 30), draw(seed, 3, 2, 20)};
	struct work delivery = {draw(seed, 4, 5, 30), 0};
	unsigned int length = draw(seed, 5, 40, 99);
	int money = draw(seed, 6, 100000000, 999999999);
	Scale scale;
	Till till;

	heartbeat_start("a day a second, all alike");
	for (unsigned long day = 1;; day++) {
		unsigned int i;
		volatile int sum = 0; /* so that nothing is left out as useless */

		DTRACE_PROBE1(stall, round, day);
		sum = at_counter(scale, counter) + from_cart(scale, cart) +
		      for_delivery(scale, delivery);
		sell_all(till, seed);
		till.earn(money / 2);
		for (i = 0; i < QUEUES; i++) {
			sum = serve_queue(till, length);
			usleep(PAUSE_US);
		}
		till.earn(money - money / 2);
		sum = till.rounded(sum) + till.rounded_probed(sum);
		till.close();
		heartbeat("days", day);
	}
}
