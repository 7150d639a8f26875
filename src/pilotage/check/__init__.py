"""What is wrong with a study, or left open in it: the proofs over its rules and its plan."""

from pilotage.check.examine import TOPICS, study_findings, study_may_go_live

__all__ = ["TOPICS", "study_findings", "study_may_go_live"]
