"""The services on the desk: their tiles, and all about one of them."""
