"""What goes out of the house: messages of the outbox, to whoever delivers them. Never in the probing path."""
