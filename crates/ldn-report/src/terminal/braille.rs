//! Lines of Braille dots: two columns and four rows of dots in each character.

/// A canvas of dots.
pub(super) struct Canvas {
    columns: usize,
    cells: Vec<u8>,
}

/// Which bit is which dot, by row and column.
const BITS: [[u8; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];

impl Canvas {
    pub(super) fn new(columns: usize, rows: usize) -> Canvas {
        Canvas { columns, cells: vec![0; columns * rows] }
    }

    /// Returns width and height in dots.
    pub(super) fn size(&self) -> (usize, usize) {
        (2 * self.columns, 4 * (self.cells.len() / self.columns))
    }

    /// Draws a straight line, both ends included.
    pub(super) fn line(&mut self, from: [f64; 2], to: [f64; 2]) {
        let steps = (to[0] - from[0]).abs().max((to[1] - from[1]).abs()).ceil().max(1.0);
        for step in 0..=steps as usize {
            let share = step as f64 / steps;
            self.dot(from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1]));
        }
    }

    fn dot(&mut self, x: f64, y: f64) {
        let (wide, high) = self.size();
        let (x, y) = (x.round().max(0.0) as usize, y.round().max(0.0) as usize);
        if x < wide && y < high {
            self.cells[(y / 4) * self.columns + x / 2] |= BITS[y % 4][x % 2];
        }
    }

    /// Returns the rows as text; a cell without dots is a space.
    pub(super) fn lines(&self) -> Vec<String> {
        let letter = |cell: &u8| match cell {
            0 => ' ',
            dots => char::from_u32(0x2800 + u32::from(*dots)).unwrap_or(' '),
        };
        self.cells.chunks(self.columns).map(|row| row.iter().map(letter).collect()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diagonal() {
        let mut canvas = Canvas::new(2, 1);
        canvas.line([0.0, 0.0], [3.0, 3.0]);
        assert_eq!(canvas.lines(), ["⠑⢄"]);
    }
}
