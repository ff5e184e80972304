#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Programs that have a target's name and probes, and do what no target of the kit does.

load helpers

setup() {
	kit_setup
	need_root
	need_bpf
	cd "$BATS_TEST_TMPDIR"
}

# strange PROGRAM - build and run C code from standard input; sets PID
strange() {
	gcc -std=gnu11 -g -O1 -x c -o "$1" -
	"./$1" >/dev/null 2>&1 3>&- &
	PID=$!
	ends_with_test "$PID"
	wait_for 5 is_program "$PID" "./$1"
}

ask() { printf '{"lab":"%s","question":"%s","answer":"%s","pid":%d}\n' "$@" "$PID"; }

@test "probes that lack the argument which is asked for: no answer, and no crash" {
	strange sumd <<-'END'
		#include <sys/sdt.h>
		#include <unistd.h>
		int main(void)
		{
			for (long id = 0;; id++) {
				DTRACE_PROBE1(testthrift, round, id);
				DTRACE_PROBE1(thrift, thrift_context_stack_pre_read, id);
				DTRACE_PROBE1(thrift, thrift_context_stack_post_write, id);
				DTRACE_PROBE1(thrift, thrift_context_stack_user_exception, id);
				usleep(100000);
			}
		}
	END
	run -99 grade < <(ask thrift slowest 'sum 12 ms'; ask thrift connection 5; ask thrift tally 'sum 5')
	assert_equal "$(grep -c 'has no one answer' <<<"$output")" 3
}

@test "a round of very many firings costs nobody minutes" {
	strange sumd <<-'END'
		#include <sys/sdt.h>
		#include <unistd.h>
		int main(void)
		{
			for (long id = 0;; id++) {
				if (id % 12000 == 0)
					DTRACE_PROBE1(testthrift, round, id);
				DTRACE_PROBE4(thrift, thrift_context_stack_pre_read, id, 1, 2, id);
				DTRACE_PROBE4(thrift, thrift_context_stack_post_write, id, 1, 2, id);
				if (id % 100 == 0)
					usleep(1);
			}
		}
	END
	run -77 timeout 30 "$BIN/grade" < <(ask thrift slowest 'sum 12 ms')
	assert_output --regexp 'fires far too often|events were lost'
}
