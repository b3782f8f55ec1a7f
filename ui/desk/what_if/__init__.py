"""What would be if something failed or were in maintenance. Nothing of it is written anywhere."""
