"""The fixtures of these tests; they stand in a module that other tests can name."""

from capture_records import (
    _english,
    _umask,
    empty_db,
    engine,
    people,
    pytest_configure,
    pytest_generate_tests,
    pytest_unconfigure,
    record_db,
    site,
    subject,
)

__all__ = [
    "_english",
    "_umask",
    "empty_db",
    "engine",
    "people",
    "pytest_configure",
    "pytest_generate_tests",
    "pytest_unconfigure",
    "record_db",
    "site",
    "subject",
]
