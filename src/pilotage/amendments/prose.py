"""The sections of protocol.md and open_questions.md, as parts of a study."""

from collections.abc import Iterator

from pilotage.amendments.parts import PROSE_PART
from pilotage.amendments.units import LABEL, Unit, Value
from pilotage.study import Study
from pilotage.study.files import PROSE, PROTOCOL, QUESTIONS
from pilotage.study.prose import read_prose


def sections(study: Study) -> dict[str, list[Unit]]:
    """The sections of each file under their headings, by the name of the file; a file that is not
    there has none."""
    within = study.place("protocol").rpartition(":")[0].removesuffix(PROTOCOL)
    return {
        PROSE: list(_sections(study, within + PROSE, PROSE)),
        QUESTIONS: list(_sections(study, QUESTIONS, QUESTIONS)),
    }


def _sections(study: Study, file: str, name: str) -> Iterator[Unit]:
    path = study.folder / file
    if not path.is_file():
        return
    text = path.read_text("utf-8-sig")
    prose = read_prose(text, file=file)
    lines = text.splitlines()
    starts = [(1, ""), *((line, id_) for id_, line in prose.lines.items())]
    ends = [start - 1 for start, _ in starts[1:]] + [len(lines)]
    for number, ((start, id_), end) in enumerate(zip(starts, ends, strict=True), start=1):
        body = "\n".join(lines[start - 1 if not id_ else start : end]).strip()
        called = f"{id_} of {name}" if id_ else f"the beginning of {name}"
        fields = {"title": Value(prose.headings.get(id_, ""), LABEL), "text": Value(body, LABEL)}
        if id_ or body:
            yield Unit(
                PROSE_PART, study, ("prose", name, id_), f"{file}:{start}", called, id_, number,
                None, fields,
            )  # fmt: skip
