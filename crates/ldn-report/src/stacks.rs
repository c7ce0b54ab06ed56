//! Dots piled up: which column each answer stands in.

use crate::answers::{Answers, Zone};
use crate::scale::Scale;

/// Smallest and largest width of a column, as shares of the width asked for.
const STRETCH: (f64, f64) = (0.5, 1.4);

/// One pile of dots.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Stack {
    /// Place of its middle.
    pub(crate) x: f64,
    pub(crate) zone: Zone,
    pub(crate) n: usize,
}

/// All piles, left to right.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Stacks {
    pub(crate) stacks: Vec<Stack>,
    /// Width of a column.
    pub(crate) width: f64,
}

/// Piles up answers in columns of about the given width.
///
/// The columns are a grid on which both "no change" and the goal are edges, so that no dot stands in a zone in which its
/// answer is not counted. It stretches where the goal demands it.
pub(crate) fn pile_up(answers: &Answers, scale: &Scale, about: f64) -> Stacks {
    let to_the_goal = answers.goal * scale.unit();
    let columns = (to_the_goal / about).round().max(1.0);
    let width = (to_the_goal / columns).clamp(STRETCH.0 * about, STRETCH.1 * about);
    let (zero, goal) = (scale.place(0.0), scale.place(answers.goal));
    let mut stacks: Vec<Stack> = Vec::new();
    for dot in &answers.dots {
        let (zone, place) = (answers.zone(*dot), scale.place(*dot));
        let x = match zone {
            Zone::Goal => goal + width * (((place - goal) / width).floor() + 0.5),
            Zone::NoneOrWorse => zero - width * (((zero - place) / width).floor() + 0.5),
            Zone::Smaller => {
                let column = ((place - zero) / to_the_goal * columns).floor().min(columns - 1.0);
                zero + to_the_goal / columns * (column + 0.5)
            }
        };
        match stacks.last_mut() {
            Some(stack) if stack.zone == zone && (stack.x - x).abs() < 1e-9 => stack.n += 1,
            _ => stacks.push(Stack { x, zone, n: 1 }),
        }
    }
    Stacks { stacks, width }
}

impl Stacks {
    pub(crate) fn highest(&self) -> usize {
        self.stacks.iter().map(|stack| stack.n).max().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dot_stands_in_its_own_zone() {
        let dots = vec![-1.2, -0.01, 0.01, 0.9, 1.19, 1.21, 1.25, 1.3, 3.0];
        let scale = Scale::new([-2.0, 4.0], [10.0, 310.0]);
        for goal in [1.2, 0.1, 2.5] {
            let answers = Answers { dots: dots.clone(), goal };
            for about in [8.0, 20.0, 45.0] {
                let piled = pile_up(&answers, &scale, about);
                assert_eq!(piled.stacks.iter().map(|s| s.n).sum::<usize>(), dots.len());
                for stack in &piled.stacks {
                    let inside = match stack.zone {
                        Zone::Goal => stack.x > scale.place(goal),
                        Zone::Smaller => stack.x > scale.place(0.0) && stack.x < scale.place(goal),
                        Zone::NoneOrWorse => stack.x < scale.place(0.0),
                    };
                    assert!(inside, "goal {goal}, columns of {about}: {stack:?}");
                }
            }
        }
    }
}
