"""Releases of information: who may read what about whom, until when, and who has read it.

Knows nothing of dosing or referrals. Begin with `decision.py` (the rule, pure Python), then
`access.py` (the rule turned into one filter) and `disclosure.py` (the one door, with its ledger).
`elements.py` says what the law asks of a release, `actions.py` holds every write.
"""
