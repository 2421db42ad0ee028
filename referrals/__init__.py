"""How a client comes to a clinic: the referral, its states, its clinical context, who is on it.

Begin with `transitions.py` (the states as one table) and `actions.py` (every write).
"""
