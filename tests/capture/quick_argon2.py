"""A password hash for tests."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2(Argon2PasswordHasher):
    """Argon2 with the least work that it allows: a test is no place for a slow hash."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
