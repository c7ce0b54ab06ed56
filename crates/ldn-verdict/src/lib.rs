//! Did it work, for this person?
//!
//! [`response`] turns one diary into a calibrated answer: how much better, how sure, what of it may be placebo or
//! time, and what to do next. It is pure and deterministic: no random numbers, no clock, and the same diary gives the
//! same bytes on every machine and with any number of threads.
//!
//! [`trial`] asks whether it is the drug: designs of a blinded crossover of one person and the sequences they allow.
//!
//! The crate deliberately knows nothing of files, pages or pictures, and it never claims a drug effect from open-label
//! data, whatever its numbers say.

pub mod response;
pub mod trial;
