#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# test_record.sh - does record.sh boot the kernel it is given, on the nodes it is told? Here the emulator only notes how it
# was called.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
for need in dpkg-deb busybox trace-cmd mkfs.ext4 debugfs depmod cpio gcc; do
	command -v "$need" >/dev/null || { echo "skipped: no $need"; exit 77; }
done
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export TMPDIR="$scratch" CALLED="$scratch/called"
mkdir "$scratch/bin"
cat >"$scratch/bin/qemu-system-x86_64" <<'EOF'
#!/bin/sh
echo "$@" >"$CALLED"
while [ "$1" != -kernel ]; do shift; done
cat "$2" >>"$CALLED"
EOF
chmod +x "$scratch/bin/qemu-system-x86_64"
PATH="$scratch/bin:$PATH"

# deb NAME FILE...: a package with these files, each of them its own name.
deb() {
	name=$1
	shift
	mkdir -p "$scratch/$name/DEBIAN"
	printf 'Package: %s\nVersion: 1\nArchitecture: all\nMaintainer: nobody <n@example.org>\nDescription: none\n' \
		"$name" >"$scratch/$name/DEBIAN/control"
	for file in "$@"; do
		mkdir -p "$scratch/$name/$(dirname "$file")"
		echo "$file" >"$scratch/$name/$file"
	done
	dpkg-deb -b "$scratch/$name" "$scratch/$name.deb" >/dev/null
}

# booted WORDS RECORD.SH'S ARGUMENTS...: the emulator was called with WORDS. There is no recording, and record.sh says so.
booted() {
	words=$1
	shift
	rm -f "$CALLED"
	if sh "$here/record.sh" "$@" "$scratch/out.dat" >"$scratch/log" 2>&1; then
		echo "FAIL: $*: a recording of nothing"
		exit 1
	fi
	grep -q 'nothing was recorded' "$scratch/log" && grep -qe "$words" "$CALLED" || {
		echo "FAIL: $*: not '$words'"
		cat "$scratch/log" "$CALLED"
		exit 1
	}
}

cd "$scratch"
deb old boot/vmlinuz-6.1 lib/modules/6.1/modules.order lib/modules/6.1/modules.builtin
deb usr boot/vmlinuz-6.17 usr/lib/modules/6.17/modules.order usr/lib/modules/6.17/modules.builtin
deb base usr/lib/modules/7.3/modules.order usr/lib/modules/7.3/modules.builtin
deb binary usr/lib/modules/7.3/vmlinuz
deb modules usr/lib/modules/7.3/kernel/fs/none
booted boot/vmlinuz-6.1 old.deb
booted boot/vmlinuz-6.17 usr.deb
booted usr/lib/modules/7.3/vmlinuz base.deb binary.deb modules.deb
booted 'size=6G -numa node,memdev=node0,cpus=0-1 .*size=6G -numa node,memdev=node1,cpus=2-3' --nodes 2 old.deb
booted vmstall_pipes=900 old.deb
grep -q numa "$CALLED" && { echo "FAIL: nodes that nobody asked for"; exit 1; }
if sh "$here/record.sh" base.deb modules.deb out.dat 2>log || ! grep -q 'linux-binary-7.3 has it' log; then
	echo "FAIL: packages without the kernel itself"
	exit 1
fi
