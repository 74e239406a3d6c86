# Completion of devshm for fish: devshm completion fish > ~/.config/fish/completions/devshm.fish

function __devshm_complete
    set -l before (commandline -opc)
    set -l current (commandline -ct)
    set -l words $before[2..-1] "$current"
    set -l lines (devshm __complete -- $words 2>/dev/null)
    switch "$lines[1]"
        case ':command *'
            # Its first word is number 0 to devshm, and 1 to fish.
            set -l at (math (string replace ':command ' '' -- $lines[1]) + 2)
            set -l rest (string escape -- $before[$at..-1])
            complete -C (string join ' ' -- $rest "$current")
        case ':files'
            set -l option (string match -r -- '^--[^=]*=' "$current")
            set -l found (__fish_complete_path (string replace -- "$option" '' "$current"))
            printf "$option%s\n" $found
        case '*'
            printf '%s\n' $lines
    end
end

complete -c devshm -f -k -a '(__devshm_complete)'
