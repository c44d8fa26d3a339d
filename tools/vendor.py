"""Fetch what others wrote and we ship to browsers, check it, and rebuild `xiangyue/ui/static/vendored`.

    python tools/vendor.py

Needs `npm` (for `npm pack` only; nothing is installed and no script of a package is run). To add an icon, add its
name below and run this again. To move to another version, change it here together with the checksum of its tarball.
What is shipped, under which licence and with which checksums, is written to `MANIFEST.toml`.
"""

import hashlib
import re
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

VENDORED = Path(__file__).resolve().parent.parent / "xiangyue" / "ui" / "static" / "vendored"


@dataclass(frozen=True)
class Package:
    """A package of the npm registry, pinned.

    source_sha256: of the tarball that `npm pack` gives.
    licence: its SPDX name; the text is in the file LICENSE of the package and of our folder.
    """

    folder: str
    package: str
    version: str
    licence: str
    source_sha256: str


HTMX = Package(
    folder="htmx",
    package="htmx.org",
    version="4.0.1",
    licence="0BSD",
    source_sha256="5fba65616ca148a86d377e9771bcada7f35faee3558651feb929eea425e13b3c",
)
TABLER_ICONS = Package(
    folder="tabler-icons",
    package="@tabler/icons",
    version="3.51.0",
    licence="MIT",
    source_sha256="b30108713d3fa60aee862c2a133225da8e0f309be0708fe2925763ff810c766c",
)

# Every page loads the first list, so it holds what phones and public pages draw. Names ending in -f are filled.
PHONE_ICONS = """
alert-triangle alert-triangle-f arrow-back-up award ban book building-community building-store bulb calendar
camera check chevron-down chevron-left chevron-right chevron-up circle-check circle-check-f circle-x clock
coins confetti contrast download file-text flag gavel gift hammer headset heart-handshake help-circle history home
hourglass id info-circle language lock logout map-pin message-report microphone minus mood-happy notebook
pencil-plus phone photo photo-off photo-plus plant-2 plus printer qrcode receipt refresh run scale school search
shield-check speakerphone star-f text-size trending-up user users volume wifi-off x
"""
# The console and the counter load these as well.
DESK_ICONS = """
adjustments-horizontal arrow-down arrow-up arrows-sort barcode bell chart-bar chart-radar checkbox clipboard-check
clipboard-list cloud-upload coin dots external-link eye file-certificate filter keyboard layout-dashboard
list-details maximize paw report scan settings shopping-cart stack-2 sun trash user-check zoom-in
"""

ICON_RULES = """\
.i{display:inline-block;flex:none;width:1.25em;height:1.25em;vertical-align:-.22em;background:currentColor;\
-webkit-mask:var(--i) center/contain no-repeat;mask:var(--i) center/contain no-repeat}
@media (forced-colors:active){.i{background:CanvasText}}
"""


class Unexpected(SystemExit):
    """What was fetched is not what we pinned; nothing was written."""


def fetch(package: Package, folder: Path) -> tarfile.TarFile:
    """Pack a pinned version into a folder and open it. Raises: Unexpected when its checksum differs."""
    subprocess.run(
        ["npm", "pack", "--silent", "--ignore-scripts", f"{package.package}@{package.version}"],
        cwd=folder,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    name = package.package.removeprefix("@").replace("/", "-")
    tarball = folder / f"{name}-{package.version}.tgz"
    found = sha256(tarball.read_bytes())
    if found != package.source_sha256:
        raise Unexpected(f"{package.package} {package.version}: sha256 is {found}")
    return tarfile.open(tarball)


def member(archive: tarfile.TarFile, path: str) -> bytes:
    """Read one file of a package. Raises: Unexpected when the package has no such file."""
    try:
        file = archive.extractfile(f"package/{path}")
    except KeyError:
        file = None
    if file is None:
        raise Unexpected(f"the package has no {path}")
    return file.read()


def icon_rule(name: str, archive: tarfile.TarFile) -> str:
    """Write the rule that draws one icon: its drawing becomes a mask, so that it takes the colour of the text."""
    stem = name.removesuffix("-f")
    kind = "outline" if stem == name else "filled"
    drawing = member(archive, f"icons/{kind}/{stem}.svg").decode()
    return f'.i-{name}{{--i:url("{data_address(drawing)}")}}\n'


def data_address(drawing: str) -> str:
    """Turn an SVG file into a short data: address, with the stroke of our type (1.75 instead of 2)."""
    text = re.sub(r"<!--.*?-->", "", drawing, flags=re.DOTALL)
    text = re.sub(r'\s(class|width|height)="[^"]*"', "", text)
    text = re.sub(r'<path stroke="none"[^>]*/>', "", text)
    text = text.replace("currentColor", "#000").replace('stroke-width="2"', 'stroke-width="1.75"')
    text = re.sub(r"\s+", " ", text).replace("> <", "><").replace(" />", "/>").replace(" >", ">").strip()
    return "data:image/svg+xml," + quote(text.replace('"', "'"), safe=" ='/:;,.()")


def icon_sheet(names: str, archive: tarfile.TarFile, *, first: bool) -> bytes:
    """Make a style sheet of icons; the first sheet also says what an icon is."""
    head = f"/* generated by tools/vendor.py from Tabler Icons {TABLER_ICONS.version} (MIT) */\n"
    rules = "".join(icon_rule(name, archive) for name in sorted(set(names.split())))
    return (head + (ICON_RULES if first else "") + rules).encode()


def build(folder: Path) -> dict[Package, dict[str, bytes]]:
    """Fetch the packages into a folder and give the files to ship of each, by their path below `vendored`."""
    with fetch(HTMX, folder) as archive:
        htmx = {
            "htmx/htmx.min.js": member(archive, "dist/htmx.min.js"),
            "htmx/LICENSE": member(archive, "LICENSE"),
        }
    with fetch(TABLER_ICONS, folder) as archive:
        icons = {
            "tabler-icons/icons.css": icon_sheet(PHONE_ICONS, archive, first=True),
            "tabler-icons/icons-desk.css": icon_sheet(DESK_ICONS, archive, first=False),
            "tabler-icons/LICENSE": member(archive, "LICENSE"),
        }
    return {HTMX: htmx, TABLER_ICONS: icons}


def manifest(built: dict[Package, dict[str, bytes]]) -> str:
    """Write down what is shipped: package, version, licence, checksums of the source and of each file."""
    text = "# written by tools/vendor.py\n"
    for package, files in built.items():
        text += f"\n[{package.folder}]\n"
        for key in ("package", "version", "licence", "source_sha256"):
            text += f'{key} = "{getattr(package, key)}"\n'
        text += f"\n[{package.folder}.files]\n"
        text += "".join(f'"{path}" = "{sha256(content)}"\n' for path, content in sorted(files.items()))
    return text


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        built = build(Path(folder))
    for files in built.values():
        for path, content in files.items():
            target = VENDORED / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            print(f"{path}  {len(content):,} bytes")
    (VENDORED / "MANIFEST.toml").write_text(manifest(built))


if __name__ == "__main__":
    main()
