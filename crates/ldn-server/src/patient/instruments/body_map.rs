//! The map of the body: front and back, drawn by us, each of the nineteen places at least once.
//!
//! It is a second way to the boxes beside it, which have the words: nothing depends on it. From the front the person's
//! right is on the left.

/// A place on the drawing.
pub(super) struct Place {
    pub(super) area: &'static str,
    pub(super) x: u16,
    pub(super) y: u16,
    pub(super) width: u16,
    pub(super) height: u16,
}

const fn place(area: &'static str, x: u16, y: u16, width: u16, height: u16) -> Place {
    Place { area, x, y, width, height }
}

/// Every place; hands, feet and the upper head belong to none. What begins at 200 and more to the right is seen from the back.
pub(super) const PLACES: [Place; 34] = [
    place("jaw-right", 84, 40, 15, 14),
    place("jaw-left", 101, 40, 15, 14),
    place("neck", 90, 57, 20, 13),
    place("shoulder-right", 50, 72, 29, 22),
    place("shoulder-left", 121, 72, 29, 22),
    place("chest", 81, 73, 38, 42),
    place("abdomen", 81, 117, 38, 36),
    place("upper-arm-right", 46, 96, 20, 44),
    place("upper-arm-left", 134, 96, 20, 44),
    place("lower-arm-right", 40, 142, 19, 46),
    place("lower-arm-left", 141, 142, 19, 46),
    place("hip-right", 74, 155, 25, 26),
    place("hip-left", 101, 155, 25, 26),
    place("upper-leg-right", 74, 183, 24, 52),
    place("upper-leg-left", 102, 183, 24, 52),
    place("lower-leg-right", 75, 237, 21, 54),
    place("lower-leg-left", 104, 237, 21, 54),
    place("jaw-left", 284, 40, 15, 14),
    place("jaw-right", 301, 40, 15, 14),
    place("neck", 290, 57, 20, 13),
    place("shoulder-left", 250, 72, 29, 22),
    place("shoulder-right", 321, 72, 29, 22),
    place("upper-back", 281, 73, 38, 42),
    place("lower-back", 281, 117, 38, 36),
    place("upper-arm-left", 246, 96, 20, 44),
    place("upper-arm-right", 334, 96, 20, 44),
    place("lower-arm-left", 240, 142, 19, 46),
    place("lower-arm-right", 341, 142, 19, 46),
    place("hip-left", 274, 155, 25, 26),
    place("hip-right", 301, 155, 25, 26),
    place("upper-leg-left", 274, 183, 24, 52),
    place("upper-leg-right", 302, 183, 24, 52),
    place("lower-leg-left", 275, 237, 21, 54),
    place("lower-leg-right", 304, 237, 21, 54),
];

#[cfg(test)]
mod tests {
    use super::super::score::AREAS;
    use super::*;

    #[test]
    fn every_place_is_drawn_on_its_side() {
        for (area, _) in AREAS {
            let drawn: Vec<&Place> = PLACES.iter().filter(|place| place.area == area).collect();
            assert!(!drawn.is_empty(), "{area} is not on the map");
            for place in drawn {
                let is_back = place.x >= 200;
                let is_on_the_left_of_the_picture =
                    place.x + place.width / 2 < if is_back { 300 } else { 100 };
                let shows_left = is_on_the_left_of_the_picture == is_back;
                assert!(!area.ends_with("-left") || shows_left, "{area} at {}", place.x);
                assert!(!area.ends_with("-right") || !shows_left, "{area} at {}", place.x);
            }
        }
        assert!(PLACES.iter().all(|place| AREAS.iter().any(|(area, _)| *area == place.area)));
    }
}
