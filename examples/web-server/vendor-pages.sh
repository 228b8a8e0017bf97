#!/bin/sh
# Fetches the three things that the pages do not write themselves, with their licences, from their
# npm packages into pages/assets/vendor. The files are committed: nobody needs this to build.
#
#   preact + htm  draws the pages (one file, 13 KB, no build step)
#   chart.js      draws charts, loaded by the pages that have one
#   inter         the typeface, Latin part
set -eu

here=$(cd "$(dirname "$0")" && pwd)
vendor=$here/pages/assets/vendor
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# fetch PACKAGE@VERSION SHA256-OF-THE-PACKED-FILE: unpacks it into $work/package
fetch() {
    rm -rf "$work/package"
    packed=$(cd "$work" && npm pack --silent "$1")
    echo "$2  $work/$packed" | sha256sum --check --quiet
    tar -xzf "$work/$packed" -C "$work"
}

mkdir -p "$vendor"

fetch htm@3.1.1 2425b9bee11409177bcabc7f32e319926fc6690c1701c0b257c88bdff2d5ba90
cp "$work/package/preact/standalone.module.js" "$vendor/preact-htm.js"
cp "$work/package/LICENSE" "$vendor/htm.LICENSE"

fetch preact@10.4.1 03345894d567f20870522f18c4c341d8b2b09e134053301577dc585d789c1e75
cp "$work/package/LICENSE" "$vendor/preact.LICENSE"

fetch chart.js@4.6.1 9345dacdf4bb4c5d40321f4b9aafab6fe676d37a534fc0bc2d17c4c4e29c4f00
sed "/^\/\/# sourceMappingURL/d" "$work/package/dist/chart.umd.min.js" > "$vendor/chart.js"
cp "$work/package/LICENSE.md" "$vendor/chart.LICENSE"

fetch @fontsource-variable/inter@5.3.0 d26710dd38e7217484a1d47ee76c024977ec550548876f26d06ed1844af09a14
cp "$work/package/files/inter-latin-wght-normal.woff2" "$vendor/inter-latin.woff2"
cp "$work/package/LICENSE" "$vendor/inter.LICENSE"
