"""Maintenance windows around now."""
import datetime

NOW = datetime.datetime.now(datetime.timezone.utc)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _window(start, minutes):
    ends = (start, start + datetime.timedelta(minutes=minutes))
    return "-".join(f"{DAYS[time.weekday()]}:{time:%H:%M}" for time in ends)


LATER = _window(NOW + datetime.timedelta(days=2), 90)
OPEN_NOW = _window(NOW - datetime.timedelta(minutes=30), 120)
SNAPSHOTS_ELSEWHERE = f"{(NOW.hour + 12) % 24:02}:00-{(NOW.hour + 13) % 24:02}:00"  # away from both
