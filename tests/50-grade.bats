#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The grader: verdicts, bad input, what it must not do.

load helpers

# ask QUESTION ANSWER [more members] - one line of input
ask() {
	printf '{"lab":"passwd","question":"%s","answer":"%s"%s}\n' "$1" "$2" "${3:+,$3}"
}

# values - name and home, as the tracer sees them
values() {
	usdt trace -p "$TARGET_PID" -n 1 -F json '*' 2>/dev/null |
		sed -n 's/.*"args":\["\([^"]*\)","\([^"]*\)"\].*/\1 \2/p'
}

solution() {
	echo "\"source\":\"$KIT/labs/02-passwd/solution/$1.c\""
}

# A place of its own for scratch folders: other graders may be at work on this machine.
setup() {
	kit_setup
	export TMPDIR=$BATS_TEST_TMPDIR/tmp
	mkdir -m 1777 "$TMPDIR"
	chmod 755 "$BATS_RUN_TMPDIR" "$BATS_TEST_TMPDIR"
}

no_scratch() {
	[ -z "$(find "$TMPDIR" -maxdepth 1 -name 'grade.??????')" ]
}

@test "--help, --version, bad usage" {
	run -0 grade --help
	assert_output --partial 'Usage: grade'
	run -0 grade --version
	assert_output --regexp '^grade [0-9]'
	run -2 grade --nonsense
	assert_output --partial "Try 'grade --help'"
	run -2 grade passwd.user alice
	assert_output --partial "Try 'grade --help'"
}

@test "JSON: one object an answer, in order, with every field" {
	run -1 grade -j < <(ask nargs 2; ask nargs 3; ask probe 'pass\"word')
	assert_equal "${#lines[@]}" 3
	assert_line --index 0 --regexp '^\{"lab":"passwd","question":"nargs","verdict":"pass","answer":"2","feedback":".+","evidence":\[.+\]\}$'
	assert_line --index 1 --partial '"verdict":"wrong","answer":"3"'
	assert_line --index 2 --partial '"answer":"pass\"word"'
}

@test "-j: what has not the form of an answer is shapeless, a wrong one is not" {
	need_cmd jq
	slips=('"question":"nargs","answer":"two"' '"question":"nargs","answer":"2 2"'
		'"question":"nargs","answer":""' '"question":"nargs","answer":"3"'
		'"question":"nargs","answer":"2"')
	grade -j < <(printf '{"lab":"passwd",%s}\n' "${slips[@]}") >"$BATS_TEST_TMPDIR/said" || true
	assert_equal "$(jq -r '"\(.verdict) \(.shapeless)"' "$BATS_TEST_TMPDIR/said" | xargs)" \
		"wrong true wrong true wrong true wrong null pass null"
}

@test "text: verdict, feedback, evidence" {
	run -0 grade < <(ask nargs 2)
	assert_line --index 0 'passwd.nargs: pass'
	assert_line --index 2 --regexp '^  - looked at: /.*/usdt-passwd$'
}

@test "exit status: nothing asked, unknown lab, unknown question" {
	run -0 grade </dev/null
	run -77 grade < <(echo '{"lab":"nonsense","question":"x"}')
	assert_output --partial 'no lab named'
	run -77 grade < <(ask nonsense 1)
	assert_output --partial "has no question 'nonsense'"
	run -1 grade < <(ask nonsense 1; ask nargs 3)
}

@test "a line that is not such JSON: exit 2, which line and why, nothing judged" {
	for line in '{"lab":' '[]' '"x"' 'nonsense' '{"lab":"passwd"}' \
		'{"lab":"passwd","question":1}' '{"lab":"passwd","question":"nargs","colour":"red"}' \
		'{"lab":"passwd","question":"nargs","pid":-1}' \
		'{"lab":"passwd","question":"nargs","pid":"1"}' \
		'{"lab":"passwd","question":"nargs","answer":"a\u0000b"}' $'{"lab":"\xff\xfe","question":"x"}'; do
		run -2 --separate-stderr grade -j < <(ask nargs 2; echo "$line")
		assert_output ''
		assert_regex "$stderr" 'grade: cannot read answer in line 2: .'
		assert_regex "$stderr" '  try: '
	done
}

@test "an answer of 1 MB is refused, one of 60 KB is wrong" {
	big=$(head -c 1000000 /dev/zero | tr '\0' a)
	run -2 --separate-stderr grade -j < <(ask probe "$big")
	assert_regex "$stderr" 'longer than 65536 bytes'
	run -1 grade < <(ask probe "${big:0:60000}")
	assert_output --partial 'and more'
	[ "${#output}" -lt 1000 ]
}

@test "an answer cut inside a character, one that is no address: still a verdict in valid JSON" {
	need_cmd jq
	long=$(printf 'a%.0s' {1..199})é
	run -1 grade -j < <(ask probe "$long and on"; ask nargs "$long and on")
	assert_equal "${#lines[@]}" 2
	run -0 jq -r .feedback <<<"$output"
	assert_line --index 0 --partial "'${long%é}' and more"
	assert_line --index 1 --partial "'${long%é}' and more;"
}

@test "a live answer passes, within a second, and one look serves two questions" {
	need_root
	need_bpf
	start_target usdt-passwd 21
	read -r user home < <(values)
	[ -n "$home" ]
	begun=$(date +%s%N)
	run -0 grade < <(ask user "$user" "\"pid\":$TARGET_PID")
	took=$((($(date +%s%N) - begun) / 1000000))
	[ "$took" -lt 1000 ]
	begun=$(date +%s%N)
	run -0 grade < <(
		for _ in $(seq 20); do
			ask user "$user" "\"pid\":$TARGET_PID"
			ask home "$home" "\"pid\":$TARGET_PID"
		done
	)
	took=$((($(date +%s%N) - begun) / 1000000))
	[ "$took" -lt 1000 ]
}

@test "several programs are watched in one run; what one lacks is said of that one" {
	need_root
	need_bpf
	begin() {
		start_target "$1" 21
		pids+=("$TARGET_PID")
	}
	pids=()
	for program in usdt-passwd beacon bigprobe; do begin "$program"; done
	start_target usdt-passwd 21
	read -r user _ < <(values)
	kill -STOP "$TARGET_PID"
	stopped() { grep -q '^State:.T' "/proc/$TARGET_PID/status"; }
	wait_for 2 stopped
	run -1 grade < <(
		ask user "$user" "\"pid\":${pids[0]}"
		ask user "$user" "\"pid\":$TARGET_PID"
		echo '{"lab":"discovery","question":"fires","answer":"a:b","pid":'"${pids[1]}}"
		ask user "$user" "\"pid\":${pids[2]}"
		ask home "$user" "\"pid\":${pids[0]}"
	)
	assert_equal "$(grep -o '^[a-z.]*: [a-z]*' <<<"$output" | xargs)" \
		'passwd.user: pass passwd.user: unchecked discovery.fires: wrong passwd.user: unchecked passwd.home: wrong'
	assert_output --partial "is stopped; try: kill -CONT $TARGET_PID"
	assert_output --partial 'is not usdt-passwd'
}

@test "twenty programs are watched a few at a time, and all are judged" {
	need_root
	need_bpf
	pids=()
	for i in $(seq 20); do
		start_target usdt-passwd 21
		pids+=("$TARGET_PID")
	done
	read -r user _ < <(values)
	for pid in "${pids[@]}"; do ask user "$user" "\"pid\":$pid"; done >"$BATS_TEST_TMPDIR/asked"
	grade <"$BATS_TEST_TMPDIR/asked" >"$BATS_TEST_TMPDIR/said" 3>&- &
	most=0
	while alive $!; do
		count=$(sed -n 's/^Threads:[[:space:]]*//p' "/proc/$!/status" 2>/dev/null || true)
		[ "${count:-0}" -le "$most" ] || most=$count
	done
	wait $!
	assert_equal "$(grep -c ': pass$' "$BATS_TEST_TMPDIR/said")" 20
	[ "$most" -gt 2 ]
	[ "$most" -le 9 ]
}

@test "ten wrong answers to a question in one run are enough; of other questions, and next time, not" {
	guesses() { for i in $(seq "$1"); do ask probe "probe$i"; done; }
	run -1 grade < <(guesses 9; ask probe ''; ask probe passwdfound; guesses 2; ask probe passwdfound; ask nargs 3)
	assert_equal "$(grep -o '^passwd[a-z.]*: [a-z]*' <<<"$output" | tail -n 5 | xargs)" \
		'passwd.probe: pass passwd.probe: wrong passwd.probe: unchecked passwd.probe: unchecked passwd.nargs: wrong'
	assert_output --partial 'do not guess, look at the program'
	run -0 grade < <(ask probe passwdfound)
}

@test "a wrong live answer does not tell the right one" {
	need_root
	need_bpf
	start_target usdt-passwd 22
	read -r user home < <(values)
	run -1 grade < <(ask user nobody "\"pid\":$TARGET_PID"; ask home /nowhere "\"pid\":$TARGET_PID")
	refute_output --partial "$user"
	refute_output --partial "$home"
}

# start_with FILE - the target, and FILE is open in it before its own database
start_with() {
	"$BIN/usdt-passwd" < <(echo 28) >"$BATS_TEST_TMPDIR/beats" 2>/dev/null 3<>"$1" &
	TARGET_PID=$!
	ends_with_test "$TARGET_PID"
	wait_for 5 -p "$TARGET_PID" grep -q '[1-9]' "$BATS_TEST_TMPDIR/beats"
	assert_equal "$(readlink "/proc/$TARGET_PID/fd/3")" "$1"
}

@test "only the target's own database is read, whatever else is called so" {
	need_root
	need_bpf
	mkdir "$BATS_TEST_TMPDIR/file" "$BATS_TEST_TMPDIR/pipe"
	echo 'bababa:x:1:1:::' >"$BATS_TEST_TMPDIR/file/passwd.db"
	mkfifo "$BATS_TEST_TMPDIR/pipe/passwd.db"
	for what in file pipe; do
		start_with "$BATS_TEST_TMPDIR/$what/passwd.db"
		database=$(find "/proc/$TARGET_PID/fd" -lname '/memfd:*')
		inside=$(sed -n '3s/:.*//p' "$database")
		run -1 timeout 20 "$BIN/grade" < <(ask user bababa "\"pid\":$TARGET_PID")
		refute_output --partial "stands in the program's database"
		run -1 timeout 20 "$BIN/grade" < <(ask user "$inside" "\"pid\":$TARGET_PID")
		assert_output --partial "stands in the program's database"
		kill "$TARGET_PID"
	done
}

@test "the target was never started, is gone, is another program: unchecked, and what to do" {
	run -77 grade < <(ask user alice)
	assert_output --partial 'is not running; try: bpfhol start passwd'
	start_target usdt-passwd 23
	kill "$TARGET_PID"
	wait_for 2 gone "$TARGET_PID"
	run -77 grade < <(ask user alice "\"pid\":$TARGET_PID")
	assert_output --partial 'has ended; try: bpfhol start passwd'
	run -77 grade < <(ask user alice "\"pid\":$$")
	assert_output --partial 'is not usdt-passwd'
}

@test "the target is stopped: unchecked, and what to do" {
	start_target usdt-passwd 24
	kill -STOP "$TARGET_PID"
	stopped() { grep -q '^State:.T' "/proc/$TARGET_PID/status"; }
	wait_for 2 stopped
	run -77 grade < <(ask user alice "\"pid\":$TARGET_PID")
	assert_output --partial "is stopped; try: kill -CONT $TARGET_PID"
}

@test "the target is held by a debugger: unchecked, and which" {
	need_root
	need_cmd gdb
	start_target usdt-passwd 25
	gdb -q -nx -p "$TARGET_PID" < <(sleep 20) >/dev/null 2>&1 3>&- &
	gdb=$!
	ends_with_test "$gdb"
	held() { grep -q '^State:.t' "/proc/$TARGET_PID/status"; }
	wait_for 15 held
	run -77 grade < <(ask user alice "\"pid\":$TARGET_PID")
	assert_output --partial 'is held by a debugger'
	kill -KILL "$gdb"
}

@test "without privilege: notes are judged, live questions and edits are unchecked" {
	need_root
	need_cmd setpriv
	make_user kit50
	public=$(public_bin)
	start_target usdt-passwd 26
	run -77 as_user kit50 "$public/grade" < <(
		ask nargs 2
		ask user alice "\"pid\":$TARGET_PID"
		ask second-probe '' "$(solution second-probe)"
	)
	assert_line 'passwd.nargs: pass'
	assert_line 'passwd.user: unchecked'
	assert_line '  watching a running program needs root; run it with sudo'
	assert_line 'passwd.second-probe: unchecked'
	assert_output --partial root
	run -1 as_user kit50 "$public/grade" < <(ask nargs 1)
	drop_user kit50
	drop_public_bin
}

@test "an edit: no source, an unchanged source, something that is no source" {
	run -77 grade < <(ask second-probe '')
	assert_output --partial 'no edited source yet; try: bpfhol edit passwd'
	run -77 grade < <(ask second-probe '' '"source":"/nonexistent/x.c"')
	run -1 grade < <(ask second-probe '' "\"source\":\"$KIT/targets/usdt-passwd.c\"")
	assert_output --partial 'still as it was'
	run -1 grade < <(ask second-probe '' "\"source\":\"$BIN/usdt-passwd\"")
	assert_output --partial 'is no source'
	mkfifo "$BATS_TEST_TMPDIR/fifo"
	run -77 timeout 5 "$BIN/grade" < <(ask second-probe '' "\"source\":\"$BATS_TEST_TMPDIR/fifo\"")
	run -77 grade < <(ask second-probe '' "\"source\":\"$BATS_TEST_TMPDIR\"")
	assert_output --partial 'is no file'
}

@test "a compiler that is not here: unchecked" {
	run -77 grade < <(ask second-probe '' "$(solution second-probe),\"build\":\"nonesuch-cc\"")
	assert_output --partial "the compiler 'nonesuch-cc' is not here"
}

@test "an edited program that is stopped, and a solution that is: unchecked, and why" {
	need_root
	need_bpf
	source=$BATS_TEST_TMPDIR/usdt-passwd.c
	{
		cat "$KIT/labs/02-passwd/solution/second-probe.c"
		cat <<-END
			#include <signal.h>
			__attribute__((constructor)) static void stop(void)
			{
				raise(SIGSTOP);
			}
		END
	} >"$source"
	run -77 grade < <(ask second-probe '' "\"source\":\"$source\"")
	assert_output --partial 'could not be traced: it was stopped by a signal'
	grade < <(ask second-probe '' "$(solution second-probe)") >"$BATS_TEST_TMPDIR/out" 3>&- &
	grader=$!
	while alive "$grader"; do
		pkill -STOP -P "$grader" -x usdt-passwd || sleep 0.01
	done
	run -77 wait "$grader"
	run -0 cat "$BATS_TEST_TMPDIR/out"
	assert_output --partial "the kit's own solution is run too, and that went wrong: it was stopped"
}

@test "a tracer that keeps the dead program from being reaped holds nobody" {
	need_root
	need_bpf
	gcc -w -o "$BATS_TEST_TMPDIR/seize" -x c - <<-END
		#include <stdlib.h>
		#include <sys/ptrace.h>
		#include <unistd.h>
		int main(int argc, char **argv)
		{
			return ptrace(PTRACE_SEIZE, atoi(argv[1]), 0, 0) || sleep(60);
		}
	END
	grade < <(ask second-probe '' "$(solution second-probe)") >/dev/null 2>&1 3>&- &
	grader=$!
	running() { pgrep -P "$grader" -x usdt-passwd; }
	wait_for 10 -p "$grader" running
	"$BATS_TEST_TMPDIR/seize" "$(pgrep -P "$grader" -x usdt-passwd)" 3>&- &
	ends_with_test $!
	wait_for 20 gone "$grader"
	no_scratch
}

@test "an account that other containers use up: one more try with a larger limit" {
	need_root
	need_cmd setpriv
	need_namespaces
	echo 'int main(void) { return }' >"$BATS_TEST_TMPDIR/usdt-passwd.c"
	setpriv --reuid=65534 --regid=65534 --clear-groups bash -c '
		for _ in {1..80}; do sleep 60 & done; echo; wait' >"$BATS_TEST_TMPDIR/many" 2>&1 3>&- &
	many=$!
	wait_for 10 -p "$many" test -s "$BATS_TEST_TMPDIR/many"
	ends_with_test $(pgrep -P "$many") "$many"
	# In a PID namespace of its own the grader sees none of them.
	run -1 unshare -pf --mount-proc "$BIN/grade" < <(
		ask second-probe '' "\"source\":\"$BATS_TEST_TMPDIR/usdt-passwd.c\"")
	assert_output --partial 'does not compile'
}

@test "/tmp mounted noexec: that is said, and TMPDIR helps" {
	need_root
	need_bpf
	need_namespaces
	noexec() {
		unshare -m sh -c 'mount --bind "$TMPDIR" "$TMPDIR" &&
			mount -o remount,bind,noexec "$TMPDIR" && exec "$@"' \
			sh "$@"
	}
	run -77 noexec "$BIN/grade" < <(ask second-probe '' "$(solution second-probe)")
	assert_output --partial 'mounted noexec; try: sudo env TMPDIR=/var/tmp'
	run -0 noexec env TMPDIR=/var/tmp "$BIN/grade" < <(ask second-probe '' "$(solution second-probe)")
}

@test "TMPDIR is not used where others than root can rename things" {
	need_root
	mkdir "$BATS_TEST_TMPDIR/open"
	chmod 777 "$BATS_TEST_TMPDIR/open"
	touch -d '1 hour ago' "$BATS_TEST_TMPDIR/open"
	before=$(stat -c %y "$BATS_TEST_TMPDIR/open")
	TMPDIR=$BATS_TEST_TMPDIR/open run grade < <(ask second-probe '' "$(solution second-probe)")
	assert_equal "$(stat -c %y "$BATS_TEST_TMPDIR/open")" "$before"
}

@test "learner's files are opened as the learner only" {
	need_root
	source=$BATS_TEST_TMPDIR/secret.c
	echo 'secret words' >"$source"
	chmod 600 "$source"
	SUDO_UID=65534 SUDO_GID=65534 run -77 grade < <(ask second-probe '' "\"source\":\"$source\"")
	assert_output --partial 'Permission denied'
	refute_output --partial 'secret words'
}

@test "learner's code is not root, in the compiler neither, and leaves nothing behind" {
	need_root
	need_bpf
	out=$(mktemp -d /tmp/grade-test.XXXXXX)
	chmod 1777 "$out"
	source=$BATS_TEST_TMPDIR/usdt-passwd.c
	{
		cat "$KIT/labs/02-passwd/solution/second-probe.c"
		cat <<-END
			#include <fcntl.h>
			#include <stdlib.h>
			#include <sys/resource.h>
			__attribute__((constructor)) static void look_around(void)
			{
				struct rlimit nproc;
				int fd = open("$out/who", O_WRONLY | O_CREAT | O_TRUNC, 0666);

				getrlimit(RLIMIT_NPROC, &nproc);
				dprintf(fd, "uid %d euid %d setuid %d env %s nproc %s\n", getuid(), geteuid(),
					setuid(0), getenv("BPFHOL_HOME") ?: "none",
					nproc.rlim_cur == RLIM_INFINITY ? "free" : "limited");
				if (fork() == 0) {
					if (setsid() && fork())
						_exit(0);
					fd = open("$out/orphan", O_WRONLY | O_CREAT | O_TRUNC, 0666);
					dprintf(fd, "%d\n", getpid());
					for (;;)
						pause();
				}
			}
		END
	} >"$source"
	chmod 644 "$source"
	run -0 grade < <(ask second-probe '' "\"source\":\"$source\"")
	run cat "$out/who"
	assert_output "uid 65534 euid 65534 setuid -1 env none nproc limited"
	orphan=$(cat "$out/orphan")
	gone "$orphan"
	no_scratch
	rm -r "$out"
}

@test "under sudo the learner's private source is read, compiled and run as the learner" {
	need_root
	need_bpf
	need_cmd sudo
	make_user kit50 sudo
	home=$(getent passwd kit50 | cut -d: -f6)
	chmod 700 "$home"
	{
		cat "$KIT/labs/02-passwd/solution/second-probe.c"
		cat <<-END
			#include <fcntl.h>
			__attribute__((constructor)) static void look_around(void)
			{
				dprintf(open("$home/who", O_WRONLY | O_CREAT, 0666), "%d\n", getuid());
			}
		END
	} >"$home/usdt-passwd.c"
	chown kit50 "$home/usdt-passwd.c"
	chmod 600 "$home/usdt-passwd.c"
	run -0 as_user kit50 sudo -n "$BIN/grade" < <(ask second-probe '' "\"source\":\"$home/usdt-passwd.c\"")
	assert_equal "$(head -n 1 "$home/who")" "$(id -u kit50)"
	start_target usdt-passwd 27
	run -77 as_user kit50 sudo -n "$BIN/grade" < <(ask user alice "\"pid\":$TARGET_PID")
	assert_output --partial 'belongs to somebody else'
	drop_user kit50
}

@test "killed in the middle of an edit it leaves no process and no folder" {
	need_root
	need_bpf
	grade < <(ask second-probe '' "$(solution second-probe)") >/dev/null 2>&1 3>&- &
	grader=$!
	running() { target=$(pgrep -P "$grader" -x usdt-passwd); }
	wait_for 10 -p "$grader" running
	kill -TERM "$grader"
	wait_for 2 gone "$grader"
	gone "$target"
	no_scratch
}

# planting FILE - a source whose program leaves in its folder what is not easily removed,
# a link to FILE's folder, and, in $OUT, what it sees of the folder it runs in
planting() {
	cat "$KIT/labs/02-passwd/solution/second-probe.c"
	cat <<-END
		#include <fcntl.h>
		#include <stdlib.h>
		#include <sys/stat.h>
		__attribute__((constructor)) static void plant(void)
		{
			close(open("aa-file", O_WRONLY | O_CREAT, 0400));
			mkdir("shut", 0700);
			mkdir("shut/inner", 0700);
			close(open("shut/inner/file", O_WRONLY | O_CREAT, 0400));
			chmod("shut", 0);
			symlink("$(dirname "$1")", "link");
			system("stat -c '%U %a' . .. ../usdt-passwd >$OUT/seen;"
			       "touch ../mine ../usdt-passwd 2>$OUT/refused;"
			       "ln -sf /bin/true ../usdt-passwd 2>>$OUT/refused");
			if (fork() == 0) {
				setsid();
				dprintf(open("$OUT/orphan", O_WRONLY | O_CREAT, 0666), "%d", getpid());
				for (;;)
					pause();
			}
		}
	END
}

@test "the learner's program cannot touch the folder it is run from, nor lead its removal away" {
	need_root
	need_bpf
	OUT=$(mktemp -d /tmp/grade-test.XXXXXX)
	chmod 1777 "$OUT"
	mkdir "$OUT/victim"
	touch "$OUT/victim/file"
	planting "$OUT/victim/file" >"$OUT/usdt-passwd.c"
	run -0 grade < <(ask second-probe '' "\"source\":\"$OUT/usdt-passwd.c\"")
	run -0 cat "$OUT/seen"
	assert_line --index 0 'nobody 700'
	assert_line --index 1 'root 710'
	assert_line --index 2 'root 750'
	run -0 grep -c 'Permission denied' "$OUT/refused"
	assert_output 3
	assert [ -e "$OUT/victim/file" ]
	no_scratch
	rm -r "$OUT"
}

@test "killed outright, its folder and what runs in it go at the next start; no other folder does" {
	need_root
	need_bpf
	OUT=$(mktemp -d /tmp/grade-test.XXXXXX)
	chmod 1777 "$OUT"
	planting "$OUT/x" >"$OUT/usdt-passwd.c"
	grade < <(ask second-probe '' "\"source\":\"$OUT/usdt-passwd.c\"") >/dev/null 2>&1 3>&- &
	grader=$!
	running() { [ -s "$OUT/orphan" ]; }
	wait_for 10 -p "$grader" running
	kill -KILL "$grader"
	wait_for 2 gone "$grader"
	orphan=$(cat "$OUT/orphan")
	ends_with_test "$orphan"
	alive "$orphan"
	run no_scratch
	assert_failure
	other=$(mktemp -d "$TMPDIR/grade.XXXXXX") # root's too, but no grader's
	run -0 grade < <(ask second-probe '' "$(solution second-probe)")
	wait_for 2 gone "$orphan"
	rmdir "$other"
	no_scratch
	rm -r "$OUT"
}

@test "a source that makes the compiler work without end is stopped" {
	need_root
	source=$BATS_TEST_TMPDIR/endless.c
	echo '#include "/dev/zero"' >"$source"
	run timeout 60 "$BIN/grade" < <(ask second-probe '' "\"source\":\"$source\"")
	[ "$status" = 1 ] || [ "$status" = 77 ]
	no_scratch
}
