"""Sessions of nobody's, which open one document or one client's own page and nothing else."""
