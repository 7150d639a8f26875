"""The addresses of visits, forms, worksheets and pictures."""

from django.urls import URLPattern, path

from pilotage.capture.views import contact, entry, photographs, pictures, visit, worksheet

SUBJECT = "subjects/<str:usubjid>"
AT_CONTACT = f"{SUBJECT}/visits/<int:contact>"

entry_addresses: list[URLPattern] = [
    path(f"{SUBJECT}/visits/new/", contact.new_contact, name="new_contact"),
    path(f"{AT_CONTACT}/", visit.visit, name="visit"),
    path(f"{AT_CONTACT}/worksheet/", worksheet.worksheet, name="worksheet"),
    path(f"{AT_CONTACT}/<slug:form>/<int:repeat>/", entry.entry_at, name="entry_at"),
    path(f"{AT_CONTACT}/<slug:form>/<int:repeat>/score/", entry.score, name="score"),
    path(f"{SUBJECT}/entries/<int:entry>/", entry.entry, name="entry"),
    path(f"{SUBJECT}/log/<slug:form>/", visit.log, name="log"),
    path(f"{SUBJECT}/log/<slug:form>/new/", entry.entry_at, name="new_entry"),
    path(f"{SUBJECT}/log/<slug:form>/<int:repeat>/", entry.entry_at, name="new_entry"),
    path(f"{SUBJECT}/log/<slug:form>/<int:repeat>/score/", entry.score, name="score"),
    path(f"{SUBJECT}/pictures/<slug:sha256>/", pictures.picture, name="picture"),
    path("photographs/", photographs.photographs, name="photographs"),
    path("worksheets/", worksheet.blank_forms, name="blank_forms"),
    path("worksheets/<slug:visit>/", worksheet.visit_worksheet, name="visit_worksheet"),
]
"""Included by `pilotage.capture.urls`."""
