#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What `usdt site` says stands at a location, against gdb and /proc/PID/mem: before, while
# and after somebody traces. And what `usdt list -v` and `usdt trace` warn of.

load helpers

setup() {
	kit_setup
	need_cmd jq
	cd "$BATS_TEST_TMPDIR" || return 1
}

teardown() {
	drop_public_bin
	kit_teardown
}

# site PATTERN - of TARGET: the instruction, whether traced, and the bytes in hex
site() {
	usdt site -j -p "$TARGET" "$1" >site.json
	[ "$(wc -l <site.json)" = 1 ]
	jq -r '"\(.instruction) \(.traced) \(.bytes)"' site.json
}

address_of() { usdt site -j -p "$TARGET" "$1" | jq -r .address; }

# by_gdb ADDRESS, by_dd ADDRESS - five bytes of TARGET there, in hex
by_gdb() {
	gdb -nx -p "$TARGET" -batch -ex "x/5xb $1" 2>/dev/null |
		sed -n 's/^0x[^:]*:\t//p' | sed 's/0x//g' | tr -d ' \t\n'
}

by_dd() {
	dd if="/proc/$TARGET/mem" bs=1 skip=$(($1)) count=5 status=none | od -An -tx1 | tr -d ' \n'
}

# same_as_peers - the bytes of the last site() are those that others read
same_as_peers() {
	local address bytes
	need_cmd gdb
	address=$(jq -r .address site.json)
	bytes=$(jq -r .bytes site.json)
	assert_equal "$bytes" "$(by_dd "$address")"
	assert_equal "$bytes" "$(by_gdb "$address")"
}

end_trace() {
	kill -INT "$TRACER"
	wait "$TRACER"
}

seen() { [ "$(wc -l <events)" -ge "$1" ]; }

# state_is INSTRUCTION PATTERN - what site() says begins with that
state_is() { site "$2" | grep -q "^$1 "; }

@test "sdt.h's nop: nop, int3 while somebody traces, nop again" {
	need_root
	need_bpf
	test_target burst
	hold ./burst 3
	local before
	before=$(site hit)
	assert_regex "$before" '^nop false 90'
	same_as_peers
	attach -p "$TARGET" hit
	assert_equal "$(site hit)" "int3 true cc${before#nop false 90}"
	same_as_peers
	assert_regex "$(site guarded)" '^nop false '
	end_trace
	assert_equal "$(site hit)" "$before"
	same_as_peers
}

# On a kernel that makes a call of it, the first hit does that.
@test "a 5-byte nop: nop5, a call or int3 while somebody traces, nop5 again" {
	need_root
	need_bpf
	test_target nop5
	hold ./nop5
	assert_equal "$(site hit)" 'nop5 false 0f1f440000'
	same_as_peers
	attach -p "$TARGET" hit
	assert_equal "$(site hit)" 'int3 true cc1f440000'
	release
	wait_for 10 -p "$TARGET" seen 1
	release
	wait_for 10 -p "$TARGET" state_is '\(call\|int3\) true' hit
	same_as_peers
	if [ "$(jq -r .instruction site.json)" = call ]; then
		local target
		target=$(jq -r .target site.json)
		grep "^${target#0x}-.*\[uprobes-trampoline\]$" "/proc/$TARGET/maps"
		run -0 usdt site -p "$TARGET" hit
		assert_output --regexp "  call $target  somebody traces: a call, no trap$"
	fi
	end_trace
	assert_equal "$(site hit)" 'nop5 false 0f1f440000'
	same_as_peers
	alive "$TARGET"
}

@test "a debugger's breakpoint is one too" {
	need_cmd gdb
	test_target burst
	hold ./burst 1
	local address
	address=$(address_of hit)
	gdb -nx -p "$TARGET" -batch -ex 'set breakpoint always-inserted on' \
		-ex "break *$address" -ex "shell $BIN/usdt site -p $TARGET hit >by_gdb" \
		>gdb.out 2>&1 || cannot "gdb cannot attach here: $(tail -n 1 gdb.out)"
	grep "$address  cc .*int3 *somebody traces: a breakpoint$" by_gdb
	assert_regex "$(site hit)" '^nop false '
}

@test "what only looks like a tracer's work is not: the file has it too" {
	test_target odd
	hold ./odd
	run -0 usdt site -j -p "$TARGET" '*'
	run -0 jq -rs 'map("\(.name) \(.instruction) \(.traced)")[]' <<<"$output"
	assert_output "call call false
four other false
prefixes nop5 false
ten nop10 false
trap int3 false"
	run -0 usdt site -p "$TARGET" ten
	assert_output --regexp '66 2e 0f 1f 84 00 00 00 00 00  nop10  not traced$'
}

@test "a line a location, aligned, sorted; link-time addresses as listed" {
	test_target places
	hold ./places
	run -0 usdt site -p "$TARGET" here
	assert_equal "${#lines[@]}" 4
	for line in "${lines[@]}"; do
		assert_regex "$line" \
			'^p:here  0x[0-9a-f]+ +0x[0-9a-f]+  90( [0-9a-f]{2}){4}  nop  not traced$'
		assert_equal "${#line}" "${#lines[0]}"
	done
	assert_equal "$(awk '{ print $2 }' <<<"$output")" \
		"$(usdt list -j ./places | jq -r '.locations[].address')"
	run -0 jq -es 'length == 4 and all(.[]; keys == ["address", "bytes", "instruction",
		"location", "name", "path", "provider", "traced"])' <(usdt site -j -p "$TARGET" here)
}

@test "a library, and a program that is not position-independent" {
	printf '#include <sys/sdt.h>\nvoid f(void); void f(void) { STAP_PROBE(lib, f); }\n' >lib.c
	printf '%s\n' '#include <sys/sdt.h>' '#include <unistd.h>' 'void f(void);' \
		'int main(void) { char c; STAP_PROBE(app, start); f(); return read(0, &c, 1) < 0; }' >app.c
	gcc -shared -fPIC -o libf.so lib.c
	gcc -no-pie -o app app.c -L. -lf -Wl,-rpath,'$ORIGIN'
	hold ./app
	loaded() { grep -q libf.so "/proc/$TARGET/maps"; }
	wait_for 5 -p "$TARGET" loaded
	assert_regex "$(site app:start)" '^nop false 90'
	jq -e '.location == .address' site.json
	assert_regex "$(site ./libf.so:f)" '^nop false 90'
	assert_equal "$(jq -r .bytes site.json)" "$(by_dd "$(jq -r .address site.json)")"
}

@test "no process, nothing mapped, nothing matched: status 1 and why" {
	run -1 --separate-stderr usdt site -p 4194305 '*'
	assert_equal "$output" ''
	assert_regex "$stderr" 'no process 4194305'
	test_target burst
	test_target places
	hold ./burst 1
	run -1 --separate-stderr usdt site -p "$TARGET" ./places:here
	assert_equal "$output" ''
	assert_regex "$stderr" "places' is not mapped in process $TARGET"
	assert_regex "$stderr" '  try: '
	run -1 --separate-stderr usdt site -p "$TARGET" hti
	assert_regex "$stderr" 'did you mean: burst:hit'
	run -1 --separate-stderr usdt site -p "$TARGET" ./places:here hit
	assert_regex "$output" '^burst:hit '
	assert_regex "$stderr" 'not mapped'
	run -0 usdt list -v -p "$TARGET" ./places:here
	assert_line "      not mapped in process $TARGET"
}

@test "another user's process: 77 and sudo; one's own needs no root" {
	need_root
	need_cmd setpriv
	local bin nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
	bin=$(public_bin)
	test_target burst
	chmod 755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_TEST_TMPDIR" 2>/dev/null || true
	hold ./burst 1
	run -77 --separate-stderr "${nobody[@]}" "$bin/usdt" site -p "$TARGET" hit
	assert_equal "$output" ''
	assert_regex "$stderr" "cannot look at process $TARGET"
	assert_regex "$stderr" '  try: sudo'
	end_input
	"${nobody[@]}" "$PWD/burst" 1 <go >target.out 3>&- &
	TARGET=$!
	ends_with_test "$TARGET"
	exec 7>go
	mapped() { grep -q /burst "/proc/$TARGET/maps"; }
	wait_for 5 -p "$TARGET" mapped
	run --separate-stderr "${nobody[@]}" "$bin/usdt" site -p "$TARGET" hit
	if [ "$(cat /proc/sys/kernel/yama/ptrace_scope 2>/dev/null || echo 0)" = 0 ]; then
		assert_success
		assert_regex "$output" 'nop  not traced$'
	else
		assert_failure 77
		assert_regex "$stderr" '  try: sudo'
	fi
}

@test "list -v -p: patched or not, at each location" {
	need_root
	need_bpf
	test_target places
	hold ./places
	untouched='^      at 0x[0-9a-f]+ in process [0-9]+, now nop: not traced$'
	traced='^      at 0x[0-9a-f]+ in process [0-9]+, now int3: somebody traces: a breakpoint$'
	run -0 usdt list -v -p "$TARGET" here
	assert_equal "$(grep -cE "$untouched" <<<"$output")" 4
	attach -p "$TARGET" here
	run -0 usdt list -v -p "$TARGET" here
	assert_equal "$(grep -cE "$traced" <<<"$output")" 4
	end_trace
	run -0 usdt list -v -p "$TARGET" here
	assert_equal "$(grep -cE "$untouched" <<<"$output")" 4
}

# in_bss - make ./bss, a program whose semaphore has no place in its file
in_bss() {
	printf '%s\n' '#define _SDT_HAS_SEMAPHORES 1' '#include <sys/sdt.h>' '#include "go.h"' \
		'unsigned short z_work_semaphore;' \
		'int main(void) { wait_for_go(); STAP_PROBE(z, work); STAP_PROBE(z, work); }' >bss.c
	gcc -I"$KIT/tests/targets" -o bss bss.c
	nm bss | grep -q ' B z_work_semaphore$'
}

@test "a semaphore in .bss is warned of, one in .probes is not" {
	in_bss
	run -0 usdt list -v ./bss
	assert_line --regexp '^      warning: the semaphore is not in the file'
	run -0 jq -r '.locations[].warning' <(usdt list -j ./bss)
	assert_line --index 0 --regexp '^the semaphore is not in the file'
	cp "$KIT/tests/targets/semaphore.c" .
	gcc -I"$KIT/tests/targets" -o semaphore semaphore.c
	run -0 usdt list -v ./semaphore
	assert_output --partial 'semaphore at 0x'
	refute_output --partial 'warning'
	run -0 jq -e 'all(.locations[]; has("warning") | not)' <(usdt list -j ./semaphore)
}

@test "bare nops of 5 and 10 bytes are warned of, sdt.h's is not" {
	test_target nop5
	test_target odd
	test_target places
	run -0 usdt list -v ./nop5 ./odd ./places
	assert_equal "$(grep -E '^usdt:|warning' <<<"$output" |
		grep -B1 warning | sed 's/.*:\([a-z]*:[a-z]*\)$/\1/; s/ nop.*//; /^--/d')" \
		"five:hit
      warning: a bare 5-byte
odd:prefixes
      warning: a bare 5-byte
odd:ten
      warning: a bare 10-byte"
}

# said_by_trace FILE:PATTERN - what a short trace writes to standard error
said_by_trace() {
	run -0 --separate-stderr usdt trace -d 0.1 "$1"
	echo "$stderr"
}

@test "trace warns once, after \"attached\", of such a semaphore and of such nops" {
	need_root
	need_bpf
	in_bss
	test_target nop5
	test_target places
	run said_by_trace ./bss:work
	assert_line --index 0 'attached 2 locations of 1 probe'
	assert_line --index 1 --regexp '^usdt: warning: z:work at 0x[0-9a-f]+ and 1 other location: the semaphore'
	assert_line --index 2 '0 events, 0 lost'
	run said_by_trace ./nop5:hit
	assert_line --index 1 --regexp '^usdt: warning: five:hit at 0x[0-9a-f]+: a bare 5-byte nop'
	assert_line --index 2 '0 events, 0 lost'
	test_target odd # not running: the kernel would refuse the nop where it is mapped
	run said_by_trace ./odd:odd:ten
	assert_line --index 1 --regexp '^usdt: warning: odd:ten at 0x[0-9a-f]+: a bare 10-byte nop'
	run said_by_trace ./places:here
	assert_output 'attached 4 locations of 1 probe
0 events, 0 lost'
}
