"""Screens of the clinical record. `episodes`, `clinical`, `doses`, `dosing`, `notes`: the clinic's;
`timeline`: what outside readers see."""
