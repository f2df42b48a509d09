#!/bin/zsh -f
# SPDX-License-Identifier: LGPL-2.1-or-later
# completion.zsh - does zsh complete what the program has? Types into a zsh in a terminal of its own and reads the screen
#
#	completion.zsh VMSTALL
set -eu
zmodload zsh/zpty
program=${1:A}
here=${0:A:h}/../../docs/completion
dir=$(mktemp -d)
trap 'rm -rf $dir' EXIT
touch $dir/trace.dat
typeset -i failed=0

# ^T shows the line: what is on the screen has the marks of its editing in it.
zpty terminal env TERM=dumb HERE=$here:A zsh -f -i
zpty -w terminal "cd $dir; PS1=; stty cols 200 -echo; path=(${program:h} \$path); fpath=(\$HERE \$fpath)
autoload -Uz compinit; compinit -D -u; setopt no_list_beep no_beep; bindkey '^I' complete-word
show() { print -r -- \"<\$BUFFER>\"; BUFFER=; }; zle -N show; bindkey '^T' show; echo SET''UP"
zpty -r terminal screen '*SETUP*'

# expect WANTED TYPED: with a tab, TYPED becomes WANTED
expect() {
	zpty -wn terminal "$2"$'\t\C-t'
	zpty -r terminal screen '*<*>*'
	[[ $screen == *"<$1>"* ]] || { print -r "FAILED: '$2' becomes '${${screen##*<}%>*}', not '$1'"; failed=1 }
}

expect 'vmstall analyze ' 'vmstall ana'
expect 'vmstall trace.dat ' 'vmstall tra'
expect 'vmstall help leaks ' 'vmstall help l'
expect 'vmstall analyze trace.dat ' 'vmstall analyze tr'
expect 'vmstall analyze --csv=trace.dat ' 'vmstall analyze --csv=tr'
expect 'vmstall analyze --reader=tracecmd ' 'vmstall analyze --reader=t'
expect 'vmstall trace.dat --min-stall=' 'vmstall trace.dat --min'
for line in "${(@f)$($program --list-commands)}"; do
	command=${line%%$'\t'*}
	expect "vmstall $command " "vmstall $command"
	spelled=("${(@f)$($program $command --list-options)}")
	spelled=("${(@)spelled%%$'\t'*}")
	for option in $spelled; do
		name=${${option%%=*}##*,}
		[[ -z ${(M)spelled:#*$name-*} ]] || continue	# so begins another one, too
		[[ $option == *=* ]] && end='=' || end=' '
		expect "vmstall $command $name$end" "vmstall $command $name"
	done
done
zpty -d terminal
exit $failed
