"""`drafting`: what a release says · `signing`: the client's answer · `ending`: withdrawing."""
