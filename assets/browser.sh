#!/bin/sh
# Debian's headless Chromium, which tests/test_browser.py drives. Installs it when it may, else prints the line to run.
set -eu
package="chromium-headless-shell"
for program in chromium-headless-shell chromium chromium-browser google-chrome; do
	if command -v "$program" >/dev/null; then
		exit 0
	fi
done
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
	apt-get update -qq
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $package >/dev/null
else
	echo "The browser tests need Chromium. Run this line, then the same command again:" >&2
	echo "    sudo apt-get install -y $package" >&2
	exit 1
fi
