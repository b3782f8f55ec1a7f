"""What if, on the desk."""
