#!/usr/bin/env bash
# Tests quickstart's dealings with packages, on a machine made of stand-ins: a dpkg that knows a
# list of installed packages, an apt-get that writes down what it was asked for.  Prints TAP.
# usage: test_quickstart.sh
set -uo pipefail

top=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
all='build-essential autoconf automake libtool pkg-config libglib2.0-dev libjson-glib-dev libpcap-dev liblua5.4-dev gnuplot-nox'
test_all='check tshark clang libclang-rt-14-dev valgrind iproute2'
n=0 failed=0

# A checkout with quickstart and a build that is up to date, and a PATH of stand-ins alone.
machine() { # user id, installed packages...
    local uid=$1 tool
    shift
    rm -rf "${work:?}"/*
    mkdir -p "$work/bin" "$work/tree/tests" "$work/tree/build"
    cp "$top/quickstart" "$work/tree/"
    for tool in bash sh env cat cp sed grep tail sort find touch mkdir dirname printf cmp nproc make chmod; do
        ln -s "$(command -v $tool)" "$work/bin/$tool"
    done
    printf '%s\n' "$@" > "$work/installed"
    stand_in dpkg-query 'shift 3; for p; do ! grep -qxF "$p" "$WORK/installed" || echo "installed $p"; done'
    stand_in apt-get 'echo "$*" >> "$WORK/apt"
        case "$*" in *" install "*) shift; while [ "$1" != --no-install-recommends ]; do shift; done; shift
        printf "%s\n" "$@" >> "$WORK/installed";; esac'
    stand_in id "echo $uid"
    stand_in autoreconf 'touch configure Makefile.in; chmod +x configure'
    printf '#!/bin/sh\nprintf "abs_top_srcdir = %%s\\nall:\\n\\t@:\\n" "$(cd "$(dirname "$0")" && pwd)" > Makefile\n' \
        > "$work/tree/configure"
    touch "$work/tree/Makefile.in"
    stand_in ../tree/build/weft 'mkdir -p out/x; echo "the table"; echo > out/x/cwnd.png; echo > out/x/a.pcap'
    stand_in ../tree/tests/run-all.sh 'echo "run-all $*"'
    chmod +x "$work/tree/configure"
}

stand_in() { # name, script
    printf '#!/bin/sh\nWORK="%s"\n%s\n' "$work" "$2" > "$work/bin/$1"
    chmod +x "$work/bin/$1"
}

quickstart() {
    (cd "$work" && env -i PATH="$work/bin" CI=true "$work/tree/quickstart" "$@") > "$work/output" 2>&1 < /dev/null
    status=$?
}

verdict() { # name, condition's exit status
    n=$((n + 1))
    if [ "$2" -eq 0 ]; then
        echo "ok $n - quickstart: $1"
    else
        echo "not ok $n - quickstart: $1"
        failed=$((failed + 1))
        sed 's/^/# /' "$work/output"
        [ ! -f "$work/apt" ] || sed 's/^/# apt-get /' "$work/apt"
    fi
}
says() { grep -qF -- "$1" "$work/output"; }

# shellcheck disable=SC2086 # the lists are words
tests() {
    machine 0 $all
    quickstart
    [ $status -eq 0 ] && [ ! -e "$work/apt" ] && says 'the table' && says '  out/x/cwnd.png' && says '  out/x/a.pcap'
    verdict 'with all there nothing is installed, and the results are named' $?
    quickstart
    [ $status -eq 0 ] && says 'is up to date' && ! says 'configuring'
    verdict 'a second call configures nothing' $?

    machine 0 git
    quickstart
    [ $status -eq 0 ] && grep -q "install --no-install-recommends $all\$" "$work/apt"
    verdict 'a bare machine gets all packages' $?
    rm "$work/apt"
    quickstart
    [ $status -eq 0 ] && [ ! -e "$work/apt" ]
    verdict 'a second call installs nothing' $?
    quickstart check
    [ $status -eq 0 ] && grep -q "install --no-install-recommends $test_all\$" "$work/apt" && says "run-all -j"
    verdict 'check installs what the tests need, and only that' $?

    machine 0 $all
    quickstart check --fast
    [ $status -eq 0 ] && grep -q 'install --no-install-recommends check$' "$work/apt" && says 'run-all --fast'
    verdict 'check --fast needs Check alone' $?

    machine 1000 ${all/libpcap-dev/}
    quickstart --no-install
    [ $status -eq 2 ] && says 'missing packages: libpcap-dev' && [ ! -e "$work/apt" ] && ! says 'configuring'
    verdict '--no-install lists what is missing and stops' $?
    machine 1000 $all
    quickstart --no-install
    [ $status -eq 0 ] && says 'the table'
    verdict '--no-install builds without root when all is there' $?
    machine 1000 ${all/gnuplot-nox/}
    quickstart --no-install
    [ $status -eq 0 ] && says 'missing packages: gnuplot-nox' && says 'the table'
    verdict '--no-install goes on without gnuplot' $?

    machine 1000 ${all/automake/}
    quickstart
    [ $status -eq 2 ] && says 'neither root nor sudo' && says 'apt-get install automake'
    verdict 'neither root nor sudo: says what to install' $?
    stand_in sudo 'echo "sudo $1 $2" >> "$WORK/sudo"; [ "$1" != -n ] || shift; exec "$@"'
    quickstart
    [ $status -eq 0 ] && grep -q '^sudo -n env' "$work/sudo" && grep -q 'recommends automake$' "$work/apt"
    verdict 'sudo is asked without a question when nobody is there' $?

    machine 0 ${all/automake/}
    stand_in apt-get 'echo "E: no network"; exit 100'
    quickstart
    [ $status -eq 2 ] && says 'E: no network' && says 'apt-get install automake'
    verdict 'a failed installation shows its reason' $?

    machine 0 $all
    quickstart build
    echo 'CHECK_LIBS = ' >> "$work/tree/build/Makefile"
    quickstart build
    [ $status -eq 0 ] && ! says configuring && stand_in pkg-config '[ "$*" = "--exists check" ]' &&
        quickstart build && says configuring
    verdict 'when Check has come since, it configures again' $?

    machine 0 $all
    printf '#!/bin/sh\necho "configure: error: no compiler"; exit 1\n' > "$work/tree/configure"
    quickstart
    [ $status -eq 1 ] && says 'no compiler' && says 'configure failed'
    verdict 'a failed configure shows its reason' $?

    machine 0 $all
    touch "$work/tree/config.status"
    quickstart
    [ $status -eq 1 ] && says 'make -C' && says 'distclean'
    verdict 'a checkout that is configured itself is told so' $?

    quickstart chekc
    [ $status -eq 2 ] && says "unknown word 'chekc'"
    verdict 'an unknown word is refused' $?
    quickstart -j
    [ $status -eq 2 ]
    verdict 'an option without its value is refused' $?
    quickstart --help
    [ $status -eq 0 ] && says 'usage:'
    verdict '--help explains' $?
}

tests
echo "1..$n"
[ $failed -eq 0 ]
