#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""citations.py - does every document that a comment or a text cites exist, with the section of that number?

	citations.py SOURCE		the sources and texts below it
	citations.py --self-test	false citations must fail, true ones must not

A citation is the name of a document of docs, perhaps with sections: KERNEL-FACTS and numbers parted by commas; a path that ends in .md or
begins with docs/; or a relative link of Markdown. NAMES are those that a citation is known by: one that is not in docs fails.
"""
import os
import re
import subprocess
import sys
import tempfile

ROOMS = ("src", "plugins", "include", "tests", "samples", "docs")
NAMES = ("FIELD", "FIELD-REPORTS", "MANIFEST", "KERNEL-AUDIT", "CAPTURE", "STYLE-ANCHORS", "HEURISTICS", "KERNEL-FACTS", "DESIGN")
SECTION = r"\d+(?:\.\d+)*"
C_TOKEN = re.compile(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|(/\*.*?\*/|//[^\n]*)', re.S)
PYTHON_TOKEN = re.compile(r'("""(?:.*?)""")|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|(#[^\n]*)', re.S)
HASH = re.compile(r"(?:^|(?<=\s))(#[^\n]*)", re.M)
PATH = re.compile(r"(?<![\w/.$}-])((?:[\w.-]+/)+[\w.-]+\.md|docs/[\w./-]*\w\.[a-z]+)\b")
LINK = re.compile(r"\]\((?![a-z]+:|#)([^)#\s]+)[^)]*\)")


def blank(text):
    return re.sub(r"[^\n]", " ", text)


def only(pattern, text):
    """What @pattern has in a group, at the lines where it was; the rest is blank."""
    kept, at = [], 0
    for match in pattern.finditer(text):
        comment = next((group for group in match.groups() if group), "")
        start = match.start() if not comment else match.start() + match.group().index(comment)
        kept += [blank(text[at:start]), comment, blank(text[start + len(comment):match.end()])]
        at = match.end()
    return "".join(kept + [blank(text[at:])])


def prose(name, text):
    """The comments of a source, or all of a text."""
    if name.endswith(".md"):
        return text
    if name.endswith((".c", ".h")):
        text = only(C_TOKEN, text)
    else:
        text = only(PYTHON_TOKEN if name.endswith(".py") else HASH, text)
    return re.sub(r"^([ \t]*)[*#](?=[ \t])", r"\1 ", text, flags=re.M)    # a citation may go on in the next line


def files(source):
    """What git has of it; without git, all there is."""
    listed = subprocess.run(["git", "-C", source, "ls-files", "-co", "--exclude-standard"], capture_output=True, text=True, check=False)
    if not listed.returncode:
        yield from sorted(listed.stdout.splitlines())
        return
    for directory, _, names in os.walk(source):
        for name in names:
            yield os.path.relpath(os.path.join(directory, name), source)


def is_cited_from(path):
    if os.path.dirname(path) == "":
        return path in ("README.md", "CONTRIBUTING.md")
    return path.split("/")[0] in ROOMS and (path.endswith((".c", ".h", ".py", ".sh", ".cmake", ".md")) or
                                            os.path.basename(path) == "CMakeLists.txt")


def read(source, path):
    with open(os.path.join(source, path), encoding="utf-8") as file:
        return file.read()


def documents(source, paths):
    """{name: the numbers of its sections}"""
    found = {}
    for path in paths:
        match = re.fullmatch(r"docs/([A-Z][A-Z-]+)\.md", path)
        if match:
            found[match[1]] = set(re.findall(rf"^#+ ({SECTION})\b", read(source, path), re.M))
    return found


def wrong_names(text, known):
    names = "|".join(sorted(set(NAMES) | set(known), key=len, reverse=True))
    cited = re.compile(rf"(?<![\w/-])({names})(?:\.md)?(?![\w(/-])((?:(?:,\s*|\s+){SECTION}(?![\w%.]*\w))*)")
    for match in cited.finditer(text):
        name = match[1]
        if name not in known:
            yield match.start(), f"{name} is not in docs"
            continue
        for number in re.findall(SECTION, match[2]):
            if number not in known[name]:
                yield match.start(), f"{name} has no section {number}"


def is_pattern(path):
    """docs/man/COMMAND.scd stands for many."""
    return not path.endswith(".md") and os.path.basename(path).split(".")[0].isupper()


def wrong_paths(text, source, path):
    here = os.path.dirname(path)
    links = LINK.finditer(text) if path.endswith(".md") else []
    for match in list(PATH.finditer(text)) + list(links):
        places = [os.path.join(source, here, match[1]), os.path.join(source, match[1])]
        if not is_pattern(match[1]) and not any(os.path.exists(place) for place in places):
            yield match.start(1), f"{match[1]} is not there"


def check(source):
    paths = [path for path in files(source) if os.path.exists(os.path.join(source, path))]
    known, failures = documents(source, paths), []
    for path in filter(is_cited_from, paths):
        text = prose(path, read(source, path))
        for at, what in sorted(set(wrong_names(text, known)) | set(wrong_paths(text, source, path))):
            failures.append(f"{path}:{text.count(chr(10), 0, at) + 1}: {what}")
    return failures


def judged(path, text):
    """What is said of @text as the file @path, beside a document with the sections 1 and 1.2."""
    with tempfile.TemporaryDirectory() as source:
        for name, content in (("docs/KERNEL-FACTS.md", "# Facts\n\n## 1. Events\n\n### 1.2 More\n"), (path, text)):
            os.makedirs(os.path.join(source, os.path.dirname(name)), exist_ok=True)
            with open(os.path.join(source, name), "w", encoding="utf-8") as file:
                file.write(content)
        return check(source)


def self_test():
    true = [("src/a.c", "/* as KERNEL-FACTS 1, 1.2 has it: 30 to 200 ns */\n"), ("src/a.c", 'char *s = "KERNEL-FACTS 9";\n'),
            ("src/a.c", "FIELD(sw, pid, 0)\n/* KERNEL-FACTS 1.2. FIELD() */\n"), ("tests/a.py", 's = "see MANIFEST"\n'),
            ("samples/a.sh", "# docs/KERNEL-FACTS.md, docs/man/COMMAND.scd\n"), ("README.md", "[facts](docs/KERNEL-FACTS.md#1)\n")]
    false = [("src/a.c", "\n/* KERNEL-FACTS 1.3 */\n", 2), ("src/a.c", "/*\n * KERNEL-FACTS 1.2,\n * 4 */\n", 2),
             ("include/a.h", "// FIELD 0.3\n", 1), ("plugins/a.c", 'x = "/*"; /* (MANIFEST) */\n', 1),
             ("tests/a.py", '"""Of DESIGN 2."""\n', 1), ("tests/a.py", "x = 1  # FIELD.md 0.8\n", 1),
             ("samples/CMakeLists.txt", "# docs/NONE.md\n", 1), ("tests/a.sh", "true # docs/man/none.scd\n", 1),
             ("docs/a.md", "[facts](FACTS.md)\n", 1), ("README.md", "\n\nKERNEL-FACTS 2\n", 3)]
    failures = [f"a true citation fails: {path}: {text!r}: {judged(path, text)}" for path, text in true if judged(path, text)]
    for path, text, line in false:
        said = judged(path, text)
        if len(said) != 1 or not said[0].startswith(f"{path}:{line}: "):
            failures.append(f"a false citation is not named with its line: {path}: {text!r}: {said}")
    return failures


def main():
    if sys.argv[1] == "--self-test":
        failures = self_test()
    else:
        failures = check(sys.argv[1])
    print("".join(f"FAILED: {failure}\n" for failure in failures), end="")
    return bool(failures)


sys.exit(main())
