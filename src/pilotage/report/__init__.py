"""From results to the report: tables and figures as a document, in HTML and PDF."""

from pilotage.report.shells import write_shells
from pilotage.report.write import WrittenReport, write_report

__all__ = ["WrittenReport", "write_report", "write_shells"]
