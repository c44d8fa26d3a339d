"""Somebody who reads pages in a browser and does what people do: open, tap, type. It notes what goes wrong."""

from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from tests.e2e.product import Card, Product

PHONE, NARROW, DESKTOP = 390, 320, 1440
# What the browser says of an answer that is no 200; tests ask for the status themselves where they expect one.
STATUS = "Failed to load resource: the server responded with a status of"


class Reader:
    """A browser with its own cookies. problems: errors and refused content in the console, and foreign requests.

    width: of the screen in CSS pixels; up to 500 it is a phone. size, contrast: cookies that the switches would set.
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
    ) -> None:
        is_phone = width < 500
        self.product = product
        self.problems: list[str] = []
        self._context = browser.new_context(
            viewport={"width": width, "height": 844 if is_phone else 900},
            is_mobile=is_phone,
            has_touch=is_phone,
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
        self.page = self._context.new_page()
        self.page.on("console", self._note_console)
        self.page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        self.page.on("request", self._note_request)

    def open(self, path: str) -> Page:
        """Open an address of the product, or of its county."""
        self.page.goto(path if "://" in path else self.product.url + path)
        return self.page

    def tap(self, words: str) -> Page:
        """Tap the link or button with these words (part of it), and see what comes."""
        target = self.page.locator("a, button, summary, label").filter(has_text=words).locator("visible=true")
        target.first.click()
        return self.page

    def sign_in(self, card: Card, pin: str = "") -> Page:
        """Open a card's address, type the PIN and go on."""
        self.open(card.path)
        self.page.get_by_label("请输密码").fill(pin or card.pin)
        return self.tap("看我家的账")

    def close(self) -> None:
        self._context.close()

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(STATUS):
            self.problems.append(f"{self.page.url}: {message.text}")

    def _note_request(self, request: Request) -> None:
        host = urlsplit(request.url).hostname or ""
        if host not in ("localhost", "cangcheng.localhost") and not request.url.startswith("data:"):
            self.problems.append(f"{self.page.url}: asked {request.url}")
