"""The clinical record: episode, intake, clearance, preparation, dosing, integration, notes.

Begin with `windows.py` (the integration windows, pure functions), then `models/` and `actions/`.
The app's label is `care_sessions`, and no model is called Session: that name is Django's.
"""
