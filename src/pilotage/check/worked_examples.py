"""The worked examples of a study: named subjects and what the study's rules must say of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pilotage.check.examples.asked import Asked, asked
from pilotage.check.examples.compared import differences
from pilotage.check.examples.mistakes import inconsistencies
from pilotage.check.examples.reading import read_examples
from pilotage.check.examples.subjects import Subject, moments_of, subjects_of
from pilotage.findings import Finding, InputErrors, error
from pilotage.plural import counted
from pilotage.study import Study
from pilotage.study.load import in_order
from pilotage.study.places import Lines, place_of
from pilotage.study.worked_examples import FILE

__all__ = ["FILE", "examples_that_hold", "worked_example_findings"]


def worked_example_findings(study: Study) -> list[Finding]:
    """An error for each mistake in the file, and where there is none, for each thing that comes out
    differently; none for a study without examples."""
    read = read_examples(study)
    if read is None:
        return []
    found = list(read.findings)
    if read.model is not None:
        found += inconsistencies(study, read)
    if found or read.model is None:
        return list(in_order(found))
    subjects = subjects_of(read.model)
    moments = moments_of(subjects, read.model.day_one)
    try:
        answers = asked(study, subjects, moments, read.model.day_one)
    except InputErrors as problem:
        return [
            error(FILE, f"what is recorded cannot be used: {each}") for each in problem.findings
        ]
    run = _Run(read.lines)
    return list(in_order([finding for each in answers for finding in run.findings(each)]))


def examples_that_hold(study: Study, findings: Iterable[Finding]) -> str:
    """`8 of 9 worked examples hold`, by what was found; empty for a study without examples, and
    where they could not be asked."""
    read = read_examples(study)
    own = [finding for finding in findings if finding.where.partition(":")[0] == FILE]
    if read is None or read.model is None or any(finding.kind == "file" for finding in own):
        return ""
    every = len(read.model.examples)
    examples = counted(every, "worked example")
    missed = len({finding.example for finding in own})
    if missed:
        return f"{every - missed} of {examples} hold"
    return f"{examples} {'holds' if every == 1 else 'hold'}"


@dataclass(frozen=True, slots=True)
class _Run:
    """Words the findings with their lines."""

    lines: Lines

    def findings(self, each: Asked) -> Iterator[Finding]:
        moment = each.moment
        name = moment.subject.example.name
        on = moment.expected.on
        day = str(moment.on) if isinstance(on, str) else f"{moment.on} (study day {on})"
        for difference in differences(each):
            place = place_of(self.lines, (*moment.path, *difference.path), file=FILE)
            words = f"{name}: on {day} {difference}"
            yield Finding(
                "error",
                place,
                words,
                kind="worked-example",
                source=_sources(moment.subject),
                example=name,
            )


def _sources(subject: Subject) -> tuple[str, ...]:
    source = subject.example.source
    return (source,) if isinstance(source, str) else (source or ())
