//! The sequences that may be drawn for a design: counted, numbered, and found by number.

use std::collections::BTreeMap;

use super::design::{Arm, Balance, Design};

/// What one trial does: an arm for each period and a shift for each switch.
///
/// One of many as long as nobody says that it was drawn; the one that was is in an [`super::Allocation`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sequence {
    arms: Vec<Arm>,
    shifts: Vec<i8>,
}

/// All sequences that a design allows, each as likely as every other.
///
/// Balanced as [`Balance`] says, no arm more than `max_run` periods in a row, any arm first. The numbering is exact and
/// the same for ever: order of the arms first (in the order LDN, placebo, no capsule, from the first period on), then
/// the shifts from the first switch on, early before late.
#[derive(Clone, Debug)]
pub struct Admissible {
    design: Design,
    orders: BTreeMap<State, u128>,
    n_shifts: u128,
    len: u128,
}

/// How far an order of arms has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct State {
    /// Periods placed.
    placed: u8,
    /// How often each arm may still come in this segment: a block, or the whole trial.
    left: [u8; 3],
    /// The arm of the period before; `None` at the beginning.
    last: Option<Arm>,
    /// Periods in a row with that arm.
    run: u8,
}

impl Sequence {
    /// Makes the sequence of these arms and shifts, if the design allows it; shifts are in kits, one for each switch,
    /// negative for early.
    pub fn new(design: &Design, arms: Vec<Arm>, shifts: Vec<i8>) -> Option<Sequence> {
        let sequence = Sequence { arms, shifts };
        Admissible::of(design).rank(&sequence).map(|_| sequence)
    }

    /// Returns the arm of each period.
    pub fn arms(&self) -> &[Arm] {
        &self.arms
    }

    /// Returns by how many kits each switch between two periods is late; negative for early. One fewer than periods.
    pub fn shifts(&self) -> &[i8] {
        &self.shifts
    }

    /// Returns the period of each kit, counted from 0.
    pub fn kit_periods(&self, design: &Design) -> Vec<usize> {
        let per_period = i64::from(design.kits_per_period());
        let switch = |period: usize| {
            let planned = (period as i64 + 1) * per_period;
            planned + i64::from(self.shifts.get(period).copied().unwrap_or(0))
        };
        let mut periods = Vec::with_capacity(design.n_kits());
        let mut period = 0;
        for kit in 0..design.n_kits() as i64 {
            if kit >= switch(period) && period + 1 < self.arms.len() {
                period += 1;
            }
            periods.push(period);
        }
        periods
    }

    /// Returns what each kit holds.
    pub fn kit_arms(&self, design: &Design) -> Vec<Arm> {
        self.kit_periods(design).into_iter().map(|period| self.arms[period]).collect()
    }

    /// Returns the arm of each day from the first of the first period on; the run-in is not among them.
    pub fn day_arms(&self, design: &Design) -> Vec<Arm> {
        repeat(&self.kit_arms(design), design.parts().kit_days)
    }

    /// Returns the period of each day from the first of the first period on, counted from 0.
    pub fn day_periods(&self, design: &Design) -> Vec<usize> {
        repeat(&self.kit_periods(design), design.parts().kit_days)
    }
}

fn repeat<T: Copy>(kits: &[T], days: u16) -> Vec<T> {
    kits.iter().flat_map(|kit| std::iter::repeat_n(*kit, usize::from(days))).collect()
}

impl Admissible {
    /// Returns the set of a design.
    pub fn of(design: &Design) -> Admissible {
        let mut set = Admissible { design: design.clone(), orders: BTreeMap::new(), n_shifts: 1, len: 0 };
        set.n_shifts = set.count_shifts().unwrap_or(0);
        let n_orders = set.fill(set.first()).unwrap_or(0);
        set.len = n_orders.checked_mul(set.n_shifts).unwrap_or(0);
        set
    }

    /// Returns how many sequences a design allows, or `None` if there are none or more than a `u128` counts.
    pub(crate) fn count(design: &Design) -> Option<u128> {
        Some(Admissible::of(design).len).filter(|len| *len > 0)
    }

    /// Returns how many sequences there are; at least one for each arm.
    #[expect(clippy::len_without_is_empty, reason = "a design without sequences cannot be made")]
    pub const fn len(&self) -> u128 {
        self.len
    }

    /// Returns the design.
    pub const fn design(&self) -> &Design {
        &self.design
    }

    /// Returns the sequence with this number, counted from 0; `None` from [`Admissible::len`] on.
    pub fn nth(&self, number: u128) -> Option<Sequence> {
        if number >= self.len {
            return None;
        }
        let arms = self.nth_order(number / self.n_shifts);
        Some(Sequence { arms, shifts: self.nth_shifts(number % self.n_shifts) })
    }

    /// Returns the number of a sequence, or `None` if the design does not allow it.
    pub fn rank(&self, sequence: &Sequence) -> Option<u128> {
        if sequence.arms.len() != self.design.n_periods() || sequence.shifts.len() + 1 != sequence.arms.len()
        {
            return None;
        }
        let mut order = 0;
        let mut state = self.first();
        for arm in &sequence.arms {
            let before = self.choices(state).take_while(|(choice, _)| choice < arm);
            order += before.map(|(_, next)| self.orders_from(next)).sum::<u128>();
            state = self.choices(state).find(|(choice, _)| choice == arm)?.1;
        }
        (self.orders_from(state) > 0).then_some(())?;
        let widest = i16::from(self.design.parts().jitter_kits);
        let shifts = sequence.shifts.iter().try_fold(0, |number, shift| {
            let digit = u128::try_from(i16::from(*shift) + widest).ok()?;
            (digit < self.widths()).then(|| number * self.widths() + digit)
        })?;
        Some(order * self.n_shifts + shifts)
    }

    /// Returns every sequence in the order of its number.
    pub fn iter(&self) -> impl Iterator<Item = Sequence> + '_ {
        (0..self.len).map_while(|number| self.nth(number))
    }

    fn first(&self) -> State {
        State { placed: 0, left: self.segment(), last: None, run: 0 }
    }

    /// Returns how often each arm comes in a segment.
    fn segment(&self) -> [u8; 3] {
        let parts = self.design.parts();
        let each = match parts.balance {
            Balance::WithinBlocks => 1,
            Balance::Overall => parts.blocks,
        };
        let n_arms = self.design.arms().len();
        std::array::from_fn(|arm| if arm < n_arms { each } else { 0 })
    }

    /// Returns the arms that may come next, with where each leads.
    fn choices(&self, state: State) -> impl Iterator<Item = (Arm, State)> {
        let state = if state.left == [0; 3] { State { left: self.segment(), ..state } } else { state };
        let done = usize::from(state.placed) == self.design.n_periods();
        let max_run = self.design.parts().max_run;
        Arm::ALL.into_iter().enumerate().filter_map(move |(position, arm)| {
            let run = if state.last == Some(arm) { state.run + 1 } else { 1 };
            if done || state.left[position] == 0 || run > max_run {
                return None;
            }
            let mut left = state.left;
            left[position] -= 1;
            Some((arm, State { placed: state.placed + 1, left, last: Some(arm), run }))
        })
    }

    /// Counts the orders from a state on and keeps the count; `None` if they are too many.
    fn fill(&mut self, state: State) -> Option<u128> {
        if usize::from(state.placed) == self.design.n_periods() {
            self.orders.insert(state, 1);
            return Some(1);
        }
        if let Some(known) = self.orders.get(&state) {
            return Some(*known);
        }
        let choices: Vec<State> = self.choices(state).map(|(_, next)| next).collect();
        let mut count: u128 = 0;
        for next in choices {
            count = count.checked_add(self.fill(next)?)?;
        }
        self.orders.insert(state, count);
        Some(count)
    }

    fn orders_from(&self, state: State) -> u128 {
        self.orders.get(&state).copied().unwrap_or(0)
    }

    fn nth_order(&self, mut number: u128) -> Vec<Arm> {
        let mut state = self.first();
        let mut arms = Vec::with_capacity(self.design.n_periods());
        while arms.len() < self.design.n_periods() {
            let mut found = None;
            for (arm, next) in self.choices(state) {
                let from_here = self.orders_from(next);
                if number < from_here {
                    found = Some((arm, next));
                    break;
                }
                number -= from_here;
            }
            // The number is below the count of this state, so one of its choices holds it.
            let Some((arm, next)) = found else { break };
            arms.push(arm);
            state = next;
        }
        arms
    }

    fn nth_shifts(&self, mut number: u128) -> Vec<i8> {
        let widest = self.design.parts().jitter_kits as i8;
        let mut shifts = vec![0; self.design.n_periods() - 1];
        for shift in shifts.iter_mut().rev() {
            *shift = (number % self.widths()) as i8 - widest;
            number /= self.widths();
        }
        shifts
    }

    /// Returns the shifts that one switch can have.
    fn widths(&self) -> u128 {
        2 * u128::from(self.design.parts().jitter_kits) + 1
    }

    fn count_shifts(&self) -> Option<u128> {
        (1..self.design.n_periods()).try_fold(1_u128, |product, _| product.checked_mul(self.widths()))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::design::tests::three_pairs;
    use super::super::design::{Arms, DesignParts};
    use super::*;

    fn set(change: impl FnOnce(&mut DesignParts)) -> Admissible {
        let mut parts = three_pairs();
        change(&mut parts);
        Admissible::of(&Design::new(parts).unwrap())
    }

    fn text(sequence: &Sequence) -> String {
        sequence.arms().iter().map(|arm| arm.letter()).collect()
    }

    /// Every word over the arms, kept if it obeys the rules: slow, plain, and other code than the set's.
    fn by_hand(design: &Design) -> BTreeSet<String> {
        let parts = design.parts();
        let mut words = vec![String::new()];
        for _ in 0..design.n_periods() {
            let longer = |word: &String| {
                let word = word.clone();
                design.arms().iter().map(move |arm| format!("{word}{}", arm.letter())).collect::<Vec<_>>()
            };
            words = words.iter().flat_map(longer).collect();
        }
        let segment = match parts.balance {
            Balance::WithinBlocks => design.arms().len(),
            Balance::Overall => design.n_periods(),
        };
        let balanced = |word: &String| {
            word.as_bytes().chunks(segment).all(|chunk| {
                let count =
                    |arm: &Arm| chunk.iter().filter(|letter| **letter as char == arm.letter()).count();
                design.arms().iter().all(|arm| count(arm) * design.arms().len() == segment)
            })
        };
        let short_runs = |word: &String| {
            let too_long = usize::from(parts.max_run) + 1;
            word.as_bytes().windows(too_long).all(|run| run.iter().any(|letter| *letter != run[0]))
        };
        words.into_iter().filter(|word| balanced(word) && short_runs(word)).collect()
    }

    #[test]
    fn the_set_is_what_a_plain_count_says() {
        type Change = fn(&mut DesignParts);
        let cases: [(Change, u128); 6] = [
            (|parts| parts.jitter_kits = 0, 8),
            (|_| {}, 8 * 243),
            (|parts| (parts.jitter_kits, parts.balance) = (0, Balance::Overall), 14),
            (|parts| (parts.jitter_kits, parts.balance, parts.max_run) = (0, Balance::Overall, 3), 20),
            (|parts| (parts.jitter_kits, parts.arms, parts.blocks) = (0, Arms::Three, 2), 36),
            (
                |parts| (parts.arms, parts.blocks, parts.balance) = (Arms::Three, 2, Balance::Overall),
                90 * 243,
            ),
        ];
        for (change, len) in cases {
            let set = set(change);
            assert_eq!(set.len(), len, "{:?}", set.design());
            let all: Vec<Sequence> = set.iter().collect();
            assert_eq!(all.len() as u128, len);
            assert!(all.is_sorted() && all.iter().collect::<BTreeSet<_>>().len() == all.len());
            let orders: BTreeSet<String> = all.iter().map(text).collect();
            assert_eq!(orders, by_hand(set.design()));
            for (number, sequence) in all.iter().enumerate() {
                assert_eq!(set.rank(sequence), Some(number as u128));
            }
            assert_eq!(set.nth(len), None);
        }
    }

    #[test]
    fn no_arm_is_fixed_to_the_first_period() {
        for set in [
            set(|_| {}),
            set(|parts| parts.arms = Arms::Three),
            set(|parts| parts.balance = Balance::Overall),
        ] {
            for arm in set.design().arms() {
                let first = set.iter().filter(|sequence| sequence.arms()[0] == *arm).count() as u128;
                assert_eq!(first * set.design().arms().len() as u128, set.len(), "{arm}");
            }
        }
    }

    #[test]
    fn kits_follow_the_arms_and_the_shifts() {
        let set = set(|parts| (parts.blocks, parts.kit_days) = (1, 7));
        let sequence = Sequence::new(set.design(), vec![Arm::Placebo, Arm::Ldn], vec![-1]).unwrap();
        let kits: String = sequence.kit_arms(set.design()).iter().map(|arm| arm.letter()).collect();
        assert_eq!(kits, "PPPLLLLL");
        assert_eq!(sequence.day_arms(set.design()).len(), set.design().trial_days());
        assert_eq!(sequence.day_periods(set.design()).iter().filter(|period| **period == 0).count(), 21);
        assert_eq!(Sequence::new(set.design(), vec![Arm::Placebo, Arm::Ldn], vec![2]), None);
        assert_eq!(Sequence::new(set.design(), vec![Arm::Placebo, Arm::Placebo], vec![0]), None);
        assert_eq!(Sequence::new(set.design(), vec![Arm::Placebo, Arm::NoCapsule], vec![0]), None);
    }
}
