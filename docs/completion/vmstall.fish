# SPDX-License-Identifier: LGPL-2.1-or-later
# fish completion for vmstall. It asks the program that is being typed: what that has is completed, no list is kept here.

# Options, and where an option's argument is one of several words, each with its word.
function __vmstall_options
    set -l typed (commandline -opc)
    $typed[1] $typed[2] --list-options 2>/dev/null | while read -l -d \t spelling help
        set -l parts (string split -m 1 = -- $spelling)
        set -l long (string replace -r '.*,' '' -- $parts[1])
        if string match -q '*|*' -- $parts[2]
            for word in (string split '|' -- $parts[2])
                printf '%s=%s\t%s\n' $long $word $help
            end
        else if set -q parts[2]
            printf '%s=\t%s\n' $long $help
        else
            printf '%s\t%s\n' $long $help
        end
    end
end

function __vmstall_at_command
    set -l typed (commandline -opc)
    test (count $typed) -eq 1 -o "$typed[2]" = help
end

function __vmstall_commands
    set -l typed (commandline -opc)
    $typed[1] --list-commands 2>/dev/null
end

complete -c vmstall -n __vmstall_at_command -a '(__vmstall_commands)'
complete -c vmstall -n 'not __vmstall_at_command; and string match -q -- "-*" (commandline -ct)' -a '(__vmstall_options)'
