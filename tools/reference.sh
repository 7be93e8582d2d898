#!/bin/sh
# Prints doc/scenario-reference.md: all lists of the program, as one page.
# usage: reference.sh WEFT
set -eu
weft=$1

section() { # list, heading, what it is about
    printf '\n## %s\n\n%s\n\n' "$2" "$3"
    "$weft" list "$1" --markdown
}

cat << 'END'
# Reference of the scenario language

`make reference` writes this page from the tables that the language itself is made of. [The
guide](scenario-api.md) says how the words go together; `weft help WORD` shows any of them on the terminal.
END
section word 'Words' 'Functions, and what the objects that they return can do. `x:word()` is called, `x.word` is read.'
section param 'Options' 'Of all calls but traffic. A time, rate, size or fraction is a number in SI units or a text with a unit.'
section app 'Traffic' 'The options of the first table belong to all of it.'
section metric 'Figures and records' 'A figure is read behind the run, `f.goodput`, `f:stats { between = {...} }.goodput`; a record is asked for before it, `f:record("cwnd")`.'
section packet 'Fields of a packet' 'In functions that choose which packets are lost.'
section qdisc 'Queueing disciplines' 'As in `queue = "pfifo limit 100"`.'
section cc 'Congestion controls' 'As in `cc = "cubic"` or, with options, `cc = "cubic hystart off"`.'
section sysctl 'Sysctls' 'As in `net:host("a", { sysctl = { ["net.ipv4.tcp_sack"] = 0 } })` and `node:sysctl(name, value)`.'
section sockopt 'Socket options' 'Of the sockets of processes: `s:sockopt("TCP_NODELAY", true)`; with the meaning that socket(7), tcp(7) and ip(7) give them.'
section missing 'Not modelled yet' 'These words are refused with a message of their own.'
