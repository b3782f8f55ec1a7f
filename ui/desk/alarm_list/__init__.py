"""The list of alarms that wait for somebody, and the acknowledging of them."""
