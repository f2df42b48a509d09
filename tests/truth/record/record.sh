#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# record.sh - record the real fault on a real kernel, with the truth beside it
#
#	record.sh KERNEL.deb OUT.dat [SECONDS [WORD...]]
#
# KERNEL.deb is a Debian kernel package (apt-get download linux-image-6.1.0-56-rt-amd64-unsigned). It is booted in an
# emulated machine with 4 CPUs and 10 GiB, 9 of them ZONE_MOVABLE and full of page cache; load.c makes reclaim want the
# other one. What a user would have recorded goes to OUT.dat; probes on the lock, in a buffer of their own, and the tasks'
# own clocks give OUT.holds.csv, OUT.waits.csv and OUT.publishers.txt, for score.py. Takes four minutes, 12 GiB of memory
# and 10 GiB of disk ($TMPDIR). WORD: mglru (the multi-generation LRU), kmem (every event of kmem, too).
set -eu

[ $# -ge 2 ] || { sed -n 's/^#\t//p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
deb=$1 out=$2 seconds=${3:-40}
shift 2
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
dpkg -x "$(cd "$OLDPWD" && realpath "$deb")" kernel
release=$(basename kernel/lib/modules/*)
mkdir -p root/bin root/proc root/sys root/dev root/out root/data root/tmp "root/lib/modules/$release"
cp "$(command -v busybox)" root/bin/busybox
cp -L "$(command -v trace-cmd)" root/bin/
for library in $(ldd "$(command -v trace-cmd)" | grep -o '/[^ ]*'); do
	mkdir -p "root/$(dirname "$library")"
	cp -L "$library" "root/$library"
done
gcc -O2 -Wall -Wextra -D_GNU_SOURCE -static -o root/bin/load "$here/load.c"
install -m 755 "$here/init" root/init
cp kernel/lib/modules/"$release"/modules.* "root/lib/modules/$release"
(cd "kernel/lib/modules/$release" &&
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
qemu-system-x86_64 -accel tcg,thread=multi -cpu max,-la57 -smp 4 -m 12G -nographic -no-reboot \
	-kernel kernel/boot/vmlinuz-"$release" -initrd initrd \
	-drive file=out.img,if=virtio,format=raw,cache=unsafe -drive file=data.img,if=virtio,format=raw,cache=unsafe \
	-append "console=ttyS0 panic=-1 kernelcore=512M memmap=2048M\$1024M nowatchdog vmstall_seconds=$seconds$words" \
	</dev/null >console
mkdir result
debugfs -R "rdump / result" out.img >/dev/null 2>&1
[ -s result/trace.dat ] || { tail -20 console >&2; echo "record.sh: nothing was recorded" >&2; exit 1; }
cd "$OLDPWD"
cp "$work/result/trace.dat" "$out"
python3 "$here/truth.py" "$work/result" "$out"
