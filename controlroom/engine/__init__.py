"""The engine: schedule, run loop, judging in order, commands. The only place that joins the rest."""
