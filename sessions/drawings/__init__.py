"""Drawings as plain geometry: pure Python in, dataclasses of shapes out; a template writes the SVG.

Nothing here imports Django, reads a clock or a database. All moments are aware.
"""
