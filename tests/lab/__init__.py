"""Real network peers for the tests: a namespace whose hosts answer by a script, with the truth kept."""
