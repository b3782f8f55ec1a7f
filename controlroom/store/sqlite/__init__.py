"""The store in SQLite files of one data folder. The only code that speaks SQL."""
