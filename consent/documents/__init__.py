"""What a release says and what is kept of what is signed: words, legal elements, PDF, seal.

Begin with `text.py` (what the client reads is what is hashed), then `elements.py` (what the law
asks before a release can be signed). `kept`, `sealing`, `history`, `scans` and `strokes` serve the
consent to treatment (`consent.treatment`) as well.
"""
