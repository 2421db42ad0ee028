"""Every write to a referral. `drafting`: the practice's side · `closing`: withdrawn, entered in
error, taken up again · `triage`, `interim`: the clinic's answer · `stale`: what time does ·
`team`: who is on the case · `covers`: a colleague stands in · `handover`: somebody leaves."""
