"""Reference pictures of the desk, and the tests that hold it to them."""
