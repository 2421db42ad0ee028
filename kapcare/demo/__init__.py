"""The demo: the whole portal in one process, on one's own machine, with sample people.

`accounts.py` says who can sign in, `data.py` makes the sample data, `runner.py` starts the parts.
"""
