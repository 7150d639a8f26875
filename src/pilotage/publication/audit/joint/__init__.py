"""Can all claims of a paper be true together? The smallest sets that cannot, or a cohort."""

from pilotage.publication.audit.joint.cohort import Cohort, Subject
from pilotage.publication.audit.joint.result import JointResult, joint_findings

__all__ = ["Cohort", "JointResult", "Subject", "joint_findings"]
