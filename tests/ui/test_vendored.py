import hashlib
import tomllib
from pathlib import Path

import xiangyue.ui

VENDORED = Path(xiangyue.ui.__file__).parent / "static" / "vendored"
MANIFEST = tomllib.loads((VENDORED / "MANIFEST.toml").read_text())


def test_the_shipped_files_are_those_that_were_checked() -> None:
    promised = {path: digest for package in MANIFEST.values() for path, digest in package["files"].items()}
    shipped = {
        path.relative_to(VENDORED).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDORED.rglob("*")
        if path.is_file() and path.name != "MANIFEST.toml"
    }
    assert shipped == promised


def test_each_package_says_where_it_comes_from_and_under_which_licence() -> None:
    for folder, package in MANIFEST.items():
        assert set(package) == {"package", "version", "licence", "source_sha256", "files"}
        assert f"{folder}/LICENSE" in package["files"]
