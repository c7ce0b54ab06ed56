//! Every dose with every stock, against a count that shares no code with the product.

use ldn_care::dispense::{Take, Unit, UnitTable};
use ldn_core::Dose;

/// Strengths in steps of 0.05 mg: 0.1, 0.25, 0.5, 1, 1.5, 3 and 4.5 mg.
const STRENGTHS: [usize; 7] = [2, 5, 10, 20, 30, 60, 90];
const NANOGRAMS_PER_STEP: u64 = 50_000;
/// 12 mg.
const LARGEST: usize = 240;
/// More than any dose needs, so that the next larger dose is seen too.
const BEYOND: usize = LARGEST + 90;

fn dose(steps: usize) -> Dose {
    Dose::from_nanograms(steps as u64 * NANOGRAMS_PER_STEP)
}

fn unit(text: &str) -> Unit {
    text.parse().unwrap()
}

fn stock(mask: usize) -> Vec<Unit> {
    let texts = ["0.1 mg", "0.25 mg", "0.5 mg", "1 mg", "1.5 mg", "3 mg", "4.5 mg"];
    (0..7).filter(|index| mask >> index & 1 == 1).map(|index| unit(texts[index])).collect()
}

/// Goes through every handful of capsules once and notes, for the set of strengths in it and its sum, the fewest.
fn count(at: usize, sum: usize, capsules: u64, mask: usize, fewest: &mut [Vec<Option<u64>>]) {
    if at == STRENGTHS.len() {
        let known = &mut fewest[mask][sum];
        *known = Some(known.map_or(capsules, |known| known.min(capsules)));
        return;
    }
    for more in 0..=(BEYOND - sum) / STRENGTHS[at] {
        let used = if more == 0 { mask } else { mask | 1 << at };
        count(at + 1, sum + more * STRENGTHS[at], capsules + more as u64, used, fewest);
    }
}

#[test]
fn every_dose_to_12_mg_with_every_set_of_strengths() {
    let mut fewest = vec![vec![None; BEYOND + 1]; 128];
    count(0, 0, 0, 0, &mut fewest);
    let (mut made, mut refused) = (0, 0);
    for mask in 1..128_usize {
        let table = UnitTable::new(&stock(mask), dose(LARGEST)).unwrap();
        let within: Vec<usize> = (1..128).filter(|used| used & !mask == 0).collect();
        let best = |sum: usize| {
            let ways =
                within.iter().filter_map(|used| Some((fewest[*used][sum]?, u64::from(used.count_ones()))));
            ways.min()
        };
        for sum in (2..=LARGEST).step_by(2) {
            let takes = table.make(dose(sum));
            let found = takes.as_ref().map(|takes| {
                assert_eq!(
                    takes.iter().map(|take| take.dose().nanograms()).sum::<u64>(),
                    dose(sum).nanograms()
                );
                (takes.iter().map(Take::pieces).sum::<u64>(), takes.len() as u64)
            });
            assert_eq!(found, best(sum), "{} of {:?}", dose(sum), stock(mask));
            if found.is_some() {
                made += 1;
                continue;
            }
            refused += 1;
            let below = (1..sum).rev().find(|sum| best(*sum).is_some()).map(dose);
            let above = (sum + 1..=BEYOND).find(|sum| best(*sum).is_some()).map(dose);
            assert_eq!(table.nearest(dose(sum)), (below, above), "{} of {:?}", dose(sum), stock(mask));
        }
    }
    assert_eq!(made + refused, 127 * 120);
    assert!(made > 9_000 && refused > 500, "{made} made, {refused} refused");
}

/// Scored tablets: every handful of wholes, halves and quarters, counted one by one.
#[test]
fn every_dose_to_6_mg_with_scored_tablets() {
    // In steps of 0.125 mg: a 1 mg capsule, a 1.5 mg tablet in quarters, a 3 mg tablet in halves, a 2 mg troche in quarters.
    let units = [
        ("1 mg capsule", 8, 1),
        ("1.5 mg tablet scored in quarters", 12, 4),
        ("3 mg tablet scored in halves", 24, 2),
        ("2 mg troche scored in quarters", 16, 4),
    ];
    let largest = 48_usize;
    for mask in 1..16_usize {
        let chosen: Vec<_> =
            (0..4).filter(|index| mask >> index & 1 == 1).map(|index| units[index]).collect();
        let mut best = vec![None; largest + 1];
        handfuls(&chosen, 0, (0, 0, 0), &mut best);
        let stock: Vec<Unit> = chosen.iter().map(|(text, _, _)| unit(text)).collect();
        let step = |steps: usize| Dose::from_nanograms(steps as u64 * 125_000);
        let table = UnitTable::new(&stock, step(largest)).unwrap();
        for sum in 1..=largest {
            let found = table.make(step(sum)).map(|takes| {
                let held = |take: &Take| take.quarters.div_ceil(4) * take.unit.strength().nanograms();
                let left: u64 = takes.iter().map(|take| held(take) - take.dose().nanograms()).sum();
                (takes.iter().map(Take::pieces).sum::<u64>(), takes.len() as u64, left / 125_000)
            });
            assert_eq!(found, best[sum], "{} of {stock:?}", step(sum));
        }
    }
}

type Effort = (u64, u64, u64);

/// Adds every number of wholes, halves and quarters of the next unit to a handful.
fn handfuls(units: &[(&str, usize, usize)], sum: usize, effort: Effort, best: &mut [Option<Effort>]) {
    let Some(((_, strength, parts), rest)) = units.split_first() else {
        best[sum] = Some(best[sum].map_or(effort, |known| known.min(effort)));
        return;
    };
    let room = (best.len() - 1 - sum) * 4 / strength;
    for wholes in 0..=room / 4 {
        for halves in 0..=if *parts >= 2 { (room - wholes * 4) / 2 } else { 0 } {
            for quarters in 0..=if *parts == 4 { room - wholes * 4 - halves * 2 } else { 0 } {
                let taken = wholes * 4 + halves * 2 + quarters;
                let opened = wholes + (halves * 2 + quarters).div_ceil(4);
                let more = (
                    effort.0 + (wholes + halves + quarters) as u64,
                    effort.1 + u64::from(taken > 0),
                    effort.2 + ((opened * 4 - taken) * strength / 4) as u64,
                );
                handfuls(rest, sum + taken * strength / 4, more, best);
            }
        }
    }
}
