"""The lists of clients: whose move it is with each, and what closes next.

`rows.py` says what a row is, how rows are grouped, narrowed, sorted and paged. `practice.py` makes
the rows of those who refer and read, from what `disclosed.py` was given; `clinic.py` those of the
clinic's staff, from what `at_clinic.py` loads. `searching.py` finds clients, `saved.py` gives the
views that somebody keeps.
"""
