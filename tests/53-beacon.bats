#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The target beacon and the libraries it loads. What is in the files readelf knows, what
# fires a build that logs its own firings.

load helpers

setup_file() {
	local name
	export LOGGED=$BATS_FILE_TMPDIR/beacon
	FLAGS=(-std=gnu11 -D_GNU_SOURCE -g -O1 -fno-inline -I "$KIT/targets/lib"
		-include "$KIT/tests/sdt_log.h")
	gcc "${FLAGS[@]}" -o "$LOGGED" "$KIT/targets/beacon.c" "$BIN/libtarget.a"
	for name in atoll cay holm isle reef shoal skerry spit; do
		gcc "${FLAGS[@]}" -fPIC -shared -o "$BATS_FILE_TMPDIR/lib$name.so" \
			"$KIT/targets/shared/$name.c"
	done
}

# probes FILE - a line a location: provider:name, by readelf
probes() {
	readelf -n "$1" | awk '/Provider:/ {p = $2} /Name:/ {print p ":" $2}'
}

# fired SEED - a line a firing, by the program's own log: provider:name line [arguments]
fired() {
	local log=$BATS_TEST_TMPDIR/fired.$1
	[ -f "$log" ] || echo "$1" | SDT_LOG=$log timeout 0.5 "$LOGGED" >/dev/null || true
	sed -E 's/^([a-z]+) (\[.*\]) ([a-z_]+) ([0-9]+) .*/\3:\1 \4 \2/' "$log"
}

# signal SEED - the harbour's probe that fires; flash SEED - which flash, and its word
signal() { fired "$1" | sed -n 's/^\(harbour_[a-z]*:[a-z]*\) .*/\1/p' | sort -u; }
flash() { fired "$1" | sed -n 's/^\(lighthouse_[a-z]*:flash\) [0-9]* \(.*\)/\1 \2/p' | sort -u; }

# mapped PID - the names of the kit's libraries in that process
mapped() {
	sed -n 's|.* /.*/lib\([a-z]*\)\.so$|\1|p' "/proc/$1/maps" | sort -u
}

@test "forty probes in two families of the same names, some in several places" {
	probes "$BIN/beacon" >"$BATS_TEST_TMPDIR/locations"
	sort -u "$BATS_TEST_TMPDIR/locations" >"$BATS_TEST_TMPDIR/probes"
	assert_equal "$(wc -l <"$BATS_TEST_TMPDIR/probes")" 40
	assert_equal "$(cut -d: -f1 "$BATS_TEST_TMPDIR/probes" | sort -u | xargs)" \
		'harbour_east harbour_west'
	diff <(sed -n 's/harbour_east://p' "$BATS_TEST_TMPDIR/probes") \
		<(sed -n 's/harbour_west://p' "$BATS_TEST_TMPDIR/probes")
	[ "$(wc -l <"$BATS_TEST_TMPDIR/locations")" -ge 45 ]
}

@test "of eight libraries four have probes, and always the same" {
	for name in cay isle shoal spit; do
		assert_equal "$(probes "$BIN/lib$name.so" | sort | xargs)" \
			"lighthouse_north:flash lighthouse_north:horn lighthouse_south:bell lighthouse_south:flash"
	done
	for name in atoll holm reef skerry; do
		assert_equal "$(probes "$BIN/lib$name.so")" ''
	done
}

@test "three libraries without probes and one with are mapped, and each comes up" {
	for seed in $(seq 9 20); do
		start_target beacon "$seed"
		assert_equal "$(mapped "$TARGET_PID" | grep -cxE 'atoll|holm|reef|skerry')" 3
		run -0 grep -xE 'cay|isle|shoal|spit' <(mapped "$TARGET_PID")
		assert_equal "${#lines[@]}" 1
		echo "$output" >>"$BATS_TEST_TMPDIR/lit"
		kill "$TARGET_PID"
	done
	assert_equal "$(sort -u "$BATS_TEST_TMPDIR/lit" | xargs)" 'cay isle shoal spit'
}

@test "one probe of the harbour fires and one flash, in every turn and from all its places" {
	for seed in 1 2 3 4; do
		assert_equal "$(signal "$seed" | wc -l)" 1
		assert_regex "$(flash "$seed")" '^lighthouse_(north|south):flash \["[a-z]{6,9}"\]$'
		assert_equal "$(fired "$seed" | grep -c '^harbour_')" \
			"$(fired "$seed" | grep -c ':flash ')"
		assert_equal "$(fired "$seed" | grep '^harbour_' | cut -d' ' -f2 | sort -u | wc -l)" \
			"$(probes "$BIN/beacon" | grep -cx "$(signal "$seed")")"
		# What sounds from both ends says another word.
		run -0 grep -E ':(horn|bell) ' <(fired "$seed")
		refute_output --partial "$(flash "$seed" | cut -d' ' -f2)"
	done
}

@test "one seed gives the same each time, another seed something else" {
	first="$(signal 5) $(flash 5)"
	rm "$BATS_TEST_TMPDIR/fired.5"
	assert_equal "$(signal 5) $(flash 5)" "$first"
	assert_not_equal "$(flash 6)" "$(flash 5)"
}

@test "of 20 seeds no signal and no flash occurs more than three times" {
	pids=()
	for seed in $(seq 1 20); do
		echo "$seed" | SDT_LOG=$BATS_TEST_TMPDIR/fired.$seed timeout 0.5 "$LOGGED" \
			>/dev/null 3>&- &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do wait "$pid" || true; done
	for what in signal flash; do
		for seed in $(seq 1 20); do $what "$seed"; done >"$BATS_TEST_TMPDIR/all"
		assert_equal "$(wc -l <"$BATS_TEST_TMPDIR/all")" 20
		[ "$(sort "$BATS_TEST_TMPDIR/all" | uniq -c | sort -rn | awk 'NR == 1 {print $1}')" -le 3 ]
	done
}

@test "the tracer and the program's own log say the same" {
	need_root
	need_bpf
	start_target beacon 7
	run -0 --separate-stderr usdt trace -p "$TARGET_PID" -n 12 -F json '*'
	sed -E 's/.*"provider":"([^"]*)","name":"([^"]*)".*"args":(.*)\}$/\1:\2 \3/' <<<"$output" |
		sort -u >"$BATS_TEST_TMPDIR/traced"
	assert_equal "$(wc -l <"$BATS_TEST_TMPDIR/traced")" 4
	diff "$BATS_TEST_TMPDIR/traced" <(fired 7 | sed 's/ [0-9]* / /' | sort -u)
}

@test "the answers are not in argv, environ, maps, open files, the heartbeat or strings" {
	start_target beacon 8
	proc=/proc/$TARGET_PID
	{
		tr '\0' '\n' <"$proc/cmdline"
		tr '\0' '\n' <"$proc/environ"
		cat "$proc/maps" "$proc/status" "$proc/stat" "$proc/comm"
		ls -l "$proc/fd" "$proc/cwd" "$proc/exe"
		cat "$HEARTBEAT" "$BATS_TEST_TMPDIR/beacon.log"
	} >"$BATS_TEST_TMPDIR/seen"
	signal=$(signal 8)
	run -1 grep -we "${signal#*:}" -e "${signal%:*}" -e flash "$BATS_TEST_TMPDIR/seen"
	ship=$(flash 8 | cut -d'"' -f2)
	run -1 grep -e "$ship" "$BATS_TEST_TMPDIR/seen" <(strings -a "$BIN/beacon" "$BIN"/lib*.so)
}

@test "the libraries are found from anywhere, through a link too, and missed with a word" {
	mkdir "$BATS_TEST_TMPDIR/elsewhere"
	cd "$BATS_TEST_TMPDIR/elsewhere"
	ln -s "$BIN/beacon" linked
	run -124 timeout 0.5 ./linked < <(echo 1)
	assert_output --regexp '^linked: running as PID [0-9]+, five signals a second; Ctrl-C ends it$'
	cp "$BIN/beacon" copied
	run -1 timeout 5 ./copied < <(echo 1)
	assert_output --regexp '^copied: \$ORIGIN/lib[a-z]*\.so: cannot open'
}

@test "replaced while it runs, by make perhaps, its files are still called what they were" {
	need_root
	need_bpf
	cp "$BIN/beacon" "$BIN"/lib*.so "$BATS_TEST_TMPDIR"
	BIN=$BATS_TEST_TMPDIR start_target beacon 41
	library=$(mapped "$TARGET_PID" | grep -xE 'cay|isle|shoal|spit')
	for file in beacon "lib$library.so"; do
		cp "$BATS_TEST_TMPDIR/$file" "$BATS_TEST_TMPDIR/new"
		mv "$BATS_TEST_TMPDIR/new" "$BATS_TEST_TMPDIR/$file"
		grep -q "/$file (deleted)" "/proc/$TARGET_PID/maps"
	done
	probe=$(flash 41)
	probe=${probe%% *}
	ask() {
		printf '{"lab":"discovery","question":"%s","answer":"%s","pid":%d}\n' "$1" "$2" "$TARGET_PID"
	}
	path=$BATS_TEST_TMPDIR/lib$library.so
	for answer in "$path" "$path (deleted)" "lib$library.so" "../lib$library.so"; do
		run -0 grade < <(ask library "$answer")
	done
	run -0 grade < <(ask full "usdt:$path:$probe"
		ask full "usdt:$path (deleted):$probe"
		ask fires "usdt:$BATS_TEST_TMPDIR/beacon:$(signal 41)")
	run -1 grade < <(ask library "${path%.so}"; ask full "usdt:${path}x:$probe")
	refute_output --partial pass
}

@test "about five signals a second" {
	log=$BATS_TEST_TMPDIR/log
	echo 3 | SDT_LOG=$log timeout 3 "$LOGGED" >/dev/null || true
	count=$(grep -c ' harbour_' "$log")
	[ "$count" -ge 10 ] && [ "$count" -le 16 ]
}

@test "the heartbeat is one line that is rewritten, and SIGTERM ends it at once" {
	start_target beacon 1
	first=$(cat "$HEARTBEAT")
	assert_regex "$first" '^signals [0-9]{10}$'
	changed() { [ "$(cat "$HEARTBEAT")" != "$first" ]; }
	wait_for 5 -p "$TARGET_PID" changed
	assert_equal "$(wc -l <"$HEARTBEAT")" 1
	kill -TERM "$TARGET_PID"
	wait_for 1 gone "$TARGET_PID"
}
