"""The screens of a referral: `drafting` and `practice` for those who refer, `clinic` for triage."""
