#!/usr/bin/fish -N
# SPDX-License-Identifier: LGPL-2.1-or-later
# completion.fish - does fish complete what the program has?
#
#	completion.fish VMSTALL
set -g program (realpath $argv[1])
source (dirname (status filename))/../../docs/completion/vmstall.fish
set -g failed 0
set -l dir (mktemp -d)
cd $dir
touch trace.dat
set PATH (dirname $program) $PATH

# expect WORD TYPED: WORD is among what is offered
function expect
    complete -C "$argv[2]" | string replace -r '\t.*' '' | string match -q -- "$argv[1]"
    and return
    echo "FAILED: '$argv[2]' does not complete to '$argv[1]'"
    set failed 1
end

expect analyze 'vmstall ana'
expect trace.dat 'vmstall tr'
expect trace.dat 'vmstall analyze tr'
expect --csv=trace.dat 'vmstall analyze --csv=tr'
expect leaks 'vmstall help l'
for line in ($program --list-commands)
    set -l command (string split \t -- $line)[1]
    expect $command "vmstall $command"
    for option in ($program $command --list-options)
        set -l spelling (string split \t -- $option)[1]
        set -l parts (string split -m 1 = -- $spelling)
        set -l name (string replace -r '.*,' '' -- $parts[1])
        if string match -q '*|*' -- $parts[2]
            for word in (string split '|' -- $parts[2])
                expect $name=$word "vmstall $command $name"
            end
        else if set -q parts[2]
            expect $name= "vmstall $command $name"
        else
            expect $name "vmstall $command $name"
        end
    end
end
rm -r $dir
exit $failed
