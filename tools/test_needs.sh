#!/bin/sh
# What the tests need beyond Python: a browser, and a C compiler for the replay of power cuts.
# Installed where that is possible; otherwise named in one line, and those tests are skipped.
# With PILOTAGE_SKIP_NOTHING=1 (CI) what is missing is a failure.
set -u

missing=""
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
command -v cc >/dev/null 2>&1 || missing="$missing gcc libc6-dev"
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing for the tests:$missing"
  apt-get update -qq &&
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $missing \
      >/dev/null && exit 0
fi
echo "Not installed, so the tests that need it are skipped:$missing (Debian: apt install$missing)"
[ "${PILOTAGE_SKIP_NOTHING:-}" != 1 ]
