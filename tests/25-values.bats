#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Arguments and what they must read as, whatever they live in: each target does the same
# every time, its source says what. Both backends.

load helpers

setup() {
	kit_setup
	need_root
	need_bpf
	cd "$BATS_TEST_TMPDIR" || return 1
	echo >one
}

# values_are TARGET [OPTION...] - what it fires is what stands on standard input
values_are() {
	local backend name=$1
	shift
	cat >want
	for backend in multi perf; do
		usdt trace -B "$backend" "$@" -F json -o events -c "./$name" '*' <one 2>talk
		arguments events | diff want - || fail "with -B $backend"
		grep -q "^$(wc -l <want) events, 0 lost$" talk
	done
}

@test "every register in every width and sign, and the second byte of four" {
	local name
	test_target widths
	{
		for name in r{a,b,c,d}x r{si,di,bp} r{8,9,10,11,12,13,14,15}; do
			echo "$name [9332165983064197000,-9114578090645354616," \
				"2240186248,-2054781048,34696,-30840,136,-120]"
		done | sed 's/, /,/'
		for name in ah bh ch dh; do
			echo "$name [135,-121]"
		done
		echo 'size [34696,-120,-2054781048,136]'
	} | values_are widths
}

@test "memory by base, index and scale, constants, variables, floats, structs, one unreadable" {
	test_target memory
	values_are memory <<-'WANT'
		plain [-40,-60,30,-20,255,-9223372036854775808,9223372036854775808]
		index [30,-20,30,-20,30,-60]
		stack [6,-5]
		constant [-1,4294967295,18446744073709551615,-9223372036854775808,9223372036854775807,-56,65535,0]
		global [-7,1,9223372036854775807,2.5,-0.75]
		thread [111,-222]
		xmm [1,{"error":"'%xmm0' is a vector register, which the kernel does not hand out"},3]
		struct [{"hex":"01000000ffffffff8877665544332211"},4]
		cfloat [2.5,-0.75]
	WANT
}

# Without symbols a variable has no address: that argument says so, the others stay.
@test "the same from a program without symbols" {
	test_target memory
	strip memory
	usdt trace -F json -o events -c ./memory '*' <one 2>talk
	assert_equal "$(wc -l <events)" 9
	arguments events >got
	grep -qF 'index [30,-20,30,-20,30,-60]' got
	grep -qF 'struct [{"hex":"01000000ffffffff8877665544332211"},4]' got
	[ "$(grep '^global' got | grep -o '"error":' | wc -l)" = 5 ]
	[ "$(grep '^thread' got | grep -o '"error":' | wc -l)" = 2 ]
}

@test "no argument to twelve, numbers and strings" {
	local n strings=(a b c d e f g h i j k l)
	test_target counts
	{
		for n in {0..12}; do
			echo "n$n [$(seq -s , "$n")]"
		done
		for n in {1..12}; do
			echo "s$n [$(printf '"%s",' "${strings[@]:0:n}" | sed 's/,$//')]"
		done
		echo 'mixed [1,"a",2,"b",3,"c",4,"d",5,"e",6,"f"]'
	} >all
	values_are counts <all
}

# What is no text, or cannot be read, is the number it is.
strings_want() {
	cat <<-WANT
		text [0,"warm"]
		text [1,"never touched"]
		text [2,"across the border"]
		text [3,"last"]
		text [4,""]
		text [5,"zażółć ☃"]
		text [6,"a\"b\\\\c\\td\\n"]
		text [7,"$1"]
		text [8,NUMBER]
		text [9,$((0x7ead00000000))]
		text [10,NUMBER]
		text [11,$((0x800000000001))]
		text [12,0]
		text [13,"last of all"]
	WANT
}

@test "strings: on pages nobody touched, across borders, empty, long, no text, bad pointers" {
	local long backend
	test_target strings
	long=begin$(printf '%0*d' 59 0 | tr 0 x)
	for backend in multi perf; do
		usdt trace -B $backend -F json -o events -c ./strings '*' <one 2>talk
		strings_want "$long" >want
		arguments events | sed -E 's/\[(8|10),[0-9]{6,}\]/[\1,NUMBER]/' | diff want -
	done
}

@test "-s: how much of a string is shown, never half a character" {
	local size long
	test_target strings
	for size in 1 4 5 200 4096; do
		usdt trace -s $size -F json -o events -c ./strings '*' <one 2>talk
		arguments events >got
		long=begin$(printf '%06000d' 0 | tr 0 x)
		grep -qxF "text [7,\"${long:0:size}\"]" got
		iconv -f UTF-8 -t UTF-8 events >/dev/null
	done
	usdt trace -s 3 -F json -o events -c ./strings '*' <one 2>talk
	arguments events | grep -qxF 'text [5,"za"]'
	usdt trace -s 4 -o events -c ./strings '*' <one 2>talk
	grep -q 'arg1="zaż"\.\.\.$' events
	grep -q 'arg1="last"$' events # four bytes are not cut
}

@test "as text: quoted strings, numbers, what is unreadable" {
	test_target memory
	test_target strings
	usdt trace -o events -c ./strings '*' <one 2>talk
	grep -qE '^[0-2][0-9]:[0-5][0-9]:[0-6][0-9]\.[0-9]{6} +[0-9]+ strings +s:text +arg0=0 arg1="warm"$' events
	grep -qF ' arg0=6 arg1="a\"b\\c\td\n"' events
	[ "$(wc -l <events)" = 14 ] # no line is broken by a newline in a string
	usdt trace -o events -c ./memory '*' <one 2>talk
	grep -qF ' arg0=1 arg1=(unreadable: ' events
	grep -qE ' m:stack +arg0=6 arg1=-5$' events
}

@test "a probe in four places: every hit, each by its own operand and its own address" {
	local backend
	need_cmd jq
	test_target places gcc -O2 -fno-inline
	usdt list -j ./places | jq -r '.locations[].address' | sort >want
	[ "$(wc -l <want)" = 4 ]
	for backend in multi perf; do
		usdt trace -B $backend -F json -o events -c ./places here <one 2>talk
		grep -qx 'attached 4 locations of 1 probe' talk
		printf 'here [%s]\n' 1 2 3 4 | diff - <(arguments events)
		jq -r .location events | sort | diff want -
	done
}

@test "however it is built: gcc and clang, -O0 to -O3, fixed address, static" {
	local build
	need_cmd clang
	for build in 'gcc -O0' 'gcc -O2' 'gcc -O3' 'gcc -O2 -no-pie' 'gcc -O2 -static' \
		'gcc -O1 -static-pie' 'clang -O0' 'clang -O2' 'clang -O2 -no-pie'; do
		# shellcheck disable=SC2086
		test_target fire $build
		for i in {0..19}; do
			echo "fire [$i,\"name-$i\",$((i << 33))]"
		done | values_are "fire 20"
	done
}

