"""Sound and speech of the desk: when to sound, what it sounds like, and whether it can be heard."""
