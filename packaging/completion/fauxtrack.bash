# Completion of fauxtrack for bash: the program itself says what can follow
# (emulator/host/manual/complete_main.c). Needs no other package.
_fauxtrack()
{
	local line=${COMP_LINE:0:COMP_POINT} current front candidate
	local -a words
	# bash splits words at = and : too, so the line is split here
	read -ra words <<<"$line"
	[[ $line == *[[:space:]] ]] && words+=('')
	current=${words[-1]}
	# what is left of the last = or : is a word of its own for bash, and stays
	front=
	[[ $current == *[=:]* ]] && front=${current%"${current##*[=:]}"}
	COMPREPLY=()
	while IFS= read -r candidate; do
		case $candidate in
		:files) compopt -o filenames; mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < \
			<(compgen -f -- "${current#"$front"}") ;;
		:folders) compopt -o filenames; mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < \
			<(compgen -d -- "${current#"$front"}") ;;
		:commands) mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < \
			<(compgen -c -- "$current") ;;
		*)
			candidate=${candidate%%$'\t'*}
			[[ $candidate == *[=:.] ]] && compopt -o nospace
			COMPREPLY+=("${candidate#"$front"}") ;;
		esac
	done < <("${words[0]/#\~/$HOME}" complete "${words[@]:1}" 2>/dev/null)
}
complete -F _fauxtrack fauxtrack
