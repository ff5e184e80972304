#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The lab passwd, beyond what 60-labs.bats asks of every lab; and what is the same for any
# lab and needs to be asked of one only.

load helpers
load labs

LAB=$KIT/labs/02-passwd

setup_file() {
	export WITNESS=$BATS_FILE_TMPDIR/witness
	gcc "${CFLAGS[@]}" -include "$KIT/tests/sdt_log.h" -o "$WITNESS" \
		"$KIT/targets/usdt-passwd.c" "$BIN/libtarget.a"
}

setup() {
	kit_setup
	need_root
	need_bpf
}

# found SEED - name and home by the target's own log
found() {
	local log=$BATS_TEST_TMPDIR/found.$1
	[ -f "$log" ] || echo "$1" | SDT_LOG=$log timeout 0.2 "$WITNESS" >/dev/null || true
	sed -n 's/^passwdfound \["\(.*\)","\(.*\)"\] .*$/\1 \2/p;T;q' "$log"
}

db_of() {
	find "/proc/$1/fd" -lname '*passwd.db*' -print -quit
}

@test "a broken lab file is refused with line and reason" {
	mkdir -p "$BATS_TEST_TMPDIR/kit/bin"
	cp "$BIN/grade" "$BATS_TEST_TMPDIR/kit/bin/"
	cp -rL "$KIT/labs" "$BATS_TEST_TMPDIR/kit/"
	file=$BATS_TEST_TMPDIR/kit/labs/02-passwd/lab.yaml
	broken() { # SED-SCRIPT MESSAGE
		sed "$1" "$LAB/lab.yaml" >"$file"
		run -99 "$BATS_TEST_TMPDIR/kit/bin/grade" < <(ask passwd nargs 2)
		assert_output --partial "labs/02-passwd/lab.yaml: $2"
	}
	broken 's/^    hints:/    hintz:/' 'line '
	assert_output --partial 'hintz'
	broken 's/form: number/form: colour/' 'line '
	broken '/^minutes/d' 'line '
	broken 's/id: nargs/id: probe/' 'question probe is there twice'
	broken 's/type: nargs/type: arg/; s/form: number/form: probe/' 'question nargs: '
	broken 's/source: usdt-passwd.c/source: nonsense.c/' 'no file start/nonsense.c'
	broken 's/\^(\[bdf/^((([bdf/' 'question user: '
	broken 's/like: .*/like: solution\/nonsense.c/' 'question second-probe: no file'
	broken 's/type: nargs/type: tally\n      by: colour/' "question nargs: 'colour' is not argN"
	broken 's/type: nargs/type: tally\n      by: tid/' "question nargs: 'tid' is not argN, location, pid or probe"
	broken 's/type: nargs/type: tally\n      pick: always/' 'question nargs: truth tally needs a probe that comes then'
	broken 's/type: nargs/type: latency\n      then: a:b/' 'question nargs: truth latency needs a unit'
	broken 's/type: nargs/type: semaphore/' 'question nargs: truth semaphore needs a number of tracers'
	broken 's/type: nargs/type: nargs\n      macros: [DTRACE_PROBE]/' 'question nargs: macros are for an edit'
	broken 's/      type: nargs/      type: tally\n      where: {arg: 1}/' 'line '
	: >"${file%/*}/start/usdt-passwd.h"
	broken 's/source: usdt-passwd.c/source: usdt-passwd.h/' "'usdt-passwd.h' is no source"
	broken 's/type: nargs/type: nargs\n      alone: true/' 'question nargs: alone is for an edit'
	broken 'd' ''
}

@test "no text of a question gives another's answer away" {
	# But where the truth is named, which is not shown, and on reveal.
	run grep -nE 'passwdfound|usdt_samp1' <(sed -E '/^ *(probe|keeps): /d' "$LAB/lab.yaml")
	assert_failure 1
	run grep -niE 'two (arguments|strings|values)|both arguments are' <(sed '/reveal:/,/^$/d; /explanation:/,/reveal/d' "$LAB/lab.yaml")
	assert_failure 1
}

@test "with the probe's arguments swapped, yesterday's right answers are wrong" {
	mkdir "$BATS_TEST_TMPDIR/swapped"
	sed 's/pw->pw_name, pw->pw_dir/pw->pw_dir, pw->pw_name/' "$KIT/targets/usdt-passwd.c" \
		>"$BATS_TEST_TMPDIR/swapped/usdt-passwd.c"
	run ! cmp -s "$KIT/targets/usdt-passwd.c" "$BATS_TEST_TMPDIR/swapped/usdt-passwd.c"
	compile gcc "$BATS_TEST_TMPDIR/swapped/usdt-passwd.c" "$BATS_TEST_TMPDIR/swapped/usdt-passwd"
	read -r user home < <(found 103)
	"$BATS_TEST_TMPDIR/swapped/usdt-passwd" < <(echo 103) >/dev/null 2>&1 3>&- &
	target=$!
	ends_with_test "$target"
	run -1 grade < <(ask passwd user "$user" "\"pid\":$target"; ask passwd home "$home" "\"pid\":$target")
	assert_line 'passwd.user: wrong'
	assert_line 'passwd.home: wrong'
	run -0 grade < <(ask passwd user "$home" "\"pid\":$target"; ask passwd home "$user" "\"pid\":$target")
}

@test "the reference for second-probe fires for each entry but one, by its own log" {
	log=$BATS_TEST_TMPDIR/log
	gcc "${CFLAGS[@]}" -include "$KIT/tests/sdt_log.h" -o "$BATS_TEST_TMPDIR/usdt-passwd" \
		"$LAB/solution/second-probe.c" "$BIN/libtarget.a"
	SDT_LOG=$log "$BATS_TEST_TMPDIR/usdt-passwd" < <(echo 104) >/dev/null 3>&- &
	target=$!
	ends_with_test "$target"
	twice() { [ "$(grep -c passwdfound "$log")" -ge 3 ]; }
	wait_for 5 -p "$target" twice
	read -r user home < <(found 104)
	awk -F: -v user="$user" -v home="$home" '!($1 == user && $6 == home) {
		printf "passwdmiss [\"%s\",%s]\n", $1, $3}' "$(db_of "$target")" \
		>"$BATS_TEST_TMPDIR/expected"
	n=$(wc -l <"$BATS_TEST_TMPDIR/expected")
	[ "$n" -ge 1000 ]
	cmp <(cat "$BATS_TEST_TMPDIR/expected" "$BATS_TEST_TMPDIR/expected") \
		<(sed -n 's/^\(passwdmiss .*]\) .*/\1/p' "$log" | head -n $((2 * n)))
	# And the tracer sees what the log says.
	usdt trace -p "$target" -n "$n" -F json '*:passwdmiss' 2>/dev/null |
		grep -o '"args":\[[^]]*\]' | sed 's/"args":/passwdmiss /' | sort >"$BATS_TEST_TMPDIR/seen"
	cmp "$BATS_TEST_TMPDIR/seen" <(sort "$BATS_TEST_TMPDIR/expected")
}

@test "addresses of two locations: every spelling of the right ones, near misses refused" {
	source=$LAB/solution/two-locations.c
	program=$BATS_TEST_TMPDIR/program
	for build in 'gcc -O0' 'clang -O2'; do
		compile "$build" "$source" "$program"
		compile "$build" "$KIT/targets/usdt-passwd.c" "$BATS_TEST_TMPDIR/start"
		read -r a b <<<"$(addresses "$program" passwdfound | tr '\n' ' ')"
		read -r s _ <<<"$(addresses "$BATS_TEST_TMPDIR/start" passwdfound | tr '\n' ' ')"
		other=$(readelf -n "$program" | sed -n 's/.*Base: \(0x[0-9a-f]*\).*/\1/p' | head -n 1)
		shift=$(readelf -lW "$program" | awk '/LOAD/ && / E / {print $3, $2}')
		offset() { printf '0x%x' $(($1 - ${shift% *} + ${shift#* })); }
		process() { printf '%x' $(($1 + 0x55d0c3a1b000)); }
		try() { # VERDICT WORDS ANSWER
			ask passwd two-locations "$3" "\"source\":\"$source\",\"build\":\"$build\""
			echo "$build $3|$1|$2" >&5
		}
		{
			try pass '' "$a $b"
			try pass '' "$b,$a"
			try pass '' "  ${a#0x}, ${b#0x} "
			try pass '' "$(tr a-f A-F <<<"${a#0x}") $(tr a-f A-F <<<"${b#0x}")"
			try pass '' "$a $b $a"
			try pass '' "$(offset "$a") $(offset "$b")"
			try pass '' "0x$(process "$b") $(process "$a")"
			try wrong 'it is not all' "$a"
			try wrong 'it is not all' "$b"
			try wrong 'but others too' "$a $b $other"
			try wrong '1 of the 2 addresses you gave fits' "$a $(printf '0x%x' $((b + 1)))"
			try wrong '1 of the 2 addresses you gave fits' "$a 0x$(process "$b")0"
			try wrong '1 of the 2 addresses you gave fits' "$a 0x$(process "$b")"
			# It may happen to lie like one of the new ones in its page.
			[ "$((s % 4096))" = "$((a % 4096))" ] || [ "$((s % 4096))" = "$((b % 4096))" ] ||
				try wrong 'the untouched program' "$s"
			try wrong 'None of the addresses' "$(printf '0x%x 0x%x' $((a + 1)) $((b + 1)))"
			try wrong 'is not an address' 'main+4 found+4'
			try wrong 'is not an address' "$a and $b"
			try wrong 'The answer is still missing' ''
		} 5>"$BATS_TEST_TMPDIR/cases" >"$BATS_TEST_TMPDIR/in"
		grade -j <"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/out" || true
		judged "$BATS_TEST_TMPDIR/cases" <"$BATS_TEST_TMPDIR/out"
	done
}

@test "addresses of the learner's own build count as long as it is newer than the source" {
	dir=$BATS_TEST_TMPDIR/work
	mkdir "$dir"
	cp "$LAB/solution/two-locations.c" "$dir/usdt-passwd.c"
	compile 'clang -O0' "$dir/usdt-passwd.c" "$dir/usdt-passwd"
	answer=$(addresses "$dir/usdt-passwd" passwdfound | tr '\n' ' ')
	run -0 grade < <(ask passwd two-locations "$answer" "\"source\":\"$dir/usdt-passwd.c\"")
	touch -d '+1 minute' "$dir/usdt-passwd.c"
	run -1 grade < <(ask passwd two-locations "$answer" "\"source\":\"$dir/usdt-passwd.c\"")
	assert_output --partial 'you have changed the source since'
}

@test "both numbers are shown where the compiler makes more locations than macros" {
	source=$BATS_TEST_TMPDIR/usdt-passwd.c
	sed 's/^static void found/static inline __attribute__((always_inline)) void found/
		s/^\t\t\tfound(pw);/\t\t\tfound(pw), found(pw);/' "$LAB/solution/two-locations.c" >"$source"
	run -1 grade < <(ask passwd two-locations '' "\"source\":\"$source\"")
	assert_output --partial 'in 2 macros; compiled, it has 3 locations'
	assert_output --partial 'a function inlined'
}
