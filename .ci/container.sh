#!/bin/sh
# Builds the container of packaging/container by podman and runs a tool in it; prints TAP. Run as root, by hand or by
# ./check full. Its base is the Debian 12 of chroot.sh, so nothing comes from a registry; images are kept apart from
# those of the user, and removed.
set -eu
top=$(dirname "$(dirname "$(readlink -f "$0")")")
echo "1..3"
skip() {
	for number in 1 2 3; do
		echo "ok $number - the container # SKIP $1"
	done
	exit 0
}
[ "$(id -u)" = 0 ] || skip "only root can make its base system"
command -v debootstrap >/dev/null || skip "debootstrap is missing: apt-get install debootstrap"
command -v podman >/dev/null || skip "podman is missing: apt-get install podman"
. "$top/.ci/chroot.sh"
chroot_base bookworm >&2
work=$(mktemp -d /var/tmp/fauxtrack-podman.XXXXXX)
pod() {
	podman --root "$work/root" --runroot "$work/run" --tmpdir "$work/tmp" "$@"
}
end() {
	pod rm -a -f >/dev/null 2>&1 || true
	pod umount -a >/dev/null 2>&1 || true
	umount "$work/root/overlay" 2>/dev/null || true
	rm -rf --one-file-system "$work"
}
trap end EXIT

tar -C "$base" --one-file-system -cf - . | pod import - fauxtrack-base >"$work/log" 2>&1 || {
	skip "podman cannot import an image: $(tail -n 1 "$work/log")"
}
# Limits that podman asks for may be higher than those of this shell, and crun refuses some arrangements of cgroups.
limits="--ulimit nofile=$(ulimit -Hn):$(ulimit -Hn) --ulimit nproc=1000:1000"
runtime=
for runtime in crun runc; do
	command -v $runtime >/dev/null || continue
	# shellcheck disable=SC2086 # several words
	pod --runtime $runtime run --rm --network host $limits fauxtrack-base true >"$work/log" 2>&1 && break
	runtime=
done
[ -n "$runtime" ] || skip "podman cannot run a container here: $(tail -n 1 "$work/log")"

bad=0
# try NUMBER NAME COMMAND... : runs it, and prints its result.
try() {
	number=$1 name=$2
	shift 2
	if "$@" >"$work/log" 2>&1; then
		echo "ok $number - $name"
	else
		tail -n 60 "$work/log" | sed 's/^/# /'
		echo "not ok $number - $name"
		bad=1
	fi
}
inner='exec 3<>"$1"; printf "AT+CREG?\r" >&3
	while read -r line <&3; do case $line in "+CREG: 0,1"*) exit 0 ;; *ERROR*) exit 1 ;; esac; done'
try 1 "the container is built of Debian's packages" pod --runtime $runtime build -q --isolation chroot --network host \
	--build-arg BASE=localhost/fauxtrack-base -f "$top/packaging/container/Containerfile" -t fauxtrack "$top"
# shellcheck disable=SC2086 # several words
try 2 "a tool in it talks to the modem" timeout 120 podman --root "$work/root" --runroot "$work/run" --tmpdir "$work/tmp" \
	--runtime $runtime run --rm --network host $limits fauxtrack exec --wait registered -- sh -c "$inner" sh '{}'
# shellcheck disable=SC2086
try 3 "it prints its version" pod --runtime $runtime run --rm --network host $limits fauxtrack --version
exit $bad
