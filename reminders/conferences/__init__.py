"""Case conferences: a clinic confers every week or every two about the cases that need it.

`dates` and `needs` are pure: when, and which case and why. `facts` gathers what `needs` asks for,
`reading` reads an agenda through the one door, as staff or as somebody outside, who sees their own
cases alone; `people` says who may be invited, own a decision, or has to be there.
"""
