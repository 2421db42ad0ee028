"""How care goes over the whole clinic: numbers about its clients together, never about one.

Begin with `cells.py`, the rule that no number is about one to four clients, then `report.py`. Each
measure has a module of its own: what it counts, and its definition as the page says it.
"""
