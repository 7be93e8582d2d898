#!/bin/sh
# The language, tested in itself: the scenarios of the folder lua.
# usage: language.sh; WEFT names the program, ./weft otherwise
set -u
exec "${WEFT:-./weft}" test "$(dirname "$0")/lua"
