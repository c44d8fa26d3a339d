"""Audit a page in a real browser: contrast, size of text and targets, names, clipping, overflow (LOOK §8).

It does not look at text on photographs, in charts, or on disabled controls: a person has to.
"""

from pathlib import Path

from playwright.sync_api import Page

SCRIPT = (Path(__file__).parent / "audit.js").read_text()


def audit(page: Page, face: str | None) -> list[str]:
    """List what is wrong with an open page, one short line each; nothing wrong gives an empty list.

    face: phone, counter or console, whose least sizes differ; None (paper) leaves sizes unchecked. In the large type
    of the phone, text is at least 18 px and a target 60 px (CONDUCT "No phone needed").
    """
    found: list[str] = page.evaluate(SCRIPT, face)
    return found
