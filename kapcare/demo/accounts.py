"""Who can sign in to the demo. Every account has the same password and no second factor."""

PASSWORD = "kapcare-demo"  # noqa: S105 - printed on purpose; only the demo has it
ACCOUNTS = [
    ("therapist@demo.example", "referring therapist, Harbor Lane Practice"),
    ("colleague@demo.example", "their colleague, Harbor Lane Practice"),
    ("stranger@demo.example", "therapist in another practice"),
    ("physician@demo.example", "primary care physician, with a narrower release"),
    ("coordinator@demo.example", "care coordinator of the clinic"),
    ("prescriber@demo.example", "prescriber of the clinic"),
    ("nurse@demo.example", "nurse of the clinic"),
    ("kaptherapist@demo.example", "therapist of the clinic"),
    ("administrator@demo.example", "administrator of the clinic: releases and disclosures"),
    ("privacy@demo.example", "second administrator: verifies papers, reviews emergencies"),
    ("hollow@demo.example", "prescriber of another clinic, Hollow Brook"),
    ("hollowoffice@demo.example", "administrator there"),
]
