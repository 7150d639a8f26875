"""Imported before all that has threads: the same number of them for ours and for every peer."""

import os

THREADS = str(os.cpu_count() or 1)

for _name in ("POLARS_MAX_THREADS", "NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, THREADS)
