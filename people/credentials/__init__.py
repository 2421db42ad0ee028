"""Training and licences of a clinic's staff: recording, checking, and what lapses soon.

Knows people and their clinic, never a client. The rule stands in `people/training.py`; begin with
`actions.py` for what is written and `listing.py` for what is read.
"""
