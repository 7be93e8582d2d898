# shellcheck shell=sh
# What the lint scripts share.  Each is called as `NAME.sh [TREE]`; TREE is this checkout unless
# the self-test hands over another.  Exit status: 0 clean, 1 findings, 77 cannot tell here.
set -eu
export LC_ALL=C

lint_here=$(cd "$(dirname "$0")" && pwd)
tree=${1:-$(cd "$lint_here/../.." && pwd)}
cd "$tree"

floors='sim protocols models scenarios tools'

# All files that belong to the tree, one a line: git knows them; a tarball or a test's tree is
# taken as it lies.
tree_files() {
    if [ -e .git ]; then
        git ls-files --cached --others --exclude-standard | while IFS= read -r f; do
            if [ -f "$f" ]; then echo "$f"; fi
        done
    else
        find . -type f ! -path './build*' ! -path './.*' | sed 's|^\./||' | sort
    fi
}

# Those with one of these endings: tree_sources c h.  The programs for ns-3 are C++ and follow the
# ways of ns-3.
tree_sources() {
    pattern=$(printf '|%s' "$@")
    tree_files | grep -v '^tools/bench/ns3/' | grep -E "\.(${pattern#|})\$" || true
}

# Of the floors only, without the tests.
floor_sources() {
    tree_sources "$@" | grep -E '^(sim|protocols|models|scenarios|tools)/' || true
}

skip() {
    echo "$*"
    exit 77
}
