"""The services on the desk."""
