# shellcheck shell=sh
# Functions shared by the steps. CHECK_MODE is quick, full or soak, CHECK_BUILD the folder of all builds.
set -eu

jobs=$(nproc)

# LLVM's linker is the fastest here; full uses the compiler's default.
[ "$CHECK_MODE" != quick ] || export CC_LD=lld

# quiet COMMAND... : shows its output only if it fails.
quiet() {
	_out=$("$@" 2>&1) || {
		_status=$?
		printf '%s\n' "$_out"
		return $_status
	}
}

# configure NAME OPTION... : sets $dir to the build folder build/check-NAME, creates it if it is
# missing, and locks it until the step ends.
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

# build [TARGET...] : builds these targets, or all.
build() {
	quiet ninja -C "$dir" -j"$jobs" "$@"
}

# tests ARGUMENT... : runs meson test in $dir and counts each test, even if meson is killed
# before its end. Time limits follow the speed of the machine (in full they are long).
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

# passed NAME, failed NAME, skipped NAME: counts a test that meson does not run.
passed() {
	echo "passed $1" >>"$CHECK_COUNTS"
}
failed() {
	echo "failed $1" >>"$CHECK_COUNTS"
}
skipped() {
	echo "skipped $1" >>"$CHECK_COUNTS"
}

# tap COMMAND... : runs a program that prints TAP, and counts each of its tests.
tap() {
	_status=0
	"$@" >"$CHECK_COUNTS.tap" || _status=$?
	cat "$CHECK_COUNTS.tap"
	while read -r _line; do
		case $_line in
		ok*'# SKIP'*) skipped "$_line" ;;
		ok*) passed "$_line" ;;
		'not ok'*) failed "$_line" ;;
		esac
	done <"$CHECK_COUNTS.tap"
	return $_status
}
