"""What is asked on the screens of the clinical record: `care`, `dosing`, `notes`."""
