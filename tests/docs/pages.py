#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""pages.py - is every command, every option and every column of a CSV in a man page, and nothing that is not there?

	pages.py VMSTALL MANDIR RECORDING	MANDIR: where the build put man1 and man5

A command without docs/man/COMMAND.scd fails here, and so does a CSV without a section of its own, in the order of its
columns, in docs/man/vmstall-stalls.csv.5.scd: "# NAME: vmstall COMMAND --OPTION, vmstall ...".
"""
import os
import re
import subprocess
import sys
import tempfile

SOURCES = os.path.join(os.path.dirname(__file__), "..", "..", "docs", "man")


# A table is only written where the recording has an answer.
ALLOCATIONS = os.path.join(os.path.dirname(__file__), "..", "fixtures", "allocations", "amd64-6.1-spinlock.dat")


def ask(*args):
    done = subprocess.run([VMSTALL, *args], capture_output=True, check=True)
    return done.stdout.decode("utf-8", "replace")


def pairs(text):
    return [line.split("\t", 1) for line in text.splitlines()]


def rendered(page, section):
    """The page as a reader sees it; groff's complaints fail."""
    name = os.path.join(MANDIR, f"man{section}", f"{page}.{section}.gz")
    env = dict(os.environ, LC_ALL="C.UTF-8", MANWIDTH="500", MANROFFSEQ="")
    done = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-l", name], env=env, capture_output=True, text=True)
    expect(done.returncode == 0 and not done.stderr, f"{page}({section}) renders: {done.stderr}")
    return re.sub(r"\u2010\n +", "", done.stdout)     # words that were parted


def expect(true, claim):
    global failed
    if not true:
        print(f"FAILED: {claim}")
        failed += 1


def check_commands(commands):
    texts = {f[:-4] for f in os.listdir(SOURCES) if re.fullmatch(r"[a-z]+\.scd", f)}
    for name in sorted(commands - texts):
        expect(False, f"vmstall {name} has a page: write docs/man/{name}.scd, what it is for and an example")
    for name in sorted(texts - commands):
        expect(False, f"docs/man/{name}.scd is about a command")
    for name in sorted(commands & texts):
        check_options(name)
    page = rendered("vmstall", 1)
    expect(all(re.search(rf"^ +{c}$", page, re.M) for c in commands), "vmstall(1) lists every command")


def check_options(command):
    page = rendered(f"vmstall-{command}", 1)
    options = page.split("\nOPTIONS\n")[1].split("\nEXIT STATUS\n")[0]
    told = re.findall(r"^ +(-.*)\n +(.*)", options, re.M)
    there = [(spelling.replace(",--", ", --"), text) for spelling, text in pairs(ask(command, "--list-options"))]
    expect(told == there, f"the options of vmstall-{command}(1) are those of the program: {told} {there}")


def columns_told():
    """The columns of each section, by each command line that its heading names."""
    text = open(os.path.join(SOURCES, "vmstall-stalls.csv.5.scd"), encoding="utf-8").read()
    told = {}
    for heading, body in re.findall(r"^# [A-Z]+: (.*)\n((?:(?!# ).*\n)*)", text, re.M):
        names = [n for line in re.findall(r"^\*.*", body, re.M) for n in re.findall(r"\*(\w+)\*", line)]
        for line in heading.split(", "):
            told[line] = names
    return told


def check_library():
    with open(os.path.join(SOURCES, "..", "..", "include", "vmstall", "vmstall.h"), encoding="utf-8") as file:
        declared = set(re.findall(r"^VMSTALL_API.*?(vmstall_\w+)\(", file.read(), re.M))
    told = set(re.findall(r"(vmstall_\w+)\(\)", rendered("libvmstall", 3)))
    expect(declared == told, f"libvmstall(3) tells every call and no other: {declared ^ told}")


def header(text):
    """The columns, if that is a CSV."""
    line = text.split("\r\n", 1)[0]
    return line.split(",") if re.fullmatch(r"[a-z_]+(,[a-z0-9_]+)+", line) else None


def csv_of_database(directory):
    """What a batch leaves, and the summary of it."""
    database = os.path.join(directory, "fleet.sqlite")
    ask("batch", "-q", "--db", database, "--csv-dir", directory, RECORDING)
    for name in sorted(os.listdir(directory)):
        if name.endswith(".csv"):
            with open(os.path.join(directory, name), encoding="utf-8", newline="") as file:
                yield f"vmstall batch {name}", file.read()
    yield "vmstall fleet --csv", ask("fleet", "--db", database, "--csv", "-")


def csv_outputs(commands):
    """All that is written, CSV or not: how a heading calls it, and its text."""
    with tempfile.TemporaryDirectory() as directory:
        yield from csv_of_database(directory)
    yield "vmstall timeline", ask("timeline", RECORDING)
    for command in sorted(commands - {"batch", "fleet", "merge"}):
        for spelling, _ in pairs(ask(command, "--list-options")):
            option = spelling.split(",")[-1].split("=")[0]
            if spelling.endswith("=FILE"):
                yield f"vmstall {command} {option}", ask(command, option, "-",
                                                               ALLOCATIONS if command in ("leaks", "gfp") else RECORDING)


def check_columns(commands):
    told = columns_told()
    for line, text in csv_outputs(commands):
        written = header(text)
        if written:
            expect(line in told, f"vmstall-stalls.csv(5) has a section for {line}")
            expect(told.pop(line, written) == written, f"the columns of {line} are told in order: {written}")
    for line in told:
        expect(False, f"{line}, a section of vmstall-stalls.csv(5), writes a CSV")


VMSTALL, MANDIR, RECORDING = sys.argv[1:]
failed = 0
all_commands = {name for name, _ in pairs(ask("--list-commands"))}
check_commands(all_commands)
check_columns(all_commands)
check_library()
sys.exit(failed > 0)
