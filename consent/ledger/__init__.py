"""Who has read what: the chain of disclosures, its proof, and the accounting made from it.

Begin with `chain.py`; `verification.py` and `heads.py` prove it, `accounting.py` tells it.
"""
