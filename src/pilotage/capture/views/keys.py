"""The key that is made with a page: a form sent twice is one act."""

import secrets


def new_key() -> str:
    return secrets.token_urlsafe(24)
