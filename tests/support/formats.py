#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""formats.py - which event formats did each kernel declare?

    formats.py take KERNEL SOURCE...   store those of a real kernel, from recordings or the events/ directory of tracefs
    formats.py derive                  write those of kernels that nobody recorded, from those that were

The result is committed under tests/fixtures/formats; no test runs this. A derived format is a real one with the
documented field changes applied and its offsets laid out again, as the compiler lays out the structure.
"""
import copy
import os
import re
import subprocess
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "fixtures", "formats")

WANTED = {
    "vmscan": "mm_vmscan_kswapd_sleep mm_vmscan_kswapd_wake mm_vmscan_wakeup_kswapd mm_vmscan_direct_reclaim_begin"
    " mm_vmscan_direct_reclaim_end mm_vmscan_memcg_reclaim_begin mm_vmscan_memcg_reclaim_end"
    " mm_vmscan_memcg_softlimit_reclaim_begin mm_vmscan_memcg_softlimit_reclaim_end mm_vmscan_node_reclaim_begin"
    " mm_vmscan_node_reclaim_end mm_shrink_slab_start mm_shrink_slab_end mm_vmscan_lru_isolate"
    " mm_vmscan_lru_shrink_inactive mm_vmscan_lru_shrink_active mm_vmscan_inactive_list_is_low mm_vmscan_writepage"
    " mm_vmscan_write_folio mm_vmscan_throttled mm_vmscan_reclaim_pages",
    "kmem": "kmalloc kmalloc_node kmem_cache_alloc kmem_cache_alloc_node kfree kmem_cache_free mm_page_alloc"
    " mm_page_free mm_page_free_batched mm_page_alloc_zone_locked mm_page_pcpu_drain mm_page_alloc_extfrag rss_stat",
    "sched": "sched_switch sched_waking sched_wakeup sched_wakeup_new sched_migrate_task sched_process_fork"
    " sched_process_exit sched_process_exec sched_process_free sched_stat_runtime",
    "lock": "contention_begin contention_end",
    "compaction": "mm_compaction_begin mm_compaction_end",
    "oom": "reclaim_retry_zone",
    "writeback": "writeback_congestion_wait writeback_wait_iff_congested",
    "power": "suspend_resume cpu_idle",
    "irq": "irq_handler_entry irq_handler_exit softirq_entry softirq_exit",
    "timer": "hrtimer_expire_entry hrtimer_expire_exit timer_expire_entry timer_expire_exit tick_stop",
    "ftrace": "kernel_stack",
}
SIZES = {"int": (4, 1), "unsigned int": (4, 0), "unsigned long": (8, 0), "void *": (8, 0), "isolate_mode_t": (4, 0),
         "__data_loc char[]": (4, 1)}
# What the gfp bits of 5.x were in 4.15.
GFP_4_15 = {"0x100": "0x8000", "0x200": "0x80000", "0x400": "0x400000", "0x800": "0x1000000",
            "0x1000": "0x800000", "0x2000": "0x200", "0x4000": "0x400", "0x8000": "0x800",
            "0x10000": "0x1000", "0x20000": "0x2000", "0x40000": "0x4000", "0x80000": "0x10000",
            "0x100000": "0x20000", "0x200000": "0x40000", "0x400000": "0x100000"}
LOCKDEP = {
    "lock_acquire": 'print fmt: "%p %s%s%s", REC->lockdep_addr, (REC->flags & 1) ? "try " : "",'
                    ' (REC->flags & 2) ? "read " : "", __get_str(name)',
    **{name: 'print fmt: "%p %s", REC->lockdep_addr, __get_str(name)'
       for name in ("lock_acquired", "lock_contended", "lock_release")},
}


class Format:
    """One format file: what its kernel calls the fields, and how it prints them."""

    def __init__(self, text):
        self.name = re.search(r"^name: (\S+)", text, re.M).group(1)
        self.id = int(re.search(r"^ID: (\d+)", text, re.M).group(1))
        rows = re.findall(r"^\tfield:(.*);\toffset:\d+;\tsize:(\d+);\tsigned:(\d);", text, re.M)
        self.fields = [[decl, int(size), int(sign)] for decl, size, sign in rows]
        self.fmt = text[text.index("print fmt:"):].rstrip("\n")

    @staticmethod
    def word(decl):
        return re.search(r"(\w+)(\[\w*\])?$", decl).group(1)

    def at(self, name):
        return next(i for i, f in enumerate(self.fields) if self.word(f[0]) == name)

    def drop(self, *names):
        for name in names:
            del self.fields[self.at(name)]
        return self

    def add(self, ctype, name, after="common_pid"):
        self.fields.insert(self.at(after) + 1, [f"{ctype} {name}", *SIZES[ctype]])
        return self

    def retype(self, name, ctype):
        self.fields[self.at(name)] = [f"{ctype} {name}", *SIZES[ctype]]
        return self

    def rename(self, old, new):
        self.fields[self.at(old)][0] = self.fields[self.at(old)][0].replace(old, new)
        return self.say(f"REC->{old}", f"REC->{new}")

    def say(self, old, new):
        assert old in self.fmt, (self.name, old)
        self.fmt = self.fmt.replace(old, new)
        return self

    def text(self):
        """The file as the kernel would show it, each field at its natural alignment."""
        out, offset = [f"name: {self.name}", f"ID: {self.id}", "format:"], 0
        for i, (decl, size, sign) in enumerate(self.fields):
            align = 1 if re.match(r"char \w+\[", decl) else min(size, 8) or 8
            offset = -(-offset // align) * align
            out += [""] if i == 4 else []
            out.append(f"\tfield:{decl};\toffset:{offset};\tsize:{size};\tsigned:{sign};")
            offset += size
        return "\n".join(out + ["", self.fmt]) + "\n"


def path(kernel, *rest):
    return os.path.normpath(os.path.join(ROOT, kernel, *rest))


def write(where, text):
    os.makedirs(os.path.dirname(where), exist_ok=True)
    with open(where, "w", encoding="ascii") as f:
        f.write(text)


def read(where):
    with open(where, encoding="ascii") as f:
        return f.read()


def take_recording(source):
    """The formats and page headers of a trace.dat, as trace-cmd shows them."""
    def dump(*what):
        command = ["trace-cmd", "dump", *what, "-i", source]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    found = {}
    for text in re.findall(r"^name: .*?^print fmt:.*?$", dump("--events", "--ftrace-events"), re.M | re.S):
        found[re.match(r"name: (\S+)", text).group(1)] = text + "\n"
    heads = re.findall(r"\[Header (page|event), \d+ bytes\]\n(.*?)(?=\n\n\t\[|\n*\Z)",
                       dump("--head-page", "--head-event"), re.S)
    return found, {f"header_{what}": text.rstrip("\n") + "\n" for what, text in heads}


def take_tracefs(source):
    found = {n: read(os.path.join(source, s, n, "format")) for s in WANTED for n in WANTED[s].split()
             if os.path.exists(os.path.join(source, s, n, "format"))}
    return found, {n: read(os.path.join(source, n)) for n in ("header_page", "header_event")}


def take(kernel, sources):
    for source in reversed(sources):
        found, heads = take_tracefs(source) if os.path.isdir(source) else take_recording(source)
        for system, names in WANTED.items():
            for name in set(names.split()) & set(found):
                write(path(kernel, system, name + ".format"), found[name])
        for name, text in heads.items():
            write(path(kernel, name), text)


def load(kernel):
    return {(s, n): Format(read(path(kernel, s, n + ".format"))) for s in WANTED
            for n in WANTED[s].split() if os.path.exists(path(kernel, s, n + ".format"))}


def store(kernel, formats, heads_of):
    for (system, name), f in formats.items():
        write(path(kernel, system, name + ".format"), f.text())
    for head in ("header_page", "header_event"):
        write(path(kernel, head), read(path(heads_of, head)))


def each(formats, *names):
    return [f for (_, n), f in formats.items() if n in names]


def one(formats, name):
    return each(formats, name)[0]


def without(formats, *names):
    return {k: copy.deepcopy(f) for k, f in formats.items() if k[1] not in names}


def of_gfp(formats):
    return [f for f in formats.values() if '"GFP_KERNEL"' in f.fmt]


def complete(kernel, donor, names):
    """What a recording of @kernel did not include and is known not to have changed since @donor."""
    formats = load(kernel)
    top = max(f.id for f in formats.values())
    for key, f in load(donor).items():
        if key[1] in names and key not in formats:
            top += 1
            f.id = top
            write(path(kernel, key[0], key[1] + ".format"), f.text())


def derive_5_15():
    k = without(load("5.10"), "mm_vmscan_inactive_list_is_low")
    for f in each(k, "sched_waking", "sched_wakeup", "sched_wakeup_new"):
        f.drop("success")
    one(k, "kmem_cache_free").add("__data_loc char[]", "name", "ptr").say("ptr=%p\"", "ptr=%p name=%s\"") \
        .say("REC->ptr", "REC->ptr, __get_str(name)")
    for f in of_gfp(k):
        f.say(' ) : "none"', ', {(unsigned long)(( gfp_t)0x800000u), "__GFP_ZEROTAGS"} ) : "none"')
    for i, (name, args) in enumerate(LOCKDEP.items()):
        f = Format(one(k, "sched_switch").text())
        f.name, f.id, f.fields, f.fmt = name, 2000 + i, f.fields[:4], args
        f.add("void *", "lockdep_addr").add("__data_loc char[]", "name")
        if name == "lock_acquire":
            f.add("unsigned int", "flags")
        k["lock", name] = f
    store("5.15", k, "5.10")


def derive_5_4():
    k = without(load("5.10"), "rss_stat")
    one(k, "mm_vmscan_lru_isolate").rename("highest_zoneidx", "classzone_idx").retype("isolate_mode", "isolate_mode_t")
    store("5.4", k, "5.10")
    return k


def derive_4_15(k):
    k = without(k, "mm_vmscan_node_reclaim_begin", "mm_vmscan_node_reclaim_end")
    f = one(k, "mm_vmscan_lru_shrink_inactive").drop("nr_activate0", "nr_activate1")
    f.add("unsigned long", "nr_activate", "nr_immediate")
    f.say("REC->nr_activate0, REC->nr_activate1", "REC->nr_activate")
    f.say("nr_activate_anon=%d nr_activate_file=%d", "nr_activate=%ld")
    f = one(k, "mm_vmscan_wakeup_kswapd").drop("gfp_flags")
    f.fmt = 'print fmt: "nid=%d zid=%d order=%d", REC->nid, REC->zid, REC->order'
    for f in each(k, *(f"mm_vmscan_{kind}_reclaim_begin" for kind in ("direct", "memcg", "memcg_softlimit"))):
        f.add("int", "may_writepage", "order").add("int", "classzone_idx", "gfp_flags")
        f.say("order=%d gfp_flags=%s\", REC->order,",
              "order=%d may_writepage=%d gfp_flags=%s classzone_idx=%d\", REC->order, REC->may_writepage,")
        f.fmt += ", REC->classzone_idx"
    f = one(k, "mm_shrink_slab_start").drop("priority")
    f.add("unsigned long", "pgs_scanned", "gfp_flags").add("unsigned long", "lru_pgs", "pgs_scanned")
    f.say("gfp_flags %s cache items", "gfp_flags %s pgs_scanned %ld lru_pgs %ld cache items").say(" priority %d", "") \
        .say(", REC->priority", "").say("REC->cache_items", "REC->pgs_scanned, REC->lru_pgs, REC->cache_items")
    for f in of_gfp(k):
        f.fmt = re.sub(r"(gfp_t\)\(?)((?:0x[0-9a-f]+u\|?)+)", lambda m: m.group(1) + re.sub(
            r"0x[0-9a-f]+", lambda n: GFP_4_15.get(n.group(), n.group()), m.group(2)), f.fmt)
    store("4.15", k, "5.10")


def derive_6_8():
    k = without(load("6.1"))
    one(k, "mm_vmscan_lru_isolate").drop("isolate_mode").say("isolate_mode=%d ", "").say("REC->isolate_mode, ", "")
    one(k, "sched_stat_runtime").drop("vruntime").say(" vruntime=%Lu [ns]", "") \
        .say(", (unsigned long long)REC->vruntime", "")
    for f in of_gfp(k):
        f.say('{( unsigned long)(( gfp_t)0x200u), "__GFP_ATOMIC"}, ', "").say("(( gfp_t)0x200u)|", "")
    for f in k.values():  # since 6.2 plain char is unsigned
        f.fields = [[d, size, 0 if re.search(r"\bchar\b.*\[", d) else sign] for d, size, sign in f.fields]
    store("6.8", k, "6.18")
    return k


def derive_6_12(k):
    newer = re.search(r'\{\( unsigned long\).*"__GFP_NO_OBJ_EXT"\}', one(load("6.18"), "mm_page_alloc").fmt).group()
    k = without(k)
    for f in of_gfp(k):
        f.fmt = re.sub(r'\{\( unsigned long\).*?(?= \) : "none")', lambda m: newer, f.fmt, count=1)
    store("6.12", k, "6.18")


def derive():
    rest = {n for s in ("compaction", "oom", "power", "irq", "timer") for n in WANTED[s].split()}
    rest |= {"sched_process_free", "sched_stat_runtime"}
    for kernel in ("6.1", "5.10-arm64", "6.1-arm64"):
        complete(kernel, "5.10", rest)
    derive_5_15()
    derive_4_15(derive_5_4())
    derive_6_12(derive_6_8())


if __name__ == "__main__":
    if len(sys.argv) >= 4 and sys.argv[1] == "take":
        take(sys.argv[2], sys.argv[3:])
    elif sys.argv[1:] == ["derive"]:
        derive()
    else:
        sys.exit(__doc__)
