# Completion of fauxtrack for fish: the program itself says what can follow
# (emulator/host/manual/complete_main.c).
function __fauxtrack_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    for line in ($words[1] complete $words[2..-1] "$current" 2>/dev/null)
        switch $line
            case :files
                __fish_complete_path $current
            case :folders
                __fish_complete_directories $current
            case :commands
                complete -C "$current"
            case '*'
                echo $line
        end
    end
end
complete -c fauxtrack -f -a '(__fauxtrack_complete)'
