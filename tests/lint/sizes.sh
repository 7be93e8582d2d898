#!/bin/sh
# Prints how long functions and files are, folder by folder, and fails when one is too long:
# no function over 70 lines and no file over 800; over all floors together functions have a
# median of at most 15 lines and a 90th percentile of at most 45, files a median of at most 250.
# A file that is a table of data says so in a comment "sizes.sh: a table of data" and may be longer.
# A function counts from the first line of its head to its closing brace, as clang-format lays it
# out.
# usage: sizes.sh [TREE]
. "$(dirname "$0")/lib.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Prints "folder length file:line name" for each C function.
functions() {
    xargs -r awk '
        function folder(path) { sub(/\/[^\/]*$/, "", path); return path }
        FNR == 1 { head = body = 0; where = folder(FILENAME) }
        body && /^}/ { print where, FNR - head + 1, FILENAME ":" head, name; body = head = 0; next }
        body { next }
        /^\{/ { if (head) body = 1; next }
        /^[A-Za-z_]/ && !head {
            head = FNR; name = $0
            sub(/\(.*/, "", name); sub(/.*[ *]/, "", name)
        }
        /^$|^#|^\/\*|^ \*|^}|;[ \t]*(\/\*.*)?$/ { head = 0 }'
}

# Prints "folder length file" for each file.
files() {
    xargs -r awk '
        function done() { if (file != "" && !table) print where, lines, file }
        FNR == 1 { done(); file = where = FILENAME; sub(/\/[^\/]*$/, "", where); table = 0 }
        /sizes\.sh: a table of data/ { table = 1 }
        { lines = FNR }
        END { done() }'
}

# Reads numbers, one a line; prints "median p90 max".
figures() {
    sort -n | awk '{ v[NR] = $1 } END {
        if (!NR) { print "- - -"; exit }
        print v[int((NR + 1) / 2)], v[int((9 * NR + 9) / 10)], v[NR] }'
}

row() { # name, functions file, files file
    # shellcheck disable=SC2046
    set -- "$1" $(wc -l < "$2") $(awk '{ print $2 }' "$2" | figures) \
        $(wc -l < "$3") $(awk '{ print $2 }' "$3" | figures)
    printf '%-24s %9s %6s %5s %5s %9s %6s %5s\n' "$1" "$2" "$3" "$4" "$5" "$6" "$7" "$9"
}

floor_sources c h | functions > "$work/fn"
floor_sources c h lua | files > "$work/file"
tree_sources c h | grep '^tests/' | functions > "$work/test-fn" || true
tree_sources c h lua | grep '^tests/' | files > "$work/test-file" || true

printf '%-24s %9s %6s %5s %5s %9s %6s %5s\n' folder functions median p90 max files median max
awk '{ print $1 }' "$work/fn" "$work/file" | sort -u | while read -r folder; do
    awk -v f="$folder" '$1 == f' "$work/fn" > "$work/a"
    awk -v f="$folder" '$1 == f' "$work/file" > "$work/b"
    row "$folder" "$work/a" "$work/b"
done
row 'all floors' "$work/fn" "$work/file"
row tests "$work/test-fn" "$work/test-file"

cat "$work/fn" "$work/test-fn" | awk '$2 > 70 {
    print $3 ": function " $4 " has " $2 " lines; at most 70" }' > "$work/bad"
cat "$work/file" "$work/test-file" | awk '$2 > 800 {
    print $3 ": " $2 " lines; at most 800" }' >> "$work/bad"
limit() { # what, value, limit
    if [ "$2" != - ] && [ "$2" -gt "$3" ]; then
        echo "over all floors: $1 is $2 lines; at most $3" >> "$work/bad"
    fi
}
# shellcheck disable=SC2046
set -- $(awk '{ print $2 }' "$work/fn" | figures) $(awk '{ print $2 }' "$work/file" | figures)
limit 'the median of functions' "$1" 15
limit 'the 90th percentile of functions' "$2" 45
limit 'the median of files' "$4" 250
cat "$work/bad"
[ ! -s "$work/bad" ]
