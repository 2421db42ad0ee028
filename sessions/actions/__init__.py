"""Every write of the clinical record, by noun: `care`, `dosing`, `notes`, `integration`."""
