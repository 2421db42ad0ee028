"""People at a browser: each has a window of their own, and every page they open is checked."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from people.models import User
from tests.factories import PASSWORD

expect.set_options(timeout=15_000)  # as long as every other wait at a page
AXE = Axe()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES = {
    "light": {"runOnly": TAGS},
    # Dark changes colours alone.
    "dark": {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}},
}
# Colours hang on classes, so that a page without a new one shows nothing new in the dark.
CLASSES = "() => [...document.querySelectorAll('[class]')].flatMap(e => [...e.classList])"
SEEN_IN_DARK: set[str] = set()

# What stands out on the right, if the page scrolls sideways.
TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
    [...document.querySelectorAll("main *")]
    .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
    .map(e => e.outerHTML.slice(0, 90))"""


class Window:
    """A window of somebody's own, in which nobody is signed in yet."""

    size = {"width": 1280, "height": 900}

    def __init__(self, browser: Browser, base_url: str, **options):
        self.base_url = base_url
        self.context = browser.new_context(viewport=self.size, reduced_motion="reduce", **options)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._note_console)

    def _note_console(self, message) -> None:
        # A page that is refused answers 404, which the browser and htmx both note; and htmx notes
        # each preview that the next tick, or leaving the page, made needless.
        noted = ("404", "htmx:sendAbort", "htmx:afterRequest")
        if message.type == "error" and not any(part in message.text for part in noted):
            self.errors.append(message.text)

    def open(self, name: str, *args, status: int = 200) -> Self:
        answer = self.page.goto(self.base_url + reverse(name, args=args))
        assert answer is not None
        assert answer.status == status, f"{name}: {answer.status}"
        return self

    def click(self, name: str, role: str = "button") -> Self:
        self.page.get_by_role(role, name=name, exact=True).first.click()  # type: ignore[arg-type]
        self.page.wait_for_load_state()
        return self

    def fill(self, **values: str) -> Self:
        for name, value in values.items():
            self.page.fill(f"main [name={name}]", value)
        return self

    def choose(self, **values: str) -> Self:
        for name, value in values.items():
            self.page.check(f'main [name={name}][value="{value}"]')
        return self

    @contextmanager
    def saving(self) -> Iterator[None]:
        """Until the section that is filled in here has saved itself."""
        with self.page.expect_response(lambda r: r.request.method == "POST") as answer:
            yield
            self.page.keyboard.press("Tab")
        assert answer.value.ok
        self.page.wait_for_load_state("networkidle")

    def sees(self, *texts: str) -> Self:
        for text in texts:
            expect(self.page.locator("main")).to_contain_text(text)
        return self

    def never_sees(self, *texts: str) -> Self:
        content = self.page.content()
        assert not [text for text in texts if text in content]
        return self

    def check_page(self) -> Self:
        """No axe violation, in light and in dark, and nothing that scrolls sideways at 320 px."""
        self.page.evaluate(AXE.axe_script)
        classes = set(self.page.evaluate(CLASSES))
        for scheme, rules in RULES.items():
            if scheme == "dark" and classes <= SEEN_IN_DARK:
                continue
            self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            found = self.page.evaluate(
                'rules => axe.run({...rules, resultTypes: ["violations"], preload: false})', rules
            )
            assert not found["violations"], (scheme, self.page.url, found["violations"])
        SEEN_IN_DARK.update(classes)
        self.page.set_viewport_size({"width": 320, "height": 800})
        assert not self.page.evaluate(TOO_WIDE), self.page.url
        self.page.set_viewport_size(self.size)
        assert not self.errors, self.errors
        return self

    def leave(self) -> None:
        self.context.close()


class Person(Window):
    """Somebody signed in, in a window of their own."""

    def __init__(self, browser: Browser, base_url: str, user: User, **options):
        super().__init__(browser, base_url, **options)
        self.user = user
        self.page.goto(base_url + reverse("account_login"))
        self.sign_in()

    def sign_in(self) -> None:
        self.page.fill("[name=login]", self.user.email)
        self.page.fill("[name=password]", PASSWORD)
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        expect(self.page.locator(".kc-who")).to_contain_text(self.user.name)


class Tablet(Person):
    """Somebody beside a patient, with a tablet held upright."""

    size = {"width": 820, "height": 1180}

    def __init__(self, browser: Browser, base_url: str, user: User):
        super().__init__(browser, base_url, user, has_touch=True)


class Visitor(Window):
    """A client on a phone, without an account."""

    size = {"width": 390, "height": 844}

    def __init__(self, browser: Browser, base_url: str):
        super().__init__(browser, base_url, has_touch=True, is_mobile=True)
