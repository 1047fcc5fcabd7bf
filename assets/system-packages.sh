#!/bin/sh
# Debian's packages that pycairo and manimpango are built with. Installs them when it may, else prints the line to run.
set -eu
packages="libcairo2-dev libpango1.0-dev pkg-config gcc python3-dev"
if pkg-config --exists cairo pango pangocairo 2>/dev/null && command -v gcc >/dev/null; then
	exit 0
fi
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
	apt-get update -qq
	# shellcheck disable=SC2086
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages >/dev/null
else
	echo "Manim needs some system packages. Run this line, then the same command again:" >&2
	echo "    sudo apt-get install -y $packages" >&2
	exit 1
fi
