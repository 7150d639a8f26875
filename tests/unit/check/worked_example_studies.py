"""The study of `pilotage new` with worked examples of a test, and what is found in them."""

import shutil
from pathlib import Path

from pilotage.check.worked_examples import worked_example_findings
from pilotage.study import load_study
from pilotage.study.new import TEMPLATE

HEAD = """\
pilotage: 1
day_one: 2024-03-04
starts:
  eligible:
    records:
      -7:
        demography.age: 40
        demography.sex: F
        demography.consent: -7
        history.pregnant: no
        NEUT: {value: 4.0, unit: 10*9/L, low: 1.8}
      -1: {SCORE: 8}
  treated:
    like: eligible
    doses: [{step: 10 mg QD, from: 1}]
"""
FIRST = HEAD.count("\n") + 2
"""The line on which the first example begins."""


def study_with(folder: Path, examples: str, *, head: str = HEAD) -> Path:
    """The study in a folder, with these examples instead of its own."""
    study = Path(shutil.copytree(TEMPLATE, folder / "study", dirs_exist_ok=True))
    text = f"{head}examples:\n{examples}"
    (study / "worked_examples.yaml").write_text(text, encoding="utf-8")
    return study


def found_in(folder: Path, examples: str, *, head: str = HEAD) -> list[str]:
    """Everything that is found in the examples, in words."""
    study = load_study(study_with(folder, examples, head=head))
    return [str(finding) for finding in worked_example_findings(study)]


def mistakes_in(folder: Path, example: str) -> list[str]:
    """The same of one example, without the file and its line."""
    return [said.partition(": ")[2] for said in found_in(folder, example)]


def differences_of(
    folder: Path, *, of: str = "treated", records: str = "", expect: str
) -> list[str]:
    """What comes out differently on study day 29 for a subject that is like a start."""
    lines = [
        f"- name: She\n  like: {of}\n  records: {{{records}}}\n  expect: [{{on: 29, {expect}}}]"
    ]
    start = "She: on 2024-04-01 (study day 29) "
    said = mistakes_in(folder, "\n".join(lines))
    assert all(words.startswith(start) for words in said), said
    return [words.removeprefix(start) for words in said]
