# shellcheck shell=sh disable=SC2034,SC2016
# The Debian packages that Fauxtrack needs, in one place: sourced by run and check.
# Only a POSIX shell may be expected here.

# Needed to build; python3 comes with meson.
build_packages='gcc libc6-dev meson ninja-build pkg-config libevent-dev libyaml-dev
	libjansson-dev nettle-dev libseccomp-dev libslirp-dev
	libcurl4-openssl-dev libmosquitto-dev'

# Needed to test: the second compiler and its run-time libraries, checkers, real clients.
test_packages='libcmocka-dev clang libclang-rt-dev llvm lld clang-format valgrind libc6-dbg
	lrzsz python3-serial faketime git curl gammu gammu-smsd libdbd-sqlite3 smstools
	python3-gammu picocom minicom ckermit comgt ppp python3-xmodem python3-yaml python3-jsonschema
	python3-pytest python3-pytest-xdist locales bats user-mode-linux iputils-ping
	python3-pyftpdlib python3-aiosmtpd dovecot-pop3d mosquitto mosquitto-clients openssl
	mandoc groff-base systemd iproute2 zsh fish g++'

# Clients that only `./check full` runs; Node.js and npm only if npm is not installed yet.
full_packages='wvdial gnokii-cli kannel ofono modemmanager polkitd dbus-daemon dbus-bin
	tio cu screen microcom socat putty-tools expect libdevice-gsm-perl
	gsm-utils mgetty libdevice-modem-perl ser2net mono-runtime mono-mcs libmono-system4.0-cil inetutils-telnet
	gsm0710muxd tshark chromium chromium-driver python3-selenium debootstrap podman runc'
command -v npm >/dev/null || full_packages="$full_packages nodejs npm"

# Run as root: installs "$@". A package must not start its services, so a policy forbids that
# while this runs (unless there is a policy already).
apt_script='
	set -u
	export DEBIAN_FRONTEND=noninteractive LC_ALL=C
	policy=/usr/sbin/policy-rc.d
	if [ ! -e "$policy" ]; then
		trap "rm -f $policy" EXIT
		trap "exit 130" INT TERM HUP
		printf "#!/bin/sh\nexit 101\n" >"$policy" && chmod 755 "$policy"
	fi
	apt() {
		apt-get install -y -q --no-install-recommends -o Dpkg::Use-Pty=0 \
			-o DPkg::Lock::Timeout=300 "$@"
	}
	apt-cache show "$@" >/dev/null 2>&1 || apt-get update -q
	apt "$@" || { apt-get update -q && apt "$@"; }
'

# Prints the packages of "$@" that are not installed.
packages_missing() {
	_have=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' "$@" 2>/dev/null)
	for _package; do
		case "
$_have
" in
		*"
installed $_package
"*) ;;
		*) echo "$_package" ;;
		esac
	done
}

# Installs the missing packages of "$@" and reports on standard error what it does.
# Fails if some are still missing; the message says what to do.
packages_install() {
	if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
		echo "fauxtrack: this is not a Debian system, so nothing is installed. Debian's names" \
			"of the packages that are needed:" "$@" >&2
		return 0
	fi
	_missing=$(packages_missing "$@" | tr '\n' ' ')
	[ -n "$_missing" ] || return 0
	_sudo=
	if [ "$(id -u)" != 0 ]; then
		if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
			_sudo='sudo -n'
		elif command -v sudo >/dev/null && [ -t 0 ] && [ -t 2 ]; then
			_sudo=sudo
		else
			echo "fauxtrack: these Debian packages are missing, and without root or sudo" \
				"they cannot be installed: $_missing" >&2
			echo "fauxtrack: run this as root, then start again:" >&2
			echo "    apt-get update && apt-get install --no-install-recommends $_missing" >&2
			return 1
		fi
	fi
	echo "fauxtrack: installing the missing Debian packages${_sudo:+ with sudo}: $_missing" >&2
	# shellcheck disable=SC2086 # split into words on purpose
	if $_sudo sh -c "$apt_script" apt $_missing </dev/null >&2 &&
		[ -z "$(packages_missing $_missing)" ]; then
		return 0
	fi
	echo "fauxtrack: apt-get could not install: $(packages_missing $_missing | tr '\n' ' ')" >&2
	echo "fauxtrack: see the message of apt-get above. Without a network, install these" \
		"packages from a mirror or a disk, then start again." >&2
	return 1
}
