#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# make handbook: the pages are whole, lead to each other in the order of the contents, load
# nothing from elsewhere, and say what the Markdown says.

load helpers

setup_file() {
	export SITE=$BATS_FILE_TMPDIR/build/handbook
	make -s -C "$KIT" O="$BATS_FILE_TMPDIR" handbook >"$BATS_FILE_TMPDIR/said"
}

# chapters, mans - names of pages: the chapters as the contents have them, the man pages
chapters() { sed -n 's/^- `\([^`]*\)`.*/\1/p' "$KIT/handbook/index.md"; }
mans() { (cd "$KIT/handbook/man" && ls -- *.md | sed 's/\.md$//'); }

# links PAGE [TAG...] - where it leads to, or only those tags of it
links() {
	local page=$1
	shift
	tr '\n' ' ' <"$page" | grep -oE "<(${*:-[a-z]+}) [^>]*>" |
		grep -oE '(href|src)="[^"]*"' | sed 's/^[a-z]*="//; s/"$//'
}

# xpath PAGE EXPRESSION
xpath() {
	xmllint --xpath "$2" "$1"
}

# fixture - a handbook of its own in book/, its pages in site/
fixture() {
	cd "$BATS_TEST_TMPDIR"
	mkdir -p book/figures book/man
	cp "$KIT/handbook/style.css" book/
	printf '%s\n' '# Book' '' '- `zwei`: is first' '- `eins`: is second' >book/index.md
	printf '%s\n' '# Zwei' '' '![Two boxes, a < b -> *c*' '"and" more](figures/boxes.svg)' '' \
		'See [there](eins.md#the-place), `bpfhol read eins`, [`bpfhol read eins`](eins.md),' \
		'[usdt](man/usdt.1.md) and `bpfhol read none`.' >book/zwei.md
	printf '%s\n' '# Eins & <more> `code`' '' '## The place' >book/eins.md
	printf '%s\n' 'title: USDT' 'section: 1' '' '# NAME' '' 'usdt - it traces' '' \
		'**usdt**(1) -- "x"' >book/man/usdt.1.md
	echo '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>' \
		>book/figures/boxes.svg
	"$KIT/scripts/handbook" book site
}

@test "make handbook says where the pages are, and makes them once" {
	assert_equal "$(tail -n 1 "$BATS_FILE_TMPDIR/said")" "$SITE/index.html"
	before=$(stat -c %y "$SITE/index.html")
	run -0 make -s -C "$KIT" O="$BATS_FILE_TMPDIR" handbook
	assert_output "$SITE/index.html"
	assert_equal "$(stat -c %y "$SITE/index.html")" "$before"
}

@test "a page for each chapter and man page, and all of them in the contents of each" {
	diff <(cd "$SITE" && ls -- *.html | sed 's/\.html$//' | sort) \
		<({ (cd "$KIT/handbook" && ls -- *.md | sed 's/\.md$//'); mans; } | sort)
	for page in "$SITE"/*.html; do
		diff <(sed -n '/<nav id="all_pages"/,$s/.*<li><a href="\([^"#]*\)\.html".*/\1/p' "$page") \
			<(echo index; chapters; mans)
		assert_equal "$(grep -c aria-current "$page")" 1
		grep -q "href=\"$(basename "$page")\" aria-current=\"page\"" "$page"
	done
}

@test "the first page says of each chapter what the contents say" {
	need_cmd xmllint
	xpath "$SITE/index.html" 'string(//main)' | sed "s/’/'/g" >"$BATS_TEST_TMPDIR/text"
	[ "$(chapters | wc -l)" -gt 5 ]
	sed -n 's/^- `\([^`]*\)`/\1/p' "$KIT/handbook/index.md" | while read -r line; do
		grep -qF -- "$line" "$BATS_TEST_TMPDIR/text" || fail "$line"
		grep -qF "<li><a href=\"${line%%:*}.html\"><code" "$SITE/index.html" || fail "$line"
	done
}

@test "next leads through all pages in the order of the contents, previous back" {
	page=index before=''
	for want in $(chapters) $(mans) ''; do
		run sed -n 's/^<a rel="prev" href="\([^"]*\)\.html".*/\1/p' "$SITE/$page.html"
		assert_output "$before"
		run sed -n 's/^<a rel="next" href="\([^"]*\)\.html".*/\1/p' "$SITE/$page.html"
		assert_output "$want"
		before=$page page=$want
	done
}

@test "every link, anchor and image leads somewhere" {
	count=0
	for page in "$SITE"/*.html; do
		for link in $(links "$page"); do
			case $link in https://*) continue ;; esac
			file=${link%%#*}
			file=$SITE/${file:-$(basename "$page")}
			[ -f "$file" ] || fail "$page: $link"
			[[ $link != *'#'* ]] || grep -qF "id=\"${link#*#}\"" "$file" ||
				fail "$page: $link"
			count=$((count + 1))
		done
	done
	[ $count -gt 100 ]
}

@test "no scripts, and nothing is loaded from elsewhere" {
	run -1 grep -liE '<(script|iframe|object|embed|base|form)|javascript:|<[^>]* on[a-z]+=' \
		"$SITE"/*.html
	run -1 grep -E '@import|url\(' "$SITE/style.css"
	for page in "$SITE"/*.html; do
		for link in $(links "$page" 'link|img'); do
			[[ $link =~ ^[a-z0-9./-]+$ && $link != /* && $link != //* ]] || fail "$page: $link"
		done
		links "$page" link | grep -qx style.css
	done
	for figure in "$KIT"/handbook/figures/*.svg; do
		[ -f "$figure" ] || continue
		# Without one it shrinks on a phone until nobody can read it.
		head -n 1 "$figure" | grep -q ' width="700"' || fail "$figure has no width"
		cmp "$figure" "$SITE/figures/$(basename "$figure")"
		run -1 grep -liE '<script|<foreignObject|href="[^#]|@import|url\([^#)]| on[a-z]+=' "$figure"
	done
}

@test "pages are well-formed, and each id is there once" {
	need_cmd xmllint
	run -0 xmllint --noout "$SITE"/*.html
	assert_output ''
	for page in "$SITE"/*.html; do
		run bash -c "grep -oE ' id=\"[^\"]*\"' '$page' | sort | uniq -d"
		assert_output ''
	done
}

@test "pages have a language, a title, landmarks, one first heading and a link to the text" {
	need_cmd xmllint
	for page in "$SITE"/*.html; do
		[ "$(head -n 1 "$page")" = '<!DOCTYPE html>' ]
		for wanted in '/html[@lang="en"]' '//meta[@charset="utf-8"]' \
			'//meta[@name="viewport"]' '//head/title[contains(., " - bpfhol")]' \
			'/html/body/header' '/html/body/main[@id="main_text"]' '//main//h1' \
			'/html/body/*[1][self::a[@href="#main_text"]]' '//nav[@aria-label="Contents"]'; do
			assert_equal "$wanted $(xpath "$page" "count($wanted)")" "$wanted 1"
		done
		assert_equal "$(xpath "$page" 'count(//img[not(@alt) or @alt=""])')" 0
	done
}

@test "code is on the pages as it is in the Markdown" {
	need_cmd xmllint
	cd "$BATS_TEST_TMPDIR"
	for chapter in $(chapters); do
		rm -f block.*
		# Fenced blocks that say what they are; lowdown makes four blanks of a tab.
		awk '/^ *```[a-z]/ { match($0, /`/); indent = RSTART; n++; next }
			/^ *```/ { indent = 0 }
			indent { print substr($0, indent) >"block." n }' \
			<(expand -t 4 "$KIT/handbook/$chapter.md")
		all='//pre/code[starts-with(@class, "language-")]'
		count=$(find . -name 'block.*' | wc -l)
		assert_equal "$chapter: $(xpath "$SITE/$chapter.html" "count($all)")" "$chapter: $count"
		for ((i = 1; i <= count; i++)); do
			diff "block.$i" <(xpath "$SITE/$chapter.html" "string(($all)[$i])" |
				sed '${/^$/d}')
		done
		total=$((${total:-0} + count))
	done
	[ "$total" -gt 30 ]
}

# In Markdown a_b_c may become a, c and an emphasized b.
@test "no name loses its underscores, on a page or in a manual" {
	need_cmd xmllint man
	cd "$BATS_TEST_TMPDIR"
	for page in $(chapters) $(mans); do
		source=$KIT/handbook/$page.md
		xpath "$SITE/$page.html" 'string(//main)' >text
		if [ ! -f "$source" ]; then
			source=$KIT/handbook/man/$page.md
			make -s -C "$KIT" O="$BATS_FILE_TMPDIR" "$BATS_FILE_TMPDIR/build/man/$page"
			MANWIDTH=1000 man -l "$BATS_FILE_TMPDIR/build/man/$page" >manual
			cp manual text.man
		fi
		sed 's/<!--.*-->//; s/\\_/_/g' "$source" | tr '\n' ' ' |
			sed 's/!\[[^]]*\]([^)]*)//g' |
			grep -oE '[A-Za-z0-9]+(_+[A-Za-z0-9]+)+' | sort -u >names || continue
		for text in text*; do
			while read -r name; do
				grep -qF -- "$name" "$text" || fail "$page, $text: $name"
			done <names
		done
		rm -f text*
	done
}

@test "letters stand out from what is behind them, light and dark: 4.5 to 1" {
	run -0 awk '
		function digit(hex) { return index("0123456789abcdef", substr(hex, 1, 1)) - 1 }
		function value(hex, v) {
			v = (digit(hex) * 16 + digit(substr(hex, 2))) / 255
			return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ^ 2.4
		}
		function light(name, hex, v) {
			hex = colour[name]
			v = 0.2126 * value(substr(hex, 2)) + 0.7152 * value(substr(hex, 4))
			return v + 0.0722 * value(substr(hex, 6)) + 0.05
		}
		function check(ink, paper, a, b) {
			a = light(ink)
			b = light(paper)
			a = a > b ? a / b : b / a
			if (a < 4.5)
				print ink " on " paper ": " a
			checks++
		}
		/^[ \t]*--[a-z]*: #/ { colour[substr($1, 3, length($1) - 3)] = $2 }
		/^[ \t]*--line:/ {
			check("ink", "paper"); check("ink", "box"); check("soft", "paper")
			check("link", "paper"); check("link", "box")
		}
		END { if (checks != 10) print "two sets of colours, not " checks " pairs" }' \
		"$SITE/style.css"
	assert_output ''
}

@test "figures are copied and shown with their descriptions" {
	need_cmd xmllint
	fixture
	xmllint --noout site/*.html
	cmp book/figures/boxes.svg site/figures/boxes.svg
	assert_equal "$(xpath site/zwei.html 'string(//figure/img[@src="figures/boxes.svg"]/@alt)')" \
		'Two boxes, a < b -> *c* "and" more'
}

@test "links between chapters and to man pages lead to pages" {
	fixture
	run links site/zwei.html
	assert_line 'eins.html#the-place'
	[ "$(grep -o '<a href="eins.html"><code[^>]*>bpfhol read eins</code></a>' site/zwei.html |
		wc -l)" = 2 ]
	refute_output --partial none
	grep -q '<a href="usdt.1.html">usdt</a>' site/zwei.html
	grep -qF '<a href="usdt.1.html"><strong>usdt</strong>(1)</a> -- "x"' site/usdt.1.html
	grep -qF '<li><a href="usdt.1.html">usdt(1)</a>: it traces</li>' site/index.html
}

@test "pages of a chapter that went go too; one that is missing is an error" {
	fixture
	sed -i /zwei/d book/index.md
	rm book/zwei.md
	"$KIT/scripts/handbook" book site
	[ ! -e site/zwei.html ]
	rm book/eins.md
	run "$KIT/scripts/handbook" book site
	assert_failure
	assert_output --partial eins.md
}
