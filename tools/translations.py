"""Keep the Spanish words of the web application whole: every string of its sources in django.po,
and django.mo made from it; in a catalogue of their own the words of the published scales. No
gettext has to be installed.

    python tools/translations.py

Adds what is missing with an empty translation, to be filled in by hand, takes out what no source
says any more, and writes django.mo. Exit 1 while a translation is empty.
"""

import ast
import json
import re
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation.template import templatize

from pilotage.instruments import instruments

ROOT = Path(__file__).parents[1]
CAPTURE = ROOT / "src" / "pilotage" / "capture"
CATALOGUE = CAPTURE / "locale" / "es" / "LC_MESSAGES" / "django.po"
OF_SCALES = CAPTURE.parent / "instruments" / "locale" / "es" / "LC_MESSAGES" / "django.po"
HEADER = (
    "Language: es\nMIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\n"
    "Content-Transfer-Encoding: 8bit\nPlural-Forms: nplurals=2; plural=(n != 1);\n"
)
ONE = frozenset({"_", "gettext", "gettext_lazy", "gettext_noop"})
MANY = frozenset({"ngettext", "ngettext_lazy"})
TEXT = r"""u?('(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
IN_TEMPLATE = re.compile(rf"(?<!\w)(n?gettext|_)\(\s*{TEXT}(?:,\s*{TEXT})?")

Words = dict[str, tuple[str, ...]]
"""What a source says -> its translations: one, or two where there is a plural."""
Said = dict[str, str]
"""What a source says -> its plural, or nothing."""


def said() -> Said:
    """Every string of the sources that is to be translated."""
    found: Said = {}
    for file in sorted(CAPTURE.rglob("*.py")):
        found |= dict(_in_python(file.read_text(encoding="utf-8")))
    for file in sorted(CAPTURE.rglob("templates/**/*.html")):
        found |= dict(_in_template(file.read_text(encoding="utf-8")))
    return found


def of_scales() -> Said:
    """Every word that a published scale has for a person: items, hints, groups, regions, scores."""
    found: Said = {}
    for scale in instruments.values():
        for item in scale.items:
            found |= dict.fromkeys((item.group, item.label, item.hint), "")
        found |= {region.label: "" for region in scale.regions}
        found |= {score.label: "" for score in scale.scores}
    found.pop("", None)
    return found


def _in_python(source: str) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        texts = [
            a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)
        ]
        if name in ONE and texts:
            yield texts[0], ""
        elif name in MANY and len(texts) > 1:
            yield texts[0], texts[1]


def _in_template(source: str) -> Iterator[tuple[str, str]]:
    for name, one, many in IN_TEMPLATE.findall(templatize(source)):
        yield ast.literal_eval(one), ast.literal_eval(many) if name == "ngettext" else ""


def read(path: Path = CATALOGUE) -> Words:
    """The catalogue; each text stands in one line of it."""
    words: Words = {}
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        lines = [line for line in block.splitlines() if not line.startswith("#")]
        told = dict(line.split(" ", 1) for line in lines if not line.startswith('"'))
        if told.get("msgid", '""') != '""':
            texts = tuple(json.loads(t) for name, t in told.items() if name.startswith("msgstr"))
            words[json.loads(told["msgid"])] = texts
    return words


def write(words: Words, strings: Said, path: Path = CATALOGUE) -> None:
    blocks = ["# Spanish words, kept whole by tools/translations.py."]
    blocks[0] += '\nmsgid ""\nmsgstr ""\n' + "\n".join(
        _quoted(line) for line in HEADER.splitlines(keepends=True)
    )
    for one, many in strings.items():
        lines = [f"msgid {_quoted(one)}"]
        texts = words.get(one, ())
        if many:
            first, second = texts if len(texts) == 2 else ("", "")
            lines.append(f"msgid_plural {_quoted(many)}")
            lines += [f"msgstr[0] {_quoted(first)}", f"msgstr[1] {_quoted(second)}"]
        else:
            lines.append(f"msgstr {_quoted(texts[0] if texts else '')}")
        blocks.append("\n".join(lines))
    path.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def compiled(words: Words, strings: Said) -> bytes:
    """The catalogue as the application reads it (GNU MO, sorted, without a table of hashes)."""
    pairs = [(b"", HEADER.encode())]
    for one, texts in words.items():
        if all(texts):
            many = strings.get(one, "")
            key = f"{one}\0{many}" if many else one
            pairs.append((key.encode(), "\0".join(texts).encode()))
    pairs.sort()
    start = 28 + 16 * len(pairs)
    tables: tuple[list[int], list[int]] = ([], [])
    body = b""
    for part, table in enumerate(tables):
        for pair in pairs:
            table += [len(pair[part]), start + len(body)]
            body += pair[part] + b"\0"
    head = (0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, start)
    return struct.pack(f"<7I{4 * len(pairs)}I", *head, *tables[0], *tables[1]) + body


def keep(catalogue: Path, strings: Said) -> list[str]:
    """Write a catalogue anew with what it has; what is not translated."""
    write(read(catalogue) if catalogue.is_file() else {}, strings, catalogue)
    words = {one: texts for one, texts in read(catalogue).items() if all(texts)}
    catalogue.with_suffix(".mo").write_bytes(compiled(words, strings))
    print(f"{catalogue.relative_to(ROOT)}: {len(words)} of {len(strings)} strings are translated")
    return sorted(strings.keys() - words.keys())


def main() -> int:
    missing = keep(CATALOGUE, said()) + keep(OF_SCALES, of_scales())
    for one in missing:
        print(f"not translated: {one}", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
