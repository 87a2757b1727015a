#!/bin/sh
# Tries the two commands of the README on a Debian 12 that has git and nothing else, each in its
# own chroot. Run as root, by hand or by ./check full.
#
#	.ci/fresh.sh [run|check|user ...]	default: run, user and check
#
# "user" is ./run by an ordinary user with sudo. The base system (350 MB) is kept in
# /var/cache/fauxtrack-fresh (FRESH_BASE); it is downloaded from FRESH_MIRROR.
set -eu
top=$(dirname "$(dirname "$(readlink -f "$0")")")
base=${FRESH_BASE:-/var/cache/fauxtrack-fresh}
mirror=${FRESH_MIRROR:-http://deb.debian.org/debian}
[ "$(id -u)" = 0 ] || { echo "fresh.sh: only root can make a chroot; run: sudo $0" >&2; exit 1; }
command -v debootstrap >/dev/null || {
	echo "fresh.sh: debootstrap is missing: apt-get install debootstrap, then start again" >&2
	exit 1
}

if [ ! -e "$base/.whole" ]; then
	rm -rf "$base"
	debootstrap --variant=minbase --include=git,ca-certificates bookworm "$base" "$mirror"
	touch "$base/.whole"
fi

here=
leave() {
	[ -n "$here" ] || return 0
	# su does not always forward a signal: kill what still runs in this chroot, nothing else.
	for _process in /proc/[0-9]*; do
		[ "$(readlink "$_process/root")" = "$here" ] && kill -KILL "${_process#/proc/}"
	done 2>/dev/null || true
	for mount in dev/pts dev/shm dev proc; do
		umount -l "$here/$mount" 2>/dev/null || true
	done
	# rm must not delete through a mount that is still there.
	if grep -q " $here/" /proc/mounts; then
		echo "fresh.sh: $here is not removed: something is still mounted in it" >&2
	else
		rm -rf --one-file-system "$here"
	fi
	here=
}
trap leave EXIT
trap 'exit 130' INT TERM HUP

# enter: makes a new copy of the base system in $here, with a clone of the last commit.
enter() {
	here=$(mktemp -d /var/tmp/fauxtrack-fresh.XXXXXX)
	cp -a --reflink=auto "$base/." "$here/"
	chmod 755 "$here"
	cp -L /etc/resolv.conf "$here/etc/resolv.conf" 2>/dev/null || true
	mount -t proc proc "$here/proc"
	mount -t tmpfs -o mode=755 dev "$here/dev"
	for node in null zero full random urandom tty; do
		: >"$here/dev/$node"
		mount --bind "/dev/$node" "$here/dev/$node"
	done
	mkdir "$here/dev/pts" "$here/dev/shm"
	mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts "$here/dev/pts"
	ln -s pts/ptmx "$here/dev/ptmx"
	ln -s /proc/self/fd "$here/dev/fd"
	mount -t tmpfs -o mode=1777 shm "$here/dev/shm"
	git -c safe.directory='*' clone -q --no-hardlinks "$top" "$here/src/faux track"
}

# inside COMMAND... : call it in a subshell, since it replaces the shell (exec).
inside() {
	exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb chroot "$here" "$@" </dev/null
}

# starts COMMAND... : it must print the path of a port within three minutes, and end on SIGTERM.
starts() {
	(inside timeout --kill-after=10 180 "$@") >"$here/out" 2>"$here/err" &
	_pid=$!
	_end=$(($(date +%s) + 180))
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
