"""The administrator's home: which releases wait, found and put into rows."""
