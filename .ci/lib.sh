# shellcheck shell=sh
# What the steps share. CHECK_MODE is quick or full, CHECK_BUILD the folder of all builds.
set -eu

jobs=$(nproc)

# quiet COMMAND... : what it says matters only when it fails.
quiet() {
	_out=$("$@" 2>&1) || {
		_status=$?
		printf '%s\n' "$_out"
		return $_status
	}
}

# configure NAME OPTION... : the build folder $dir = build/check-NAME, new or as it was.
configure() {
	dir=$CHECK_BUILD/check-$1
	shift
	if [ -e "$dir/build.ninja" ]; then
		quiet meson configure "$dir" "$@"
	else
		quiet meson setup "$dir" . "$@"
	fi
}

build() {
	quiet ninja -C "$dir" -j"$jobs"
}

# tests ARGUMENT... : meson test in $dir, each of its tests counted.
tests() {
	rm -f "$dir"/meson-logs/testlog*.json
	_status=0
	meson test -C "$dir" --no-rebuild --print-errorlogs --num-processes "$jobs" "$@" ||
		_status=$?
	for _log in "$dir"/meson-logs/testlog*.json; do
		[ -e "$_log" ] || continue
		cp "$_log" "$CHECK_COUNTS.${_log##*/}"
		echo "$CHECK_COUNTS.${_log##*/}" >>"$CHECK_COUNTS"
	done
	return $_status
}

# passed NAME, failed NAME, skipped NAME: a test that meson does not run.
passed() {
	echo "passed $1" >>"$CHECK_COUNTS"
}
failed() {
	echo "failed $1" >>"$CHECK_COUNTS"
}
skipped() {
	echo "skipped $1" >>"$CHECK_COUNTS"
}
