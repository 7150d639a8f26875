"""The frame of every HTML page stands in one template: its head, its policy, its mark."""

from importlib.resources import files

import pytest

from pilotage.report.html import filled
from pilotage.report.words import Words

PAGES = {
    "pilotage.report": "report.html",
    "pilotage.explain": "life.html",
    "pilotage.amendments": "diff.html",
}


@pytest.mark.parametrize("package, name", PAGES.items())
def test_a_page_takes_its_head_from_the_frame(package, name):
    template = (files(package) / "templates" / name).read_text("utf-8")
    assert template.startswith('{% extends "page.html" %}')
    assert "<head>" not in template


def framed(tmp_path, *, synthetic: bool, images: bool = False) -> str:
    template = tmp_path / "page.html"
    template.write_text('{% extends "page.html" %}{% block main %}<p>{{ title }}</p>{% endblock %}')
    return filled(
        template, language="en", title="Doses < 10 mg", subtitle="", synthetic=synthetic,
        images=images, style="", words=Words(),
    )  # fmt: skip


def test_a_page_about_synthetic_subjects_says_so_in_its_title_and_on_every_printed_sheet(tmp_path):
    page, mark = framed(tmp_path, synthetic=True), Words()("synthetic_mark")
    assert f"<title>Doses &lt; 10 mg · {mark}</title>" in page
    assert "@top-center" in page
    assert '<p class="synthetic" role="note">' in page


def test_a_page_about_real_subjects_has_no_mark(tmp_path):
    page = framed(tmp_path, synthetic=False)
    assert "<title>Doses &lt; 10 mg</title>" in page
    assert "synthetic" not in page


@pytest.mark.parametrize("images", [True, False])
def test_a_page_loads_nothing_and_only_pages_with_figures_show_images(tmp_path, images):
    page = framed(tmp_path, synthetic=False, images=images)
    assert "default-src 'none'; style-src 'unsafe-inline'" in page
    assert ("img-src data:" in page) is images
