"""Every single mutation of a study is one change, seen alike from both sides."""

import random

import pytest
from mutations import Mutation, mutations

from pilotage.amendments import Change, changes
from pilotage.study import Study, load_study
from pilotage.study.new import TEMPLATE

RULES = ("eligibility", "dosing", "stopping", "dispensing", "deviations", "schedule",
         "analysis_windows", "classifications", "relapse", "time_to_event")  # fmt: skip
"""Where criteria, rows and windows stand."""


@pytest.fixture(scope="module")
def template() -> Study:
    return load_study(TEMPLATE)


@pytest.fixture(scope="module")
def built_in() -> Study:
    return load_study("lenalidomide_cle")


def in_any_order(found: tuple[Change, ...]) -> list[str]:
    return sorted(map(repr, found))


def hold(study: Study, mutation: Mutation) -> None:
    mutated = mutation.of(study)
    found = changes(study, mutated)
    assert len(found) == 1, f"{mutation}: {[change.name for change in found]}"
    assert in_any_order(changes(mutated, study)) == [repr(found[0].mirrored())], str(mutation)


def test_a_study_compared_with_itself_has_no_change(template: Study, built_in: Study) -> None:
    for study in (template, built_in):
        assert changes(study, study) == ()
        assert changes(study, load_study(study.folder)) == ()


def test_every_place_of_the_template_is_one_change(template: Study) -> None:
    every = list(mutations(template))
    assert len(every) > 500
    for mutation in every:
        hold(template, mutation)


def test_some_places_of_the_built_in_study_are_one_change_each(built_in: Study) -> None:
    for mutation in random.Random(1).sample(list(mutations(built_in)), 40):
        hold(built_in, mutation)


@pytest.mark.slow
def test_every_row_criterion_and_window_of_the_built_in_study_is_one_change(
    built_in: Study,
) -> None:
    of_rules = [each for each in mutations(built_in) if each.path[:1] and each.path[0] in RULES]
    assert len(of_rules) > 800
    for mutation in of_rules:
        hold(built_in, mutation)


def test_several_mutations_are_as_many_changes_seen_alike_from_both_sides(
    template: Study,
) -> None:
    """Not every set of mutations: those of different parts."""
    every = [each for each in mutations(template) if len(each.path) > 2]
    for seed in range(40):
        some = random.Random(seed).sample(every, 4)
        apart = {each.path[:4]: each for each in some}.values()
        mutated = template
        try:
            for mutation in apart:
                mutated = mutation.of(mutated)
        except (KeyError, IndexError, TypeError):
            continue  # one left out what another one changes
        found = changes(template, mutated)
        mirrored = [change.mirrored() for change in changes(mutated, template)]
        assert in_any_order(found) == in_any_order(tuple(mirrored)), [*map(str, apart)]


def test_other_studies_mirror_each_other(template: Study, built_in: Study) -> None:
    found = changes(template, built_in)
    back = [change.mirrored() for change in changes(built_in, template)]
    assert in_any_order(found) == in_any_order(tuple(back))
    assert {change.kind for change in found} == {"added", "removed", "changed"}
