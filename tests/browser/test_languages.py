import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from api.settings import ROOT
from tests.browser.conftest import PHONE
from tests.browser.screen import Screen, as_query
from tests.demo_database import CLUSTERED, UNREFRESHED

TEXTS = ROOT / "frontend" / "src" / "text"
ENTRY = re.compile(r'^\s*"?([\w.]+)"?:\s*\n?\s*("(?:[^"\\]|\\.)*")', re.MULTILINE)
BADGE = {"nl": "Fictieve demodata", "fr": "Données fictives", "en": "Fictional demo data"}


def _texts(language: str) -> dict[str, str]:
    """Our own words in a language, by their key."""
    source = (TEXTS / f"{language}.ts").read_text(encoding="utf-8")
    return {key: words[1:-1].replace('\\"', '"') for key, words in ENTRY.findall(source)}


def _untranslated(screen: Screen, language: str) -> list[str]:
    """What is to be seen or heard in Dutch although another language is on."""
    own, dutch = _texts(language), _texts("nl")
    foreign = {
        words for key, words in dutch.items() if own[key] != words and "{" not in words and len(words) > 3
    }
    # The name of the data set is a name, and stays.
    foreign -= {*own.values(), dutch["demo.badge"]}
    heard = [*screen.visible_text().splitlines(), *screen.labels()]
    return sorted({line.strip() for line in heard} & foreign)


def _switch(screen: Screen, language: str) -> None:
    screen.page.get_by_role("group", name=re.compile("Taal|Langue|Language")).get_by_role(
        "button", name=re.compile(f"^{language} ")
    ).click()
    expect(screen.page.locator("html")).to_have_attribute("lang", language)


def _everywhere(screen: Screen) -> dict[str, list[str]]:
    """Walk through the screens that words stand on, and note the Dutch ones."""
    language = screen.page.locator("html").get_attribute("lang") or ""
    found: dict[str, list[str]] = {}
    tabs = screen.page.get_by_role("tab")
    for name, number in (("units", 0), ("weights", 1), ("vacancy", 2)):
        tabs.nth(number).click()
        screen.wait_for_list()
        found[name] = _untranslated(screen, language)
    tabs.nth(0).click()
    screen.page.locator("kk-filter-bar [aria-expanded]").click()
    expect(screen.page.locator("kk-filter-panel")).to_be_visible()
    found["filters"] = _untranslated(screen, language)
    screen.page.locator("kk-filter-bar [aria-expanded]").click()
    screen.page.locator("kk-map-controls [aria-expanded]").click()
    expect(screen.page.locator("kk-layers-panel")).to_be_visible()
    found["layers"] = _untranslated(screen, language)
    return {name: words for name, words in found.items() if words}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_word_on_the_screen_changes_with_the_language(city: Screen, language: str) -> None:
    dutch = city.visible_text()
    city.rows.first.click()
    expect(city.panel.locator("kk-facts")).to_be_attached()

    _switch(city, language)

    expect(city.panel.locator("h3").first).to_have_text(_texts(language)["unit.score_title"])
    unit = as_query(city.view)["unit"]
    detail = city.site.ask(f"shop-units/{unit}", lang=language)
    for component in detail["score_detail"]["components"]:
        expect(city.panel.get_by_text(component["label"], exact=True).first).to_be_attached()
    assert as_query(city.view)["lang"] == language
    assert _everywhere(city) == {}
    assert city.visible_text() != dutch
    city.page.reload()
    city.wait_for_list()
    expect(city.page.locator("html")).to_have_attribute("lang", language)


def test_the_texts_were_read(built: object) -> None:
    counts = {language: len(_texts(language)) for language in ("nl", "fr", "en")}
    assert counts["nl"] == counts["fr"] == counts["en"] > 200


@pytest.mark.parametrize(
    ("asked", "shown"), [("fr-BE", "fr"), ("en-GB", "en"), ("nl-BE", "nl"), ("de-DE", "nl")]
)
def test_a_first_visit_speaks_the_language_of_the_browser_and_dutch_where_we_do_not(
    visit: Callable[..., Screen], asked: str, shown: str
) -> None:
    screen = visit(language=asked)
    screen.open()

    expect(screen.page.locator("html")).to_have_attribute("lang", shown)
    expect(screen.heading).to_have_text(_texts(shown)["start.title"])
    assert _untranslated(screen, shown) == []


def test_numbers_and_municipalities_are_written_as_the_language_writes_them(city: Screen) -> None:
    population = city.site.ask(f"municipalities/{CLUSTERED}")["population"]
    city.page.get_by_role("link", name=re.compile("Kernkaart")).click()
    grouped = {"nl": f"{population:,}".replace(",", "."), "en": f"{population:,}"}
    expect(city.start).to_contain_text(f"{grouped['nl']} inwoners")
    _switch(city, "en")
    expect(city.start).to_contain_text(grouped["en"])
    _switch(city, "fr")
    expect(city.start).to_contain_text(re.compile(rf"{population // 1000}\s{population % 1000:03d}"))


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
@pytest.mark.parametrize("size", ["laptop", "phone"])
def test_fiction_is_marked_as_fiction_wherever_it_is_shown(
    visit: Callable[..., Screen], language: str, size: str
) -> None:
    screen = visit(PHONE, touch=True) if size == "phone" else visit()
    assert _texts(language)["demo.badge"] == BADGE[language]
    screen.open(f"lang={language}")
    towns = screen.site.ask("municipalities")["items"]
    fictional = sum(town["is_demo"] for town in towns)
    expect(screen.start.get_by_text(BADGE[language])).to_have_count(fictional)
    assert 0 < fictional < len(towns)

    for view in ("", "&tab=weights", "&tab=vacancy", f"&unit={_a_unit(screen)}"):
        screen.open(f"m={CLUSTERED}&lang={language}{view}")
        expect(screen.badge).to_have_text(BADGE[language])
        expect(screen.badge).to_be_in_viewport(ratio=1)
    screen.page.emulate_media(media="print")
    expect(screen.badge).to_be_visible()
    screen.page.emulate_media(media="screen")
    screen.open(f"m={UNREFRESHED}&lang={language}")
    expect(screen.badge).to_have_count(0)


def _a_unit(screen: Screen) -> int:
    return int(screen.site.ask("shop-units", municipality=CLUSTERED, limit=1)["items"][0]["id"])
