# SPDX-License-Identifier: GPL-2.0-or-later
# What every bats file of the kit shares: `load helpers` first thing.
#
# Each test gets a state folder of its own ($BPFHOL_HOME) and leaves nothing running:
# a file with a teardown of its own calls kit_teardown at its end, one with a setup of
# its own calls kit_setup at its beginning.

KIT=$(cd "${BATS_TEST_DIRNAME:-$(dirname "${BASH_SOURCE[0]}")}/.." && pwd)
BIN=${O:+$O/}bin
case $BIN in /*) ;; *) BIN=$KIT/$BIN ;; esac
PATH=$BIN:$PATH
export KIT BIN PATH

export BATS_LIB_PATH=${BATS_LIB_PATH:-/usr/lib/bats:/usr/share/bats}
bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert

# Tests must not depend on what the person who runs them has set.
unset BPFHOL_MENU XDG_STATE_HOME DIALOGOPTS DIALOGRC
# Nor on sudo: the tests of `sudo make test` are root's, and bpfhol acts as SUDO_UID.
unset SUDO_UID SUDO_GID SUDO_USER SUDO_COMMAND
export LC_ALL=C.UTF-8

kit_setup() {
	export BPFHOL_HOME="$BATS_TEST_TMPDIR/home"
	KIT_PIDS=()
}

# End what the test started, and fail the test if something outlives that.
kit_teardown() {
	local pid
	if [ -f "$BPFHOL_HOME/state.json" ] && [ -x "$BIN/bpfhol" ]; then
		"$BIN/bpfhol" stop >/dev/null 2>&1 || true
	fi
	for pid in "${KIT_PIDS[@]}"; do
		kill -KILL "$pid" 2>/dev/null || true
	done
	rm -rf "$BPFHOL_HOME" # whatever keeper is left ends its target when this goes
}

setup() { kit_setup; }
teardown() { kit_teardown; }

# cannot REASON - skip with the reason; under STRICT=1 a skip is a failure.
cannot() {
	if [ "${STRICT:-}" = 1 ]; then
		fail "STRICT=1 allows no skip: $1"
	fi
	skip "$1"
}

need_root() {
	[ "$(id -u)" = 0 ] || cannot "needs root"
}

need_cmd() {
	local cmd
	for cmd; do
		command -v "$cmd" >/dev/null || cannot "needs $cmd"
	done
}

# need_namespaces - can mounts and process ids of one's own be had? Not in a chroot.
need_namespaces() {
	need_cmd unshare
	unshare -pf --mount-proc true 2>/dev/null || cannot "needs namespaces of its own"
}

# need_bpf - can this user on this machine load and attach? `usdt doctor` finds out by
# trying; asked once a run of bats.
need_bpf() {
	local answer said
	answer="${BATS_RUN_TMPDIR:-$BATS_TEST_TMPDIR}/need_bpf.$(id -u)"
	if [ ! -f "$answer" ]; then
		if said=$("$BIN/usdt" doctor 2>&1); then
			: >"$answer"
		else
			printf '%s\n' "${said:-usdt doctor said no}" | tail -n 1 >"$answer"
		fi
	fi
	[ ! -s "$answer" ] || cannot "cannot trace here: $(cat "$answer")"
}

# wait_for SECONDS [-p PID] COMMAND... - poll until COMMAND succeeds. Fails at the time
# limit, or at once when PID is no longer there.
wait_for() {
	local limit=$1 pid='' end
	shift
	if [ "$1" = -p ]; then
		pid=$2
		shift 2
	fi
	end=$(($(date +%s%N) + limit * 1000000000))
	until "$@" >/dev/null 2>&1; do
		if [ -n "$pid" ] && ! alive "$pid"; then
			"$@" >/dev/null 2>&1 && return 0
			echo "wait_for: process $pid ended before '$*' came true" >&2
			return 1
		fi
		if [ "$(date +%s%N)" -gt "$end" ]; then
			echo "wait_for: '$*' did not come true within $limit s" >&2
			return 1
		fi
		sleep 0.05
	done
}

# alive PID, gone PID - a zombie counts as gone: nobody may be there to reap it.
alive() {
	local state
	state=$(sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/proc/$1/status" 2>/dev/null) || return 1
	[ -n "$state" ] && [ "$state" != Z ] && [ "$state" != X ]
}

gone() {
	! alive "$1"
}

# ends_with_test PID... - have kit_teardown kill it if the test does not.
ends_with_test() {
	KIT_PIDS+=("$@")
}

# start_target PROGRAM [SEED] - run a target outside the menu, its seed through a pipe.
# Sets TARGET_PID and HEARTBEAT (the file its standard output goes to).
start_target() {
	local program=$1 seed=${2:-1}
	HEARTBEAT=$BATS_TEST_TMPDIR/$program.heartbeat
	: >"$HEARTBEAT"
	"$BIN/$program" < <(echo "$seed") 1<>"$HEARTBEAT" 2>"$BATS_TEST_TMPDIR/$program.log" 3>&- &
	TARGET_PID=$!
	ends_with_test "$TARGET_PID"
	wait_for 30 -p "$TARGET_PID" grep -q '[1-9]' "$HEARTBEAT"
}

# make_user NAME [sudo] - an ordinary account for this test run; with `sudo` it may become
# root without a password. drop_user NAME removes it and its processes' files again.
make_user() {
	need_root
	need_cmd useradd userdel
	drop_user "$1"
	useradd --create-home --shell /bin/bash "$1"
	if [ "${2:-}" = sudo ]; then
		need_cmd sudo
		echo "$1 ALL=(ALL) NOPASSWD: ALL" >"/etc/sudoers.d/$1"
		chmod 440 "/etc/sudoers.d/$1"
	fi
}

drop_user() {
	local pid
	rm -f "/etc/sudoers.d/$1"
	id "$1" >/dev/null 2>&1 || return 0
	for pid in $(ps -o pid= -u "$1"); do
		kill -KILL "$pid" 2>/dev/null || true
	done
	wait_for 5 no_process_of "$1"
	userdel --force --remove "$1" >/dev/null 2>&1 || true
}

no_process_of() {
	[ -z "$(ps -o pid= -u "$1" | tr -d ' \n')" ]
}

# public_bin - the kit's bin/ where any account may run it: this one if it can be read by
# all, else a copy of the kit, removed by drop_public_bin.
public_bin() {
	if setpriv --reuid=65534 --regid=65534 --clear-groups test -x "$BIN/bpfhol" -a \
		-r "$KIT/labs" 2>/dev/null; then
		echo "$BIN"
		return
	fi
	local copy=${TMPDIR:-/tmp}/bpfhol-kit.$$
	mkdir -p "$copy/targets"
	cp -a "$BIN" "$copy/bin"
	cp -a "$KIT/labs" "$KIT/handbook" "$copy/"
	cp -a "$KIT"/targets/* "$copy/targets/"
	chmod -R go+rX "$copy"
	echo "$copy/bin"
}

drop_public_bin() {
	rm -rf "${TMPDIR:-/tmp}/bpfhol-kit.$$"
}

# as_user NAME COMMAND... - run it as that account, in its home, without our environment.
as_user() {
	local user=$1
	shift
	(cd / && exec setpriv --reuid="$user" --regid="$user" --init-groups --reset-env \
		env PATH="$PATH" LC_ALL="$LC_ALL" "$@")
}

# unit TEST SOURCE... - build tests/unit/TEST.c with these sources of the kit and run it,
# plain and with the address and undefined-behaviour sanitizers.
unit() {
	local test=$1 flags
	shift
	for flags in -O2 "-g -fsanitize=address,undefined -fno-sanitize-recover=all"; do
		# shellcheck disable=SC2086
		(cd "$KIT" && gcc -std=gnu11 -D_GNU_SOURCE -Wall -I. $flags \
			-o "$BATS_TEST_TMPDIR/$test" "tests/unit/$test.c" "$@")
		"$BATS_TEST_TMPDIR/$test"
	done
}

# test_target NAME [CC [FLAG...]] - build tests/targets/NAME.c into the current folder
test_target() {
	local name=$1 compiler=${2:-gcc} flags=("${@:3}")
	[ ${#flags[@]} != 0 ] || flags=(-O2)
	"$compiler" "${flags[@]}" -mno-red-zone -pthread -w -o "$name" \
		"$KIT/tests/targets/$name.c"
}

# hold COMMAND... - start a test target, which waits for a byte; sets TARGET, its output in
# target.out. release [BYTE] gives it one. end_input: there will be no more.
hold() {
	rm -f go
	mkfifo go
	"$@" <go >target.out 3>&- &
	TARGET=$!
	ends_with_test "$TARGET"
	exec 7>go
	wait_for 5 is_program "$TARGET" "$1"
}

# is_program PID PROGRAM - has the shell behind that process become the program?
is_program() {
	[ "/proc/$1/exe" -ef "$(command -v "$2")" ]
}

release() { printf %s "${1:-g}" >&7; }
end_input() { exec 7>&-; }

# attach [OPTION...] PATTERN - trace in the background; returns when it is attached. Sets
# TRACER; events go to events, as JSON, what it says to talk.
attach() {
	usdt trace -F json -o events "$@" 2>talk 3>&- 7>&- &
	TRACER=$!
	ends_with_test "$TRACER"
	wait_for 20 -p "$TRACER" grep -q '^attached' talk
}

# arguments FILE - of each event "NAME [arguments]", to the digit (jq rounds big numbers)
arguments() {
	sed 's/.*"name":"\([^"]*\)".*,"args":\(\[.*\]\)}$/\1 \2/' "$1"
}

# by_readelf FILE, by_usdt FILE: a sorted line a location: provider:name address
# semaphore operands
by_readelf() {
	readelf -n "$1" | awk '
		/Provider:/ { provider = $2 }
		/Name:/ { name = $2 }
		/Location:/ { address = $2; semaphore = $6; sub(",", "", address) }
		/Arguments:/ { sub(/^ *Arguments: */, ""); sub(/ *$/, "")
			print provider ":" name, address, semaphore, $0 }' |
		sed 's/0x0*\([0-9a-f]\)/0x\1/g' | sort
}

by_usdt() {
	usdt list -j "$1" | jq -r '. as $p | .locations[] | "\($p.provider):\($p.name) \(.address)" +
		" \(.semaphore // "0x0") \([.args[].operand] | join(" "))"' | sort
}

# same_as_readelf FILE [PACKAGE] - usdt and readelf see the same locations and operands
same_as_readelf() {
	need_cmd readelf jq
	[ -f "$1" ] || cannot "needs ${2:-$1}"
	by_readelf "$1" >"$BATS_TEST_TMPDIR/readelf"
	by_usdt "$1" >"$BATS_TEST_TMPDIR/usdt"
	sed -i 's/ *$//' "$BATS_TEST_TMPDIR"/{readelf,usdt}
	[ -s "$BATS_TEST_TMPDIR/readelf" ]
	diff "$BATS_TEST_TMPDIR/readelf" "$BATS_TEST_TMPDIR/usdt"
}
