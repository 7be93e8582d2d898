#!/usr/bin/env bash
# Runs all tests, phase by phase; `./quickstart check` and CI call it.
#
# Each phase prints TAP into its own log, has a time budget (seconds, on two processors) after
# which it is stopped, and fails if it ends badly, too late, or without having tested anything.
# The last line is "N passed, N failed" over all phases.
set -uo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# The phases, their budgets, and a file of the tree without which a phase has nothing to run.
phases=(
    'build      150 configure.ac                 the program and the library'
    'lint        30 tests/lint/all.sh            the rules of the tree'
    'unit       120 tests/tests.am               the Check programs'
    'setup       30 tests/setup/test_quickstart.sh  what quickstart does about packages'
    'sanitize   300 tests/tests.am               unit tests and labs under ASan and UBSan'
    'scenarios  360 tools/weft.c                 labs, experiments and regressions'
    'fuzz       120 tests/fuzz/run.sh            all fuzz targets'
    'interop    180 tests/interop/run.sh         against other implementations'
    'callgrind   60 tools/bench/callgrind.sh     instructions per packet-hop'
    'dist        60 configure.ac                 nothing is left out of the tarball'
)
phases_fast=(
    'build       90 configure.ac                 the program and the library'
    'lint        30 tests/lint/all.sh            the rules of the tree'
    'unit        60 tests/tests.am               the Check programs'
    'labs        60 tools/weft.c                 the labs'
)
phases_long=(
    'build      600 configure.ac                 the program and the library'
    'clang      600 configure.ac                 the same with clang, and its unit tests'
    'distcheck 1200 configure.ac                 the tarball builds, tests, installs, uninstalls'
    'memcheck  3600 tests/tests.am               unit tests under valgrind'
    'long      7200 scenarios/long               many seeds, scale, figures of papers'
    'fuzzlong  3600 tests/fuzz/run.sh            half an hour of fuzzing'
)
# What is not written yet.  A phase whose file is missing fails unless it stands here, and a phase
# that stands here although its file is there fails too: strike it out then.
pending=' '

usage() {
    cat <<'TXT'
usage: tests/run-all.sh [--fast|--long] [-j N] [--build DIR] [PHASE]...

  --fast        a verdict in two minutes        --long   what does not fit into a CI run
  -j N          jobs at a time                  --list   names the phases and their budgets
  --build DIR   build directory (default: build, in the checkout)

Logs are kept in DIR/logs.  WEFT_PATIENCE=K multiplies the time budgets, for slow machines.
TXT
}

# --- what the phases do: each prints TAP --------------------------------------------------------

# Runs a command as one test: attempt NAME COMMAND...
attempt() {
    local name=$1
    shift
    if "$@"; then
        echo "ok - $name"
    else
        echo "not ok - $name"
        return 1
    fi
}

phase_build() {
    attempt 'build' "$top/quickstart" build --no-install -j "$jobs" --build "$build" || return
    attempt 'no warnings' no_warnings "$build/build.log"
}

# Of what was compiled just now.
no_warnings() {
    ! grep -A 5 'warning:' "$1"
}

phase_lint() {
    WEFT_BUILD=$build "$top/tests/lint/all.sh"
}

# The Check programs of a build directory: one line per check, from the programs' logs.  A program
# that does not build is a failure, and the others run all the same.
unit_tests() { # build directory, make's arguments
    local dir=$1 log=$1/check.log status=0
    shift
    find "$dir/tests" \( -name '*.trs' -o -name 'test_*.log' \) -delete 2> /dev/null
    if ! make -k -C "$dir" -j"$jobs" check TESTS= > "$log" 2>&1; then
        echo 'not ok - all test programs build'
        grep -E -A 3 'error:|undefined reference|multiple definition' "$log" | head -n 40
        status=1
    fi
    attempt 'the tests compile without warnings' no_warnings "$log" || status=1
    CK_VERBOSITY=verbose make -k -C "$dir" -j"$jobs" check-each "$@" >> "$log" 2>&1 || status=1
    find "$dir/tests" -name '*.trs' 2> /dev/null | sort | while read -r trs; do
        program_tap "$(basename "$trs" .trs)" "${trs%.trs}.log" \
            "$(sed -n 's/^:global-test-result: //p' "$trs")"
    done
    if [ -z "$(find "$dir/tests" -name '*.trs' 2> /dev/null)" ]; then
        echo "not ok - no Check program ran in $dir"
        tail -n 10 "$log"
    fi
    return $status
}

# One Check program: name, log, automake's verdict.
program_tap() {
    awk -v program="$1" -v verdict="$3" '
        match($0, /:[PFE]:[^:]*:[^:]*:[0-9]+: /) {
            split(substr($0, RSTART + 1), part, ":")
            print (part[1] == "P" ? "ok" : "not ok") " - " program " " part[3]
            checks++
            if (part[1] != "P") { failures++; print "# " $0 }
            next
        }
        { print "# " $0 }
        END {
            if (verdict == "SKIP") print "ok - " program " # SKIP"
            else if (verdict != "PASS" && !failures) print "not ok - " program " (" verdict ")"
            else if (!checks) print "ok - " program
        }' "$2"
}

phase_unit() {
    unit_tests "$build"
}

phase_setup() {
    "$top/tests/setup/test_quickstart.sh"
}

phase_sanitize() {
    local dir=$build/sanitizers
    export UBSAN_OPTIONS=print_stacktrace=1
    attempt 'build with sanitizers' "$top/quickstart" build --no-install -j "$jobs" --build "$dir" \
        -- --enable-sanitizers || return
    unit_tests "$dir" || return
    [ ! -f "$top/tools/weft.c" ] || (cd "$top" && "$dir/weft" test -j "$jobs" scenarios/labs)
}

phase_scenarios() {
    local results=$build/scenarios.out status=0
    cd "$top" || return
    rm -rf "$results"
    "$build/weft" test -j "$jobs" -o "$results" scenarios/labs scenarios/experiments \
        scenarios/regressions || status=1
    "$build/weft" test -j "$jobs" tests/script || status=1
    judge_captures "$results" || status=1
    return $status
}

# What another program says of the captures that the scenarios left.
judge_captures() {
    local status=0
    tests/scenarios/judge-captures.sh "$1" || status=$?
    if [ $status -eq 77 ]; then
        echo 'ok - captures # SKIP tshark is not installed'
        return 0
    fi
    return $status
}

phase_labs() {
    cd "$top" && "$build/weft" test -j "$jobs" scenarios/labs
}

phase_fuzz() {
    WEFT_BUILD=$build "$top/tests/fuzz/run.sh"
}

phase_interop() {
    WEFT_BUILD=$build "$top/tests/interop/run.sh"
}

phase_callgrind() {
    WEFT_BUILD=$build "$top/tools/bench/callgrind.sh"
}

# The tarball holds each file that git knows.
phase_dist() {
    attempt 'make dist' make -s -C "$build" dist || return
    [ -e "$top/.git" ] || return 0
    attempt 'all files are in the tarball' tarball_is_complete
}

# It builds, tests, installs and uninstalls.
phase_distcheck() {
    attempt 'make distcheck' make -C "$build" -j"$jobs" distcheck
}

tarball_is_complete() {
    local tarball
    tarball=$(find "$build" -maxdepth 1 -name 'weft-*.tar.xz' -newer "$build/config.status" | tail -n 1)
    comm -23 <(git -C "$top" ls-files | grep -v '^\.gitignore$' | sort) \
        <(tar tf "$tarball" | sed 's|^[^/]*/||' | sort) | sed 's/^/# not in the tarball: /' |
        awk '{ print; n++ } END { exit n > 0 }'
}

phase_clang() {
    local dir=$build/clang
    attempt 'build with clang' "$top/quickstart" build --no-install -j "$jobs" --build "$dir" \
        -- CC=clang || return
    attempt 'no warnings' no_warnings "$dir/build.log"
    unit_tests "$dir"
}

phase_memcheck() {
    CK_FORK=no CK_TIMEOUT_MULTIPLIER=30 unit_tests "$build" \
        LOG_COMPILER='valgrind -q --error-exitcode=9 --leak-check=full'
}

phase_long() {
    make -s -C "$build" tests/protocols/test_stp_graph
    attempt 'spanning trees of 100 random graphs of each kind' env WEFT_SEEDS=100 \
        CK_TIMEOUT_MULTIPLIER=10 "$build/tests/protocols/test_stp_graph"
    cd "$top" && "$build/weft" test -j "$jobs" --timeout 1h scenarios/long
}

phase_fuzzlong() {
    WEFT_BUILD=$build FUZZ_SECONDS=1800 "$top/tests/fuzz/run.sh"
}

# --- running them -------------------------------------------------------------------------------

export build=$top/build
jobs=$(nproc 2> /dev/null || echo 2)
export jobs
selected=("${phases[@]}")
wanted=()
one=''
limit=100000 # seconds for all phases together

while [ $# -gt 0 ]; do
    case $1 in
    --fast) selected=("${phases_fast[@]}") limit=120 ;;
    --long) selected=("${phases_long[@]}") ;;
    --list) one=list ;;
    -j) jobs=$2 && shift ;;
    --build) build=$2 && shift ;;
    --only) one=$2 && shift ;; # how this script calls itself for one phase
    -h | --help) usage && exit 0 ;;
    -*) usage >&2 && exit 2 ;;
    *) wanted+=("$1") ;;
    esac
    shift
done

case $one in
'') ;;
list) printf '%s\n' "${selected[@]}" && exit 0 ;;
*) "phase_$one" && exit 0 || exit 1 ;;
esac

mkdir -p "$build/logs"
build=$(cd "$build" && pwd)
logs=$build/logs
patience=${WEFT_PATIENCE:-1}
passed=0 failed=0 running=''
trap '[ -z "$running" ] || kill "$running" 2> /dev/null; exit 130' INT TERM

count() { # pattern, log
    grep -E "$1" "$2" | grep -cvE '# SKIP' || true
}

# Shows what went wrong: a short log whole; of a long one the failed tests with what follows them,
# and the end.
show_failure() {
    {
        if [ "$(wc -l < "$1")" -le 60 ]; then
            cat "$1"
        else
            grep -E -A 12 '^not ok' "$1" | head -n 100
            echo '...'
            tail -n 15 "$1"
        fi
    } | grep -vE '^(ok |# (PASS|Running|100%))' | sed 's/^/    /'
    echo "    (the whole log: $1)"
}

run_phase() { # name, budget, file, description
    local name=$1 budget=$(($2 * patience)) left=$((limit * patience - SECONDS)) file=$3
    local log=$logs/$1.log status=0 good bad start=$SECONDS
    if [ $budget -gt $left ]; then budget=$((left > 1 ? left : 1)); fi
    if [ ! -e "$top/$file" ] && [[ $pending == *" $name "* ]]; then
        printf '%-10s pending: there is no %s yet\n' "$name" "$file"
        return
    fi
    : > "$log"
    if [ ! -e "$top/$file" ]; then
        echo "not ok - $name: $file is missing" >> "$log"
    else
        timeout -k 10 "$budget" "$0" --only "$name" -j "$jobs" --build "$build" > "$log" 2>&1 &
        running=$!
        wait $running || status=$?
        running=''
        [[ $pending != *" $name "* ]] ||
            echo "not ok - $name still stands under 'pending' in tests/run-all.sh; strike it out" >> "$log"
    fi
    case $status in 124 | 137) echo "not ok - $name: stopped after $budget s, its budget on two idle processors" >> "$log" ;; esac
    good=$(count '^ok' "$log") bad=$(count '^not ok' "$log")
    if [ $((good + bad)) -eq 0 ] || { [ "$bad" -eq 0 ] && [ $status -ne 0 ]; }; then
        echo "not ok - $name: exit status $status after $good tests" >> "$log"
        bad=$((bad + 1))
    fi
    printf '%-10s %5d passed, %d failed   %4d s of %d s   %s\n' "$name" "$good" "$bad" \
        $((SECONDS - start)) "$budget" "$4"
    [ "$bad" -eq 0 ] || show_failure "$log"
    passed=$((passed + good)) failed=$((failed + bad))
}

for phase in "${selected[@]}"; do
    read -r name budget file description <<< "$phase"
    if [ ${#wanted[@]} -eq 0 ] || [[ " ${wanted[*]} " == *" $name "* ]]; then
        run_phase "$name" "$budget" "$file" "$description"
        # Without a program there is nothing to test.
        if [ "$name" = build ] && [ $failed -gt 0 ]; then break; fi
    fi
done
[ $((passed + failed)) -gt 0 ] || { echo "no such phase: ${wanted[*]-}" >&2 && exit 2; }
printf '%d minutes %d seconds in all\n\n' $((SECONDS / 60)) $((SECONDS % 60))
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
