"""How people come to a clinic or a practice, and how they leave.

Knows people and places, never a client. Begin with `actions/`: `inviting`, `accepting`, `asking`,
`memberships`, `licences`; `standing.py` says how a therapist's licence stands with a clinic, and
`listing.py` what the administrator's page shows. What somebody looked after is handed on by
whoever hears `people.signals.membership_ended`.
"""
