"""The datasets as files."""

from io import BytesIO
from pathlib import Path

from pilotage.datasets.derive import Datasets


def write_datasets(datasets: Datasets, folder: Path) -> list[Path]:
    """Write each dataset as CSV (dates as ISO text) and Parquet, and findings.csv. Returns the
    files."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, frame in datasets.named().items():
        # Through the memory: a disk that refuses is then told as an OSError with its reason.
        as_csv, as_parquet = frame.write_csv().encode(), BytesIO()
        frame.write_parquet(as_parquet)
        contents = {f"{name}.csv": as_csv, f"{name}.parquet": as_parquet.getvalue()}
        for file, content in contents.items():
            (folder / file).write_bytes(content)
            written.append(folder / file)
    findings = folder / "findings.csv"
    findings.write_bytes(datasets.findings.write_csv().encode())
    return [*written, findings]
