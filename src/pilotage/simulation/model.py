"""How virtual trials of a study run: `simulation.yaml`, as frozen models.

What a subject is like stands in `synthetic.yaml`; here stands what makes trials of such subjects.
Names that begin with `true_` are what the simulation knows and a trial cannot.
"""

from typing import Annotated, Literal

from pydantic import Field

from pilotage.courses.nature import Choices, Probability, Spread
from pilotage.study.protocol import Label, Name, Part

Level = Annotated[float, Field(gt=0, lt=1)]
Positive = Annotated[float, Field(gt=0)]
Setting = float | int
"""What a scenario or a grid may set."""

FUTILITY = 0.1
"""A Bayesian trial gives up below this probability, where nobody says otherwise."""
MOST_SUBJECTS = 1000
"""A pilot trial has far fewer; a slip of the key has more. Decisions are exact up to that many."""


class Fitted(Part):
    """Claims of `published.yaml` near which default values were chosen. They are fitted to these
    numbers, and confirm none of them."""

    claims: Annotated[tuple[str, ...], Field(min_length=1, description="ids of published.yaml")]
    what: Label


class Trial(Part):
    """One virtual trial: its subjects, how long each is followed from the first dose, and how fast
    they come. Without `recruited_per_month` all of them give consent on one day."""

    subjects: Annotated[int, Field(ge=1, le=MOST_SUBJECTS)]
    follow_up_days: Annotated[int, Field(ge=1, le=20_000)]
    recruited_per_month: Annotated[float, Field(ge=0.001, le=1e9)] | None = None
    capsule_strength: Annotated[
        Annotated[float, Field(ge=1e-6)] | None,
        Field(description="unit of the dose; without it each dose counts as one capsule"),
    ] = None


class Days(Part):
    """Days with a normal distribution, rounded to whole ones."""

    mean: float = 0
    sd: Annotated[float, Field(ge=0)] = 0


class Conduct(Part):
    """What goes otherwise than planned with a subject. Entry errors and delays show in a rehearsal;
    trials are simulated as if what was measured had been entered."""

    true_dropout_per_week: Probability = 0
    true_missed_visit: Probability = 0
    true_late_days: Annotated[Days, Field(description="of a visit; before its day below 0")] = (
        Days()
    )
    true_entry_error: Probability = 0
    true_error_found: Annotated[
        Probability, Field(description="share of entry errors that source data verification finds")
    ] = 0.5
    entry_delay_days: Days = Days()
    monitored_every_days: Annotated[int, Field(ge=1)] = 42


class Rehearsed(Part):
    """Answers to forms that `synthetic.yaml` does not describe, given anew whenever a rehearsal
    fills the form. Trials are simulated without them."""

    answers: Annotated[
        dict[str, Choices],
        Field(default_factory=dict, description="form.item: {answer: probability}"),
    ]
    numbers: Annotated[
        dict[str, Spread], Field(default_factory=dict, description="form.item: a number")
    ]


class Endpoint(Part):
    """A success: the best category of the response, up to a study day, is one of the codes."""

    classification: Name
    codes: Annotated[tuple[str, ...], Field(min_length=1)]
    until_day: Annotated[int | None, Field(ge=2)] = None


class Exact(Part):
    """One test at the end: exact, one-sided, of the proportion of successes above `null`."""

    kind: Literal["exact"]
    null: Level
    level: Level = 0.05


class Simon(Part):
    """Simon's two stages; n, n1 and the boundaries follow from these."""

    kind: Literal["simon"]
    null: Level
    alternative: Level
    alpha: Level = 0.05
    beta: Level = 0.2
    criterion: Literal["optimal", "minimax"] = "optimal"


class Toxicity(Part):
    """Stop once it is so probable that the rate of toxicity exceeds the limit."""

    limit: Level
    stop: Level = 0.9
    prior: tuple[Positive, Positive] = (1, 1)


class Watching(Part):
    """How a Bayesian trial is looked at, with a beta `prior` of the success rate.

    At each look the trial gives up where P(rate > null) is below `futility`, and accepts where it
    is at least `early_success` (left out: never before the end); toxicity ends it first.
    """

    looks: Annotated[
        tuple[Annotated[int, Field(ge=1)], ...],
        Field(min_length=1, description="numbers of subjects; the whole trial is a look too"),
    ]
    prior: tuple[Positive, Positive] = (1, 1)
    futility: Annotated[float, Field(ge=0, lt=1, description="0: it never gives up")] = FUTILITY
    early_success: Level | None = None
    toxicity: Toxicity | None = None


class Bayes(Watching):
    """Beta-binomial looks; at the end the treatment is accepted where the probability that the rate
    exceeds `null` is at least `success`."""

    kind: Literal["bayes"]
    null: Level
    success: Level = 0.95


Decision = Annotated[Exact | Simon | Bayes, Field(discriminator="kind")]


class Scenario(Part):
    label: Label
    changes: Annotated[
        dict[str, Setting],
        Field(min_length=1, description="dotted path to a true_ value, or into trial or subject"),
    ]


class Grid(Part):
    """A scenario for each combination of the values."""

    label: Label
    over: Annotated[
        dict[str, Annotated[tuple[Setting, ...], Field(min_length=1)]], Field(min_length=1)
    ]


class Simulation(Part):
    """The whole of `simulation.yaml`."""

    pilotage: Annotated[Literal[1], Field(description="version of this schema")]
    remark: Label
    fitted_to: tuple[Fitted, ...] = ()
    trial: Trial
    subject: Conduct = Conduct()
    rehearsed: Annotated[Rehearsed, Field(default_factory=Rehearsed)]
    endpoint: Endpoint
    decision: Decision
    scenarios: Annotated[dict[str, Scenario], Field(default_factory=dict)]
    grids: Annotated[dict[str, Grid], Field(default_factory=dict)]
