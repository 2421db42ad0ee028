"""Screens of the clinical record, by noun; `timeline` is what outside readers see.

`common` holds what they share, `sheet` the flow sheet as a page for whichever form was refused.
"""
