# shellcheck shell=sh
# Bare Debian systems to try things in, each a copy of a base system that is kept; sourced by fresh.sh and debs.sh
# in a shell with -eu that runs as root. The base (350 MB) is kept in /var/cache/fauxtrack-fresh (FRESH_BASE), that
# of another release than bookworm in the same name with "-RELEASE"; it is downloaded from FRESH_MIRROR.
here=
[ "$(id -u)" = 0 ] || { echo "${0##*/}: only root can make a chroot; run: sudo $0" >&2; exit 1; }
command -v debootstrap >/dev/null || {
	echo "${0##*/}: debootstrap is missing: apt-get install debootstrap, then start again" >&2
	exit 1
}

# chroot_base RELEASE : sets $base to a base system of that release, and makes it if there is none.
chroot_base() {
	base=${FRESH_BASE:-/var/cache/fauxtrack-fresh}
	[ "$1" = bookworm ] || base=$base-$1
	[ ! -e "$base/.whole" ] || return 0
	rm -rf "$base"
	debootstrap --variant=minbase --include=git,ca-certificates "$1" "$base" \
		"${FRESH_MIRROR:-http://deb.debian.org/debian}"
	touch "$base/.whole"
}

# leave : removes the copy, and what still runs in it.
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
		echo "chroot: $here is not removed: something is still mounted in it" >&2
	else
		rm -rf --one-file-system "$here"
	fi
	here=
}
trap leave EXIT
trap 'exit 130' INT TERM HUP

# enter : makes a new copy of the base system in $here.
enter() {
	here=$(mktemp -d /var/tmp/fauxtrack-fresh.XXXXXX)
	cp -a --reflink=auto "$base/." "$here/"
	chmod 755 "$here"
	cp -L /etc/resolv.conf "$here/etc/resolv.conf" 2>/dev/null || true
	# debootstrap leaves it to the installer, which always makes one
	[ -e "$here/etc/hosts" ] || printf '127.0.0.1\tlocalhost\n' >"$here/etc/hosts"
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
}

# inside COMMAND... : call it in a subshell, since it replaces the shell (exec).
inside() {
	exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
		chroot "$here" "$@" </dev/null
}
