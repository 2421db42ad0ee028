"""Who there is: users, their organisations and roles, and clients.

Imports `audit` only. Begin with `models.py`; `policy.py` says how a view declares who may open it.
"""
