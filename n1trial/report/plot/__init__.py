"""Pictures: diaries, rates, curves, calendars."""
