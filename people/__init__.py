"""Who there is: users, their organisations and roles, their training and licences, and clients.

Imports `audit` only. Begin with `models/`; `policy.py` says how a view declares who may open it,
`training.py` who is trained for ketamine-assisted psychotherapy.
"""
