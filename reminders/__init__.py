"""What is due and whom to tell: reminder rows, the one wording, delivery, the worklists.

Decides no clinical rule: it asks `sessions/windows.py`. Begin with `actions.py` (rows are written
in the transaction that records the dose) and `delivery.py` (claim, check again, send).
"""
