"""One row of the queries that the rules raise."""

Asked = tuple[object, ...]
"""A row of the queries: USUBJID, DATE, DOMAIN, SEQ, QUERY, CERTAIN."""
