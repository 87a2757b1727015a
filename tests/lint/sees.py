#!/usr/bin/python3
"""Whatever points into profiles/reference leads there. sees.py ROOT

A `see` of a command's row or of a YAML file is items with "; " between them, each of them

    sms.md +CMGS, Text prompt      headings of a file of profiles/reference
    GDW-11 p. 65, 310              a heading of sources.md, then what the source calls its parts
    profiles/bugs/README.md        a file of this tree

and perhaps a remark after ": " or " (". Comments and the reference itself say "sms.md +CMGS" or
"sms.md, Text prompt". A heading `### +CSAS, +CRES: text` answers to each of its names."""

import os
import re
import sys

from lint import files, finish, read

FOLDER = "profiles/reference/"
SOURCES = "sources.md"
BUGS, BUG_NAMES = "profiles/bugs/", "field-bugs.md"
OPEN = "Open questions"  # the group of sources.md that quotes nothing
SKIP = ("tests/fuzz/corpus/", "tests/lint/test_lints.py", "CHANGELOG.md")
TEXTS = (".c", ".h", ".py", ".yaml", ".txt", ".md", ".tsv", "meson.build")

HEADING = re.compile(r"(#{2,3}) (.+)")
STRING = r'"(?:[^"\\]|\\.)*"'
ROW = re.compile(r"\.see\s*=\s*(%s(?:\s*%s)*)" % (STRING, STRING))
BY_NAME = re.compile(r"#define (\w+)\(([^)]*)\)((?:[^\n]*\\\n)*[^\n]*)")
YAML = re.compile(r'(?<![\w"])see: ("(?:[^"\\]|\\.)*"|[^"\'\s#][^#}]*?)(?=\s*(?:[}#]|, \w+: |$))')
WRAP = re.compile(r"[ \t]*\n[ \t]*(?:\*(?!/)|//|#|\|)?[ \t]*")
POINTER = re.compile(r"(?<![\w/.-])([a-z-]+\.md),? (?=([+&%\\]+\w|[A-Z]|[a-z]+\d?-))")
MORE = re.compile(r", (?=[+&%\\]\w)")


class Reference:
    """The headings of profiles/reference: names[file] is the set of what they answer to."""

    def __init__(self, root, errors):
        self.names, self.lines, self.texts = {}, {}, {}
        for name in files(root, ".md"):
            name = name.replace(os.sep, "/")
            if name.startswith(FOLDER):
                self._read(name, read(root, name), errors)

    def _read(self, path, text, errors):
        name = path[len(FOLDER):]
        found, fence, group = {}, False, ""
        self.texts[name] = text
        for number, line in enumerate(text.splitlines(), 1):
            if line.startswith("```"):
                fence = not fence
            heading = None if fence else HEADING.match(line)
            if not heading:
                continue
            if heading.group(1) == "##":
                group = heading.group(2)
            for word in heading.group(2).split(": ")[0].split(", "):
                if word in found:
                    errors.append("%s:%d: \"%s\" is the name of line %d too; names are unique in "
                                  "a file" % (path, number, word, found[word][0]))
                if re.search(r"; | \(", word):
                    errors.append("%s:%d: \"%s\" cannot be pointed to: no semicolon and no "
                                  "bracket in a name" % (path, number, word))
                found.setdefault(word, (number, group))
        self.lines[name] = found
        self.names[name] = sorted(found, key=len, reverse=True)

    def at(self, name, text):
        """The name of a heading that the text begins with, or None."""
        for word in self.names[name]:
            if text.startswith(word) and not re.match(r"\w|-\w|[*>](?=\w)", text[len(word):]):
                return word
        return None

    def near(self, name):
        return "; its headings: grep '^##' %s%s" % (FOLDER, name)


def item_error(ref, root, item, used):
    """What is wrong with an item of a see, or None."""
    path = re.match(r"([\w./-]+/[\w.-]+\.md)(?= |:|$)", item)
    if path:
        return None if os.path.isfile(os.path.join(root, path.group(1))) else \
            "there is no file %s" % path.group(1)
    head = re.split(r": | \(", item)[0]
    target = re.match(r"([\w-]+\.md)(?: (.*))?$", head)
    if target:
        name, names = target.groups()
        if name not in ref.names:
            return "there is no %s%s" % (FOLDER, name)
        if not names:
            return "%s alone is a whole file; name a heading of it" % name
        for word in names.split(", "):
            if word not in ref.lines[name]:
                return "%s has no heading \"%s\"%s" % (name, word, ref.near(name))
        return None
    word = source_of(ref, head)
    if not word:
        return "\"%s\" is no heading of the reference and no source of %s; a remark stands after " \
               "\": \"" % (head, SOURCES)
    used.add(word)
    return None


def source_of(ref, text):
    for word in ref.names.get(SOURCES, ()):
        rest = text[len(word):]
        if text.startswith(word) and (rest[:1] in ("", " ") or (word + rest[0]) == "t/"):
            return word
    return None


def strings(text):
    """The value of C string literals that stand after one another."""
    return re.sub(r"\\(.)", r"\1", "".join(s[1:-1] for s in re.findall(STRING, text)))


def row_sees(text):
    """(span, see) of each row of a C file, of those that a macro takes too."""
    for row in ROW.finditer(text):
        yield row.span(), strings(row.group(1))
    for macro in BY_NAME.finditer(text):
        words = [w.strip() for w in macro.group(2).split(",")]
        field = re.search(r"\.see = (\w+)", macro.group(3))
        if not field or field.group(1) not in words:
            continue
        before = words.index(field.group(1))
        word = r"(?:(?:%s|[^,()\"]+),\s*)" % STRING
        call = r"\b%s\(%s(%s)" % (macro.group(1), word * before, STRING)
        for use in re.finditer(call, text):
            yield use.span(), strings(use.group(1))


def yaml_sees(text):
    offset = 0
    for line in text.splitlines(True):
        if not line.lstrip().startswith("#"):
            for found in YAML.finditer(line.rstrip("\n")):
                value = found.group(1)
                if value.startswith('"'):
                    value = re.sub(r"\\(.)", r"\1", value[1:-1])
                yield (offset + found.start(), offset + found.end()), value
        offset += len(line)


def flat(text):
    """The text with wrapped lines joined, and the offsets of its characters in the old one."""
    parts, where, last = [], [], 0
    for wrap in WRAP.finditer(text):
        parts += [text[last:wrap.start()], " "]
        where += list(range(last, wrap.start())) + [wrap.start()]
        last = wrap.end()
    parts.append(text[last:])
    where += list(range(last, len(text)))
    return "".join(parts), where


def pointers(ref, text):
    """(offset, complaint or None) of each "sms.md +CMGS" in a text."""
    joined, where = flat(text)
    for found in POINTER.finditer(joined):
        name, position = found.group(1), found.end()
        if name == "README.md" or name not in ref.names:
            continue
        if not re.match(r"[+&%\\A-Z]", joined[position:]) and name != BUG_NAMES:
            continue
        while True:
            word = ref.at(name, joined[position:])
            if not word:
                said = re.match(r"[^\s,;:)]*", joined[position:]).group(0)
                yield where[found.start()], "%s has no heading that \"%s\" begins%s" % (
                    name, said, ref.near(name))
                break
            yield where[found.start()], None
            more = MORE.match(joined, position + len(word))
            if not more:
                break
            position = more.end()


def unused(ref, used):
    """Sources that neither a see nor the reference quotes."""
    others = "\n".join(text for name, text in ref.texts.items() if name != SOURCES)
    groups = {}
    for word, (number, group) in ref.lines.get(SOURCES, {}).items():
        if group != OPEN and number:
            groups.setdefault(number, []).append(word)
    for number, words in sorted(groups.items()):
        line = ref.texts[SOURCES].splitlines()[number - 1]
        if line.startswith("### ") and not any(
                w in used or re.search(r"(?<![\w-])%s(?![\w-])" % re.escape(w), others)
                for w in words):
            yield "%s%s:%d: nothing quotes \"%s\"" % (FOLDER, SOURCES, number, ", ".join(words))


def check(root):
    errors, used, count = [], set(), 0
    ref = Reference(root, errors)
    for name in files(root, *TEXTS):
        name = name.replace(os.sep, "/")
        if name.startswith(SKIP):
            continue
        text = read(root, name)
        sees = row_sees(text) if name.endswith((".c", ".h")) else \
            yaml_sees(text) if name.endswith(".yaml") else ()
        rest = text
        for (begin, end), see in sees:
            rest = rest[:begin] + re.sub(r"[^\n]", " ", rest[begin:end]) + rest[end:]
            for item in see.split("; "):
                count += 1
                wrong = item_error(ref, root, item, used)
                if wrong:
                    errors.append("%s:%d: %s" % (name, text.count("\n", 0, begin) + 1, wrong))
        for offset, wrong in pointers(ref, rest):
            count += 1
            if wrong:
                errors.append("%s:%d: %s" % (name, text.count("\n", 0, offset) + 1, wrong))
        bug = re.match(r"%s[\w-]+/([\w-]+)\.yaml$" % BUGS, name)
        if bug and bug.group(1) not in ref.lines.get(BUG_NAMES, {}):
            errors.append("%s: %s has no heading %s" % (name, BUG_NAMES, bug.group(1)))
    errors += unused(ref, used)
    return errors, [], count


if __name__ == "__main__":
    complaints, _, number_of = check(sys.argv[1] if len(sys.argv) > 1 else ".")
    finish(complaints, "%d pointers lead into %s" % (number_of, FOLDER))
