# SPDX-License-Identifier: Apache-2.0
# To be sourced by programs of bin/, with $root set.

# build NAME MODULES: builds modules, with what they need and without tests, if sources have changed since the last time.
build() {
    local stamp=$root/target/$1-built log=$root/target/$1-build.log
    [[ ! -e $stamp || $(find "$root" -path '*/target' -prune -o \( -path '*/src/main/*' -o -name pom.xml \) -newer "$stamp" -print -quit) ]] ||
        return 0
    echo "Building" >&2
    mkdir -p "$root/target"
    mvn -q -B -ntp -Dstyle.color=never -f "$root/pom.xml" -Dmaven.test.skip=true -pl "$2" -am package >"$log" 2>&1 || {
        cat "$log" >&2
        exit 1
    }
    touch "$stamp"
}
