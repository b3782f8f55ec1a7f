"""The routes over which endpoints are reached: what a path trace saw, and whether two traces differ."""
