#!/bin/sh
# Tries the two commands of the README on a Debian 12 that has git and nothing else, each in its
# own chroot. Run as root, by hand or by ./check full.
#
#	.ci/fresh.sh [run|check|user ...]	default: run, user and check
#
# "user" is ./run by an ordinary user with sudo. The base system is kept, see chroot.sh.
set -eu
top=$(dirname "$(dirname "$(readlink -f "$0")")")
. "$top/.ci/chroot.sh"
chroot_base bookworm

limit=900 # seconds to install packages and to build, beside other steps of ./check full

# starts COMMAND... : it must print the path of a port within the limit, and end on SIGTERM.
starts() {
	(inside timeout --kill-after=10 $limit "$@") >"$here/out" 2>"$here/err" &
	_pid=$!
	_end=$(($(date +%s) + limit))
	while ! grep -q '^/dev/pts/[0-9]' "$here/out" && kill -0 $_pid 2>/dev/null &&
		[ "$(date +%s)" -lt $_end ]; do
		timeout 0.2 tail -f /dev/null || true
	done
	_path=$(head -n 1 "$here/out")
	kill "$_pid" 2>/dev/null || true
	wait "$_pid" || true
	case $_path in
	/dev/pts/[0-9]*) echo "fresh: $* prints $_path" ;;
	*)
		echo "fresh: $* printed '$_path' instead of the path of a port, and:"
		cat "$here/err"
		return 1
		;;
	esac
}

failed=
[ $# -gt 0 ] || set -- run user check
for what; do
	enter
	git -c safe.directory='*' clone -q --no-hardlinks "$top" "$here/src/faux track"
	case $what in
	run)
		starts "/src/faux track/run" || failed="$failed $what"
		;;
	user)
		(inside sh -c 'apt-get update -q && apt-get install -y -q sudo &&
			useradd -m joe && echo "joe ALL=(ALL) NOPASSWD: ALL" >/etc/sudoers.d/joe &&
			chown -R joe /src') >"$here/prepare" 2>&1 || cat "$here/prepare"
		starts su joe -c '"/src/faux track/run"' || failed="$failed $what"
		;;
	check)
		(inside "/src/faux track/check") || failed="$failed $what"
		;;
	*)
		echo "fresh.sh: unknown word '$what': use run, user or check" >&2
		exit 1
		;;
	esac
	leave
done
[ -z "$failed" ] || { echo "fresh: failed:$failed"; exit 1; }
