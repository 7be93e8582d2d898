#!/bin/sh
# Words that do not belong: marks of unfinished work, paths of one machine, and on the three lower
# floors whatever would make a result depend on the machine, the moment or the allocator.
# usage: words.sh [TREE]
. "$(dirname "$0")/lib.sh"

bad=0
texts=$(tree_files | grep -vE '^tests/lint/(words|selftest)\.sh$|\.(png|svg|pcap|pcapng|bin)$|^tests/(golden|fuzz/corpus)/' || true)

# report MESSAGE: prints the findings that grep left on stdin.
report() {
    while IFS= read -r line; do
        echo "$line" | cut -c1-160 | sed "s|\$|   <- $1|"
        echo x >> "$marks"
    done
}
marks=$(mktemp)
trap 'rm -f "$marks"' EXIT

echo "$texts" | xargs -r grep -nIEw 'TODO|FIXME|XXX|HACK' | report 'finish it or leave it out'
echo "$texts" | xargs -r grep -nIE \
    '(^|[^A-Za-z0-9_.$}/])/(home|root|work|Users|mnt|media)/[A-Za-z0-9_]' |
    report 'a path of one machine'

# The code of the three lower floors without comments and strings, as file:line:text.
lower() {
    floor_sources c h | grep -E '^(sim|protocols|models)/' | xargs -r awk '
        FNR == 1 { comment = 0 }
        {
            line = $0; out = ""
            gsub(/\\./, "", line)
            gsub(/"[^"]*"/, "\"\"", line)
            while (line != "") {
                if (comment) {
                    end = index(line, "*/")
                    if (!end) break
                    line = substr(line, end + 2); comment = 0
                } else {
                    start = index(line, "/*")
                    if (!start) { out = out line; break }
                    out = out substr(line, 1, start - 1)
                    line = substr(line, start + 2); comment = 1
                }
            }
            sub(/\/\/.*/, "", out)
            if (out ~ /[^ \t]/) print FILENAME ":" FNR ":" out
        }'
}
calls() { # extended regular expression of function names
    grep -E "(^|[^A-Za-z0-9_.>])($1)[ ]*\\("
}
code=$(lower)
echo "$code" | calls 'time|gettimeofday|clock_gettime|clock|ftime|g_get_(real|monotonic)_time|g_date_time_new_now[a-z_]*|localtime(_r)?|gmtime(_r)?|getpid' |
    report 'no wall clock: sim->now is the time'
echo "$code" | calls 's?rand(om)?(_r)?|[dejlmn]rand48|s?rand48|getrandom|arc4random[a-z_]*|g_(rand|random)_[a-z_]+' |
    report 'randomness comes from a named stream (sim/rng.h)'
echo "$code" | calls '(exp|log|pow|sin|cos|tan|atan|tanh|sinh|cosh|asin|acos|cbrt|hypot|exp2|log2|log10|expm1|log1p|lgamma|tgamma|erf)[fl]?' |
    report 'no libm in results: integers, tables or IEEE basic operations'
echo "$code" | calls 'fopen|open|fwrite|printf|puts|g_print|g_file_[a-z_]+|getenv|g_getenv|exit|_exit' |
    report 'the lower floors do no input or output and do not exit'
floor_sources c h | grep -E '^(sim|protocols|models)/' | xargs -r grep -nE '"[^"]*%p' |
    report 'an address in a text differs from run to run'

[ ! -s "$marks" ] || bad=1
exit $bad
