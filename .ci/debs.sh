#!/bin/sh
# Builds the Debian packages in clean chroots of Debian releases, checks them by lintian, and tries them on systems that
# have nothing else; prints TAP. Run as root, by hand or by ./check full.
#
#	.ci/debs.sh [--built] [bookworm|trixie ...]	default: both; --built: tries those that were built before
#
# Built on trixie, the unit tests run too. The packages are then in build/debs/RELEASE.
set -eu
top=$(dirname "$(dirname "$(readlink -f "$0")")")
. "$top/.ci/chroot.sh"
count=0
bad=

# result STATUS NAME : a line of TAP, after the end of $here.log if it has failed.
result() {
	count=$((count + 1))
	if [ "$1" = 0 ]; then
		echo "ok $count - $release: $2"
	else
		tail -n 60 "$here/log" | sed 's/^/# /'
		echo "not ok $count - $release: $2"
		bad=1
	fi
}

# try NAME COMMAND... : runs it in the chroot.
try() {
	name=$1
	shift
	status=0
	(inside "$@") >"$here/log" 2>&1 || status=$?
	result "$status" "$name"
	return "$status"
}

# files : every file of the chroot but what apt and dpkg note down.
files() {
	(cd "$here" && find . -xdev \( -path ./proc -o -path ./dev -o -path ./log -o -path ./debs -o -path ./var/lib/apt \
		-o -path ./var/lib/dpkg -o -path ./var/cache -o -path ./var/log -o -path ./files \) -prune -o -print) | sort
}

installed="apt-get install -y -q --no-install-recommends"
# A line to the modem and back, by the shell alone.
talk='exec 3<>"$1"; printf "AT+CREG?\r" >&3
	while read -r line <&3; do case $line in "+CREG: 0,1"*) exit 0 ;; *ERROR*) exit 1 ;; esac; done'

built() {
	enter
	nocheck=nocheck
	[ "$release" = bookworm ] || nocheck=
	git -c safe.directory='*' clone -q --no-hardlinks "$top" "$here/src"
	try "what the build needs is there" sh -c "apt-get update -q && $installed dpkg-dev lintian &&
		/src/packaging/deb --source /build/fauxtrack &&
		DEB_BUILD_PROFILES=$nocheck apt-get build-dep -y -q --no-install-recommends /build/fauxtrack" || return 1
	try "dpkg-buildpackage builds${nocheck:+, without tests}" sh -c "cd /build/fauxtrack &&
		DEB_BUILD_OPTIONS=$nocheck DEB_BUILD_PROFILES=$nocheck dpkg-buildpackage -us -uc -b" || return 1
	rm -rf "$top/build/debs/$release"
	mkdir -p "$top/build/debs/$release"
	cp "$here"/build/*.deb "$here"/build/*.changes "$here"/build/*.buildinfo "$top/build/debs/$release/"
	try "lintian has no errors and no warnings" sh -c 'lintian --allow-root --fail-on error,warning /build/*.changes' || true
}

# Only the program, and what it depends on.
bare() {
	enter
	mkdir "$here/debs"
	cp "$top/build/debs/$release"/fauxtrack_*.deb "$here/debs/"
	try "the lists of packages" apt-get update -q || return 1
	files >"$here/files"
	try "apt installs the program" sh -c "$installed /debs/fauxtrack_*.deb" || return 1
	try "the program serves a tool with nothing but its Depends" timeout 120 \
		fauxtrack exec --wait registered -- sh -c "$talk" sh '{}' || true
	try "the examples and documents are there" sh -c 'cd /usr/share/doc/fauxtrack &&
		test -s README.md* -a -s CHANGELOG.md* -a -s examples/README.md* -a -s copyright' || true
	try "what is recommended is named when it is missing" sh -c '
		! fauxtrack exec --forward tcp:www.test:80=127.0.0.1:9 -- true 2>/tmp/said || exit 1
		cat /tmp/said; grep "install Debian.s package libslirp0" /tmp/said && rm /tmp/said' || true
	try "what is recommended can be installed" sh -c "apt-mark showmanual >/tmp/manual &&
		$installed libslirp0 libseccomp2 libcurl4 && apt-mark showmanual |
		grep -vxF -f /tmp/manual | xargs apt-mark auto && rm /tmp/manual &&
		fauxtrack exec --forward tcp:www.test:80=127.0.0.1:9 --lines -- true" || true
	try "apt removes it" sh -c 'apt-get purge -y -q fauxtrack && apt-get autoremove --purge -y -q &&
		! dpkg -l | grep -E "^(rc|ii) +fauxtrack"' || return 1
	files | grep -vxF -f "$here/files" >"$here/log" || true
	status=0
	[ ! -s "$here/log" ] || status=1
	result "$status" "nothing is left"
}

# The library and the plugin, as their users install them.
developed() {
	enter
	mkdir "$here/debs"
	cp "$top/build/debs/$release"/*.deb "$here/debs/"
	cp -r "$top/packaging/python/tests" "$here/tests"
	try "apt installs the library and the plugin" sh -c "apt-get update -q && rm -f /debs/*-dbgsym_* &&
		$installed /debs/*.deb gcc libc6-dev pkgconf libcmocka-dev python3-pytest-xdist" || return 1
	try "the C example is built by pkg-config" sh -c 'cd /tmp && cp -r /usr/share/doc/fauxtrack/examples . &&
		{ gunzip -qr examples || true; } && cc -Wall -Werror -o test_sms examples/library/test_sms.c \
			$(pkg-config --cflags --libs fauxtrack cmocka) && ./test_sms' || true
	try "the library is loaded from Python" sh -c 'cd /tmp && python3 examples/library/modem.py' || true
	try "pytest finds the plugin" sh -c 'cd /tmp/examples/python && pytest-3 -q -p no:cacheprovider -n 2 .' || true
	try "the plugin passes its tests" sh -c "mkdir /tmp/plugin && cd /tmp/plugin && cp /tests/*.py . &&
		pytest-3 -q -p no:cacheprovider ." || true
	try "modules of Python can be removed" sh -c 'apt-get purge -y -q python3-pytest-fauxtrack fauxtrack &&
		! find /usr/lib/python3 -name "*fauxtrack*" | grep .' || true
}

parts="built bare developed"
[ "${1-}" != --built ] || { parts="bare developed"; shift; }
[ $# -gt 0 ] || set -- bookworm trixie
for release; do
	chroot_base "$release" >&2
	for part in $parts; do
		$part || break
		leave
	done
	leave
done
echo "1..$count"
[ -z "$bad" ]
