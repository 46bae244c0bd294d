"""Counts the reports of a period by itself, from `airings.json`, and compares with the workbooks that Loa wrote.

    report_oracle.py FROM TO calendar|administrative LANGUAGE FOLDER

Knows of Loa only what `loa airings --json` prints and what the forms are to say. Reads the workbooks with openpyxl.
"""

import datetime
import json
import math
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
first, last = (datetime.date.fromisoformat(text) for text in sys.argv[1:3])
administrative = sys.argv[3] == "administrative"
language, folder = sys.argv[4], Path(sys.argv[5])
airings = json.loads((folder / "airings.json").read_text())
faults = []


def same(what, found, expected):
    if found != expected:
        faults.append(f"{what}: the form has {found!r}, counted were {expected!r}")


def floor(number):
    return math.floor(number * 10 + 1e-9) / 10


def moment(text):
    return datetime.datetime.fromisoformat(text).astimezone(HERE)


def year(date):
    """The year that a day is counted to: administrative ones begin on 15 December."""
    return date.year + (administrative and (date.month, date.day) >= (12, 15))


def day(airing):
    return moment(airing["due"] or airing["started"]).date()


def rows(sheet, heading):
    """The rows below the row that begins with `heading`, to the first empty one."""
    found = None
    for row in sheet.iter_rows():
        values = [cell.value for cell in row]
        if found is None:
            if values and values[0] == heading:
                found = []
        elif all(value is None for value in values):
            break
        else:
            found.append(values)
    return found or []


numbered = "STT" if language == "vi" else "No."
within = [airing for airing in airings if first <= day(airing) <= last]
counted = [
    airing
    for airing in airings
    if airing["outcome"] == "aired" and airing["kind"] not in ("test", "fallback", "relay")
]

# The summary, theme by theme.
themes = {}
seen = set()
counting = year(first)
for airing in counted:
    if year(day(airing)) < counting or day(airing) > last:
        continue
    if year(day(airing)) > counting:
        counting = year(day(airing))
        seen = set()
        for theme in themes.values():
            theme["since"] = 0
    for cart in airing["carts"]:
        theme = themes.setdefault(
            cart["topic"], {"programmes": set(), "times": 0, "repeats": 0, "seconds": 0.0, "since": 0}
        )
        theme["since"] += 1
        if first <= day(airing):
            theme["programmes"].add(cart["sha256"])
            theme["times"] += 1
            theme["seconds"] += cart["aired_s"]
            theme["repeats"] += cart["sha256"] in seen
        seen.add(cart["sha256"])

book = openpyxl.load_workbook(folder / "summary.xlsx")
table = rows(book.worksheets[0], numbered)
names = {
    "dich-vu-cong": ("Cổng dịch vụ công", "public-service portal"),
    "thu-tuc": ("thủ tục hành chính", "administrative procedures"),
    "vneid": ("VNeID", "VNeID"),
    "chinh-quyen-so": ("chính quyền số", "digital government"),
    "chu-de-cu": ("chu-de-cu", "chu-de-cu"),
}
sums = [0, 0, 0]
for topic, (vi, en) in names.items():
    if topic not in themes:
        continue
    theme = themes[topic]
    name = (vi if language == "vi" else en).lower()
    found = [row for row in table if isinstance(row[1], str) and name in row[1].lower() and "bộ thủ tục" not in row[1].lower() and "sets of" not in row[1].lower()]
    if len(found) != 1:
        faults.append(f"{topic}: {len(found)} rows are called {name!r}")
        continue
    row = found[0]
    same(f"{topic}, programmes", row[2], len(theme["programmes"]))
    same(f"{topic}, airings", row[3], theme["times"])
    if abs(row[4] - theme["seconds"] / 60) > 0.051:
        faults.append(f"{topic}, minutes: {row[4]} and {theme['seconds'] / 60}")
    same(f"{topic}, since the year began", row[5], theme["since"])
    if theme["times"]:
        same(f"{topic}, repeats", str(theme["repeats"]) in str(row[8]), True)
    sums = [sums[0] + row[3], sums[1] + row[5], sums[2] + len(theme["programmes"])]
same("the total of airings", table[-1][3], sums[0])
same("the total since the year began", table[-1][5], sums[1])
if (first, last) == (datetime.date(2025, 10, 1), datetime.date(2025, 12, 31)):
    plan = {row[1]: (row[6], row[7]) for row in table}
    rate = lambda word: [found for name, found in plan.items() if name and word in name][0]
    same("the year's plan", rate("Cổng dịch vụ công"), (150, floor(themes["dich-vu-cong"]["since"] / 1.5)))
    same("the quarter's plan", rate("Cải cách thủ tục"), (45, floor(themes["thu-tuc"]["times"] / 0.45)))
    same("the plan in minutes", rate("VNeID"), (60, floor(themes["vneid"]["seconds"] / 36)))

# The log, row by row.
table = rows(openpyxl.load_workbook(folder / "log.xlsx").worksheets[0], numbered)
expected = [airing for airing in within if airing["kind"] != "test"]
same("rows of the log", len(table), len(expected))
for row, airing in zip(table, expected):
    where = f"airing {airing['id']}"
    same(f"{where}, day", row[1].date(), day(airing))
    same(f"{where}, due", row[3], moment(airing["due"]).time() if airing["due"] else None)
    if airing["started"]:
        same(f"{where}, started", row[4].replace(microsecond=0), moment(airing["started"]).time().replace(microsecond=0))
        length = row[11] if isinstance(row[11], datetime.timedelta) else datetime.timedelta(
            hours=row[11].hour, minutes=row[11].minute, seconds=row[11].second
        )
        same(f"{where}, length", abs(length.total_seconds() - airing["aired_s"]) <= 0.5, True)
    else:
        same(f"{where}, started", row[4], None)
    same(f"{where}, title", row[6], airing["title"])
    same(f"{where}, code", row[15], f"{airing['id']}-{airing['entry_hash'][:12]}")
    same(f"{where}, approved", row[14], airing["approved_by"])

# The reconciliation: the slots of the year by the calendar, against the log.
planned = {}
if first <= datetime.date(2025, 12, 31) and last >= datetime.date(2024, 12, 1):
    date = max(first, datetime.date(2024, 12, 1))
    while date <= min(last, datetime.date(2025, 12, 31)):
        for slot, time, daily in (("sang", "05:30", True), ("trua", "11:15", False), ("chieu", "17:00", False)):
            if daily or date.weekday() < 5:
                due = datetime.datetime.combine(date, datetime.time.fromisoformat(time), HERE)
                planned[(slot, due)] = None
        date += datetime.timedelta(days=1)
for airing in within:
    if airing["slot"]:
        planned[(airing["slot"], moment(airing["due"]))] = airing
tests = [cue for cue, airing in planned.items() if airing and airing["kind"] == "test"]
book = openpyxl.load_workbook(folder / "reconcile.xlsx")
table = rows(book.worksheets[0], numbered)
same("rows of the reconciliation", len(table), len(planned))
told = {}
for row in table:
    told[datetime.datetime.combine(row[1].date(), row[2], HERE)] = row
open_word = "Chưa có kết quả" if language == "vi" else "No outcome yet"
test_word = "Chỉ phát thử" if language == "vi" else "Test only"
for (slot, due), airing in planned.items():
    row = told.get(due)
    if row is None:
        faults.append(f"{slot} of {due} is not in the form")
    elif airing is None:
        same(f"{slot} of {due}, outcome", row[8], open_word)
    elif airing["kind"] == "test":
        same(f"{slot} of {due}, outcome", row[8], test_word)
    elif airing["started"]:
        same(f"{slot} of {due}, late", round(row[5], 1), round(airing["late_ms"] / 1000, 1))
totals = {row[0]: row[1] for row in rows(book.worksheets[1], "Kết quả" if language == "vi" else "Outcome")}
outcomes = [airing for airing in planned.values() if airing and airing["kind"] != "test"]
words = {
    "vi": ("Số lượt theo lịch", "Đã phát đủ", "Đã hủy", "Không phát được", "Chưa có kết quả", "Chỉ phát thử"),
    "en": ("Cues planned", "Aired whole", "Called off", "Not aired", "No outcome yet", "Test only"),
}[language]
off = ("cancelled", "withdrawn", "operator")
missed = [airing["reason"] for airing in outcomes if airing["outcome"] == "missed"]
for word, count in zip(
    words,
    (
        len(planned),
        sum(airing["outcome"] == "aired" for airing in outcomes),
        sum(reason in off for reason in missed),
        sum(reason not in off for reason in missed),
        sum(airing is None for airing in planned.values()),
        len(tests),
    ),
):
    same(word, totals.get(word, 0), count)

print("\n".join(faults[:30]))
sys.exit(bool(faults))
