"""What leaves the house: exports as CSV and JSON, and the words for codes."""
