"""The views for a terminal: status, live table, exports. They run without Qt."""
