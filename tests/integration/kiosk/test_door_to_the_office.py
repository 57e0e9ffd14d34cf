"""The way from the booth's own screen to the administrator's side, and back."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.kiosk_screen import says
from tests.panel import ServedBooth

pytestmark = pytest.mark.browser


def test_staff_choose_a_pin_sign_out_and_sign_in_again(booth: ServedBooth, page: Page) -> None:
    def is_accessible() -> None:
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()

    page.get_by_role("link", name="For staff").tap()
    says(page, "Choose a PIN for staff")
    is_accessible()
    page.get_by_label("PIN").fill("1234")
    page.get_by_label("Once more").fill("1234")
    page.get_by_role("button", name="Keep this PIN").tap()
    expect(page.get_by_role("alert")).to_contain_text("among the first that anybody tries")
    page.get_by_label("PIN").fill("482913")
    page.get_by_label("Once more").fill("482913")
    page.get_by_role("button", name="Keep this PIN").tap()
    says(page, "The site")
    page.get_by_role("link", name="Health").tap()
    says(page, "How the booth does")
    is_accessible()
    expect(page.get_by_role("row", name="Camera")).to_be_visible()
    page.get_by_role("button", name="Sign out").tap()
    says(page, "Sign in")
    is_accessible()
    page.get_by_label("PIN").fill("482914")
    page.get_by_role("button", name="Sign in").tap()
    expect(page.get_by_role("alert")).to_have_text("That is not the PIN.")
    page.get_by_label("PIN").fill("482913")
    page.get_by_role("button", name="Sign in").tap()
    says(page, "How the booth does")
    page.get_by_role("button", name="Back to the booth").tap()
    says(page, "Practise an interview.")
    page.get_by_role("link", name="For staff").tap()
    says(page, "Sign in")
    page.get_by_role("link", name="Back to the booth").tap()
    says(page, "Practise an interview.")
