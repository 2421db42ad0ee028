"""What a release says and what is kept of it: words, legal elements, the signed PDF, its seal.

Begin with `text.py` (what the client reads is what is hashed), then `elements.py` (what the law
asks before anything can be signed).
"""
