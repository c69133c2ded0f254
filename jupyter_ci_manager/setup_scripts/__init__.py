"""Setup scripts while they are written: starters, what they would trip over, and dry runs."""
