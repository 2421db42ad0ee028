"""Releases of information: who may read what about whom, until when, and who has read it.

Knows nothing of dosing or referrals. Begin with `decision.py` (the rule, pure Python), then
`access.py` (the rule turned into one filter) and `disclosure.py` (the one door, with its ledger).
`documents/` holds the words of a release and what is kept of it, `ledger/` who has read what,
`visits/` the clients' own sessions, `home/` the administrator's list, `actions/` every write.
"""
