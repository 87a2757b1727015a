#!/bin/sh
# The two commands of the README where nothing is there yet: a Debian 12 with git and no more,
# in a chroot, each command in its own, as root. By hand or by ./check full.
#
#	.ci/fresh.sh [run|check|user ...]	default: run, user and check
#
# "user" is ./run by an ordinary user with sudo. The base system is kept in
# /var/cache/fauxtrack-fresh (FRESH_BASE), 350 MB; FRESH_MIRROR is where it comes from.
set -eu
top=$(dirname "$(dirname "$(readlink -f "$0")")")
base=${FRESH_BASE:-/var/cache/fauxtrack-fresh}
mirror=${FRESH_MIRROR:-http://deb.debian.org/debian}
[ "$(id -u)" = 0 ] || { echo "fresh.sh: only root can make a chroot: sudo $0" >&2; exit 1; }
command -v debootstrap >/dev/null ||
	{ echo "fresh.sh: apt-get install debootstrap, then start again" >&2; exit 1; }

if [ ! -e "$base/.whole" ]; then
	rm -rf "$base"
	debootstrap --variant=minbase --include=git,ca-certificates bookworm "$base" "$mirror"
	touch "$base/.whole"
fi

here=
leave() {
	[ -n "$here" ] || return 0
	# su does not always hand a signal on: end what still runs in this chroot, only that.
	for _process in /proc/[0-9]*; do
		[ "$(readlink "$_process/root")" = "$here" ] && kill -KILL "${_process#/proc/}"
	done 2>/dev/null || true
	for mount in dev/pts dev/shm dev proc; do
		umount -l "$here/$mount" 2>/dev/null || true
	done
	# What is still mounted must not be deleted through.
	if grep -q " $here/" /proc/mounts; then
		echo "fresh.sh: $here has mounts left: it stays" >&2
	else
		rm -rf --one-file-system "$here"
	fi
	here=
}
trap leave EXIT
trap 'exit 130' INT TERM HUP

# enter: a new copy of the base system in $here, with a clone of the last commit.
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

# Call it in a subshell: it becomes the command.
inside() {
	exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb chroot "$here" "$@" </dev/null
}

# starts COMMAND... : it runs, prints a path of a port within three minutes, and ends when told.
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
		echo "fresh: $* printed no path of a port, but '$_path' and:"
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
		echo "fresh.sh: '$what' is not run, user or check" >&2
		exit 1
		;;
	esac
	leave
done
[ -z "$failed" ] || { echo "fresh: failed:$failed"; exit 1; }
