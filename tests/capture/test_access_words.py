"""The application speaks Spanish: every string, with the same values in it, and as compiled."""

import gettext
import re

import pytest
from django.utils import translation

import translations

VALUES = re.compile(r"%\(\w+\)[sd]")


CATALOGUES = pytest.mark.parametrize(
    ("catalogue", "said"),
    [
        (translations.CATALOGUE, translations.said),
        (translations.OF_SCALES, translations.of_scales),
    ],
    ids=("application", "scales"),
)


@CATALOGUES
def test_every_string_is_translated(catalogue, said):
    words = translations.read(catalogue)
    assert [one for one in said() if not all(words.get(one, ("",)))] == []


@CATALOGUES
def test_the_catalogue_holds_nothing_that_is_said_no_more(catalogue, said):
    assert sorted(translations.read(catalogue).keys() - said().keys()) == []


@CATALOGUES
def test_a_translation_holds_the_values_of_its_source(catalogue, said):
    strings = said()
    wrong = [
        one
        for one, texts in translations.read(catalogue).items()
        for source, text in zip((one, strings.get(one) or one), texts, strict=False)
        if sorted(VALUES.findall(source)) != sorted(VALUES.findall(text))
    ]
    assert wrong == []


@CATALOGUES
def test_the_compiled_catalogue_is_the_written_one(catalogue, said):
    compiled = catalogue.with_suffix(".mo").read_bytes()
    assert compiled == translations.compiled(translations.read(catalogue), said())


def test_states_roles_and_acts_are_noted_for_the_translators():
    """What the record itself names, and a page says in words."""
    from pilotage.capture.permissions import ROLES
    from pilotage.capture.sign_in.noted import Noted
    from pilotage.capture.states import TABLES

    states = {state for table in TABLES.values() for state in table.values()}
    named = {*states, *(role.replace("_", " ") for role in ROLES), *Noted}
    assert sorted(named - translations.said().keys()) == []


def test_what_a_published_scale_asks_is_shown_in_the_language_of_the_page():
    from pilotage.capture.entry_forms import fields_of
    from pilotage.capture.planned import planned

    for language, label, region in (
        ("es", "Eritema: tórax", "tórax"),
        ("en", "Erythema: chest", "chest"),
        (None, "Erythema: chest", "chest"),
    ):
        page = fields_of(planned(), "clasi", language)
        assert page.label_of("erychest") == label
        assert region in [each.label for each in page.regions]


def test_the_compiled_catalogue_is_read_by_gettext():
    with translations.CATALOGUE.with_suffix(".mo").open("rb") as file:
        found = gettext.GNUTranslations(file)
    assert found.gettext("Sign in") == "Entrar"
    assert found.ngettext("%(n)s row", "%(n)s rows", 1) == "%(n)s fila"
    assert found.ngettext("%(n)s row", "%(n)s rows", 2) == "%(n)s filas"


@pytest.mark.parametrize(
    "source, strings",
    [
        ('_("a")', {"a": ""}),
        ('gettext_lazy("a" "b")', {"ab": ""}),
        ('ngettext("one", "many", n)', {"one": "many"}),
        ('print("a")', {}),
    ],
)
def test_strings_of_programs_are_found(source, strings):
    assert dict(translations._in_python(source)) == strings


@pytest.mark.parametrize(
    "source, strings",
    [
        ('{% translate "a" %}', {"a": ""}),
        ("{% translate 'a' %}", {"a": ""}),
        ('{% translate "it\'s" %}', {"it's": ""}),
        ("{% blocktranslate %}a {{ b }}{% endblocktranslate %}", {"a %(b)s": ""}),
        (
            "{% blocktranslate count n=n %}{{ n }} a{% plural %}{{ n }} b{% endblocktranslate %}",
            {"%(n)s a": "%(n)s b"},
        ),
        ("a", {}),
    ],
)
def test_strings_of_templates_are_found(source, strings):
    assert dict(translations._in_template("{% load i18n %}" + source)) == strings


def test_a_page_is_shown_in_the_language_that_was_chosen(record_db):
    from doors import Browser

    browser = Browser()
    assert "Sign in" in browser.get("/sign-in/").content.decode()
    browser.post("/language/", {"language": "es", "next": "/sign-in/"})
    assert "Entrar" in browser.get("/sign-in/").content.decode()
    assert 'lang="es"' in browser.get("/sign-in/").content.decode()


def test_numbers_and_dates_are_written_alike_in_every_language():
    from django.template import Context, Template

    template = Template('{{ number }} {{ day|date:"Y-m-d" }}')
    from datetime import date

    for language in ("en", "es"):
        with translation.override(language):
            shown = template.render(Context({"number": 1234.5, "day": date(2026, 11, 23)}))
        assert shown == "1234.5 2026-11-23"
