"""When cronsim, which keeps to Debian's cron, lets expressions fire.

Reads one question a line: zone, seconds since 1970, how many, expression; separated by tabs.
Answers one line each: the instants in seconds since 1970, or `refused`.
"""

import sys
from datetime import datetime
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError


def answer(zone: str, after: str, count: str, expression: str) -> str:
    try:
        fires = CronSim(expression, datetime.fromtimestamp(int(after), ZoneInfo(zone)))
        instants: list[int] = []
        while len(instants) < int(count):
            instant = int(next(fires).timestamp())
            # Two times that a gap skips are one instant; asked in an hour that occurs twice, cronsim may name its first
            # occurrence, which is past.
            if instant > int(after) and instant not in instants[-1:]:
                instants.append(instant)
    except (CronSimError, StopIteration):
        return "refused"
    return " ".join(map(str, instants))


# All is read before anything is answered: neither side waits for the other.
for question in sys.stdin.read().splitlines():
    print(answer(*question.split("\t")))
