"""Notifications: what concerns somebody, in the portal and by a mail that says only that it waits.

A row says that something happened; what its reader may know of it is asked whenever they look.
Begin with `reading.py` for that, `sight.py` and `lines.py` for each kind, `actions.py` for what is
written (`notify` is for whatever else has to tell somebody), `people.py` for whom it concerns, and
`timing.py` for when mail goes.
"""
