//! Instants as they are stored: whole microseconds since 1970-01-01 in UTC, the same on both engines.

use jiff::Timestamp;

use crate::StoreError;

/// Returns the microseconds since 1970-01-01T00:00:00Z; what is finer than a microsecond is cut off.
pub(crate) fn to_micros(instant: Timestamp) -> i64 {
    instant.as_microsecond()
}

/// Reads a stored instant.
///
/// # Errors
/// [`StoreError::Unreadable`] for a number outside the years -9999 to 9999, which nothing here writes.
pub(crate) fn from_micros(micros: i64, place: &'static str) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(micros).map_err(|_| StoreError::Unreadable {
        place,
        found: micros.to_string(),
        expected: "microseconds since 1970",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_comes_back_to_the_microsecond() {
        let instant: Timestamp = "2026-02-28T23:59:59.123456789Z".parse().unwrap();
        let back = from_micros(to_micros(instant), "test").unwrap();
        assert_eq!(back.to_string(), "2026-02-28T23:59:59.123456Z");
        assert!(from_micros(i64::MAX, "test").is_err());
    }
}
