"""What happened: one append-only table and its only writer.

Imports nothing of ours, so every other app may use it. Begin with `record.py`; the database
itself refuses changes, by the triggers of `triggers.py`.
"""
