#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# record.sh - record the real fault on a real kernel, with the truth beside it
#
#	record.sh [--nodes N] KERNEL.deb... OUT.dat [SECONDS [WORD...]]
#
# KERNEL.deb is a Debian kernel package (apt-get download linux-image-6.1.0-56-rt-amd64-unsigned); since 6.19 three make
# a kernel: linux-base-, linux-binary- and linux-modules-7.3.4+deb13-amd64. It is booted in an emulated machine with 4 CPUs
# and 10 GiB, 9 of them ZONE_MOVABLE and full of page cache; load.c makes reclaim want the other one. With --nodes 2 the
# CPUs and the memory are of two nodes, with a kswapd and a lru_lock each. What a user would have recorded goes to OUT.dat;
# probes on the lock, in a buffer of their own, and the tasks' own clocks give OUT.holds.csv, OUT.waits.csv and
# OUT.publishers.txt, for score.py. Takes four minutes, 12 GiB of memory and 10 GiB of disk ($TMPDIR). WORD: mglru (the
# multi-generation LRU), kmem (every event of kmem, too).
set -eu

usage() { sed -n 's/^#\t//p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
nodes=1 debs=
if [ "${1-}" = --nodes ]; then
	nodes=${2:?}
	shift 2
fi
while case ${1-} in *.deb) ;; *) false ;; esac; do
	debs="$debs $(realpath "$1")"
	shift
done
case $nodes in 1|2) ;; *) usage ;; esac
[ -n "$debs" ] && [ $# -ge 1 ] || usage
out=$1 seconds=${2:-40}
shift
[ $# -eq 0 ] || shift
words=
for word in "$@"; do words="$words vmstall_$word=1"; done

for need in qemu-system-x86_64 busybox trace-cmd mkfs.ext4 depmod cpio gcc python3; do
	command -v "$need" >/dev/null || { echo "record.sh: no $need: apt-get install qemu-system-x86 busybox-static" \
		"trace-cmd e2fsprogs kmod cpio gcc python3" >&2; exit 2; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# The first file system: busybox, trace-cmd with its libraries, the load, and the modules of the disks.
for deb in $debs; do dpkg -x "$deb" kernel; done
modules=$(echo kernel/lib/modules/* kernel/usr/lib/modules/* | tr ' ' '\n' | grep -v '\*')
release=$(basename "$modules")
image=$(ls kernel/boot/vmlinuz-* "$modules/vmlinuz" 2>/dev/null | head -1)
[ -n "$image" ] || { echo "record.sh: no kernel in$debs: the package linux-binary-$release has it" >&2; exit 2; }
mkdir -p root/bin root/proc root/sys root/dev root/out root/data root/tmp "root/lib/modules/$release"
cp "$(command -v busybox)" root/bin/busybox
cp -L "$(command -v trace-cmd)" root/bin/
for library in $(ldd "$(command -v trace-cmd)" | grep -o '/[^ ]*'); do
	mkdir -p "root/$(dirname "$library")"
	cp -L "$library" "root/$library"
done
gcc -O2 -Wall -Wextra -D_GNU_SOURCE -static -o root/bin/load "$here/load.c"
install -m 755 "$here/init" root/init
cp "$modules"/modules.* "root/lib/modules/$release"
(cd "$modules" &&
	find . -name '*.ko*' | grep -E '/(virtio[a-z_]*|ext4|jbd2|mbcache|crc[a-z0-9_-]*|libcrc32c)\.ko' |
	cpio -pdm --quiet "$work/root/lib/modules/$release")
find root/lib/modules -name '*.xz' -exec xz -d {} +
depmod -b root "$release"
(cd root && find . | cpio -o -H newc --quiet | gzip -1) >initrd

# A disk for the results, and one whose pages fill the memory: 9 GiB of a file without blocks.
truncate -s 1500M out.img
truncate -s 9G big
truncate -s 12G data.img
mkfs.ext4 -q -F out.img
mkfs.ext4 -q -F data.img
debugfs -w -R "write big big" data.img 2>/dev/null

# Two nodes share memory and CPUs. What is below 4 GiB counts as kernelcore: only when more is asked for does the second
# node get its half of it, below its ZONE_MOVABLE. The pipes fill it, too.
numa= low=512M pipes=900
if [ $nodes -eq 2 ]; then
	numa="-object memory-backend-ram,id=node0,size=6G -numa node,memdev=node0,cpus=0-1"
	numa="$numa -object memory-backend-ram,id=node1,size=6G -numa node,memdev=node1,cpus=2-3"
	low=1100M pipes=1400
fi
qemu-system-x86_64 -accel tcg,thread=multi -cpu max,-la57 -smp 4,sockets=$nodes -m 12G -nographic -no-reboot $numa \
	-kernel "$image" -initrd initrd \
	-drive file=out.img,if=virtio,format=raw,cache=unsafe -drive file=data.img,if=virtio,format=raw,cache=unsafe \
	-append "console=ttyS0 panic=-1 kernelcore=$low memmap=2048M\$1024M nowatchdog vmstall_seconds=$seconds vmstall_pipes=$pipes$words" \
	</dev/null >console
mkdir result
debugfs -R "rdump / result" out.img >/dev/null 2>&1
[ -s result/trace.dat ] || { tail -20 console >&2; echo "record.sh: nothing was recorded" >&2; exit 1; }
cd "$OLDPWD"
cp "$work/result/trace.dat" "$out"
python3 "$here/truth.py" "$work/result" "$out"
