"""Translations: the sources are Chinese, the English catalogue has to have every text (docs/decisions/0003).

The traditional characters (zh_Hant) have no catalogue in the repository: each text is converted from the sources when
catalogues are compiled, by OpenCC, whose tables come with its package. Only gettext messages are ever converted: names
of people and villages, and whatever else people wrote, are shown as they were written.

python tools/translations.py check     every text is translated, nothing Chinese stands outside gettext, every
                                       correction to OpenCC is still needed
python tools/translations.py update    take new texts into the catalogue, empty, and drop those that are gone
python tools/translations.py compile   make the .mo files that the product reads
"""

import ast
import functools
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import opencc
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_javascript, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "xiangyue"
LOCALES = PACKAGE / "locale"
KEYWORDS: dict[str, Any] = {
    "pgettext": ((1, "c"), 2),
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
}
CALLS = {*KEYWORDS}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Characters as they are written in Taiwan, and the words as they are: with Taiwan's words for ours (s2twp), what one
# reads on the phone would not be what hangs on the wall (信息管理员 an 資訊管理員), and with the standard's own forms
# (s2t) it would look strange to everybody (羣衆爲).
CONVERSION = "s2tw"
TRADITIONAL = LOCALES / "zh_Hant" / "LC_MESSAGES" / "django.mo"
# What OpenCC takes for another word, as it writes it, and how it has to be.
CORRECTIONS = {
    "衝": "沖",  # 冲正, to reverse in a book
    "髮卡": "發卡",
    "日里": "日裡",
    "步驟里": "步驟裡",
    "自願乾": "自願幹",
    "並戶": "併戶",
    "並村": "併村",
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
# Chinese that is data, not text for people: what files and catalogues are written in, and invented examples.
DATA = {
    "auditor/checker.py": "a program of its own, without gettext: it speaks both languages",
    "catalogue/export.py": "headers of the table",
    "catalogue/entry.py": "what people write about a deed",
    "catalogue/guards/": "the words that CONDUCT is about",
    "catalogue/guards/lists/": "the words that CONDUCT is about",
    "catalogue/language/": "the small language of tables: what people write",
    "catalogue/rules/cutting.py": "how points are written into a sentence",
    "catalogue/rules/model.py": "units by which people count",
    "catalogue/rules/scheme.py": "the unit of account where a scheme names none",
    "catalogue/rules/tariffs.py": "units by which people count",
    "catalogue/rules/worth.py": "units by which people count",
    "people/names.py": "surnames",
    "people/operations/joining.py": "what a step rests on, as kept",
    "people/operations/reorganising.py": "what a step rests on, as kept",
    "people/tags.py": "words that tell of poverty and illness",
    "people/openings_form.py": "headers and notes of the form",
    "people/roster_form.py": "headers and choices of the sheet",
    "people/roster_reading.py": "dates as people write them",
    "people/unit_codes.py": "numerals",
    "scoring/attendance_sheet.py": "headers of the sheet",
    "scoring/deed_sheet.py": "headers of the sheet",
    "scoring/facts.py": "kinds of people, as tables call them",
    "scoring/inspection_sheet.py": "headers of the sheet",
    "scoring/roles.py": "offices, as tables call them",
    "setup/demo/": "the demo's people and what they do",
    "setup/divisions/__init__.py": "official names",
    "setup/example/__init__.py": "the example village",
    "setup/example/minutes.txt": "the example village",
    "setup/presets/forms.py": "the language of caps",
    "setup/presets/model.py": "what a preset calls things where it says nothing",
    "setup/presets/telling.py": "the language of caps",
    "setup/example/deeds.py": "the example village",
    "setup/example/people.py": "the example village",
    "setup/example/roster.py": "the example village",
    "setup/operations.py": "official names of committees",
    "setup/phones.py": "the phones of the example and of the demo",
    "sheets/workbooks.py": "the name of the sheet that readers skip",
    "sheets/write.py": "the name of the sheet that readers skip",
    "sheets/read.py": "the name of the sheet that readers skip",
    "gate/asking.py": "how people ask",
    "phone/categories.py": "words in the names of categories",
    "phone/declare_form.py": "what people write between numbers",
    "phone/declaring.py": "a name that stands for anybody's",
    "kernel/points.py": "the unit that people write behind a figure",
}


def sources() -> Iterator[Path]:
    """Give the files that hold texts."""
    for pattern in ("*.py", "*.html", "*.txt"):
        for path in sorted(PACKAGE.rglob(pattern)):
            if "migrations" not in path.parts and "static" not in path.parts:
                yield path


def extract() -> Catalog:
    """Collect all texts from Python and templates."""
    catalog = Catalog(locale="en", charset="utf-8")
    for path in sources():
        place = str(path.relative_to(ROOT))
        if path.suffix == ".py":
            found = extract_python(io.BytesIO(path.read_bytes()), KEYWORDS, [], {"encoding": "utf-8"})
        else:
            text = templatize(path.read_text(encoding="utf-8"))
            found = extract_javascript(io.BytesIO(text.encode()), KEYWORDS, [], {"encoding": "utf-8"})
        for line, function, messages, _comments in found:
            wanted: Any = messages
            if function == "pgettext":
                context, text = wanted
                catalog.add(text, context=context, locations=[(place, line)])
            elif str(function).startswith("ngettext"):
                catalog.add(wanted[:2], locations=[(place, line)])
            elif wanted:
                catalog.add(wanted, locations=[(place, line)])
    return catalog


def po_files() -> list[Path]:
    return sorted(LOCALES.glob("*/LC_MESSAGES/django.po"))


def check() -> list[str]:
    """Name every text that is missing, empty, unsure, left over, or that lost a placeholder."""
    wanted = {message.id for message in extract() if message.id}
    problems = list(untranslatable())
    for path in po_files():
        with path.open("rb") as file:
            known = {message.id: message for message in read_po(file) if message.id}
        problems += [f"{path.parent.parent.name}: missing {text!r}" for text in wanted - set(known)]
        problems += [f"{path.parent.parent.name}: no longer used {text!r}" for text in set(known) - wanted]
        for text in wanted & set(known):
            problems += [f"{path.parent.parent.name}: {fault} {text!r}" for fault in faults(known[text])]
    return sorted([*problems, *needless()])


def needless() -> Iterator[str]:
    """Name the corrections to OpenCC that nothing needs any more."""
    written = "\n".join(converted(text) for message in extract() for text in texts_of(message.id))
    yield from (f"zh_Hant: nothing to correct in {each!r}" for each in CORRECTIONS if each not in written)


def texts_of(message_id: Any) -> tuple[str, ...]:
    """Give the texts of a message: one, or one for each number."""
    return tuple(message_id) if isinstance(message_id, list | tuple) else (message_id,)


def faults(message: Any) -> Iterator[str]:
    """Say what is wrong with one translation."""
    texts = message.string if isinstance(message.string, tuple) else (message.string,)
    if message.fuzzy:
        yield "unsure"
    if not all(texts):
        yield "empty"
    original = message.id if isinstance(message.id, str) else message.id[0]
    for text in filter(None, texts):
        if set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(original)):
            yield "placeholders differ"


def untranslatable() -> Iterator[str]:
    """Name Chinese that stands in Python outside gettext, docstrings and data, or bare in a template."""
    for path in sources():
        name = str(path.relative_to(PACKAGE))
        if name in DATA or f"{path.parent.relative_to(PACKAGE)}/" in DATA:
            continue
        if path.suffix == ".py":
            for line, text in bare_strings(ast.parse(path.read_text(encoding="utf-8"))):
                yield f"xiangyue/{name}:{line} outside gettext: {text!r}"
        else:
            for text in bare_template_lines(path.read_text(encoding="utf-8")):
                yield f"xiangyue/{name} outside gettext: {text!r}"


def bare_strings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Give the Chinese string constants that no gettext call holds."""
    skipped: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in CALLS:
            skipped.update(node.args)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            skipped.add(node.value)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or node in skipped:
            continue
        if isinstance(node.value, str) and CHINESE.search(node.value):
            yield node.lineno, node.value


def bare_template_lines(source: str) -> Iterator[str]:
    """Give the lines of a template that hold Chinese once comments and translated blocks are taken out."""
    blocks = (
        r"{% comment %}.*?{% endcomment %}|{#.*?#}|{% blocktranslate.*?%}.*?{% endblocktranslate %}|{%.*?%}"
    )
    rest = re.sub(blocks, "", source, flags=re.DOTALL)
    yield from (line.strip() for line in rest.splitlines() if CHINESE.search(line))


def update() -> None:
    """Take new texts into every catalogue and drop those that are gone."""
    template = extract()
    for path in po_files():
        with path.open("rb") as file:
            catalog = read_po(file, locale=path.parent.parent.name)
        catalog.update(template, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        with path.open("wb") as file:
            write_po(file, catalog, width=110, sort_output=True, omit_header=False, no_location=True)


@functools.cache
def converter() -> Any:
    return opencc.OpenCC(CONVERSION)


def converted(text: str) -> str:
    """Write a text in traditional characters, as OpenCC does it by itself."""
    return str(converter().convert(text))


def traditional(text: str) -> str:
    """Write a text in traditional characters, with what OpenCC gets wrong put right."""
    written = converted(text)
    for wrong, right in CORRECTIONS.items():
        written = written.replace(wrong, right)
    return written


def traditional_catalog() -> Catalog:
    """Give all texts of the sources in traditional characters. Chinese has one form for every number."""
    catalog = Catalog(locale="zh_Hant", charset="utf-8")
    for message in extract():
        if not message.id:
            continue
        texts = [traditional(text) for text in texts_of(message.id)]
        plural = not isinstance(message.id, str)
        catalog.add(message.id, tuple(texts[:1]) if plural else texts[0], context=message.context)
    return catalog


def compile_all() -> None:
    """Write the .mo file beside every catalogue, and the one that has none."""
    TRADITIONAL.parent.mkdir(parents=True, exist_ok=True)
    with TRADITIONAL.open("wb") as file:
        write_mo(file, traditional_catalog())
    for path in po_files():
        with path.open("rb") as file:
            catalog = read_po(file, locale=path.parent.parent.name)
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalog)


def main() -> int:
    settings.configure(USE_I18N=True)
    command = sys.argv[1] if len(sys.argv) == 2 else ""
    if command == "check":
        problems = check()
        print("\n".join(problems), end="\n" if problems else "")
        return bool(problems)
    if command in ("update", "compile"):
        update() if command == "update" else compile_all()
        return 0
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main())
