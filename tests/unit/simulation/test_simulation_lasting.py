"""A share of the subjects have a disease that never clears: no more and no fewer than declared, in
both engines and in a cohort."""

import math

import numpy as np
import pytest
from simulated_studies import (
    LASTING,
    NO_LOOKS,
    STUDIES,
    deciding,
    generator,
    models,
    study,
    with_lasting,
)

from pilotage.courses.latent import Levels
from pilotage.courses.measures import setting
from pilotage.courses.nature import Lasting, Nature, Shares
from pilotage.simulation.compiled.kernel import Counted, kernel_of
from pilotage.simulation.compiled.numbers import numbers_of
from pilotage.simulation.model import Conduct
from pilotage.simulation.plain.trial import trial as plain_trial
from pilotage.simulation.scenarios import WrongSetting, changed_models
from pilotage.simulation.scheme import Scheme, scheme_of

NAME = "lenalidomide_cle"
SHARE = "responding.CLASIACT.true_lasting.share"


def sure(lasting: Lasting) -> Scheme:
    """The built-in study with a response that comes to everybody who can have one: nobody stays
    away or has an event, and what the drug leaves of a disease in a week is next to nothing."""
    simulation, nature = models(NAME)
    nature = with_lasting(nature, lasting)
    falls = nature.responding["CLASIACT"].true_decline_per_week
    every = {f"responding.CLASIACT.true_decline_per_week.{step}": 0.99 for step in falls}
    every |= {f"events.{event.term}.true_probability": 0.0 for event in nature.events}
    every |= {f"stable.{code}.true_drug_shift": 0.0 for code in nature.stable}
    nature, simulation = changed_models(nature, simulation, every)
    simulation = simulation.model_copy(update={"subject": Conduct()})
    return deciding(scheme_of(study(NAME), nature, simulation), NO_LOOKS, 15)


def run(made: Scheme, trials: int, *, traced: bool = False) -> Counted:
    kernel = kernel_of(made, traced=traced)
    return kernel.run(numbers_of(made), generator(3), count=trials, subjects=15, traced=traced)


def successes(made: Scheme, trials: int) -> int:
    """Subjects with a complete response, of all trials."""
    return sum(int(word).bit_count() for word in run(made, trials).masks[:, 0, 0])


def test_where_every_disease_lasts_nobody_reaches_a_score_of_0() -> None:
    made = sure(LASTING.model_copy(update={"share": 1.0}))
    told = run(made, 60, traced=True).rows
    score = told[:, 3 + made.assessed]
    assert np.nanmin(score) == 1
    numbers = numbers_of(made)
    lives = plain_trial(made, numbers, generator(3), 15).lives
    code = made.response.parameter
    seen = [each.values[code] for life in lives for each in life.told if code in each.values]
    assert min(seen) >= 1


def test_where_no_disease_lasts_a_sure_response_comes_to_everybody() -> None:
    assert successes(sure(LASTING.model_copy(update={"share": 0.0})), 60) == 60 * 15


@pytest.mark.parametrize("share", [0.14, 0.3])
def test_the_share_without_a_response_is_the_share_that_lasts(share: float) -> None:
    """Each subject by itself: binomial, in each trial and in all of them."""
    trials = 2000
    marks = run(sure(LASTING.model_copy(update={"share": share})), trials).masks[:, 0, 0]
    found = np.array([15 - int(word).bit_count() for word in marks])
    error = math.sqrt(share * (1 - share) / (trials * 15))
    assert abs(found.mean() / 15 - share) <= 4 * error
    variance = 15 * share * (1 - share)
    assert abs(found.var() / variance - 1) <= 4 * math.sqrt(2 / trials)


def test_a_disease_that_lasts_comes_down_to_what_is_left_of_it_and_no_further() -> None:
    """Half of it is left, and scores have no noise: so the last score is half of the first."""
    made = sure(Lasting(share=1, left=Shares(mean=0.5, sd=0, range=(0, 1))))
    nature = made.nature.responding["CLASIACT"].model_copy(update={"noise_sd": 0.0})
    changed = made.nature.model_copy(update={"responding": {"CLASIACT": nature}})
    made = deciding(scheme_of(made.study, changed, made.simulation), NO_LOOKS, 15)
    for life in plain_trial(made, numbers_of(made), generator(3), 15).lives:
        code, entry = made.response.parameter, life.told[0].values
        last = [each.values[code] for each in life.told if code in each.values][-1]
        assert abs(last - entry[code] / 2) <= 0.75  # each of both is rounded


@pytest.mark.parametrize("name", STUDIES)
def test_a_share_of_0_costs_no_draw(name: str) -> None:
    """So a study that declares none, and one that declares a share of 0, have the same trials."""
    simulation, nature = models(name)
    found = []
    for lasting in (None, LASTING.model_copy(update={"share": 0.0})):
        made = deciding(scheme_of(study(name), with_lasting(nature, lasting), simulation),
                        NO_LOOKS, 15)  # fmt: skip
        found.append(plain_trial(made, numbers_of(made), generator(5), 15).counts)
    assert found[0] == found[1]


# -- a cohort --------------------------------------------------------------------------------------


def levels(nature: Nature, count: int) -> list[Levels]:
    made = setting(study(NAME), nature)
    return [Levels(made, generator(seed)) for seed in range(count)]


def test_in_a_cohort_as_many_diseases_last_as_in_a_simulation() -> None:
    share, count = 0.3, 1500
    nature = with_lasting(models(NAME)[1], LASTING.model_copy(update={"share": share}))
    clear = 0
    for each in levels(nature, count):
        entry = each.latent["CLASIACT"]
        each._move("CLASIACT", nature.responding["CLASIACT"], 1000, "5 mg QD")
        left = each.latent["CLASIACT"]
        clear += left < nature.responding["CLASIACT"].true_clear_below
        assert left <= entry
        if each.score_value("CLASIACT") == 0:
            assert left < nature.responding["CLASIACT"].true_clear_below
    error = math.sqrt(share * (1 - share) / count)
    assert abs(clear / count - (1 - share)) <= 4 * error


def test_in_a_cohort_a_share_of_0_costs_no_draw() -> None:
    nature = models(NAME)[1]
    none, zero = (
        levels(with_lasting(nature, lasting), 3)
        for lasting in (None, LASTING.model_copy(update={"share": 0.0}))
    )
    for one, other in zip(none, zero, strict=True):
        assert one.random.bit_generator.state == other.random.bit_generator.state
        assert (one.latent, one.own, one.least) == (other.latent, other.own, other.least)


# -- scenarios -------------------------------------------------------------------------------------


def test_a_scenario_may_change_how_many_diseases_last_and_what_is_left_of_them() -> None:
    simulation, nature = models(NAME)
    left = "responding.CLASIACT.true_lasting.left.mean"
    changed = changed_models(nature, simulation, {SHARE: 0.6, left: 0.2})[0]
    lasting = changed.responding["CLASIACT"].true_lasting
    assert lasting is not None
    assert (lasting.share, lasting.left.mean) == (0.6, 0.2)


@pytest.mark.parametrize("path", [SHARE, "responding.CLASIACT.true_lasting.left.range.1"])
def test_a_share_above_1_is_refused(path: str) -> None:
    simulation, nature = models(NAME)
    with pytest.raises(WrongSetting, match=r"cannot be 1\.2"):
        changed_models(nature, simulation, {path: 1.2})


def test_a_scenario_of_what_no_study_declares_is_refused() -> None:
    simulation, nature = models("template")
    path = "responding.SCORE.true_lasting.share"
    with pytest.raises(WrongSetting, match=r"there is no value 'responding\.SCORE\.true_lasting"):
        changed_models(with_lasting(nature, None), simulation, {path: 0.2})
