#!/usr/bin/env bash
# help: build     the distribution, karaf-assembly/target/lifeline-0.1.0.tar.gz, without running the tests
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

maven -q package -pl karaf-assembly -am -DskipTests -Dspotless.check.skip "$@" || die "the build did not succeed."
say "The distribution is $(echo "$home"/karaf-assembly/target/lifeline-*.tar.gz)."
