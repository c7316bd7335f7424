"""A simulated cluster behind real HTTP, for a first look, for shows and for tests; its own process."""
