"""Makes a data directory with a nurse and a subject: `python prepare.py DATA`."""

import sys
from pathlib import Path

import saving

saving.set_up(Path(sys.argv[1]))
saving.prepare(Path(sys.argv[1]))
