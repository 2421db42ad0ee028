"""Every write to a referral. `drafting`: the practice's side · `triage`: the clinic's answer ·
`team`: who is on the case · `covers`: a colleague stands in · `handover`: somebody leaves."""
