"""What a synthetic subject is like: `synthetic.yaml` of a study, as frozen models.

Names that begin with `true_` are what the generator knows and a trial cannot.
"""

from typing import Annotated, Literal

from pydantic import Field

from pilotage.study.protocol import CalendarDate, Label, Name, Part, Range

Probability = Annotated[float, Field(ge=0, le=1)]
Days = Annotated[int, Field(ge=1)]
Choices = Annotated[dict[str, Probability], Field(min_length=1, description="answer: probability")]


class Spread(Part):
    """A normal distribution cut to a range."""

    mean: float
    sd: Annotated[float, Field(ge=0)]
    range: Range


class Shares(Spread):
    """A normal distribution of shares, from 0 to 1."""

    mean: Probability
    range: tuple[Probability, Probability]


class Recruitment(Part):
    """When subjects give consent, and how long each is followed from the first dose, in days; and
    how many who are not eligible are screened besides them."""

    prefix: Annotated[str, Field(pattern=r"^[A-Z0-9]{2,8}$")]
    first: CalendarDate
    last: CalendarDate
    screening_days: tuple[Days, Days]
    follow_up_days: tuple[Days, Days]
    cut: CalendarDate
    screen_failures: Annotated[int, Field(ge=0)] = 0


class Demography(Part):
    age: Spread
    sex: Choices
    race: Annotated[Choices | None, Field(description="left out where it is not recorded")] = None


class Lasting(Part):
    """Subjects whose disease never clears: of its activity at entry a share is `left`, drawn for
    each of them, below which it does not fall."""

    share: Probability
    left: Shares


class Responding(Part):
    """A score that the drug lowers. The latent value falls by a share each week, by dose step;
    below `true_clear_below` the score is 0; below the holding dose the disease may come back."""

    baseline: Spread
    true_decline_per_week: dict[str, Probability]
    subject_sd: Annotated[float, Field(ge=0, description="of the log of the subject's own speed")]
    true_clear_below: Annotated[float, Field(gt=0)]
    true_lasting: Annotated[
        Lasting | None, Field(description="left out: every disease clears under a dose that works")
    ] = None
    true_relapse_per_week: dict[str, Probability]
    relapse: Spread
    noise_sd: Annotated[float, Field(ge=0)] = 0.5


class Limits(Part):
    """The laboratory's limits of normal; None where there is none."""

    low: float | None = None
    high: float | None = None

    @property
    def both(self) -> tuple[float | None, float | None]:
        return self.low, self.high


class Stable(Part):
    """A value that stays around the subject's own level; `true_drug_shift` is added under drug."""

    baseline: Spread
    within_sd: Annotated[float, Field(ge=0)]
    true_drug_shift: float = 0
    digits: Annotated[int, Field(ge=0, le=4)] = 0
    normal: Limits = Limits()


class Occurrence(Part):
    """What a subject answers once something has happened to it, at the first contact from then on
    that asks; before that and afterwards `otherwise`. It comes at a constant rate from the first
    dose on, at most once."""

    answer: str
    otherwise: str
    true_per_week: Annotated[Probability, Field(description="chance that it comes in a week")]


class SyntheticEvent(Part):
    """An adverse event that a subject may have, on a day between two study days under drug."""

    term: str
    true_probability: Probability
    days: tuple[Days, Days]
    lasts_days: tuple[Days, Days]
    severity: str
    serious: bool = False
    related: str = "POSSIBLE"
    stops_treatment: bool = False


class Nature(Part):
    """The whole of `synthetic.yaml`."""

    pilotage: Annotated[Literal[1], Field(description="version of this schema")]
    remark: Label
    recruitment: Recruitment
    demography: Demography
    facts: Annotated[
        dict[str, Choices],
        Field(default_factory=dict, description="form.item: {answer: probability}"),
    ]
    quantities: Annotated[
        dict[str, Spread], Field(default_factory=dict, description="form.item: a number")
    ]
    occurrences: Annotated[
        dict[str, Occurrence],
        Field(default_factory=dict, description="form.item: an answer that may come"),
    ]
    responding: dict[Name, Responding]
    stable: Annotated[dict[Name, Stable], Field(default_factory=dict)]
    events: tuple[SyntheticEvent, ...] = ()
    true_missed_visit: Probability = 0
