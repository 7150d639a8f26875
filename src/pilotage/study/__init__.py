"""The trial as planned: `protocol.yaml`, `sap.yaml` and the prose they cite, as frozen models."""

from pilotage.study.load import Study, builtin_studies, load_study, study_folder
from pilotage.study.new import new_study
from pilotage.study.versions import version_on

__all__ = ["Study", "builtin_studies", "load_study", "new_study", "study_folder", "version_on"]
