"""The grade of a laboratory value as a formula of the value, the limits of normal, the baseline."""

from collections.abc import Mapping, Sequence

from pilotage.conditions.prove import Answer, Formula, Proofs, Symbol
from pilotage.instruments.ctcae_terms import Comparison, GradeRule


def grade_symbol(
    proofs: Proofs, rules: Sequence[GradeRule], quantities: Mapping[str, Symbol]
) -> Symbol:
    """The highest grade whose rule holds; unknown where a higher one may hold, as in
    `instruments.ctcae.grade`."""
    z3 = proofs.z3
    known: Formula = z3.BoolVal(True)
    grade: Formula = z3.IntVal(0)
    for rule in sorted(rules, key=lambda rule: rule.grade):
        holds = _rule(proofs, rule, quantities)
        settled = z3.And(z3.Not(holds.true), known, grade >= rule.grade)
        known = z3.Or(holds.true, z3.And(holds.false, known), settled)
        grade = z3.If(holds.true, rule.grade, grade)
    return Symbol("number", z3.And(quantities["VALUE"].known, known), grade)


def _rule(proofs: Proofs, rule: GradeRule, quantities: Mapping[str, Symbol]) -> Answer:
    z3 = proofs.z3
    answers = [_comparison(proofs, each, quantities) for each in rule.comparisons]
    return Answer(z3.And([a.true for a in answers]), z3.Or([a.false for a in answers]))


def _comparison(proofs: Proofs, comparison: Comparison, quantities: Mapping[str, Symbol]) -> Answer:
    z3 = proofs.z3
    factor = proofs.number(comparison.factor)
    left = quantities[comparison.left]
    known, bound = left.known, factor
    if comparison.right != "ONE":
        right = quantities[comparison.right]
        known, bound = z3.And(left.known, right.known), factor * right.value
        if comparison.right in ("ULN", "BASE"):  # 0 is no limit of normal and no baseline
            known = z3.And(known, right.value > 0)
    compared = {
        "<": left.value < bound,
        "<=": left.value <= bound,
        ">": left.value > bound,
        ">=": left.value >= bound,
    }[comparison.operator]
    return Answer(z3.And(known, compared), z3.And(known, z3.Not(compared)))
