"""Informed consent to treatment: a signed document of its own, never the same paper as a release.

`standing.py` says whether a consent holds at a moment, and if not, why: ask it before a dose.
`wording.py` holds the sections in kapcare's words, `text.py` the exact text that is signed. The
row is `consent.models.TreatmentConsent`, the writes are `consent.actions.treatment`; how it is
signed, sealed and kept it shares with releases (`consent.models.signed`).
"""
