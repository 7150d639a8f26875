"""Where the inputs of decisions come from: the forms that collect what a name stands for."""

from pilotage.datasets.facts import read_target
from pilotage.study.protocol import Form, Parameter, Protocol, StateKind

_FROM_DOSES: tuple[StateKind, ...] = (
    "dose step", "weeks at dose step", "treatment phase", "cycle", "day of cycle", "week of cycle",
    "relapses in taper", "study day",
)  # fmt: skip
_FROM_RESPONSE: tuple[StateKind, ...] = ("response", "best response", "relapse")


def basis(name: str, protocol: Protocol) -> str:
    """What has to be collected for a name: a parameter, an item, or the name itself."""
    state = protocol.state.get(name)
    if state is not None:
        if state.derivation == "days since":
            return state.of or name
        if state.derivation in _FROM_RESPONSE:
            return assessed(protocol) or name
        return name
    code = name.partition(".")[0]
    return code if code in protocol.parameters else name


def assessed(protocol: Protocol) -> str | None:
    """The parameter of which the response is a category."""
    found = protocol.classifications
    rule = protocol.relapse
    named = found.get(rule.classification) if rule else None
    first = named or next(iter(found.values()), None)
    return first.parameter if first else None


def follows_doses(name: str, protocol: Protocol) -> bool:
    """Is a name a time, or the dose, in the course of treatment?"""
    state = protocol.state.get(name)
    return state is not None and state.derivation in _FROM_DOSES


def forms_of(name: str, protocol: Protocol) -> tuple[str, ...]:
    """The forms that collect what a name stands for; none where nothing collects it."""
    base = basis(name, protocol)
    state = protocol.state.get(base)
    if state is not None:
        if state.derivation in _FROM_DOSES:
            return _with_targets(protocol, "EX.EXDOSE")
        if state.derivation == "age":
            return _with_targets(protocol, "DM.AGE", "DM.BRTHDTC")
        return _with_targets(protocol, "DM.SEX") if state.derivation == "sex" else ()
    parameter = protocol.parameters.get(base)
    if parameter is not None:
        return tuple(
            code for code, form in protocol.forms.items() if _measures(form, base, parameter)
        )
    form = base.partition(".")[0]
    return (form,) if form in protocol.forms else ()


def _with_targets(protocol: Protocol, *targets: str) -> tuple[str, ...]:
    return tuple(
        code
        for code, form in protocol.forms.items()
        if any(item.target in targets for item in form.items.values())
    )


def _measures(form: Form, code: str, parameter: Parameter) -> bool:
    if parameter.instrument is not None and form.instrument == parameter.instrument:
        return True
    for item in form.items.values():
        target = read_target(item.target)
        where = dict(target.where)
        tested = where.get(f"{parameter.domain}TESTCD")
        if target.domain.upper() == parameter.domain and tested == code:
            return True
    return False
