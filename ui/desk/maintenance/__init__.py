"""The planner of maintenance: what is in force, ahead and over, and forms to plan and to count."""
