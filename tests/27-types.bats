#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Names and types of arguments, against the source and against gdb.

load helpers

TYPED=$KIT/tests/targets/typed.c

setup() {
	kit_setup
	need_cmd jq
	cd "$BATS_TEST_TMPDIR" || return 1
}

# Of the source: "PROBE ARG WORDS", a line an argument, the words as they are written.
in_source() {
	sed -n 's/^.*STAP_PROBE[0-9]*(typed, \(.*\));$/\1/p' "$TYPED" | awk -F', ' '
		{ for (i = 2; i <= NF; i++) print $1, i - 2, $i }'
}

# arguments_of FILE - "PROBE ARG NAME" of each that has a name, of all locations
arguments_of() {
	usdt list -j "$1" | jq -r '.name as $n | .locations[].args | to_entries[] |
		select(.value.name) | "\($n) \(.key) \(.value.name)"' | sort -u
}

# plain_types - gdb has shorter words for some
plain_types() {
	sed 's/long unsigned int/unsigned long/g; s/short unsigned int/unsigned short/g
		s/long int/long/g; s/short int/short/g'
}

typed() { "${1:-gcc}" -g -no-pie -w "${@:2}" -o typed "$TYPED"; }

# none_wrong - what has a name is called as the source calls it
none_wrong() {
	arguments_of ./typed >named
	in_source | sort >source
	run comm -23 named source
	assert_output ''
}

# What gcc copies to a register of its own first, where DWARF does not follow.
COPIED_O0='counter own_counter kept of_thread other'

# plain_ones_named [WORD...] - each argument that is a variable has its name; not WORDs
plain_ones_named() {
	local probe arg word
	none_wrong
	while read -r probe arg word; do
		[[ $word =~ ^[a-z_]+$ ]] || continue
		[[ " $* " != *" $word "* ]] || continue
		grep -qxF "$probe $arg $word" named || fail "no name: $probe arg$arg, $word"
	done <source
	[ "$(wc -l <named)" -gt 20 ]
}

@test "gcc -O0: each variable has its name, nothing a wrong one" {
	typed gcc -O0
	plain_ones_named $COPIED_O0
}

@test "gcc -O2: each variable has its name, members too, nothing a wrong one" {
	typed gcc -O2
	plain_ones_named
	local words='req->id req->path req->urgent req->pos.x req->pos.y req->counts[2]
		req.id req.pos.x numbers[2] *values values[2] other->compare'
	for word in $words; do
		grep -qF " $word" named || fail "$word"
	done
}

@test "gcc -O2, inlined: constants have the parameter's name, literals none" {
	typed gcc -O2
	usdt list -j ./typed >list
	run -0 jq -r 'select(.name == "inlined").locations[].args[0] | select(.operand == "-4@$3").name' list
	assert_output level
	run -0 jq -r 'select(.name == "literals").locations[].args[0].name' list
	assert_output null
}

@test "gcc -O1, -O3, clang: nothing has a wrong name" {
	local flags
	for flags in 'gcc -O1' 'gcc -O3' 'gcc -Os' 'clang -O0' 'clang -O1' 'clang -O2' \
		'gcc -O2 -pie -fPIE' 'gcc -O2 -fno-omit-frame-pointer'; do
		typed $flags
		none_wrong
	done
}

@test "DWARF 4 and 5, type units, compressed, no .debug_aranges: the same names" {
	local flags
	typed gcc -O2
	arguments_of ./typed >expected
	for flags in -gdwarf-4 -gdwarf-5 -fdebug-types-section -gz '-gdwarf-4 -gz'; do
		typed gcc -O2 $flags
		arguments_of ./typed >found
		diff expected found
	done
	typed gcc -O2
	objcopy -R .debug_aranges typed
	arguments_of ./typed | diff expected -
}

@test "types: as gdb says at that very address" {
	need_cmd gdb
	local optimise n=0 address name type
	for optimise in -O0 -O1 -O2; do
		typed gcc $optimise
		usdt list -j ./typed | jq -r '.locations[] | .address as $a | .args[] |
			select(.name) | "\($a) \(.name)\t\(.type)"' | sort -u >ours
		cut -d' ' -f1 ours | sort -u | while read -r address; do
			printf 'tbreak *%s\ncommands\nsilent\n' "$address"
			sed -n "s/^$address \([^\t]*\)\t.*/\1/p" ours | while read -r name; do
				# No printf with %s: that writes into the program, which gdb 13 cannot on
				# every processor.
				printf 'echo %s %s\\t\nwhatis %s\n' "$address" "$name" "$name"
			done
			printf 'continue\nend\n'
		done >commands
		gdb -nx -batch -x commands -ex run ./typed 2>/dev/null |
			sed -n 's/^\(0x[0-9a-f]* .*\)type = /\1/p' | sort -u >theirs
		plain_types <ours | sort >ours.plain
		plain_types <theirs | sort >theirs.plain
		diff ours.plain theirs.plain
		n=$((n + $(wc -l <theirs)))
	done
	[ "$n" -gt 60 ]
}

# classes_built - ./classes FILE prints what `usdt list` does not; with sanitizers
classes_built() {
	gcc -std=gnu11 -D_GNU_SOURCE -Wall -I"$KIT" -g -fsanitize=address,undefined \
		-fno-sanitize-recover=all -o classes "$KIT/tests/unit/classes.c" \
		"$KIT"/tracer/static/*.c "$KIT"/common/{array,num}.c -ldw -lelf
}

@test "classes of types, enumerators" {
	classes_built
	typed gcc -O2
	./classes ./typed | sort -u >found
	for line in 'n integer' 'letter char' 'text string' 'flag bool' 'other pointer' \
		'first string' 'bytes string' 'any pointer' 'argv pointer' 'level integer' \
		'state enum IDLE=0 BUSY=5 DONE=200 LOST=-1' 'other float' 'req->urgent bool' \
		'other->compare pointer' 'req->path string'; do
		grep -qxF "$line" found || fail "$line: $(cat found)"
	done
}

# Bytes that are lengths, forms, offsets elsewhere: the source's text, ones, zeros.
@test "debug information with errors in it: whatever comes, no crash" {
	classes_built
	typed gcc -O2
	local section offset size i junk n=0
	tr '\0' '\377' </dev/zero | head -c 4096 >ones
	while read -r section offset size; do
		for i in 0 1 2 3 4 5 6 7; do
			for junk in "$TYPED" ones /dev/zero; do
				cp typed broken
				head -c $((0x$size / 40 + 3)) "$junk" |
					dd of=broken bs=1 seek=$((0x$offset + 0x$size * i / 8)) conv=notrunc status=none
				./classes ./broken >/dev/null || fail "$section $i $junk"
				n=$((n + 1))
			done
		done
	done < <(readelf -SW typed |
		sed -n 's/^ *\[[ 0-9]*\] \(\.debug_[a-z]*\) *[A-Z]* *[0-9a-f]* \([0-9a-f]*\) \([0-9a-f]*\) .*/\1 \2 \3/p')
	[ "$n" -gt 100 ]
}

@test "-v shows them behind the words" {
	typed gcc -O0
	run -0 usdt list -v ./typed:members
	assert_line --regexp '^      arg0 8@-[0-9]+\(%rbp\) +8 bytes, unsigned, in memory .*: req, struct request \*$'
}

@test "a file without debug information: no names, and no complaint" {
	typed gcc -O2
	strip typed
	run -0 --separate-stderr usdt list -j ./typed
	assert_equal "$stderr" ''
	refute_output --partial '"type"'
}

# split_off FILE - the debug information into FILE.debug, a link to that into FILE
split_off() {
	objcopy --only-keep-debug "$1" "$1.debug"
	strip -R .note.gnu.build-id "$1"
	objcopy --add-gnu-debuglink="$1.debug" "$1"
}

@test "a separate debug file, by its link: beside it, in .debug, of this build only" {
	typed gcc -O2
	usdt list -v ./typed >expected
	grep -q ': req, struct request' expected
	grep -q 'typed\.c:' expected
	split_off typed
	usdt list -v ./typed | diff expected -
	mkdir .debug
	mv typed.debug .debug
	usdt list -v ./typed | diff expected -
	echo >>.debug/typed.debug # the checksum is another now
	run -0 usdt list -v ./typed
	refute_output --partial 'struct request'
	refute_output --partial 'in members'
}

@test "a separate debug file, by build-id, for all files and for a process's own" {
	need_root
	need_namespaces
	typed gcc -O2 -Wl,--build-id
	mkdir -p /usr/lib/debug
	usdt list -v ./typed >expected
	local id
	id=$(readelf -n typed | sed -n 's/.*Build ID: //p')
	mkdir -p "debug/.build-id/${id:0:2}"
	objcopy --only-keep-debug typed "debug/.build-id/${id:0:2}/${id:2}.debug"
	strip typed
	run -0 usdt list -v ./typed
	refute_output --partial 'struct request'
	unshare --mount bash -c 'mount --bind debug /usr/lib/debug && usdt list -v ./typed' | diff expected -
	# As in a container: a file that is not here, with debug files that are not here.
	mkdir here there
	mv typed there
	unshare --mount bash -c 'mount --bind there here && mount --bind debug /usr/lib/debug &&
		exec here/typed wait' 3>&- &
	local target=$!
	ends_with_test "$target"
	wait_for 5 -p "$target" grep -q "$PWD/here/typed" "/proc/$target/maps"
	run -0 usdt list -v -p "$target" typed:members
	assert_output --partial ': req, struct request *'
	# A file of another build in that place is not taken for it.
	typed gcc -O1 -Wl,--build-id
	objcopy --only-keep-debug typed "debug/.build-id/${id:0:2}/${id:2}.debug"
	run -0 usdt list -v -p "$target" typed:members
	refute_output --partial 'struct request'
}

@test "what dwz moved to a file that two share" {
	need_cmd dwz
	typed gcc -O2
	cp typed twin
	arguments_of ./typed >expected
	typed gcc -O1
	mv typed other
	dwz -m shared.dwz ./twin ./other
	readelf -SW twin | grep -q gnu_debugaltlink
	mv twin typed
	arguments_of ./typed | diff expected -
}

@test "C++: this, members, references, namespaces" {
	printf '%s\n' '#include <type_traits>' | g++ -fsyntax-only -x c++ - 2>/dev/null || cannot "needs g++"
	cat >classes.cc <<-'END'
		#include <sys/sdt.h>
		namespace outer { namespace inner {
		struct Base { int base; };
		template <typename T> struct Box { T value; };
		class Widget : public Base {
		public:
			long count; Box<int> box;
			__attribute__((noinline)) long run(int n, const Box<long> &ref);
		};
		long Widget::run(int n, const Box<long> &ref)
		{
			STAP_PROBE6(cpp, run, this, count, base, box.value, n, ref.value);
			return n + ref.value;
		}
		}}
		int main(int argc, char **argv)
		{
			outer::inner::Widget w = {};
			outer::inner::Box<long> b{argc};
			return w.run(argc, b);
		}
	END
	g++ -g -O2 -o classes classes.cc
	run -0 jq -r '.locations[].args[] | "\(.name): \(.type)"' <(usdt list -j ./classes)
	assert_output "this: outer::inner::Widget *const
this->count: long int
this->base: int
this->box.value: int
n: int
ref.value: long int"
}
