"""Who is on duty: signing in and out, and the list of operators. Hashing and disk work go to a thread."""
