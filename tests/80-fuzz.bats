#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The parsers on hostile input: libFuzzer for FUZZ_SECONDS (10) each, from seeds of real
# programs. An input that made one crash, leak or hang is kept in build/fuzz/.

load helpers

KEPT=${O:-$KIT}/build/fuzz

setup() {
	kit_setup
	need_cmd clang
	cd "$BATS_TEST_TMPDIR" || return 1
	mkdir seeds found
	echo 'int LLVMFuzzerTestOneInput(void *bytes, long size) { return 0; }' |
		clang -fsanitize=fuzzer,address,undefined -w -x c -o works - 2>/dev/null ||
		cannot "needs libclang-rt-dev"
}

# fuzz TARGET SOURCE... - build tests/fuzz/TARGET.c with these sources, which may have
# wildcards; run it on seeds/
fuzz() {
	local target=$1 talk
	shift
	# shellcheck disable=SC2068
	(cd "$KIT" && clang -std=gnu11 -D_GNU_SOURCE -Wall -I. -g -O1 \
		-fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
		-o "$BATS_TEST_TMPDIR/fuzz-$target" "tests/fuzz/$target.c" $@)
	[ "$(find seeds -type f -size +0 | wc -l)" -ge 3 ] || fail "too few seeds"
	mkdir -p "$KEPT"
	"./fuzz-$target" -max_total_time="${FUZZ_SECONDS:-10}" -timeout=10 -rss_limit_mb=1024 \
		-artifact_prefix="$KEPT/$target-" -print_final_stats=1 found seeds >talk 2>&1 || {
		talk=$(grep -vE '^(#[0-9]|INFO:|NEW_FUNC)' talk | head -n 60)
		fail "$talk"
	}
	grep -q '^stat::number_of_executed_units: *[1-9][0-9]' talk
}

# seed TEXT - one more
seed() {
	SEEDS=$((${SEEDS:-0} + 1))
	printf %s "$1" >"seeds/$SEEDS"
}

# programs - files with probes that are here
programs() {
	find /usr/lib/jvm -name libjvm.so 2>/dev/null | head -n 1
	ls /usr/lib/postgresql/*/bin/postgres /usr/bin/python3 \
		/usr/lib/x86_64-linux-gnu/libstdc++.so.6 2>/dev/null
	echo "$BIN/usdt-passwd"
	gcc -O2 -w -o shapes "$KIT/tests/targets/shapes.c"
	gcc -O2 -w -o burst "$KIT/tests/targets/burst.c"
	echo "$PWD/shapes"
	echo "$PWD/burst"
}

@test "notes" {
	local program
	need_cmd objcopy
	for program in $(programs); do
		objcopy -O binary --set-section-flags .note.stapsdt=alloc \
			--only-section .note.stapsdt "$program" notes
		head -c 2000 notes >"seeds/$(basename "$program")"
	done
	fuzz note tracer/static/note.c
}

@test "operands" {
	local program text
	need_cmd readelf
	for program in $(programs); do
		readelf -n "$program" | sed -n 's/^ *Arguments: *//p'
	done | sort -u >texts
	while IFS= read -r text; do
		seed "$text"
	done <texts
	# Beside what compilers wrote here: what else the assembler would take.
	for text in '8@x+4(%rip)' '-4@8+x@tpoff(%rax)' '4@%fs:16+x@tpoff' '8@x@GOTPCREL(%rip)' \
		'8@$x+8' '8f@%xmm0' '24@-48(%rbp,%rax,8) 1@%ah' '-2@[sp, 12]' '%eax $0x1f'; do
		seed "$text"
	done
	fuzz operand tracer/static/operand.c 'tracer/static/arch*.c'
}

@test "patterns" {
	local text
	for text in usdt:/usr/lib/foo.so.6:foo:start foo:start start 'foo:*' '*' 'o*:[a-s]?*' \
		/usr/lib/foo.so.6 ./foo::both '/a:b/c:third:"q"' 'third:o[d]d' usdt:x: ::; do
		seed "$text"
	done
	fuzz pattern tracer/static/pattern.c 'tracer/static/arch*.c'
}

@test "filters" {
	local text
	for text in 'arg0 > 10' 'arg1 == "root" && pid != 5' '!(arg0 <= -1 || comm ^= "a\"\x41")' \
		'arg2 < 1.5e3 || tid == 0x1f && (arg11 >= 7)' '((arg0==1))&&!!arg1!=2' 'arg0 = 1'; do
		seed "$text"
	done
	fuzz filter tracer/static/filter.c 'tracer/static/arch*.c' tracer/static/operand.c
}

# small NAME [FLAG...] - seeds/NAME, a program of a few probes and nothing else
small() {
	cat >small.c <<-'C'
		#include <sys/sdt.h>
		int variable;
		__thread int own;
		void work(long n) { STAP_PROBE4(p, work, n, variable, own, &variable); }
		#ifdef SLOT
		#include "note.h"
		void slot(void) { asm volatile("mov variable@GOTPCREL(%%rip), %%rax\n" NOTE("p", "slot",
			"8@variable@GOTPCREL(%%rip) 8@none@GOTPCREL(%%rip) 8@$variable") ::: "rax"); }
		#endif
		void _start(void) { work(1); STAP_PROBE1(p, start, (char)7); work(2); }
	C
	gcc -w -nostdlib -fno-stack-protector -Wl,-z,noseparate-code,--build-id=none \
		-I"$KIT/tests/targets" "${@:2}" -o "seeds/$1" small.c
}

@test "whole files" {
	local machine
	small plain -static -O2
	small pie -pie -O0
	small library -shared -fPIC -O2
	small slot -shared -fPIC -O2 -DSLOT -Wa,-mrelax-relocations=no
	small stripped -static -O2 -s
	small dwarf5 -static -O1 -g
	small dwarf4 -static -O1 -gdwarf-4
	small packed -static -g -gz
	cp "$BIN/usdt-passwd" seeds
	# Other machines, other widths, the numbers' other end first: where lld is.
	for machine in i386 aarch64 powerpc powerpc64; do
		clang --target=$machine-linux-gnu -fuse-ld=lld -nostdlib -static -w -O1 -g \
			-idirafter "/usr/include/$(uname -m)-linux-gnu" -o seeds/$machine small.c ||
			echo "no seed for $machine"
	done
	# elf_rawfile() of libelf 0.188 loses what it has read of damaged section headers.
	echo 'leak:libelf.so' >suppressed
	LSAN_OPTIONS=suppressions=suppressed fuzz elf 'tracer/static/*.c' common/{array,num,utf8,words}.c -ldw -lelf
}

@test "messages to sumd" {
	local depth i head='\x80\x01\x00\x01\x00\x00\x00'
	printf "$head"'\x03sum\0\0\0\1\x08\0\1\0\0\0\7\x08\0\2\xff\xff\xff\xfe\0' >seeds/sum
	printf "$head"'\x06divide\0\0\0\1\x08\0\2\0\0\0\0\0' >seeds/divide
	printf "$head"'\x06lookup\0\0\0\1\x0b\0\1\0\0\0\3abc\0' >seeds/lookup
	printf "$head"'\x05total\0\0\0\1\x0f\0\1\x08\0\0\0\2\0\0\0\1\0\0\0\2\0' >seeds/total
	# Fields that nobody knows: a struct of a map of lists, a set of structs, the rest.
	printf "$head"'\1x\0\0\0\1\x0c\0\3\x0d\0\1\x0b\x0f\0\0\0\1\0\0\0\1k\x06\0\0\0\1\1\1\0\0' >seeds/map
	printf "$head"'\1x\0\0\0\1\x0e\0\3\x0c\0\0\0\2\2\0\1\1\0\0\3\0\4\7\4\0\5\0\0\0\0\0\0\0\0\0' >seeds/set
	# Structs in structs, as deep as is read, and one deeper.
	for depth in 32 33; do
		printf "$head"'\1x\0\0\0\1' >seeds/deep$depth
		for ((i = 0; i < depth; i++)); do printf '\x0c\0\1'; done >>seeds/deep$depth
		for ((i = 0; i <= depth; i++)); do printf '\0'; done >>seeds/deep$depth
	done
	fuzz thrift targets/lib/sum_messages.c 'targets/lib/thrift_[rw]*.c' -Itargets/lib
}

# What fuzzing and thinking found once, made by hand.

@test "texts of DWARF that do not end" {
	need_cmd objcopy
	local section
	small good -static -O1 -g
	run -0 usdt list -v seeds/good
	assert_output --partial ', small.c:4'
	for section in .debug_str .debug_line_str; do
		printf 'no NUL' >texts
		objcopy --update-section $section=texts seeds/good seeds/bad 2>/dev/null
		run -0 usdt list -v ./seeds/bad
		assert_output --partial 'in work+'
		refute_output --partial 'small.c'
	done
}

# of_headers NOTES SYMBOLS - a file of 2000 notes, with as many section headers for all of
# them, and 5000 symbols with so many; its one segment claims more than the file has
of_headers() {
	/usr/bin/python3 - "$@" >many <<-'PY'
		import struct, sys
		notes, symbols = map(int, sys.argv[1:])
		note = struct.pack("<QQQ", 0x400000, 0, 0) + b"p\0n\0008@sym(%rip)\0"
		note = struct.pack("<III", 8, len(note), 3) + b"stapsdt\0" + note
		note += bytes(-len(note) % 4)
		far = note.replace(struct.pack("<Q", 0x400000), struct.pack("<Q", 0x7ffffff))
		data = note * 1999 + far, b"\0.n\0sym\0", struct.pack("<IBBHQQ", 4, 1, 0, 1, 9, 0) * 5000
		at = [120, 120 + len(data[0]), 120 + len(data[0]) + len(data[1])]
		def header(kind, part, link=0, entry=0):
		    return struct.pack("<IIQQQQIIQQ", 1, kind, 0, 0, at[part], len(data[part]), link, 0, 4, entry)
		headers = bytes(64) + header(3, 1) + header(7, 0) * notes + header(2, 2, 1, 24) * symbols
		out = b"\x7fELF\2\1\1" + bytes(9) + struct.pack("<HHIQQQIHHHHHH", 2, 62, 1, 0x400000,
		    64, at[2] + len(data[2]), 0, 64, 56, 1, 64, len(headers) // 64, 1)
		out += struct.pack("<IIQQQQQQ", 1, 5, 0, 0x400000, 0x400000, 1 << 40, 1 << 40, 4096)
		sys.stdout.buffer.write(out + b"".join(data) + headers)
	PY
}

@test "thousands of headers for the same notes and symbols: each once, in no time" {
	need_cmd jq
	[ -x /usr/bin/python3 ] || cannot "needs python3"
	of_headers 1 1
	run -0 --separate-stderr timeout 5 usdt list -v ./many
	[ "$(grep -c 'in memory at the variable sym' <<<"$output")" = 2000 ]
	[ "$(grep -c 'lies in no loaded part of the file' <<<"$output")" = 1 ]
	assert_equal "$stderr" ''
	of_headers 5000 5000
	(ulimit -v 500000 && timeout 5 usdt list -v -j ./many) >listed 2>talk
	[ "$(jq '.locations | length' listed)" -lt 20000 ]
	grep -q 'broken notes' talk
}
