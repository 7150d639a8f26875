"""The fixtures of these tests; they stand in a module that other tests can name."""

from browser_records import (
    axe,
    chromium,
    empty_db,
    empty_served,
    engine,
    opened,
    people,
    pytest_collection_modifyitems,
    pytest_configure,
    pytest_generate_tests,
    pytest_unconfigure,
    record_db,
    served,
    signed_in,
    site,
    subject,
)

__all__ = [
    "axe",
    "chromium",
    "empty_db",
    "empty_served",
    "engine",
    "opened",
    "people",
    "pytest_collection_modifyitems",
    "pytest_configure",
    "pytest_generate_tests",
    "pytest_unconfigure",
    "record_db",
    "served",
    "signed_in",
    "site",
    "subject",
]
