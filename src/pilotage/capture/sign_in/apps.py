"""The tables of signing in, as Django installs them."""

from django.apps import AppConfig


class SignInConfig(AppConfig):
    name = "pilotage.capture.sign_in"
    label = "sign_in"
    default_auto_field = "django.db.models.BigAutoField"
