"""Whether mail goes out: for the administrator of a clinic, about its own mail alone.

Nobody's record is here: staff stand by name, a client as "a client", and no word of care.
"""
