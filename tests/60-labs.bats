#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Every lab (make check-labs): every start fails, every solution passes, every wrong answer
# is refused with the feedback that is meant for it. A new lab's folder is found here; what
# goes beyond that has a file of its own, such as 61-passwd.bats.
# LABS='passwd thrift' asks for some of them only.

load helpers
load labs

setup() {
	kit_setup
	FOLDERS=()
	for folder in "$KIT"/labs/[0-9]*/; do
		[[ " ${LABS:-$(lab_name "$folder")} " != *" $(lab_name "$folder") "* ]] ||
			FOLDERS+=("${folder%/}")
	done
	[ ${#FOLDERS[@]} != 0 ] || fail "none of the labs is named '$LABS'"
}

# begin_with DIR - make it; false if another worker has
begin_with() {
	! mkdir "$1" 2>/dev/null || return 0
	[ -d "$1" ] || { echo "cannot make $1" && exit 1; }
	return 1
}

# start_targets FOLDER SEED - sets PIDS, in the lab's order, and PID_OF by program
start_targets() {
	local program source variant bin
	PIDS=()
	declare -gA PID_OF=()
	while read -r program source variant; do
		if [ "$variant" = yes ]; then # as menu/variant.c has it
			bin=$BATS_TEST_TMPDIR/variant
			mkdir -p "$bin"
			compile "gcc -DVARIANT=$(($2 & 63))" "$KIT/targets/$program.c" "$bin/$program"
		else
			bin=$BIN
		fi
		BIN=$bin start_target "$program" "$2"
		PIDS+=("$TARGET_PID")
		PID_OF[$program]=$TARGET_PID
	done < <(targets "$1")
}

stop_targets() {
	kill "${PIDS[@]}"
	wait "${PIDS[@]}" 2>/dev/null || true
}

# ask_witness FOLDER SEED OTHER - sets VALUE
ask_witness() {
	local line said
	declare -gA VALUE=()
	mkdir -p "$BATS_TEST_TMPDIR/witness"
	[ -x "$1/witness" ] || return 0
	said=$(TMP=$BATS_TEST_TMPDIR/witness "$1/witness" "$2" "$3" "${PIDS[@]}" 3>&-)
	while IFS= read -r line; do
		VALUE[${line%%=*}]=${line#*=}
	done <<<"$said"
}

# expect VERDICT|WORDS CASE - of a question that cannot be answered here, just that
expect() {
	[[ $absent != *" $question "* ]] || set -- 'unchecked|not here: ' "$2"
	echo "$2|$1" >&5
}

# typed FOLDER right|all - the lab's typed answers as lines for grade; cases go to 5
typed() {
	local folder=$1 lab question target answer words absent
	local -A target_of=()
	lab=$(lab_name "$folder")
	absent=$(not_here "$folder")
	while read -r question target _; do
		target_of[$question]=$target
	done < <(questions "$folder")
	while IFS='|' read -r question answer; do
		question=$(trim "$question") answer=$(fill "${answer# }")
		ask "$lab" "$question" "$answer" "\"pid\":${PID_OF[${target_of[$question]}]}"
		expect "pass|" "$lab.$question '$answer'"
	done < <(grep -v '^#' "$folder/solution/answers")
	[ "$2" = all ] || return 0
	while IFS='|' read -r question answer words; do
		question=$(trim "$question") answer=$(fill "$(trim "$answer")")
		ask "$lab" "$question" "$answer" "\"pid\":${PID_OF[${target_of[$question]}]}"
		expect "wrong|$(trim "$words")" "$lab.$question '$answer'"
	done < <(grep -v '^#' "$folder/wrong/answers")
}

# judge_typed FOLDER right|all SEED OTHER - in $BATS_TEST_TMPDIR; leaves the cases there
judge_typed() {
	local cases=$BATS_TEST_TMPDIR/cases bad=0
	start_targets "$1" "$3"
	ask_witness "$1" "$3" "$4"
	typed "$1" "$2" 5>"$cases" >"$cases.in"
	! grep -E '\{[a-z-]+\}' "$cases" || bad=1
	judge_cases "$cases" "$cases.in" || bad=1
	stop_targets
	return $bad
}

# work_off right|all SEED:OTHER... - one lab after the other, those that nobody has begun
# with; the last ones first, as they take longest. One seed of a lab after the other: some
# witnesses trace all processes that run its program.
work_off() {
	local folder folders pair bad=0 all=$BATS_TEST_TMPDIR BATS_TEST_TMPDIR
	mapfile -t folders < <(printf '%s\n' "${FOLDERS[@]}" | tac)
	for folder in "${folders[@]}"; do
		[ -f "$folder/solution/answers" ] || continue # nothing but edits
		begin_with "$all/$(lab_name "$folder")" || continue
		for pair in "${@:2}"; do
			BATS_TEST_TMPDIR=$all/$(lab_name "$folder")/${pair%:*}
			mkdir "$BATS_TEST_TMPDIR"
			judge_typed "$folder" "$1" "${pair%:*}" "${pair#*:}" || bad=1
		done
	done
	return $bad
}

# at_a_time JOBS COMMAND... - so many of it; fails if one of them does
at_a_time() {
	local pid pids=() bad=0
	for _ in $(seq "$1"); do
		"${@:2}" 3>&- &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do
		wait "$pid" || bad=1
	done
	return $bad
}

# judge_labs JOBS right|all SEED:OTHER... - so many labs at a time: mostly they wait for
# rounds of their programs
judge_labs() {
	local bad=0
	at_a_time "$1" work_off "${@:2}" || bad=1
	say_cases
	return $bad
}

say_cases() {
	echo "# $(find "$BATS_TEST_TMPDIR" -name cases -exec cat {} + | wc -l) cases" >&3
}

# question_of FOLDER FILE - whose source it is: solution/ID.c, alt-ID-HOW.c, wrong/ID-HOW.c,
# or the same with .cc or .S
question_of() {
	local id name=${2##*/}
	name=${name%.*} name=${name#alt-}
	while read -r id _; do
		case $name in
		"$id" | "$id"-*) echo "$id" ;;
		esac
	done < <(questions "$1")
}

# edits FOLDER BUILD DIR - grade every source of the lab as that build makes it
edits() {
	local folder=$1 build=$2 dir=$3 lab file question target form probe answer words
	lab=$(lab_name "$folder")
	mkdir -p "$dir"
	for file in "$folder"/{solution,wrong}/*.[cS]*; do
		question=$(question_of "$folder" "$file")
		read -r _ target form _ probe < <(questions "$folder" | grep "^$question ")
		words=$(sed -n '2s|^/\* [a-z-]*: \(.*\) \*/$|\1|p' "$file")
		answer=''
		[ "$form" != addresses ] || answer=0x1189
		case $file in
		*/wrong/*)
			echo "$lab $build ${file##*/}|wrong|$words" >&5
			;;
		*)
			if [ "$form" = addresses ]; then
				compile "$build" "$file" "$dir/program"
				answer=$(addresses "$dir/program" "${probe#*:}")
			fi
			echo "$lab $build ${file##*/}|pass|" >&5
			;;
		esac
		ask "$lab" "$question" "$answer" "\"source\":\"$file\",\"build\":\"$build\""
	done 5>"$dir/cases" >"$dir/in"
	while read -r question target form _; do
		[ "$form" = source ] || continue
		read -r _ file _ < <(targets "$folder" | grep "^$target ")
		echo "$lab $build start|wrong|" >>"$dir/cases"
		ask "$lab" "$question" '' "\"source\":\"$folder/start/$file\",\"build\":\"$build\"" \
			>>"$dir/in"
	done < <(questions "$folder")
	grade -j <"$dir/in" >"$dir/out" || true
	judged "$dir/cases" <"$dir/out" >"$dir/bad"
}

# edit_off BUILD... - one lab after the other by one build after the other, those that
# nobody has begun with
edit_off() {
	local folder folders build dir bad=0
	mapfile -t folders < <(by_edits)
	for folder in "${folders[@]}"; do
		for build; do
			dir=$BATS_TEST_TMPDIR/$(lab_name "$folder")${build// /}
			begin_with "$dir" || continue
			edits "$folder" "$build" "$dir" || bad=1
		done
	done
	return $bad
}

# by_edits - the folders of labs with edits, those with most ahead, so that no worker is
# left alone with them at the end
by_edits() {
	local folder count
	for folder in "${FOLDERS[@]}"; do
		count=$(compgen -G "$folder/*/*.[cS]*" | wc -l)
		[ "$count" = 0 ] || echo "$count $folder"
	done | sort -rn | cut -d' ' -f2-
}

# builds JOBS BUILD... - the edits of all labs, so many at a time
builds() {
	local build bad=0
	for build in "${@:2}"; do
		need_cmd "${build%% *}"
	done
	at_a_time "$1" edit_off "${@:2}" || bad=1
	find "$BATS_TEST_TMPDIR" -name bad -exec cat {} +
	say_cases
	return $bad
}

@test "every lab's file is fine, and its chapter is there" {
	for folder in "${FOLDERS[@]}"; do
		lab=$(lab_name "$folder")
		run -77 grade < <(ask "$lab" nonsense '')
		assert_output --partial 'has no question'
		chapter=$(sed -n 's/^chapter: *//p' "$folder/lab.yaml")
		assert [ -f "$KIT/handbook/$chapter.md" ]
	done
}

@test "every question has two right and four wrong answers or more, five questions a lab" {
	for folder in "${FOLDERS[@]}"; do
		while read -r id _; do
			right=$({ grep "^$id |" "$folder/solution/answers"; ls "$folder"/solution/*"$id"*.[cS]*; } 2>/dev/null | wc -l)
			wrong=$({ grep "^$id |" "$folder/wrong/answers"; ls "$folder"/wrong/"$id"*.[cS]*; } 2>/dev/null | wc -l)
			[ "$right" -ge 2 ] && [ "$wrong" -ge 4 ] ||
				fail "$folder: $id has $right right and $wrong wrong answers"
		done < <(questions "$folder")
		# passwd keeps its six.
		count=$(questions "$folder" | wc -l)
		[ "$count" -le 5 ] || [ "$(lab_name "$folder")" = passwd ]
	done
}

@test "typed answers: right ones pass, wrong ones get their feedback, with two seeds" {
	need_root
	need_bpf
	judge_labs 4 all 101:102 9000000000000000000:7
}

@test "with both cores busy with something else no honest answer is refused" {
	need_root
	need_bpf
	for _ in $(seq "$(nproc)"); do
		sh -c 'while :; do :; done' 3>&- &
		ends_with_test $!
	done
	judge_labs 2 right 103:104
}

@test "edited sources, gcc and clang at -O0 and -O2" {
	need_root
	need_bpf
	builds 6 'gcc -O0' 'clang -O0' 'gcc -O2' 'clang -O2'
}
