# shellcheck shell=sh
# What the steps share. CHECK_MODE is quick or full, CHECK_BUILD the folder of all builds.
set -eu

jobs=$(nproc)

# LLVM's linker is the quickest here; full has the compiler's own.
[ "$CHECK_MODE" != quick ] || export CC_LD=lld

# quiet COMMAND... : what it says matters only when it fails.
quiet() {
	_out=$("$@" 2>&1) || {
		_status=$?
		printf '%s\n' "$_out"
		return $_status
	}
}

# configure NAME OPTION... : the build folder $dir = build/check-NAME, new or as it was, and
# this step's alone as long as it runs.
configure() {
	dir=$CHECK_BUILD/check-$1
	shift
	exec 9>"$dir.lock"
	flock 9
	if [ -e "$dir/build.ninja" ]; then
		quiet meson configure "$dir" "$@"
	else
		quiet meson setup "$dir" . "$@"
	fi
}

# build [TARGET...] : all, or these.
build() {
	quiet ninja -C "$dir" -j"$jobs" "$@"
}

# tests ARGUMENT... : meson test in $dir, each of its tests counted, those of a meson that is
# ended before its time too. Limits follow the speed of the machine (in full they are long).
tests() {
	rm -f "$dir"/meson-logs/testlog*.json
	_status=0
	_live=testlog
	case " $* " in
	*" --setup full "*) _live=testlog-full ;;
	*" --setup valgrind "*) _live=testlog-valgrind ;;
	*) set -- --timeout-multiplier "$CHECK_SLOW" "$@" ;;
	esac
	_live=$dir/meson-logs/$_live.json
	echo "live $_live" >>"$CHECK_COUNTS"
	meson test -C "$dir" --no-rebuild --print-errorlogs --num-processes "$jobs" "$@" ||
		_status=$?
	for _log in "$dir"/meson-logs/testlog*.json; do
		[ -e "$_log" ] || continue
		_kept=$CHECK_COUNTS.$(($(find "$CHECK_BUILD/check-logs" -name "${CHECK_COUNTS##*/}.*" | wc -l))).json
		cp "$_log" "$_kept"
		echo "$_kept" >>"$CHECK_COUNTS"
	done
	echo "done $_live" >>"$CHECK_COUNTS"
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
