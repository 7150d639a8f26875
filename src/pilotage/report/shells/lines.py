"""The lines of an analysis before any data: those of its kind, for each group that is declared."""

from pilotage.report.context import Context
from pilotage.report.kinds import SHOWN
from pilotage.report.layouts.shell_lines import ShellLine, declared_levels
from pilotage.study.sap import Analysis, ComparisonAnalysis


def shell_lines(context: Context, analysis: Analysis) -> list[ShellLine]:
    """The lines of an analysis; of groups and terms those that the study declares."""
    label = context.text(analysis.label)
    lines = list(SHOWN[type(analysis)].shell(context, analysis, label))
    if analysis.by is None or isinstance(analysis, ComparisonAnalysis):
        return lines
    inner = [line for line in lines if not line.heading] or lines
    found = [ShellLine(label, heading=True)]
    for group in declared_levels(context, context.codes(analysis.by).labels.values()):
        if len(inner) == 1:
            found.append(_renamed(inner[0], group, 1))
        else:
            found.append(ShellLine(group, heading=True, level=1))
            found += [_renamed(line, line.label, 2) for line in inner]
    return found


def _renamed(line: ShellLine, label: str, level: int) -> ShellLine:
    return ShellLine(label, line.value, line.interval, line.events, level)
