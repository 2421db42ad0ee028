"""Every write to the outbox, inside its caller's transaction. `reminding`: windows of a dose ·
`letters`: receipts, releases that end, emergencies · `cancelling`: what may no longer be sent.
"""
