"""What a simulation says of a design, for the investigator, the ethics committee and the
statistician: one HTML page and one PDF, with plots."""

from pilotage.simulation.design_report.write import HTML, PDF, write_design_report

__all__ = ["HTML", "PDF", "write_design_report"]
