#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Other people's programs: all their probes explained and attached, and some of them run,
# with what they themselves say to compare with.

load helpers

setup() {
	kit_setup
	need_cmd readelf jq
	cd "$BATS_TEST_TMPDIR" || return 1
}

teardown() {
	[ -z "${PG:-}" ] || stop_postgres
	kit_teardown
}

libjvm() { find /usr/lib/jvm -name libjvm.so 2>/dev/null | head -n 1; }
postgres() { ls /usr/lib/postgresql/*/bin/postgres 2>/dev/null | head -n 1; }
libstdcxx() { echo /usr/lib/x86_64-linux-gnu/libstdc++.so.6; }

# operands_of FILE - as readelf says, one a line, sorted
operands_of() { readelf -n "$1" | sed -n 's/^ *Arguments: *//p' | tr -s ' ' '\n' | grep . | sort; }

# other_reasons FILE - of the lines "OPERAND REASON" on standard input, those whose reason
# is another one than that FILE has no such symbol, or readelf finds it there
other_reasons() {
	local operand reason symbol
	readelf -sW "$1" | awk '{ print $8 }' >symbols
	while read -r operand reason; do
		symbol=${reason#"no symbol table of the file has '"}
		symbol=${symbol%"'"}
		if [ "$symbol" = "$reason" ] || [[ "$operand" != *"$symbol"* ]] ||
			grep -Fqx "$symbol" symbols; then
			echo "$operand $reason"
		fi
	done
}

# explains_all FILE PACKAGE - each operand that readelf knows, in words that fit its prefix
explains_all() {
	[ -f "$1" ] || cannot "needs $2"
	usdt list -v "$1" | sed -n 's/^ *arg[0-9][0-9]* *//p' >explained
	usdt list -v -j "$1" | jq -r '.locations[].args[].operand' | sort >in_json
	operands_of "$1" >operands
	[ -s operands ]
	sed 's/ .*//' explained | sort | diff operands -
	diff operands in_json
	sed -n 's/^\([^ ]*\) .* cannot be read: /\1 /p' explained >unreadable
	assert_equal "$(other_reasons "$1" <unreadable)" ''
	run grep -vE '^-?([0-9]+)f?@[^ ]+ +\1 bytes?, (signed|unsigned|floating point), ' explained
	assert_output ''
	run grep -vE ', (in register %|in memory |the constant |the address |cannot be read: )' explained
	assert_output ''
	[ "$(grep -c '^-' explained)" = "$(grep -c ', signed, ' explained)" ]
}

# attaches_all FILE PACKAGE - everywhere at once, as many as readelf counts, none refused
attaches_all() {
	need_root
	need_bpf
	[ -f "$1" ] || cannot "needs $2"
	local locations probes
	readelf -n "$1" | awk '/Provider:/ { p = $2 } /Name:/ { print p ":" $2 }' >names
	locations=$(wc -l <names)
	probes=$(sort -u names | wc -l)
	usdt trace -d 0.2 -o events "$1:*:*" 2>talk
	assert_equal "$(head -n 1 talk)" "attached $locations locations of $probes probes"
	assert_equal "$(grep -cvE '^[0-9]+ events?, [0-9]+ lost$' talk)" 1
}

@test "PostgreSQL's server: every operand is explained" { explains_all "$(postgres)" postgresql; }
@test "libjvm: every operand is explained" { explains_all "$(libjvm)" default-jre-headless; }
@test "CPython: every operand is explained" { explains_all /usr/bin/python3 python3; }
@test "libstdc++: every operand is explained" { explains_all "$(libstdcxx)" libstdc++6; }

@test "a stripped file: the reason names the symbol it cannot give" {
	printf '%s\n' '#include <sys/sdt.h>' 'int gone = 1;' \
		'int main(int argc, char *argv[]) { STAP_PROBE2(p, two, gone, argc); }' >two.c
	gcc -O2 -s -w -o two two.c
	explains_all ./two gcc
	assert_equal "$(grep -c "no symbol table of the file has 'gone'" unreadable)" 1
}

@test "PostgreSQL's server: every location attaches" { attaches_all "$(postgres)" postgresql; }
@test "libjvm: every location attaches" { attaches_all "$(libjvm)" default-jre-headless; }
@test "CPython: every location attaches" { attaches_all /usr/bin/python3 python3; }
@test "libstdc++: every location attaches" { attaches_all "$(libstdcxx)" libstdc++6; }

# start_postgres - a server of its own in a folder of its own, by a socket there; sets PG
start_postgres() {
	local server=$1
	PG=$(mktemp -d "${TMPDIR:-/tmp}/bpfhol-pg.XXXXXX")
	chown postgres: "$PG"
	as_user postgres "${server%/*}/initdb" -D "$PG/data" -A trust -E UTF8 --no-sync >initdb 2>&1 ||
		fail "$(cat initdb)"
	as_user postgres "$server" -D "$PG/data" -k "$PG" -c listen_addresses= -c fsync=off \
		-c log_statement=all >server.log 2>&1 3>&- &
	wait_for 30 as_user postgres "${server%/*}/pg_isready" -q -h "$PG"
}

stop_postgres() {
	local pid
	pid=$(head -n 1 "$PG/data/postmaster.pid" 2>/dev/null) || pid=''
	if [ -n "$pid" ]; then
		kill -INT "$pid"
		wait_for 20 gone "$pid" || kill -QUIT "$pid"
	fi
	rm -rf "$PG"
}

client() { as_user postgres psql -h "$PG" -XqAt "$@"; }

# as_logged COUNT - the statements last sent, as the server's own log tells them
as_logged() { sed -n 's/.* LOG:  statement: //p' server.log | tail -n "$1"; }

@test "PostgreSQL: query__start shows the SQL that was sent" {
	need_root
	need_bpf
	[ -f "$(postgres)" ] || cannot "needs postgresql"
	need_cmd psql
	local backend server
	server=$(postgres)
	start_postgres "$server"

	mkfifo statements
	client <statements >answers 2>&1 3>&- &
	exec 7>statements
	echo 'select pg_backend_pid();' >&7
	wait_for 10 grep -q . answers
	backend=$(head -n 1 answers)
	attach -s 300 -p "$backend" query__start
	cat >&7 <<-'SQL'
		select count(*), 'Grüße, "quoted"' from generate_series(1, 42) where 1 < 2;
		select 'the second' || repeat('!', 3);
	SQL
	wait_for 10 grep -q 'the second!!!' answers
	client -c "select 'of another process'" >/dev/null # not traced
	end_input
	wait_for 10 gone "$backend"
	wait "$TRACER"
	jq -r '.args[0]' events >seen
	as_logged 3 | head -n 2 | diff - seen
	grep -Fqx "select count(*), 'Grüße, \"quoted\"' from generate_series(1, 42) where 1 < 2;" seen

	attach -s 300 "$server:query__start" # of any process
	client -c "select 'by the file'" -c 'select 1 + 1' >/dev/null
	kill -INT "$TRACER"
	wait "$TRACER"
	as_logged 2 | diff - <(jq -r '.args[0]' events)
	jq -es 'map(.provider) == ["postgresql", "postgresql"]' events
}

# CPython 3.11 fires function__entry only where an exception is thrown into a generator
# (its issue 98894), function__return everywhere.
@test "CPython: function__entry and function__return say file, function and line" {
	need_root
	need_bpf
	usdt list /usr/bin/python3 2>/dev/null | grep -q :function__entry ||
		cannot "needs a python3 with probes"
	cat >script.py <<-'PY'
		import sys

		def tell(what, frame):
		    code = frame.f_code
		    print(what, code.co_filename, code.co_name, frame.f_lineno, flush=True)

		def outer(n):
		    inner(n); return tell("function__return", sys._getframe())

		def inner(n): return tell("function__return", sys._getframe())

		class Thing:
		    def method(self):
		        self.n = 1
		        return tell("function__return", sys._getframe())

		def catches():
		    try:
		        yield 1
		    except ValueError:
		        yield 2

		outer(1)
		inner(2)
		Thing().method()
		sorted([2, 1], key=lambda n: tell("function__return", sys._getframe()) or n)
		generator = catches()
		next(generator)
		tell("function__entry", generator.gi_frame)
		generator.throw(ValueError())
		list(generator)
	PY
	usdt trace -s 300 -F json -o events -c "/usr/bin/python3 -S -E $PWD/script.py" \
		'/usr/bin/python3:python:function__*' >said 2>talk
	grep -q ', 0 lost$' talk
	[ "$(wc -l <said)" = 7 ]
	jq -r --arg file "$PWD/script.py" 'select(.args[0] == $file) |
		"\(.name) \(.args | map(tostring) | join(" "))"' events >seen
	grep function__return said >returns
	grep -E '^function__return .* (outer|inner|method|<lambda>) ' seen | diff returns -
	assert_equal "$(grep -cFx "$(grep function__entry said)" seen)" 1
}

@test "a JVM: gc__begin fires as often as the program asked for it" {
	need_root
	need_bpf
	[ -f "$(libjvm)" ] || cannot "needs default-jre-headless"
	need_cmd java javac
	cat >Collect.java <<-'JAVA'
		public class Collect {
			public static void main(String[] args) throws Exception {
				System.in.read();
				for (int i = 0; i < 7; i++)
					System.gc();
				System.out.println("collected");
			}
		}
	JAVA
	javac Collect.java
	hold java -XX:+UseSerialGC -Xmx256m -Xlog:gc:file=gc.log Collect
	wait_for 20 -p "$TARGET" test -s gc.log # its libraries are there
	attach -p "$TARGET" gc__begin
	release
	wait_for 20 grep -qx collected target.out
	end_input
	wait "$TRACER"
	[ "$(wc -l <events)" = 7 ]
	[ "$(grep -cF 'Pause Full (System.gc())' gc.log)" = 7 ]
	jq -es 'all(.[]; .provider == "hotspot" and .args == [1])' events # full ones
	grep -qx '7 events, 0 lost' talk
}
