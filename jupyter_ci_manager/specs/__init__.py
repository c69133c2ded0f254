"""What an instance is asked to be: rules, schedules, cost, and other languages for it."""
