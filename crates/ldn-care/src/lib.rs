//! One course of low-dose naltrexone: may this person start, which dose on which day, what the pharmacy makes.
//!
//! [`intake`] reads what is known about a person, exactly or not at all. [`medicine`] recognises medicines as people
//! write them. [`screen`] holds the rules and says which of them apply, what it could not judge and what it did not
//! check. The crate is pure: today is the date of the intake, the rules are compiled in.
//!
//! It deliberately never says that anything is harmless, and it never reads an unknown answer as a no. Start at
//! [`intake::read`] and [`screen::screen`]. To add a rule, write its file under `data/screen/rules/` and a function of
//! the same name in `screen/rules/`; a test holds the two together.

pub mod attention;
pub mod course_screen;
pub mod dispense;
pub mod intake;
pub mod medicine;
pub mod plan;
pub mod screen;
