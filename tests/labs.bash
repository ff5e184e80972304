# SPDX-License-Identifier: GPL-2.0-or-later
# What the tests of labs share: `load helpers`, then `load labs`.
#
# What is right is known from witnesses other than the grader: a lab's `witness` (see
# CONTRIBUTING) for typed answers, readelf for addresses.

# As in common/compile.c; even -Wall counts: gcc -O0 lays code out differently with it.
CFLAGS=(-std=gnu11 -D_GNU_SOURCE -Wall -g -O1 -fno-inline -I "$KIT/targets/lib"
	-I "$KIT/targets/include")

# lab_name FOLDER - "labs/02-passwd" is passwd
lab_name() {
	local name=${1%/}
	name=${name##*/}
	echo "${name#*-}"
}

# questions FOLDER - "ID TARGET FORM TYPE PROBE" a line; of the first part, where an
# answer has several; "-" for what is not there.
questions() {
	awk '
		function out() { if (id) print id, target, form, type, probe }
		/^targets:/ {where = "targets"}
		/^questions:/ {where = "questions"}
		where == "targets" && /^  - program: / && !first {first = $3}
		where == "questions" && /^  - id: / {
			out(); id = $3; target = first; form = type = probe = "-"
		}
		/^    target: / {target = $2}
		/^ +(- )?form: / && form == "-" {form = $NF}
		/^ +type: / && type == "-" {type = $2}
		/truth: *\{/ && type == "-" {
			match($0, /type: *[a-z-]*/)
			type = substr($0, RSTART + 6, RLENGTH - 6)
		}
		/^ +probe: / && probe == "-" {probe = $2}
		END {out()}' "$1/lab.yaml"
}

# is_here NEED... - is one of them here, by `usdt doctor -j` (CHECKS) or $PATH?
is_here() {
	local need
	for need; do
		if grep -q "\"check\":\"$need\"" <<<"$CHECKS"; then
			! grep -q "\"check\":\"$need\",\"ok\":true" <<<"$CHECKS" || return 0
		else
			! command -v "$need" >/dev/null || return 0
		fi
	done
	return 1
}

# not_here FOLDER - the questions that need what this machine lacks, in a line with blanks
# around each
not_here() {
	local id needs missing=' ' CHECKS
	CHECKS=$(usdt doctor -j || true)
	while read -r id needs; do
		# shellcheck disable=SC2086
		is_here ${needs// or / } || missing+="$id "
	done < <(awk '/^  - id: / {id = $3}
		/^    needs: / {gsub(/ *needs: *|[][]/, ""); n = split($0, need, / *, */)
			for (i = 1; i <= n; i++) print id, need[i]}' "$1/lab.yaml")
	echo "$missing"
}

# targets FOLDER - "PROGRAM SOURCE VARIANT" a line, "-" for what is not there
targets() {
	awk '
		function out() { if (program) print program, source, variant }
		/^questions:/ {exit}
		/^  - program: / {out(); program = $3; source = variant = "-"}
		/^    source: / {source = $2}
		/^    variant: true/ {variant = "yes"}
		END {out()}' "$1/lab.yaml"
}

# ask LAB QUESTION ANSWER [more members]
ask() {
	local answer=${3//\\/\\\\}
	printf '{"lab":"%s","question":"%s","answer":"%s"%s}\n' "$1" "$2" \
		"${answer//\"/\\\"}" "${4:+,$4}"
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

# judge_cases CASES IN - grade's lines on the answers in IN, compared with the cases; in
# portions, as grade takes but ten wrong answers to a question in a run
judge_cases() {
	local portion bad=0
	rm -f "$1".[0-9]* "$2".[0-9]*
	paste -d '\n' "$1" "$2" | awk -v cases="$1" -v answers="$2" '
		NR % 2 {line = $0; next}
		{
			match($0, /"question":"[^"]*"/)
			question = substr($0, RSTART, RLENGTH)
			portion = 0
			if (line ~ /[|]wrong[|]/)
				portion = int((wrong[question] += 1) * 0.1 - 0.05)
			print line >(cases "." portion)
			print >(answers "." portion)
		}'
	for portion in "$1".[0-9]*; do
		"$BIN/grade" -j <"$2.${portion##*.}" >"$2.out" || true
		judged "$portion" <"$2.out" || bad=1
	done
	return $bad
}

# addresses PROGRAM NAME - of the probe's locations, by readelf, in a line
addresses() {
	readelf -n "$1" | awk -v name="$2" '$1 == "Name:" {here = $2 == name}
		here && /Location:/ {sub(",", "", $2); printf "%s ", $2; here = 0}'
}

# compile BUILD SOURCE OUTPUT
compile() {
	local build
	read -ra build <<<"$1"
	"${build[0]}" "${CFLAGS[@]}" "${build[@]:1}" -o "$3" "$2" "$BIN/libtarget.a" 2>/dev/null
}

trim() {
	local text=$1
	text=${text#"${text%%[![:space:]]*}"}
	echo "${text%"${text##*[![:space:]]}"}"
}

# fill TEXT - the witness's values in the place of the names in braces
fill() {
	local text=$1 name
	for name in "${!VALUE[@]}"; do
		text=${text//"{$name}"/${VALUE[$name]}}
	done
	echo "$text"
}
