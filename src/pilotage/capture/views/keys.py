"""What a page sends along besides what was typed: the key that is made with it (a form sent twice
is one act), and the numbers of rows."""

import secrets


def new_key() -> str:
    return secrets.token_urlsafe(24)


def number_of(posted: str) -> int:
    """The number of a row or a revision; 0, which none has, for what is no number of a row."""
    return int(posted) if posted.isascii() and posted.isdigit() and len(posted) < 19 else 0
