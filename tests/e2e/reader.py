"""Somebody who reads pages in a browser and does what people do: open, tap, type. It notes what goes wrong."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request

from tests.e2e.product import Card, Product

PHONE, NARROW, DESKTOP = 390, 320, 1440
HEIGHT = 844
# What the browser says of an answer that is no 200; tests ask for the status themselves where they expect one.
STATUS = "Failed to load resource: the server responded with a status of"


class Reader:
    """A browser with its own cookies. problems: errors and refused content in the console, and foreign requests.

    width: of the window in CSS pixels. size, contrast: of the cookies that the switches would set. scale: how many
    pixels a CSS pixel has.
    """

    def __init__(
        self,
        browser: Browser,
        product: Product,
        *,
        width: int = PHONE,
        javascript: bool = True,
        size: str = "normal",
        contrast: str = "normal",
        scale: int = 1,
    ) -> None:
        self.product = product
        self.width = width
        self.problems: list[str] = []
        self._context = browser.new_context(
            # No `is_mobile`: such a browser widens its window to what overflows, and the audit would not see it.
            viewport={"width": width, "height": HEIGHT},
            has_touch=width < DESKTOP,
            device_scale_factor=scale,
            java_script_enabled=javascript,
            locale="en-US",  # a cheap phone as it was bought; pages are Chinese all the same
        )
        self._context.add_cookies(
            [
                {"name": name, "value": value, "url": product.url}
                for name, value in (("size", size), ("contrast", contrast))
                if value != "normal"
            ]
        )
        self._context.set_default_timeout(15_000)
        self.page = self._context.new_page()
        self.page.on("console", self._note_console)
        self.page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        self.page.on("request", self._note_request)

    def open(self, path: str) -> Page:
        """Open an address of the product, or of its county."""
        self.page.goto(path if "://" in path else self.product.url + path)
        return self.page

    def tap(self, words: str) -> Page:
        """Tap the link or button with these words (part of it), and wait for the page that comes."""
        with self.page.expect_navigation():
            # Not what only the Enter key of a field presses.
            self._seen("a:not([aria-hidden]), button:not([aria-hidden])", words).click()
        return self.page

    def unfold(self, words: str) -> None:
        """Tap what opens more of the same page."""
        self._seen("summary", words).click()

    def sign_in(self, card: Card, pin: str = "") -> Page:
        """Open a card's address, type the PIN and go on."""
        self.open(card.path)
        self.page.get_by_label("请输密码").fill(pin or card.pin)
        return self.tap("看我家的账")

    def sign_in_as(self, login: str) -> Page:
        """Sign in by name and password, as staff does."""
        self.open("/sign-in/password/")
        self.page.get_by_label("登录名或手机号").fill(login)
        self.page.get_by_label("密码").fill(self.product.password_of(login))
        with self.page.expect_navigation():
            self.page.locator("main").get_by_role("button", name="登录", exact=True).click()
        return self.page

    @contextmanager
    def whole_page(self) -> Iterator[Page]:
        """Make the window as high as the page, so that the bars at the foot of one are at the foot of the other."""
        height = self.page.evaluate("document.documentElement.scrollHeight")
        self.page.set_viewport_size({"width": self.width, "height": height})
        yield self.page
        self.page.set_viewport_size({"width": self.width, "height": HEIGHT})

    def forget(self, cookie: str) -> None:
        self._context.clear_cookies(name=cookie)

    def _seen(self, kind: str, words: str) -> Locator:
        return self.page.locator(kind).filter(has_text=words, visible=True).first

    def close(self) -> None:
        self._context.close()

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(STATUS):
            self.problems.append(f"{self.page.url}: {message.text}")

    def _note_request(self, request: Request) -> None:
        host = urlsplit(request.url).hostname or ""
        if host not in ("localhost", "cangcheng.localhost", "other.localhost") and not request.url.startswith(
            "data:"
        ):
            self.problems.append(f"{self.page.url}: asked {request.url}")
