//! Entries as RFC 5545 writes them.

use icalendar::{Alarm, Calendar, Class, Component, Event, EventLike, EventStatus, Property, Trigger};
use jiff::ToSpan;
use jiff::civil::{Date, Time};
use ldn_core::{Plan, PlanId};

use super::entries::{Entry, When};
use crate::svg::printable;

/// Writes the file. Stamp and name of every component are given, so that none is made from a clock or at random.
pub(super) fn written(entries: &[Entry], title: &str, course: &PlanId, plan: &Plan) -> String {
    let mut calendar = Calendar::empty();
    for (name, value) in [
        ("VERSION", "2.0"),
        ("PRODID", "-//ldn//plan calendar 1//EN"),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", "PUBLISH"),
        ("X-WR-CALNAME", title),
    ] {
        calendar.append_property((name, value));
    }
    let stamp = stamp(plan);
    for entry in entries {
        calendar.push(event(entry, &format!("{course}-{}", entry.key), &stamp, plan.parts().version));
    }
    calendar.to_string()
}

/// The day of the last change: a signature changes what the entries say.
fn stamp(plan: &Plan) -> String {
    let parts = plan.parts();
    let signed = parts.signature.as_ref().map(|signature| signature.on);
    let day = signed.map_or(parts.made_on, |on| on.max(parts.made_on));
    format!("{}T000000Z", compact(day))
}

fn event(entry: &Entry, uid: &str, stamp: &str, version: u32) -> Event {
    let mut event = Event::new();
    event.uid(uid).add_property("DTSTAMP", stamp);
    event.sequence(version).class(Class::Private).add_property("TRANSP", "TRANSPARENT");
    event.summary(&printable(&entry.title)).description(&entry.description);
    match entry.when {
        When::Daily { from, days, at } => {
            event.add_property("DTSTART", floating(from, at));
            if !entry.cancelled {
                event.add_property("RRULE", format!("FREQ=DAILY;COUNT={days}"));
            }
        }
        When::Whole { from, to } => {
            event.append_property(whole_day("DTSTART", from));
            // The end is the first day after; the last day of time itself has none.
            if let Ok(after) = to.checked_add(1.day()) {
                event.append_property(whole_day("DTEND", after));
            }
        }
    }
    event.status(if entry.cancelled { EventStatus::Cancelled } else { EventStatus::Confirmed });
    if entry.alarm {
        event.alarm(alarm(&entry.title, uid, stamp));
    }
    event
}

/// A reminder at the minute of the entry, which shows its title.
fn alarm(title: &str, uid: &str, stamp: &str) -> Alarm {
    let at_once = Property::new("TRIGGER", "PT0S");
    let trigger = Trigger::try_from(&at_once).expect("a duration of RFC 5545");
    let mut alarm = Alarm::display(&printable(title), trigger);
    alarm.append_property(at_once).uid(&format!("{uid}-alarm")).add_property("DTSTAMP", stamp);
    alarm
}

/// A local date-time without zone.
fn floating(day: Date, at: Time) -> String {
    format!("{}T{:02}{:02}{:02}", compact(day), at.hour(), at.minute(), at.second())
}

fn whole_day(name: &str, day: Date) -> Property {
    let mut property = Property::new(name, compact(day));
    property.add_parameter("VALUE", "DATE");
    property
}

fn compact(day: Date) -> String {
    format!("{:04}{:02}{:02}", day.year(), day.month(), day.day())
}
