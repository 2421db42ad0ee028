"""What a clinic says of itself to those who think of referring, version by version.

Everybody may read it, and nothing in it is about a client. Begin with `questions.py` for what is
answered, `actions.py` for what is written and `reading.py` for what is read.
"""
