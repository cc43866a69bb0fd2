#!/bin/sh
# Usage: realtime-symbols.sh NM ARCHIVE SOURCE...
# The objects of these sources hold what runs on the audio thread. They may call each other and
# move memory, and nothing else. (Names that begin with __asan and the like are a sanitizer's.)
set -eu
nm=$1 archive=$2
shift 2

imports() {
    for source; do
        "$nm" -u "$archive" | awk -v object="$source.o:" '
            /:$/ { inside = ($0 == object); found = found || inside }
            inside && $1 == "U" { print $2 }
            END { if (!found) { print "no-such-object-" object } }'
    done
}

bad=$(imports "$@" | sort -u | grep -Ev '^(rw_(ring|limiter|peak|beneath|music_ring)_[a-z_]+|mem(cpy|move|set))$' |
    grep -Ev '^(__(asan|ubsan|tsan|sanitizer|stack_chk|gcov|cyg_profile)_[a-z0-9_]+|_GLOBAL_OFFSET_TABLE_)$' || true)
if [ -n "$bad" ]; then
    echo "the audio thread may call, but must not:" >&2
    echo "$bad" >&2
    exit 1
fi
