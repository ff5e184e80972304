#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The guide to adding a lab, followed word for word in a copy of the kit.

load helpers

# Each `path`: line that a block follows is a file.
make_files() { # FOLDER
	awk -v folder="$1" '
		file && !fence && /^```+/ {
			match($0, /^`+/); fence = substr($0, 1, RLENGTH); next
		}
		file && fence && $0 == fence {close(file); file = fence = ""; next}
		file && fence {print > file; next}
		/^`[a-zA-Z0-9\/.-]+`:$/ {
			file = folder "/" substr($0, 2, length($0) - 3)
			dir = file; sub(/\/[^\/]*$/, "", dir); system("mkdir -p " dir)
		}' "$KIT/labs/README.md"
}

# The commands of the last step.
commands() {
	sed -n '/^## 5/,/^## lab/{/^```sh$/,/^```$/{/^```/d;p}}' "$KIT/labs/README.md"
}

@test "the lab that the guide makes is built, listed, read and solved" {
	need_root
	need_bpf
	copy=$BATS_TEST_TMPDIR/kit
	mkdir "$copy"
	tar -C "$KIT" --exclude=.git --exclude=./build --exclude=./bin -cf - . | tar -C "$copy" -xf -
	make_files "$copy"
	assert [ -f "$copy/labs/90-lamp/witness" ]
	cd "$copy"
	mkdir -p "$BPFHOL_HOME"
	local -i count=0
	while read -r command; do
		# As root, as this test is; and one's own build is not that of the tests.
		run -0 env -u O -u BIN -u KIT bash -c "${command#sudo } 3>&-" </dev/null
		count+=1
		case $command in
		*list) assert_output --partial 'lamp.times' ;;
		*check-labs*) assert_output --regexp '[0-9]+ passed, 0 failed' ;;
		esac
	done < <(commands)
	assert_equal $count 4
	run -0 bin/bpfhol read
	assert_line --regexp '^lamp  *A lamp$'
	run -0 bin/bpfhol read lamp
	assert_output --partial 'switched all the time'
	run -0 env -u O make -s handbook
	run -0 grep -l 'lamp.html' build/handbook/index.html
}
