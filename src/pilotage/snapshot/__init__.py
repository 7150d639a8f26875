"""A data cut: SDTM-shaped tables (CSV or Parquet) with a manifest; read, checked and written.

Written by whatever makes data, read by everything after: real, simulated and foreign trials walk
the same road. A folder without a manifest is read as foreign and unsigned.
"""

from pilotage.snapshot.manifest import FileRecord, Manifest, ProtocolVersion
from pilotage.snapshot.read import Snapshot, SnapshotErrors, read_snapshot
from pilotage.snapshot.write import check_tables, copy_snapshot, write_snapshot

__all__ = [
    "FileRecord",
    "Manifest",
    "ProtocolVersion",
    "Snapshot",
    "SnapshotErrors",
    "check_tables",
    "copy_snapshot",
    "read_snapshot",
    "write_snapshot",
]
