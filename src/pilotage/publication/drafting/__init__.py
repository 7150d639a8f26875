"""From a paper to a draft of its `published.yaml`, by pattern, for a person to complete."""

from pilotage.publication.drafting.draft import Draft, Drafted, draft_claims, drafted
from pilotage.publication.drafting.reading import read_paper
from pilotage.publication.drafting.terminal import lines
from pilotage.publication.drafting.write import yaml_text

__all__ = ["Draft", "Drafted", "draft_claims", "drafted", "lines", "read_paper", "yaml_text"]
