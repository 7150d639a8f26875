"""Designs for stated errors: each holds them, and none smaller of its kind does."""

import json

import pytest

from pilotage.findings import InputErrors
from pilotage.simulation.design.choices import Options, choices
from pilotage.simulation.design.decisions import NoPlan, plan_of
from pilotage.simulation.design.designs import (
    Design,
    Designs,
    Question,
    _ending_with,
    _needed,
    bayesian,
    design_of,
    designs,
    single,
    two_stages,
)
from pilotage.simulation.design.steady import steady_size, sure_size
from pilotage.simulation.design.told import document, lines
from pilotage.simulation.design.watching import looks_of
from pilotage.simulation.model import (
    Bayes,
    Decision,
    Endpoint,
    Exact,
    Simon,
    Simulation,
    Toxicity,
    Trial,
    Watching,
)
from pilotage.statistics.distributions import at_least
from pilotage.statistics.interim import Look, Plan, bayes_plan, plan_characteristics
from pilotage.statistics.results import NotComputable

QUESTIONS = [
    Question(0.2, 0.5),
    Question(0.05, 0.25, alpha=0.1, power=0.9),
    Question(0.6, 0.9, alpha=0.025, power=0.8),
]
FIVES = looks_of(100)
WATCHED = Watching(looks=FIVES, toxicity=Toxicity(limit=0.3, stop=0.9))


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_design_holds_both_errors(question: Question) -> None:
    found = designs(question)
    assert [design.kind for design in found.found] == ["exact", "simon", "simon", "bayes"]
    assert not found.none
    for design in found.found:
        assert design.type_1_error <= question.alpha
        assert design.power >= question.power


def test_two_stages_are_those_of_the_published_table() -> None:
    """Simon 1989, table 1, p0 0.05, p1 0.25, alpha 0.05, beta 0.20: 0/9 2/17, EN 12.0; minimax
    0/12 2/16, EN 13.8."""
    question = Question(0.05, 0.25, alpha=0.05, power=0.8)
    optimal, minimax = two_stages(question, "optimal"), two_stages(question, "minimax")
    assert optimal.plan == Plan((Look(9, give_up_at=0), Look(17, 3, 2)))
    assert minimax.plan == Plan((Look(12, give_up_at=0), Look(16, 3, 2)))
    assert optimal.at_null.expected_n == pytest.approx(12.0, abs=0.05)
    assert minimax.at_null.expected_n == pytest.approx(13.8, abs=0.05)


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_smaller_bayesian_trial_with_these_looks_holds_both(question: Question) -> None:
    watching = Watching(looks=looks_of(100, first=4, every=3), futility=0.2)
    n = bayesian(question, watching).plan.n
    for smaller in range(1, n):
        looks = [*range(4, smaller, 3), smaller]
        before = bayes_plan(looks, null=question.null, success=1, futility=0.2).looks[:-1]
        for accept_at in range(smaller + 2):
            plan = Plan((*before, Look(smaller, accept_at, accept_at - 1)))
            wrong = plan_characteristics(plan, p=question.null).accepted
            right = plan_characteristics(plan, p=question.alternative).accepted
            assert wrong > question.alpha or right < question.power


@pytest.mark.parametrize("question", QUESTIONS)
def test_one_success_fewer_would_break_alpha(question: Question) -> None:
    for design in designs(question).found:
        *before, last = design.plan.looks
        assert last.accept_at
        looser = Plan((*before, Look(last.n, last.accept_at - 1, last.accept_at - 2)))
        assert plan_characteristics(looser, p=question.null).accepted > question.alpha


def test_a_larger_trial_can_have_less_power_and_the_steady_size_says_from_where_not() -> None:
    question = Question(0.2, 0.5)

    def power(n: int) -> float:
        needed = next(x for x in range(n + 2) if at_least(x, n, 0.2) <= 0.05)
        return at_least(needed, n, 0.5)

    assert single(question).plan.n == 17
    assert power(17) >= 0.8 > power(18)
    assert dict(single(question).derived)[EVERY_LARGER] == 19
    assert all(power(n) >= 0.8 for n in range(19, 60))


EVERY_LARGER = "subjects from which every larger trial holds too"


@pytest.mark.parametrize(
    ("null", "alternative", "alpha", "power", "steady"),
    [
        (0.005, 0.03, 0.05, 0.8, 183),  # 142 to 164 hold, 165 does not
        (0.005, 0.05, 0.1, 0.9, 77),
        (0.3, 0.5, 0.05, 0.8, 43),
        (0.01, 0.99, 0.05, 0.8, 1),
    ],
)
def test_from_the_steady_size_every_larger_trial_holds_and_the_one_before_does_not(
    null: float, alternative: float, alpha: float, power: float, steady: int
) -> None:
    def holds(n: int) -> bool:
        needed = next(x for x in range(n + 2) if at_least(x, n, null) <= alpha)
        return at_least(needed, n, alternative) >= power

    found = steady_size(null, alternative, alpha=alpha, power=power, largest_n=200)
    assert found == steady
    assert steady == 1 or not holds(steady - 1)
    sure = sure_size(null, alternative, alpha=alpha, power=power)
    assert sure >= steady
    assert all(holds(n) for n in range(steady, sure + 200))
    at_most = steady_size(null, alternative, alpha=alpha, power=power, largest_n=steady)
    assert at_most == steady
    if steady > 1:
        below = steady - 1
        assert steady_size(null, alternative, alpha=alpha, power=power, largest_n=below) is None


def test_the_certainty_of_a_bayesian_design_gives_its_own_boundary() -> None:
    design = bayesian(QUESTIONS[0])
    named = dict(design.derived)
    n, needed = int(named["subjects"]), named["successes needed at the end"]
    plan = bayes_plan([n], null=0.2, success=named["P(rate > null) with that many"] - 1e-12)
    assert plan.looks[-1].accept_at == needed


TOXIC = Watching(looks=looks_of(40), toxicity=Toxicity(limit=0.3, stop=0.8))
EARLY = TOXIC.model_copy(update={"early_success": 0.99})


@pytest.mark.parametrize("watching", [TOXIC, EARLY])
@pytest.mark.parametrize("question", [Question(0.3, 0.6, toxicity=0.2), Question(0.2, 0.5)])
def test_the_successes_needed_are_the_fewest_that_hold_alpha_without_toxicity(
    watching: Watching, question: Question
) -> None:
    for n in range(2, 40):
        fewest = next(
            accept_at
            for accept_at in range(n + 2)
            if plan_characteristics(
                _ending_with(watching, question, n, accept_at), p=question.null
            ).accepted <= question.alpha
        )  # fmt: skip
        assert _needed(watching, question, n) == fewest


@pytest.mark.parametrize(
    "question", [Question(0.2, 0.5, toxicity=0.1), Question(0.3, 0.6, toxicity=0.2)]
)
def test_alpha_holds_at_every_rate_of_toxicity_and_the_power_at_the_assumed_one(
    question: Question,
) -> None:
    design = bayesian(question, TOXIC)
    wrong = [
        plan_characteristics(design.plan, p=question.null, toxicity=rate).accepted
        for rate in (0, 0.05, 0.1, 0.2, 0.4)
    ]
    assert wrong == sorted(wrong, reverse=True)
    assert wrong[0] == design.type_1_error <= question.alpha
    right = plan_characteristics(design.plan, p=question.alternative, toxicity=question.toxicity)
    assert right.accepted == design.power >= question.power


def test_the_smallest_design_that_watches_toxicity_is_found() -> None:
    watching = Watching(looks=FIVES, toxicity=Toxicity(limit=0.3, stop=0.9))
    design = bayesian(Question(0.2, 0.5, toxicity=0.1), watching)
    assert (design.plan.n, design.plan.looks[-1].accept_at) == (17, 7)


def test_one_subject_is_a_trial_where_one_is_enough() -> None:
    question = Question(0.01, 0.99)
    assert bayesian(question).plan.n == single(question).plan.n == 1


def test_simons_optimal_design_is_told_apart_from_the_best_that_is_allowed() -> None:
    """Simon 1989: 13/40, 40/110 for 0.3 and 0.45 with alpha 0.05 and beta 0.1."""
    allowed = two_stages(Question(0.3, 0.45, power=0.9), "optimal")
    assert allowed.name == "Simon, optimal of at most 100"
    assert allowed.plan == Plan((Look(39, give_up_at=12), Look(100, 38, 37)))
    assert dict(allowed.derived)["subjects of Simon's optimal design, which are more"] == 110
    whole = two_stages(Question(0.3, 0.45, power=0.9, largest_n=110), "optimal")
    assert whole.name == "Simon, optimal"
    assert whole.plan == Plan((Look(40, give_up_at=13), Look(110, 41, 40)))


def test_simons_own_design_can_be_declared_whatever_its_size_and_no_smaller_one() -> None:
    simon = Simon(kind="simon", null=0.3, alternative=0.45, beta=0.1)
    assert plan_of(of_study(simon, 110)) == Plan((Look(40, give_up_at=13), Look(110, 41, 40)))
    with pytest.raises(NoPlan, match=r"has 110 \(40 in its first stage\): write 110"):
        plan_of(of_study(simon, 100))


def test_a_long_search_for_two_stages_says_how_far_it_is() -> None:
    told: list[tuple[int, int]] = []
    designs(QUESTIONS[0], kinds=("simon",), progress=lambda n, of: told.append((n, of)))
    assert told
    assert all(0 < n <= of for n, of in told)


def test_watching_toxicity_costs_power_where_there_is_toxicity() -> None:
    watching = Watching(looks=FIVES, toxicity=Toxicity(limit=0.3, stop=0.8))
    calm = bayesian(Question(0.2, 0.5), watching)
    toxic = bayesian(Question(0.2, 0.5, toxicity=0.2), watching)
    assert calm.at_alternative.too_toxic == 0
    assert toxic.at_alternative.too_toxic > 0.01
    assert toxic.plan.n >= calm.plan.n


def test_a_question_without_a_design_says_which_bound_to_raise() -> None:
    found = designs(Question(0.3, 0.32, largest_n=30))
    assert not found.found
    assert list(lines(found))[-1] == (
        "no Bayesian design with at most 30 subjects; allow more with --largest-n"
    )


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ((0.5, 0.2), "the alternative must be the larger one"),
        ((0.0, 0.2), "must lie between 0 and 1"),
        ((0.2, 0.5, 0.0), "alpha is 0; it must lie between 0 and 1"),
        ((0.2, 0.5, 0.05, 1.0), "power is 1; it must lie between 0 and 1"),
        ((0.2, 0.5, 0.5, 0.4), "the power, 0.4, must be above alpha, 0.5"),
        ((0.2, 0.5, 0.05, 0.8, 100, 1.5), "the toxicity is 1.5"),
    ],
)
def test_a_question_that_no_trial_answers_is_refused(
    numbers: tuple[float, ...], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        Question(*numbers)  # type: ignore[arg-type]


def test_looks_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="1 subject or more"):
        looks_of(100, every=0)
    with pytest.raises(ValueError, match="early success needs the higher certainty"):
        bayesian(QUESTIONS[0], Watching(looks=FIVES, futility=0.5, early_success=0.4))


def test_no_size_is_an_answer_of_its_own() -> None:
    with pytest.raises(NotComputable, match="no Bayesian design with at most 5 subjects"):
        bayesian(Question(0.2, 0.5, largest_n=5))


def test_the_document_holds_what_was_chosen_apart_from_what_follows() -> None:
    found = json.loads(json.dumps(document(designs(QUESTIONS[0], WATCHED))))
    bayes = found["designs"][-1]
    assert found["chosen"]["alpha"] == 0.05
    assert bayes["chosen"]["prior"] == "beta(1, 1)"
    assert bayes["chosen"]["toxicity.limit"] == 0.3
    assert set(bayes["derived"]) == {
        "subjects",
        "successes needed at the end",
        "P(rate > null) with that many",
    }
    assert bayes["at_null"]["accepted"] == bayes["type_1_error"]


def test_boundaries_are_told_in_words() -> None:
    design: Design = bayesian(QUESTIONS[0], WATCHED)
    told = "\n".join(lines(designs(QUESTIONS[0], WATCHED)))
    assert "after 5 subjects: stop with 3 toxicities or more" in told
    assert f"after {design.plan.n} subjects: stop with" in told
    assert "else give up" in told


# -- who chose what --------------------------------------------------------------------------------

SIMON = Simon(kind="simon", null=0.1, alternative=0.3, beta=0.1)
BAYES = Bayes(kind="bayes", null=0.2, looks=(4, 9), toxicity=Toxicity(limit=0.3))


def of_study(decision: Decision, subjects: int) -> Simulation:
    return Simulation(
        pilotage=1, remark="x", decision=decision, scenarios={}, grids={},
        trial=Trial(subjects=subjects, follow_up_days=90),
        endpoint=Endpoint(classification="RESP", codes=("CR",)),
    )  # fmt: skip


def test_what_no_option_says_the_study_says_and_else_the_default() -> None:
    chosen = choices(Options(alpha=0.1), of_study(SIMON, 35))
    assert chosen.question == Question(0.1, 0.3, alpha=0.1, power=0.9)
    assert chosen.kinds == ("simon",)
    assert chosen.by == {
        "null": "simulation.yaml", "alternative": "simulation.yaml", "alpha": "option",
        "power": "simulation.yaml", "largest_n": "default", "kind": "simulation.yaml",
    }  # fmt: skip


def test_the_looks_and_the_toxicity_of_the_study_are_searched_with() -> None:
    simulation = of_study(BAYES, 12)
    of_file = choices(Options(alternative=0.5), simulation)
    assert of_file.watching.looks == (4, 9)
    assert of_file.watching.toxicity == Toxicity(limit=0.3)
    assert of_file.by == {
        "null": "simulation.yaml", "alternative": "option", "alpha": "default",
        "power": "default", "largest_n": "default", "kind": "simulation.yaml",
        "looks": "simulation.yaml", "prior": "default", "futility": "default",
        "early_success": "default", "toxicity.limit": "simulation.yaml",
        "toxicity.stop": "default", "toxicity.prior": "default", "rate_of_toxicity": "default",
    }  # fmt: skip
    said = choices(Options(alternative=0.5, every=3, toxic=(0.2, 0.8)), simulation)
    assert said.watching.looks[:3] == (5, 8, 11)
    assert said.watching.toxicity == Toxicity(limit=0.2, stop=0.8)
    assert "looks" not in said.by
    asked = ("first_look", "every", "toxicity.limit", "toxicity.stop", "toxicity.prior")
    assert [said.by[key] for key in asked] == ["default", "option", "option", "option", "default"]


def test_the_prior_of_the_toxicity_stays_that_of_the_study() -> None:
    watched = Toxicity(limit=0.3, prior=(0.5, 4.5))
    simulation = of_study(BAYES.model_copy(update={"toxicity": watched}), 12)
    found = choices(Options(alternative=0.5, toxic=(0.3, 0.85)), simulation)
    assert found.watching.toxicity == Toxicity(limit=0.3, stop=0.85, prior=(0.5, 4.5))
    assert found.by["toxicity.prior"] == "simulation.yaml"
    told = list(lines(designs(found.question, found.watching, kinds=("bayes",)), found.by))
    assert "  chosen: prior of the rate of toxicity: beta(0.5, 4.5) (simulation.yaml)" in told
    assert "  chosen: stops where P(toxicity > 0.3) is at least: 0.85 (option)" in told


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (
            Options(0.2, 0.5, first_look=7),
            "after 7 subjects, then every 5 (first look: option; every: default)",
        ),
        (Options(0.2, 0.5, first_look=7, every=4), "after 7 subjects, then every 4 (option)"),
        (Options(0.2, 0.5), "after 5 subjects, then every 5 (default)"),
    ],
)
def test_who_chose_the_first_look_and_who_the_steps(options: Options, words: str) -> None:
    found = choices(options)
    told = lines(designs(found.question, found.watching, kinds=("bayes",)), found.by)
    assert f"  chosen: looks: {words}" in list(told)


@pytest.mark.parametrize(
    ("decision", "subjects", "told"),
    [
        (Exact(kind="exact", null=0.2), 15, "chance to accept that rate, at most: 0.05 (default)"),
        (Exact(kind="exact", null=0.2), 15, "rate that is not enough: 0.2 (simulation.yaml)"),
        (SIMON, 35, "chance to accept the first rate, at most: 0.05 (default)"),
        (SIMON, 35, "chance to miss the second rate, at most: 0.1 (simulation.yaml)"),
        (BAYES, 12, "looks: after 4 and 9 subjects, and at the end (simulation.yaml)"),
        (BAYES, 12, "gives up where P(rate > null) is below: 0.1 (default)"),
        (BAYES, 12, "rate of toxicity that is too much, above: 0.3 (simulation.yaml)"),
        (BAYES, 12, "stops where P(toxicity > 0.3) is at least: 0.9 (default)"),
        (BAYES, 12, "accepts at the end where P(rate > null) is at least: 0.95 (default)"),
        (BAYES, 12, "subjects: 12 (simulation.yaml)"),
    ],
)  # fmt: skip
def test_the_trial_as_the_study_has_it_says_what_was_written_and_what_was_left(
    decision: Decision, subjects: int, told: str
) -> None:
    own = design_of(of_study(decision, subjects), Question(0.1, 0.3))
    found = Designs(Question(0.1, 0.3), (), (), own)
    assert f"  chosen: {told}" in list(lines(found))


def test_the_document_keeps_the_rate_of_toxicity_apart_from_its_bound() -> None:
    chosen = choices(Options(0.2, 0.5, kind="bayes", toxic=(0.3, 0.9), toxicity=0.1))
    found = designs(chosen.question, chosen.watching, kinds=chosen.kinds)
    made = document(found, chosen.by)
    assert made["chosen"]["rate_of_toxicity"] == 0.1
    assert made["chosen_by"]["rate_of_toxicity"] == "option"
    everything = {**made["chosen"], **made["designs"][0]["chosen"]}
    assert everything["toxicity.stop"] == 0.9
    assert set(made["chosen_by"]) - {"first_look", "every", "kind"} == set(everything) - {"looks"}
    assert made["designs"][0]["at_null"]["rate_of_toxicity"] == 0.1


def test_the_trial_as_the_study_has_it_is_its_own_plan() -> None:
    simulation = of_study(BAYES, 12)
    own = design_of(simulation, Question(0.2, 0.5))
    assert [look.n for look in own.plan.looks] == [4, 9, 12]
    assert own.plan == plan_of(simulation)
    assert own.power == plan_characteristics(own.plan, p=0.5).accepted


def test_a_rate_that_nobody_states_is_asked_for() -> None:
    with pytest.raises(InputErrors, match=r"--null: is missing: a success rate"):
        choices(Options(alternative=0.5))
    exact = of_study(Exact(kind="exact", null=0.2), 12)
    with pytest.raises(InputErrors, match=r"--alternative: is missing \(simulation.yaml states"):
        choices(Options(), exact)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (Options(0.2, 0.5, futility=1.0), "--futility: 1 is no bound"),
        (Options(0.2, 0.5, toxic=(0.3, 1.5)), "--toxic: 0.3 1.5: both numbers must lie"),
        (Options(0.2, 0.5, kind="both"), "--kind: 'both' is no kind of design"),
        (Options(0.2, 0.5, first_look=0), "design: the first look and the steps"),
    ],
)
def test_a_choice_that_cannot_be_is_refused(options: Options, said: str) -> None:
    with pytest.raises(InputErrors) as raised:
        choices(options)
    assert str(raised.value).startswith(said)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            Options(0.2, 0.5, kind="exact", toxic=(0.3, 0.9), futility=0.2),
            [
                "--futility: concerns bayes, and the kind searched is exact (option); write "
                "--kind bayes",
                "--toxic: concerns bayes, and the kind searched is exact (option); write "
                "--kind bayes",
            ],
        ),
        (
            Options(0.2, 0.5, kind="simon", first_look=4, every=2),
            [
                "--first-look: concerns bayes, and the kind searched is simon (option); write "
                "--kind bayes",
                "--every: concerns bayes, and the kind searched is simon (option); write "
                "--kind bayes",
            ],
        ),
        (
            Options(0.2, 0.5, toxicity=0.1),
            [
                "--toxicity: no design watches toxicity; say what is too much, as --toxic 0.3 0.9, "
                "for --kind bayes"
            ],
        ),
    ],
)
def test_an_option_that_would_do_nothing_is_refused(options: Options, said: list[str]) -> None:
    with pytest.raises(InputErrors) as raised:
        choices(options)
    assert [str(finding) for finding in raised.value.findings] == said


def test_the_kind_of_the_study_is_why_an_option_would_do_nothing() -> None:
    exact = of_study(Exact(kind="exact", null=0.2), 12)
    with pytest.raises(InputErrors, match=r"searched is exact \(simulation.yaml\)"):
        choices(Options(alternative=0.5, toxic=(0.3, 0.9)), exact)
    added = choices(Options(alternative=0.5, toxic=(0.3, 0.9), kind="bayes"), exact)
    assert added.watching.toxicity == Toxicity(limit=0.3, stop=0.9)


def test_the_rate_of_toxicity_matters_to_a_study_that_watches_it_whatever_is_searched() -> None:
    found = choices(Options(alternative=0.5, kind="exact", toxicity=0.2), of_study(BAYES, 12))
    assert found.by["rate_of_toxicity"] == "option"
