"""Reads a plan's calendar file with other people's libraries and compares it with the plan, day by day.

usage: read_plan_calendar.py CALENDAR.ics PLAN.json ZONE

Prints one line of JSON with what was counted; ends with status 1 and the first difference if anything differs.
"""

import json
import sys
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

TIMES = {"morning": time(8, 0), "midday": time(12, 30), "bedtime": time(21, 30)}
WORDS = {"morning": "in the morning", "midday": "at midday", "bedtime": "at bedtime"}
NOON = time(12, 0)


def differs(message):
    sys.exit(f"differs: {message}")


def day(text):
    return date.fromisoformat(text)


def days(first, last):
    while first <= last:
        yield first
        first += timedelta(days=1)


def amount(milligrams):
    """A dose as prescriptions print it; written anew here, so that the two programs can disagree."""
    if milligrams < 0.1:
        micrograms = f"{round(milligrams * 1000, 6):.6f}".rstrip("0").rstrip(".")
        return f"{micrograms} microgram" + ("" if micrograms == "1" else "s")
    return f"{milligrams:.6f}".rstrip("0").rstrip(".") + " mg"


def expected_doses(plan):
    """Every dose of the plan: (day, wall-clock time, words)."""
    end = day(plan["valid_until"])
    doses = set()
    for step in plan["steps"]:
        last = min(end, day(step["to"]) if step["to"] else end)
        parts = step.get("split") or [{"at": step["at"], "dose_mg": step["dose_mg"]}]
        for today in days(day(step["from"]), last):
            for part in parts:
                what = "the capsules labelled for the day" if plan.get("blinded") else amount(part["dose_mg"])
                doses.add((today, TIMES[part["at"]], f"Take {what} {WORDS[part['at']]}."))
    return doses


def occurrences(calendar, plan, zone):
    """What the library says happens, asked in the zone, from a year before the plan to a year after it."""
    first = min(day(plan["made_on"]), *(day(step["from"]) for step in plan["steps"]))
    begin = datetime.combine(first - timedelta(days=365), time(0), zone)
    end = datetime.combine(day(plan["valid_until"]) + timedelta(days=365), time(0), zone)
    found = recurring_ical_events.of(calendar).between(begin, end)
    return [event for event in found if event.get("STATUS") != "CANCELLED"]


def wall_clock(event, zone):
    """The local date and time that a person in the zone sees; floating times must have no zone of their own."""
    start = event["DTSTART"].dt
    if isinstance(start, datetime):
        if start.tzinfo is not None:
            differs(f"{event['UID']} has a zone: {start!r}")
        local = start
        there = local.replace(tzinfo=zone).astimezone(ZoneInfo("UTC")).astimezone(zone)
        if there.replace(tzinfo=None) != local:
            differs(f"{local} does not exist in {zone}")
        return local.date(), local.time()
    return start, None


def offsets(plan, zone):
    spans = days(day(plan["made_on"]), day(plan["valid_until"]))
    return {datetime.combine(today, NOON, zone).utcoffset() for today in spans}


def check_components(calendar, plan):
    version = plan["version"]
    for event in calendar.walk("VEVENT"):
        if event["SEQUENCE"] != version:
            differs(f"{event['UID']} has sequence {event['SEQUENCE']}, the plan version {version}")
        if event["STATUS"] == "CANCELLED":
            continue
        for needed in (f"Plan {version} ({plan['id']})", f"Valid until {plan['valid_until']}"):
            if needed not in str(event["DESCRIPTION"]):
                differs(f"{event['UID']} does not say {needed!r}: {event['DESCRIPTION']}")


def main():
    calendar_path, plan_path, zone_name = sys.argv[1:]
    zone = ZoneInfo(zone_name)
    with open(calendar_path, "rb") as file:
        calendar = icalendar.Calendar.from_ical(file.read())
    with open(plan_path, encoding="utf-8") as file:
        plan = json.load(file)
    check_components(calendar, plan)

    doses, diary, others = [], [], []
    for event in occurrences(calendar, plan, zone):
        at = wall_clock(event, zone)
        uid = str(event["UID"])
        if at[0] > day(plan["valid_until"]):
            differs(f"{uid} on {at[0]}, after the last valid day")
        if "-step-" in uid:
            words = str(event["DESCRIPTION"]).split(" Step ")[0]
            doses.append((at[0], at[1], words))
        elif uid.endswith("-diary"):
            diary.append(at)
        else:
            others.append((uid.split("-", 1)[1], at[0]))

    if len(doses) != len(set(doses)):
        differs("a dose stands there twice")
    expected = expected_doses(plan)
    for one in sorted(expected ^ set(doses)):
        differs(f"{one} is only in the {'plan' if one in expected else 'calendar'}")
    held = [
        today
        for hold in plan["holds"]
        for today in days(day(hold["from"]), day(hold["to"] or plan["valid_until"]))
    ]
    for today, _, words in doses:
        if today in held:
            differs(f"{words} on {today}, a held day")
    first = min(day(plan["made_on"]), day(plan["steps"][0]["from"]))
    wanted = [(today, TIMES["bedtime"]) for today in days(first, day(plan["valid_until"]))]
    if sorted(diary) != wanted:
        differs("the diary does not stand there once a day")
    for number, review in enumerate(plan["review"], start=1):
        if day(review["on"]) <= day(plan["valid_until"]) and (f"review-{number}", day(review["on"])) not in others:
            differs(f"the review on {review['on']} is missing")

    counted = {"doses": len(doses), "held": len(held), "diary": len(diary), "offsets": len(offsets(plan, zone))}
    print(json.dumps(counted))


if __name__ == "__main__":
    main()
