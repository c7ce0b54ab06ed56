//! What everybody may know of a trial: what was written down before it began, and which kit is for which days.

use jiff::ToSpan;
use jiff::civil::Date;
use ldn_core::Measure;
use ldn_core::journal::Hash;
use serde::{Deserialize, Serialize};

use super::allocation::Allocation;
use super::design::{Arm, Design};
use crate::response::verdict::WORTHWHILE_RANGE;

/// The only version of the form so far.
const SCHEMA: u32 = 1;

/// What was written down before a trial began; goes into the journal, and nothing in it depends on which capsules are
/// active.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Form", into = "Form")]
pub struct Protocol {
    parts: ProtocolParts,
    /// Kits that are not handed out, counted from 0: periods without a capsule, to which nobody is blinded.
    without_capsule: Vec<usize>,
}

/// What a protocol is made of; becomes a [`Protocol`] only with rules for when things go badly.
#[derive(Clone, Debug, PartialEq)]
pub struct ProtocolParts {
    /// The first day of the run-in, or of the first kit where there is none.
    pub starts_on: Date,
    /// The design.
    pub design: Design,
    /// The measure that decides.
    pub measure: Measure,
    /// The smallest drug effect worth a daily capsule, in points; 0.25 to 2, chosen before the trial.
    pub worthwhile: f64,
    /// When the person stops, in words.
    pub stop: Vec<String>,
    /// What the person may take or do when symptoms are bad, in words.
    pub rescue: Vec<String>,
}

/// Why there is no protocol.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ProtocolError {
    /// Nobody wrote down when to stop, or what helps in the meantime.
    #[error(
        "the protocol has no {what} rule; expected at least one sentence, because a placebo period may be a bad one"
    )]
    NoRule {
        /// Which rule.
        what: &'static str,
    },
    /// The smallest worthwhile effect is outside its range.
    #[error("a smallest worthwhile effect of {found} points; expected 0.25 to 2")]
    Worthwhile {
        /// The value given.
        found: f64,
    },
    /// The last day cannot be written.
    #[error("a trial from {starts_on} ends after the calendar does")]
    TooLate {
        /// The first day.
        starts_on: Date,
    },
    /// The stored form is not one.
    #[error("{place} of a stored protocol is {found}; expected {expected}")]
    Stored {
        /// Where.
        place: &'static str,
        /// What stands there.
        found: String,
        /// What should.
        expected: String,
    },
}

/// A bottle, or a card of capsules, for a few days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kit {
    /// Its number, counted from 1 over the whole trial; a period without capsules leaves numbers out.
    pub number: u16,
    /// The first day on which it is used.
    pub from: Date,
    /// The last.
    pub to: Date,
}

/// Where a trial is on a day, as far as everybody may know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It has not begun.
    Before,
    /// The diary is kept and no kit is open; the day of the run-in, counted from 1.
    RunIn {
        /// The day, counted from 1.
        day: u16,
    },
    /// A kit is in use.
    Kit {
        /// Which.
        kit: Kit,
        /// The planned period that the day falls into, counted from 1; a switch may come some kits earlier or later.
        period: u8,
    },
    /// A period without capsules.
    NoCapsule {
        /// The planned period that the day falls into, counted from 1.
        period: u8,
    },
    /// Its last day has passed.
    Over,
}

impl Protocol {
    /// Writes down a trial of a drawn allocation.
    ///
    /// # Errors
    /// [`ProtocolError`].
    pub fn new(parts: ProtocolParts, allocation: &Allocation) -> Result<Protocol, ProtocolError> {
        let kits = allocation.sequence().kit_arms(allocation.design());
        let without = kits.iter().enumerate().filter(|(_, arm)| **arm == Arm::NoCapsule);
        let without_capsule = without.map(|(kit, _)| kit).collect();
        Protocol::checked(ProtocolParts { design: allocation.design().clone(), ..parts }, without_capsule)
    }

    fn checked(parts: ProtocolParts, without_capsule: Vec<usize>) -> Result<Protocol, ProtocolError> {
        for (what, rules) in [("stopping", &parts.stop), ("rescue", &parts.rescue)] {
            if rules.iter().all(|rule| rule.trim().is_empty()) {
                return Err(ProtocolError::NoRule { what });
            }
        }
        let (least, most) = WORTHWHILE_RANGE;
        if !(least..=most).contains(&parts.worthwhile) {
            return Err(ProtocolError::Worthwhile { found: parts.worthwhile });
        }
        let days = i64::try_from(parts.design.total_days()).unwrap_or(i64::MAX);
        if parts.starts_on.checked_add(days.days()).is_err() {
            return Err(ProtocolError::TooLate { starts_on: parts.starts_on });
        }
        Ok(Protocol { parts, without_capsule })
    }

    /// Returns what it is made of.
    pub const fn parts(&self) -> &ProtocolParts {
        &self.parts
    }

    /// Returns the design.
    pub const fn design(&self) -> &Design {
        &self.parts.design
    }

    /// Returns the first day of the first kit.
    pub fn first_kit_day(&self) -> Date {
        self.day(0)
    }

    /// Returns the last day of the last period.
    pub fn last_day(&self) -> Date {
        self.day(self.design().trial_days().saturating_sub(1))
    }

    /// Returns the kits that are handed out, in the order of their days.
    pub fn kits(&self) -> Vec<Kit> {
        let with_capsule = |kit: &usize| !self.without_capsule.contains(kit);
        (0..self.design().n_kits()).filter(with_capsule).map(|kit| self.kit(kit)).collect()
    }

    /// Returns where the trial is on a day.
    pub fn on(&self, date: Date) -> Stage {
        let since = |from: Date| from.until(date).map_or(-1, |span| i64::from(span.get_days()));
        if date < self.parts.starts_on {
            return Stage::Before;
        }
        let Ok(day) = usize::try_from(since(self.first_kit_day())) else {
            let day = since(self.parts.starts_on) + 1;
            return Stage::RunIn { day: u16::try_from(day).unwrap_or(u16::MAX) };
        };
        if day >= self.design().trial_days() {
            return Stage::Over;
        }
        let kit = day / usize::from(self.design().parts().kit_days);
        let period = u8::try_from(kit / usize::from(self.design().kits_per_period()) + 1).unwrap_or(u8::MAX);
        match self.without_capsule.contains(&kit) {
            true => Stage::NoCapsule { period },
            false => Stage::Kit { kit: self.kit(kit), period },
        }
    }

    /// Returns the place of a kit in the sequence, counted from 0.
    pub fn position(&self, kit: Kit) -> usize {
        usize::from(kit.number).saturating_sub(1)
    }

    fn kit(&self, position: usize) -> Kit {
        let days = usize::from(self.design().parts().kit_days);
        Kit {
            number: u16::try_from(position + 1).unwrap_or(u16::MAX),
            from: self.day(position * days),
            to: self.day((position + 1) * days - 1),
        }
    }

    /// The date of a day of the periods, counted from 0.
    fn day(&self, day: usize) -> Date {
        let days = usize::from(self.design().parts().run_in_days) + day;
        self.parts.starts_on.saturating_add(i64::try_from(days).unwrap_or(i64::MAX).days())
    }
}

/// Returns the short name of a trial, which stands on its kits: the beginning of its commitment.
pub fn trial_code(commitment: Hash) -> String {
    commitment.to_string()[..6].to_owned()
}

impl Kit {
    /// Returns what stands on the bottle: the trial's code and the number.
    pub fn code(self, commitment: Hash) -> String {
        format!("{}-{:02}", trial_code(commitment), self.number)
    }
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    schema: u32,
    starts_on: Date,
    design: Design,
    measure: Measure,
    worthwhile_points: f64,
    stop: Vec<String>,
    rescue: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    kits_without_capsule: Vec<usize>,
}

impl From<Protocol> for Form {
    fn from(Protocol { parts, without_capsule }: Protocol) -> Form {
        Form {
            schema: SCHEMA,
            starts_on: parts.starts_on,
            design: parts.design,
            measure: parts.measure,
            worthwhile_points: parts.worthwhile,
            stop: parts.stop,
            rescue: parts.rescue,
            kits_without_capsule: without_capsule,
        }
    }
}

impl TryFrom<Form> for Protocol {
    type Error = ProtocolError;

    fn try_from(form: Form) -> Result<Protocol, ProtocolError> {
        let stored =
            |place, found: String, expected: String| Err(ProtocolError::Stored { place, found, expected });
        if form.schema != SCHEMA {
            return stored("the schema", form.schema.to_string(), SCHEMA.to_string());
        }
        let n_kits = form.design.n_kits();
        let kits = &form.kits_without_capsule;
        let ascends = kits.windows(2).all(|pair| pair[0] < pair[1]);
        if !ascends || kits.last().is_some_and(|kit| *kit >= n_kits) {
            return stored("the list of kits", format!("{kits:?}"), format!("kits below {n_kits} in order"));
        }
        let parts = ProtocolParts {
            starts_on: form.starts_on,
            design: form.design,
            measure: form.measure,
            worthwhile: form.worthwhile_points,
            stop: form.stop,
            rescue: form.rescue,
        };
        Protocol::checked(parts, form.kits_without_capsule)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::BTreeSet;

    use jiff::civil::date;
    use ldn_core::ids::CourseId;

    use super::super::design::Arms;
    use super::super::design::tests::three_pairs;
    use super::super::{DesignParts, Seed};
    use super::*;

    fn allocation(number: u8, change: impl FnOnce(&mut DesignParts)) -> Allocation {
        let mut parts = three_pairs();
        change(&mut parts);
        let course: CourseId = "0190b3f2-7a6c-4f3e-9d2b-5b6f1e2d3c4a".parse().unwrap();
        Allocation::draw(course, Design::new(parts).unwrap(), Seed::from_random([number; 32]))
    }

    fn parts(allocation: &Allocation) -> ProtocolParts {
        ProtocolParts {
            starts_on: date(2026, 1, 5),
            design: allocation.design().clone(),
            measure: Measure::Pain,
            worthwhile: 0.5,
            stop: vec!["Stop if an opioid is needed.".to_owned()],
            rescue: vec!["Paracetamol as before.".to_owned()],
        }
    }

    #[test]
    fn the_calendar_of_kits() {
        let allocation = allocation(1, |_| {});
        let protocol = Protocol::new(parts(&allocation), &allocation).unwrap();
        let kits = protocol.kits();
        assert_eq!(kits.len(), 24);
        assert_eq!((kits[0].from, kits[0].to), (date(2026, 1, 19), date(2026, 1, 25)));
        assert_eq!((kits[23].number, kits[23].to), (24, protocol.last_day()));
        assert_eq!(protocol.last_day(), date(2026, 7, 5));
        for (day, stage) in [
            (date(2026, 1, 4), Stage::Before),
            (date(2026, 1, 5), Stage::RunIn { day: 1 }),
            (date(2026, 1, 18), Stage::RunIn { day: 14 }),
            (date(2026, 1, 19), Stage::Kit { kit: kits[0], period: 1 }),
            (date(2026, 2, 16), Stage::Kit { kit: kits[4], period: 2 }),
            (date(2026, 7, 5), Stage::Kit { kit: kits[23], period: 6 }),
            (date(2026, 7, 6), Stage::Over),
        ] {
            assert_eq!(protocol.on(day), stage, "{day}");
        }
        assert_eq!(
            kits[3].code(allocation.commitment()),
            format!("{}-04", trial_code(allocation.commitment()))
        );
    }

    /// What everybody reads must be the same whatever was drawn.
    #[test]
    fn a_protocol_of_two_arms_does_not_depend_on_what_was_drawn() {
        let written = |number: u8| {
            let allocation = allocation(number, |_| {});
            serde_json::to_string(&Protocol::new(parts(&allocation), &allocation).unwrap()).unwrap()
        };
        let all: BTreeSet<String> = (0..40).map(written).collect();
        assert_eq!(all.len(), 1);
        let text = all.first().unwrap();
        let read: Protocol = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), *text);
    }

    /// With a third arm the periods without capsules are seen by everybody, and leave the other two open: swapping LDN
    /// and placebo gives a sequence that is as likely and looks the same.
    #[test]
    fn periods_without_capsules_have_no_kit_and_tell_nothing_else() {
        let three = |parts: &mut DesignParts| (parts.arms, parts.blocks) = (Arms::Three, 2);
        for number in 0..20 {
            let allocation = allocation(number, three);
            let protocol = Protocol::new(parts(&allocation), &allocation).unwrap();
            let arms = allocation.sequence().kit_arms(allocation.design());
            let n_capsules = arms.iter().filter(|arm| arm.has_capsule()).count();
            assert_eq!(protocol.kits().len(), n_capsules);
            for kit in protocol.kits() {
                assert!(arms[protocol.position(kit)].has_capsule());
                assert!(matches!(protocol.on(kit.from), Stage::Kit { kit: found, .. } if found == kit));
            }
            let other = |arm: &Arm| match arm {
                Arm::Ldn => Arm::Placebo,
                Arm::Placebo => Arm::Ldn,
                Arm::NoCapsule => Arm::NoCapsule,
            };
            let swapped = allocation.sequence().arms().iter().map(other).collect();
            let shifts = allocation.sequence().shifts().to_vec();
            assert!(super::super::Sequence::new(allocation.design(), swapped, shifts).is_some());
            let read: Protocol = serde_json::from_str(&serde_json::to_string(&protocol).unwrap()).unwrap();
            assert_eq!(read, protocol);
        }
    }

    #[test]
    fn a_protocol_needs_rules_for_when_it_goes_badly() {
        let allocation = allocation(1, |_| {});
        let good = parts(&allocation);
        let refused = |parts: ProtocolParts| Protocol::new(parts, &allocation).unwrap_err().to_string();
        assert!(
            refused(ProtocolParts { rescue: vec![" ".to_owned()], ..good.clone() })
                .contains("no rescue rule")
        );
        assert!(refused(ProtocolParts { stop: vec![], ..good.clone() }).contains("no stopping rule"));
        assert!(refused(ProtocolParts { worthwhile: 3.0, ..good.clone() }).contains("expected 0.25 to 2"));
        assert!(refused(ProtocolParts { worthwhile: f64::NAN, ..good.clone() }).contains("NaN"));
        assert!(refused(ProtocolParts { starts_on: date(9999, 12, 1), ..good }).contains("the calendar"));
    }
}
