"""A drawn signature as numbers: strokes of points, never a picture that somebody uploads."""

WIDTH, HEIGHT = 600, 160  # the pad's own units
MOST_POINTS = 4000
FEWEST_POINTS = 8

Strokes = list[list[list[int]]]


def check_strokes(strokes: Strokes) -> str:
    """What is wrong with a drawn signature, as a sentence; empty when nothing is, or none given.

    `strokes` is [[[x, y], …], …] with whole x in 0–600 and y in 0–160, 8 to 4,000 points in all.
    """
    if not strokes:
        return ""
    unreadable = "The drawing could not be read. Clear it and draw again, or type your name."
    if not isinstance(strokes, list) or not all(isinstance(s, list) for s in strokes):
        return unreadable
    points = [point for stroke in strokes for point in stroke]
    if not all(_is_point(point) for point in points):
        return unreadable
    if len(points) < FEWEST_POINTS:
        return "That is too short for a signature. Draw it again, or type your name."
    return unreadable if len(points) > MOST_POINTS else ""


def _is_point(point) -> bool:
    return (
        isinstance(point, list)
        and len(point) == 2
        and all(type(n) is int for n in point)
        and 0 <= point[0] <= WIDTH
        and 0 <= point[1] <= HEIGHT
    )


def as_paths(strokes: Strokes) -> list[str]:
    """One SVG path a stroke, for the page and the PDF."""
    return ["M" + " L".join(f"{x} {y}" for x, y in stroke) for stroke in strokes if stroke]
