#!/usr/bin/env bash
# help: image     builds the container image from the distribution, without any registry, as target/lifeline-image.tar
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

distribution=$(echo "$home"/karaf-assembly/target/lifeline-*.tar.gz)
# An old one would be packed without a word.
if [[ ! -s $distribution ]] ||
    [[ -n $(find "$home"/{pom.xml,bundles,features,karaf-assembly,etc} -name target -prune -o -type f -newer "$distribution" -print -quit) ]]; then
    "$home/lifeline" build
    distribution=$(echo "$home"/karaf-assembly/target/lifeline-*.tar.gz)
fi
exec "$home/container/image/build.sh" "$distribution" "$target/lifeline-image.tar"
