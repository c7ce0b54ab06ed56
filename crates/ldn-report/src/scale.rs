//! From quantities to places.

/// A linear scale from a range of values to a range of places.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    values: [f64; 2],
    places: [f64; 2],
}

impl Scale {
    /// Makes a scale; an empty range of values is widened.
    pub fn new(values: [f64; 2], places: [f64; 2]) -> Scale {
        let [low, high] = values;
        Scale { values: if high > low { values } else { [low, low + 1.0] }, places }
    }

    /// Returns the place of a value.
    pub fn place(&self, value: f64) -> f64 {
        self.places[0] + (value - self.values[0]) * self.unit()
    }

    /// Returns the value at a place.
    pub fn value(&self, place: f64) -> f64 {
        self.values[0] + (place - self.places[0]) / self.unit()
    }

    /// Returns the length of one unit; negative if the places run the other way.
    pub fn unit(&self) -> f64 {
        (self.places[1] - self.places[0]) / (self.values[1] - self.values[0])
    }

    /// Returns the ends of the values.
    pub fn values(&self) -> [f64; 2] {
        self.values
    }

    /// Returns round values inside the range, at least `apart` apart in place and `finest` in value.
    pub fn ticks(&self, finest: f64, apart: f64) -> Vec<f64> {
        let step = [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0]
            .into_iter()
            .find(|step| *step >= finest && step * self.unit().abs() >= apart)
            .unwrap_or(20.0);
        let first = (self.values[0] / step - 1e-9).ceil() as i64;
        let last = (self.values[1] / step + 1e-9).floor() as i64;
        (first..=last).map(|k| k as f64 * step).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_ticks() {
        let scale = Scale::new([-1.0, 4.0], [0.0, 100.0]);
        assert_eq!(scale.place(0.0), 20.0);
        assert_eq!(scale.value(20.0), 0.0);
        assert_eq!(scale.ticks(1.0, 5.0), [-1.0, 0.0, 1.0, 2.0, 3.0, 4.0]);
        assert_eq!(scale.ticks(0.1, 30.0), [0.0, 2.0, 4.0]);
        assert_eq!(Scale::new([3.0, 3.0], [0.0, 1.0]).place(3.0), 0.0);
    }
}
