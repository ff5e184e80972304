#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The labs (make check-labs): every start fails, every solution passes, every wrong answer
# is refused with the feedback that is meant for it.
#
# What is right is known here from witnesses other than the grader: a build of the target
# that logs its own firings, and readelf for addresses.

load helpers

LAB=$KIT/labs/02-passwd
# As in common/compile.c; even -Wall counts: gcc -O0 lays code out differently with it.
CFLAGS=(-std=gnu11 -D_GNU_SOURCE -Wall -g -O1 -fno-inline -I "$KIT/targets/lib")

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

trim() {
	local text=$1
	text=${text#"${text%%[![:space:]]*}"}
	echo "${text%"${text##*[![:space:]]}"}"
}

# ask QUESTION ANSWER [more members]
ask() {
	printf '{"lab":"passwd","question":"%s","answer":"%s"%s}\n' "$1" "$2" "${3:+,$3}"
}

# judged FILE - compare the grader's lines on standard input with the cases in FILE, each
# "what it is|VERDICT|words"; prints those that differ and fails if there are any.
judged() {
	local what verdict words line bad=0
	while IFS='|' read -r what verdict words; do
		read -r line <&4 || line='(no line)'
		case $line in
		*'"verdict":"'"$verdict"'"'*"$words"*) ;;
		*)
			echo "$what: expected $verdict: $words"
			echo "  $line"
			bad=$((bad + 1))
			;;
		esac
	done 4<&0 <"$1"
	return $((bad > 0))
}

# fill TEXT - put this process's values in the place of the names in braces
fill() {
	local text=$1 name
	for name in "${!VALUE[@]}"; do
		text=${text//"{$name}"/${VALUE[$name]}}
	done
	echo "$text"
}

# cases PID - all typed answers: questions to standard output, cases to $CASES
cases() {
	local question answer words
	while IFS='|' read -r question answer; do
		question=$(trim "$question") answer=$(fill "${answer# }")
		ask "$question" "$answer" "\"pid\":$1"
		echo "$question '$answer'|pass|" >&5
	done < <(grep -v '^#' "$LAB/solution/answers")
	while IFS='|' read -r question answer words; do
		question=$(trim "$question") answer=$(fill "$(trim "$answer")")
		ask "$question" "$answer" "\"pid\":$1"
		echo "$question '$answer'|wrong|$(trim "$words")" >&5
	done < <(grep -v '^#' "$LAB/wrong/answers")
}

# values SEED OTHER PID - what stands for the names in braces
values() {
	local db
	declare -gA VALUE
	db=$(db_of "$3")
	read -r VALUE[other-user] VALUE[other-home] < <(found "$2")
	read -r VALUE[user] VALUE[home] < <(found "$1")
	[ -n "${VALUE[home]}" ]
	VALUE[some-user]=$(grep -v "^${VALUE[user]}:" "$db" | sed -n '3s/:.*//p')
	VALUE[some-home]=$(grep -v "^${VALUE[user]}:" "$db" | sed -n 3p | cut -d: -f6)
	VALUE[twin-home]=$(grep "^${VALUE[user]}:" "$db" | cut -d: -f6 | grep -vx "${VALUE[home]}")
}

# addresses PROGRAM - of its probe passwdfound, by readelf
addresses() {
	readelf -n "$1" | awk '/Name: passwdfound$/ {here = 1}
		here && /Location:/ {sub(",", "", $2); print $2; here = 0}'
}

# compile BUILD SOURCE OUTPUT
compile() {
	local build
	read -ra build <<<"$1"
	"${build[0]}" "${CFLAGS[@]}" "${build[@]:1}" -o "$3" "$2" "$BIN/libtarget.a" 2>/dev/null
}

question_of() {
	case ${1##*/} in
	second-probe* | alt-second-probe*) echo second-probe ;;
	*) echo two-locations ;;
	esac
}

# edits BUILD FOLDER - grade every source of the lab as that build makes it
edits() {
	local build=$1 dir=$2 file question answer words
	mkdir -p "$dir"
	for file in "$LAB"/solution/*.c "$LAB"/wrong/*.c "$KIT"/targets/usdt-passwd.c; do
		question=$(question_of "$file") answer=0x1189
		words=$(sed -n '2s|^/\* [a-z-]*: \(.*\) \*/$|\1|p' "$file")
		case $file in
		*/targets/*)
			echo "start|wrong|still as it was" >&5
			;;
		*/wrong/*)
			echo "$build ${file##*/}|wrong|$words" >&5
			;;
		*)
			if [ "$question" = two-locations ]; then
				compile "$build" "$file" "$dir/program"
				answer=$(addresses "$dir/program" | tr '\n' ' ')
			fi
			echo "$build ${file##*/}|pass|" >&5
			;;
		esac
		ask "$question" "$answer" "\"source\":\"$file\",\"build\":\"$build\""
	done 5>"$dir/cases" >"$dir/in"
	grade -j <"$dir/in" >"$dir/out" || true
	judged "$dir/cases" <"$dir/out" >"$dir/bad"
}

# builds BUILD... - the same for several at once
builds() {
	local build pid pids=() n=0 bad=0
	for build; do
		need_cmd "${build%% *}"
		n=$((n + 1))
		edits "$build" "$BATS_TEST_TMPDIR/$n" 3>&- &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do
		wait "$pid" || bad=1
	done
	cat "$BATS_TEST_TMPDIR"/*/bad
	echo "# $(cat "$BATS_TEST_TMPDIR"/*/cases | wc -l) cases" >&3
	return $bad
}

@test "every lab's file is fine, and its chapter is there" {
	for folder in "$KIT"/labs/[0-9]*/; do
		lab=${folder%/} lab=${lab##*/} lab=${lab#*-}
		run -77 grade < <(printf '{"lab":"%s","question":"nonsense"}\n' "$lab")
		assert_output --partial 'has no question'
		chapter=$(sed -n 's/^chapter: *//p' "$folder/lab.yaml")
		assert [ -f "$KIT/handbook/$chapter.md" ]
	done
}

@test "a broken lab file is refused with line and reason" {
	mkdir -p "$BATS_TEST_TMPDIR/kit/bin"
	cp "$BIN/grade" "$BATS_TEST_TMPDIR/kit/bin/"
	cp -rL "$KIT/labs" "$BATS_TEST_TMPDIR/kit/"
	file=$BATS_TEST_TMPDIR/kit/labs/02-passwd/lab.yaml
	broken() { # SED-SCRIPT MESSAGE
		sed "$1" "$LAB/lab.yaml" >"$file"
		run -99 "$BATS_TEST_TMPDIR/kit/bin/grade" < <(ask nargs 2)
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
	broken 'd' ''
}

@test "every question has two right and four wrong answers or more" {
	for id in $(sed -n 's/^  - id: //p' "$LAB/lab.yaml"); do
		right=$({ grep "^$id |" "$LAB/solution/answers"; ls "$LAB"/solution/*"$id"*.c; } 2>/dev/null | wc -l)
		wrong=$({ grep "^$id |" "$LAB/wrong/answers"; ls "$LAB"/wrong/"$id"*.c; } 2>/dev/null | wc -l)
		[ "$right" -ge 2 ] && [ "$wrong" -ge 4 ]
	done
}

@test "no text of a question gives another's answer away" {
	# But where the truth is named, which is not shown, and on reveal.
	run grep -nE 'passwdfound|usdt_samp1' <(sed -E '/^ *(probe|keeps): /d' "$LAB/lab.yaml")
	assert_failure 1
	run grep -niE 'two (arguments|strings|values)|both arguments are' <(sed '/reveal:/,/^$/d; /explanation:/,/reveal/d' "$LAB/lab.yaml")
	assert_failure 1
}

@test "typed answers: right ones pass, wrong ones get their feedback, with two seeds" {
	for seeds in '101 102' '9000000000000000000 7'; do
		read -r seed other <<<"$seeds"
		start_target usdt-passwd "$seed"
		values "$seed" "$other" "$TARGET_PID"
		CASES=$BATS_TEST_TMPDIR/cases.$seed
		cases "$TARGET_PID" 5>"$CASES" >"$CASES.in"
		grade -j <"$CASES.in" >"$CASES.out" || true
		judged "$CASES" <"$CASES.out"
		kill "$TARGET_PID"
	done
	echo "# $(cat "$BATS_TEST_TMPDIR"/cases.*[0-9] | wc -l) cases" >&3
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
	run -1 grade < <(ask user "$user" "\"pid\":$target"; ask home "$home" "\"pid\":$target")
	assert_line 'passwd.user: wrong'
	assert_line 'passwd.home: wrong'
	run -0 grade < <(ask user "$home" "\"pid\":$target"; ask home "$user" "\"pid\":$target")
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

@test "edited sources, gcc and clang at -O0" {
	builds 'gcc -O0' 'clang -O0'
}

@test "edited sources, gcc and clang at -O2" {
	builds 'gcc -O2' 'clang -O2'
}

@test "addresses of two locations: every spelling of the right ones, near misses refused" {
	source=$LAB/solution/two-locations.c
	program=$BATS_TEST_TMPDIR/program
	for build in 'gcc -O0' 'clang -O2'; do
		compile "$build" "$source" "$program"
		compile "$build" "$KIT/targets/usdt-passwd.c" "$BATS_TEST_TMPDIR/start"
		read -r a b <<<"$(addresses "$program" | tr '\n' ' ')"
		read -r s _ <<<"$(addresses "$BATS_TEST_TMPDIR/start" | tr '\n' ' ')"
		other=$(readelf -n "$program" | sed -n 's/.*Base: \(0x[0-9a-f]*\).*/\1/p' | head -n 1)
		shift=$(readelf -lW "$program" | awk '/LOAD/ && / E / {print $3, $2}')
		offset() { printf '0x%x' $(($1 - ${shift% *} + ${shift#* })); }
		process() { printf '%x' $(($1 + 0x55d0c3a1b000)); }
		try() { # VERDICT WORDS ANSWER
			ask two-locations "$3" "\"source\":\"$source\",\"build\":\"$build\""
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
	answer=$(addresses "$dir/usdt-passwd" | tr '\n' ' ')
	run -0 grade < <(ask two-locations "$answer" "\"source\":\"$dir/usdt-passwd.c\"")
	touch -d '+1 minute' "$dir/usdt-passwd.c"
	run -1 grade < <(ask two-locations "$answer" "\"source\":\"$dir/usdt-passwd.c\"")
	assert_output --partial 'you have changed the source since'
}

@test "both numbers are shown where the compiler makes more locations than macros" {
	source=$BATS_TEST_TMPDIR/usdt-passwd.c
	sed 's/^static void found/static inline __attribute__((always_inline)) void found/
		s/^\t\t\tfound(pw);/\t\t\tfound(pw), found(pw);/' "$LAB/solution/two-locations.c" >"$source"
	run -1 grade < <(ask two-locations '' "\"source\":\"$source\"")
	assert_output --partial 'in 2 macros; compiled, it has 3 locations'
	assert_output --partial 'a function inlined'
}
