#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""structure.py SOURCE - do the sources keep to the plan of the house?

Each directory under src is a target (add_part) that names what is beneath it. A file may include its own directory's
headers, those of the targets beneath, however deep, and vmstall/*.h. A directory holds 25 files at most.
"""
import os
import re
import sys

MOST_FILES = 25


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def parts(source):
    """{target: (directory below src, [targets beneath])}, of every add_part() and of the two other libraries."""
    found = {}
    for directory, _, files in os.walk(os.path.join(source, "src")):
        if "CMakeLists.txt" not in files:
            continue
        text = read(os.path.join(directory, "CMakeLists.txt"))
        below = os.path.relpath(directory, os.path.join(source, "src"))
        for name, body in re.findall(r"add_part\((vmstall_\w+)([^)]*)\)", text):
            beneath = body.split("BENEATH")[1].split("PRIVATE")[0].split() if "BENEATH" in body else []
            found[name] = below, [target for target in beneath if target.startswith("vmstall_")]
        for name, body in re.findall(r"target_link_libraries\((vmstall\w*) (?:PUBLIC|PRIVATE)([^)]*)\)", text):
            if name not in found:
                found[name] = below, [target for target in body.split() if target.startswith("vmstall_")]
    return found


def reach(found, target, seen):
    if target in found and target not in seen:
        seen.add(target)
        for other in found[target][1]:
            reach(found, other, seen)
    return seen


def directories_beneath(found):
    """{directory: the directories whose headers its files may include}"""
    allowed = {}
    for target, (directory, _) in found.items():
        beneath = {found[other][0] for other in reach(found, target, set())}
        allowed[directory] = allowed.get(directory, set()) | beneath | {directory}
    return allowed


def sources(source):
    for directory, _, files in os.walk(os.path.join(source, "src")):
        yield directory, sorted(files)


def point_down(source):
    allowed = directories_beneath(parts(source))
    failures = []
    for directory, files in sources(source):
        below = os.path.relpath(directory, os.path.join(source, "src"))
        for name in files:
            if not name.endswith((".c", ".h")):
                continue
            for header in re.findall(r'^#include "([^"]+)"', read(os.path.join(directory, name)), re.M):
                to = os.path.dirname(header)
                if to != "vmstall" and to not in allowed.get(below, {below}):
                    failures.append(f"src/{below}/{name} includes {header}, which is not beneath it")
    return failures


def small_rooms(source):
    return [f"{os.path.relpath(directory, source)} has {len(files)} files: split it by meaning"
            for directory, files in sources(source) if len(files) > MOST_FILES]


def main():
    failures = point_down(sys.argv[1]) + small_rooms(sys.argv[1])
    if len(parts(sys.argv[1])) < 10:
        failures.append("hardly any target was found: the test no longer reads the build files")
    for failure in failures:
        print("FAILED:", failure)
    return bool(failures)


sys.exit(main())
