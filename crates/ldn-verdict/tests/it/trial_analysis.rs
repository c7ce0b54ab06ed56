//! The analysis of a trial: what it finds where there is something, where there is nothing, and before it is opened.

use jiff::civil::{Date, date};
use ldn_core::diary::{Arm as DiaryArm, Diary, DiaryRow};
use ldn_core::journal::Guess;
use ldn_core::{Dose, Measure, Scale, Score};
use ldn_verdict::response::verdict::Settings;
use ldn_verdict::trial::permutation::Method;
use ldn_verdict::trial::{
    Admissible, Analysis, Arm, Arms, Balance, Because, Belief, Design, DesignParts, OpenError, Opened, Plan,
    Sequence, Statement, analyse, masked,
};

const FIRST_DAY: Date = date(2026, 1, 19);

fn parts() -> DesignParts {
    DesignParts {
        arms: Arms::Two,
        blocks: 3,
        period_days: 28,
        kit_days: 7,
        jitter_kits: 0,
        run_in_days: 14,
        excluded_days: 7,
        max_run: 2,
        balance: Balance::WithinBlocks,
        dose: Dose::from_micrograms(4_500),
        reference_dose: Dose::from_micrograms(4_500),
    }
}

fn plan(parts: DesignParts, letters: &str) -> Plan {
    let design = Design::new(parts).unwrap();
    let arms: Vec<Arm> = letters.chars().map(|letter| Arm::from_letter(letter).unwrap()).collect();
    let shifts = vec![0; arms.len() - 1];
    let sequence = Sequence::new(&design, arms, shifts).unwrap();
    Plan { design, first_day: FIRST_DAY, sequence }
}

/// Whole-point scores around 6 with a fixed, uneven rhythm, better by `effect` while LDN is taken, at once.
fn masked_diary(plan: &Plan, effect: f64) -> Diary {
    let arms = plan.sequence.day_arms(&plan.design);
    let run_in = i64::from(plan.design.parts().run_in_days);
    let start = plan.first_day.saturating_sub(jiff::Span::new().days(run_in));
    let noise = [0.0, 1.0, -1.0, 0.0, 1.0, 0.0, -1.0, 1.0, 0.0, -1.0, 0.0];
    let rows = (0..plan.design.total_days()).map(|t| {
        let mut row = DiaryRow::empty(start.saturating_add(jiff::Span::new().days(t as i64)));
        let day = t.checked_sub(run_in as usize);
        let arm = day.map(|day| arms[day]);
        let better = if arm == Some(Arm::Ldn) { effect } else { 0.0 };
        let score = (6.0 + noise[t % noise.len()] - better).clamp(0.0, 10.0).round();
        row.scores[Measure::Pain.index()] = Score::new(Measure::Pain, Scale::ZeroToTen, score).ok();
        match (day, arm) {
            (Some(day), Some(_)) => {
                (row.blind, row.capsule) = (true, Some(arm != Some(Arm::NoCapsule)));
                row.arm = Some(DiaryArm::Masked(format!("K{}", day / 7 + 1)));
            }
            _ => (row.dose, row.capsule) = (Some(Dose::ZERO), Some(false)),
        }
        row
    });
    Diary::new(rows.collect()).unwrap()
}

fn analysis(plan: &Plan, effect: f64, beliefs: &[Belief]) -> Analysis {
    let opened = Opened::by_sequence(&masked_diary(plan, effect), plan.clone()).unwrap();
    analyse(&opened, beliefs, &Settings::new(Measure::Pain), 1).unwrap()
}

/// A guess at the end of every week.
fn beliefs(plan: &Plan, guess: impl Fn(usize, Arm) -> Guess) -> Vec<Belief> {
    let arms = plan.sequence.day_arms(&plan.design);
    let days = (6..arms.len()).step_by(7);
    days.map(|day| Belief {
        date: plan.first_day.saturating_add(jiff::Span::new().days(day as i64)),
        guess: guess(day, arms[day]),
        sure: Some(0.8),
    })
    .collect()
}

#[test]
fn a_large_effect_makes_a_responder_and_is_the_rarest_of_all_sequences() {
    let plan = plan(parts(), "LPPLLP");
    let found = analysis(&plan, 3.0, &[]);
    assert_eq!((found.statement, found.because), (Statement::Responder, Because::ThresholdAndPairs));
    assert_eq!((found.pairs.len(), found.pairs_in_favour), (3, 3));
    for pair in &found.pairs {
        assert!((pair.difference.estimate - 3.0).abs() < 0.5, "{pair:?}");
    }
    let test = found.randomisation.as_ref().unwrap();
    assert_eq!((test.method, test.looked_at, test.at_least_as_large), (Method::Exact, 8, 1));
    assert_eq!((test.p, test.floor, test.mid_p), (0.125, 0.125, 0.0625), "three pairs cannot give less");
    assert!(found.text.patient.contains("responder") && found.text.prescriber.contains("1 of 8 sequences"));
}

#[test]
fn no_effect_makes_no_responder() {
    let plan = plan(parts(), "PLLPPL");
    let found = analysis(&plan, 0.0, &[]);
    assert_ne!(found.statement, Statement::Responder);
    assert!(!found.text.patient.contains("responder"), "{}", found.text.patient);
    assert!(found.mean_of_pairs.unwrap().estimate.abs() < 0.5);
}

#[test]
fn one_pair_is_never_a_responder() {
    let plan = plan(DesignParts { blocks: 1, period_days: 84, ..parts() }, "PL");
    let found = analysis(&plan, 4.0, &[]);
    assert_eq!(found.pairs.len(), 1);
    assert_eq!(found.statement, Statement::Undecided);
    assert!(!found.text.patient.contains("responder"), "{}", found.text.patient);
}

/// The statistic falls when the labels are exchanged: what was for LDN is then against it.
#[test]
fn exchanged_labels_turn_the_test_round() {
    let (plain, turned) = (plan(parts(), "LPPLLP"), plan(parts(), "PLLPPL"));
    let diary = masked_diary(&plain, 2.0);
    let test = |plan: &Plan| {
        let opened = Opened::by_sequence(&diary, plan.clone()).unwrap();
        analyse(&opened, &[], &Settings::new(Measure::Pain), 1).unwrap().randomisation.unwrap()
    };
    let (for_it, against) = (test(&plain), test(&turned));
    assert_eq!((for_it.at_least_as_large, against.at_least_as_large), (1, 8));
    let (up, down) = (for_it.statistic.estimate, against.statistic.estimate);
    assert!(up > 0.4 && down < -0.4, "{up} {down}");
}

/// If nothing was done, each sequence is as likely as every other to be among the rarest: exact, whatever the noise.
#[test]
fn the_test_is_exact_over_its_set() {
    let base = plan(DesignParts { balance: Balance::Overall, ..parts() }, "LPPLLP");
    let diary = masked_diary(&base, 0.0);
    let set = Admissible::of(&base.design);
    let mut ps: Vec<f64> = set
        .iter()
        .map(|sequence| {
            let plan = Plan { sequence, ..base.clone() };
            let opened = Opened::by_sequence(&diary, plan).unwrap();
            analyse(&opened, &[], &Settings::new(Measure::Pain), 1).unwrap().randomisation.unwrap().p
        })
        .collect();
    ps.sort_by(f64::total_cmp);
    let n = ps.len() as f64;
    assert_eq!(ps.len(), 14);
    for (k, p) in ps.iter().enumerate() {
        assert!(
            *p + 1e-12 >= (k + 1) as f64 / n,
            "share {} of sequences has p at most {p}",
            (k + 1) as f64 / n
        );
    }
}

/// A set too large to look at all of it: the sample agrees with what an exact count of a smaller, nested question says,
/// the same seed gives the same answer, and the error is told.
#[test]
fn a_large_set_is_sampled_reproducibly() {
    let large = DesignParts { jitter_kits: 3, excluded_days: 0, ..parts() };
    let plan = plan(DesignParts { kit_days: 4, ..large }, "LPPLLP");
    let diary = masked_diary(&plan, 1.0);
    let opened = Opened::by_sequence(&diary, plan.clone()).unwrap();
    let run = |seed: u64| {
        analyse(&opened, &[], &Settings::new(Measure::Pain), seed).unwrap().randomisation.unwrap()
    };
    let (first, again, other) = (run(1), run(1), run(2));
    assert_eq!(first, again);
    assert_eq!((first.method, first.looked_at), (Method::Sampled, 10_000));
    assert_eq!(first.admissible, 8 * 16_807);
    let error = first.sampling_error.unwrap();
    assert!((first.p - other.p).abs() < 5.0 * error + 1e-3, "{first:?} {other:?}");
}

#[test]
fn guesses_that_are_right_are_called_a_failure_and_bound_the_effect() {
    let plan = plan(parts(), "LPPLLP");
    let right = beliefs(&plan, |_, arm| if arm == Arm::Ldn { Guess::Active } else { Guess::Placebo });
    let found = analysis(&plan, 3.0, &right);
    let blinding = found.blinding.unwrap();
    let all = blinding.all.unwrap();
    assert_eq!((all.correct, all.guesses), (24, 24));
    assert_eq!(blinding.by_period.unwrap().guesses, 6);
    assert_eq!((blinding.bang_ldn, blinding.bang_placebo), (Some(1.0), Some(1.0)));
    let s = blinding.sensitivity.unwrap();
    assert!(s.with_belief.standard_error > s.without_belief.standard_error);
    assert!(found.text.patient.contains("Blinding failed"), "{}", found.text.patient);

    let coin = beliefs(&plan, |day, _| if day / 7 % 2 == 0 { Guess::Active } else { Guess::Placebo });
    let found = analysis(&plan, 3.0, &coin);
    assert!(found.text.patient.contains("no sign that blinding failed"), "{}", found.text.patient);
    let s = found.blinding.unwrap().sensitivity.unwrap();
    assert!((s.with_belief.estimate - s.without_belief.estimate).abs() < 0.3, "{s:?}");
}

/// Three arms: the test keeps to sequences with the same open periods, and complaints on placebo are set beside those
/// without capsules.
#[test]
fn three_arms_give_a_nocebo_ratio_and_a_conditional_test() {
    let three = DesignParts { arms: Arms::Three, blocks: 2, excluded_days: 0, ..parts() };
    let plan = plan(three, "LPNNPL");
    let arms = plan.sequence.day_arms(&plan.design);
    let mut rows = masked_diary(&plan, 2.0).rows().to_vec();
    for (day, arm) in arms.iter().enumerate() {
        let every = match arm {
            Arm::Ldn => 2,
            Arm::Placebo => 4,
            Arm::NoCapsule => 1_000,
        };
        if day % every == 0 && *arm != Arm::NoCapsule {
            rows[14 + day].side_effects = vec!["Headache".to_owned(), "headache".to_owned()];
        }
    }
    let opened = Opened::by_sequence(&Diary::new(rows).unwrap(), plan).unwrap();
    let found = analyse(&opened, &[], &Settings::new(Measure::Pain), 1).unwrap();
    let nocebo = found.nocebo.unwrap();
    assert!(
        (nocebo.ldn - 0.5).abs() < 0.02 && (nocebo.placebo - 0.25).abs() < 0.02 && nocebo.no_capsule == 0.0
    );
    assert!((nocebo.ratio.unwrap() - 0.5).abs() < 0.03);
    assert_eq!(found.side_effects[0].terms.get("headache"), Some(&14), "a day counts once");
    let test = found.randomisation.unwrap();
    assert_eq!((test.method, test.looked_at), (Method::ExactGivenOpenPeriods, 4));
    assert!(found.text.patient.contains("about 50 percent come with placebo"), "{}", found.text.patient);
}

#[test]
fn a_slow_drug_shows_as_carry_over_and_a_bad_month_as_a_period() {
    let plan = plan(parts(), "LPPLLP");
    let mut rows = masked_diary(&plan, 0.0).rows().to_vec();
    let arms = plan.sequence.day_arms(&plan.design);
    let mut built = 0.0;
    for (day, arm) in arms.iter().enumerate() {
        let row = &mut rows[14 + day];
        let score = row.score(Measure::Pain).unwrap().burden();
        let score = (score - 4.0 * built).clamp(0.0, 10.0).round();
        row.scores[Measure::Pain.index()] = Score::new(Measure::Pain, Scale::ZeroToTen, score).ok();
        built += 0.1 * (if *arm == Arm::Ldn { 1.0 } else { 0.0 } - built);
    }
    let opened = Opened::by_sequence(&Diary::new(rows).unwrap(), plan.clone()).unwrap();
    let found = analyse(&opened, &[], &Settings::new(Measure::Pain), 1).unwrap();
    let carry = found.carry_over.unwrap();
    assert!(carry.flag && carry.late.estimate > carry.early.estimate + 1.0, "{carry:?}");
    assert!(carry.left_in_placebo.unwrap() > 0.02 && carry.built_up_in_ldn.unwrap() > 0.5, "{carry:?}");
    assert!(found.text.prescriber.contains("understate"), "{}", found.text.prescriber);

    let flat = analysis(&plan, 0.0, &[]);
    assert!(!flat.carry_over.unwrap().flag && !flat.period_effects.as_ref().unwrap().flag, "{flat:?}");
}

#[test]
fn an_early_end_is_told() {
    let plan = plan(parts(), "LPPLLP");
    let rows = masked_diary(&plan, 2.0).rows()[..14 + 70].to_vec();
    let opened = Opened::by_sequence(&Diary::new(rows).unwrap(), plan).unwrap();
    let found = analyse(&opened, &[], &Settings::new(Measure::Pain), 1).unwrap();
    assert_eq!((found.periods.len(), found.planned_periods), (3, Some(6)));
    assert!(found.text.patient.contains("after 3 of 6 periods"), "{}", found.text.patient);
    // Sequences that differ only in what was never lived are one to the test.
    let test = found.randomisation.unwrap();
    assert!(test.floor > 0.125, "{test:?}");
}

#[test]
fn a_sealed_trial_tells_no_direction() {
    let plan = plan(parts(), "LPPLLP");
    let settings = Settings::new(Measure::Pain);
    let look = |diary: &Diary| masked::look(diary, Some((&plan.design, FIRST_DAY)), &[], &settings).unwrap();
    let found = look(&masked_diary(&plan, 3.0));
    assert_eq!((found.kits.len(), found.days, found.scored), (24, 168, 168));
    assert!(found.expected_standard_error.unwrap() > 0.0);
    let json = serde_json::to_string(&found).unwrap().to_lowercase();
    for word in ["\"ldn", "placebo", "better", "worse", "difference\":", "estimate", "active"] {
        assert!(!json.contains(word), "{word} in {json}");
    }
    // Whatever was drawn, what is shown of the same scores is the same bytes: it cannot depend on the code.
    let other = Plan { sequence: Admissible::of(&plan.design).nth(5).unwrap(), ..plan.clone() };
    assert_ne!(other.sequence, plan.sequence);
    let swapped = masked::look(&masked_diary(&plan, 3.0), Some((&other.design, FIRST_DAY)), &[], &settings);
    assert_eq!(swapped.unwrap(), found);
    assert!(matches!(
        Opened::by_arms(&masked_diary(&plan, 3.0)),
        Err(OpenError::Masked { from: FIRST_DAY, .. })
    ));
}

#[test]
fn the_wrong_sequence_is_refused_where_the_diary_knows_better() {
    let plan = plan(parts(), "LPPLLP");
    let opened = Opened::by_sequence(&masked_diary(&plan, 1.0), plan.clone()).unwrap();
    let wrong = Plan { sequence: Admissible::of(&plan.design).nth(7).unwrap(), ..plan.clone() };
    let error = Opened::by_sequence(opened.diary(), wrong).unwrap_err();
    assert!(error.to_string().contains("by the sequence the capsules of that day are"), "{error}");
    let late = Plan { first_day: date(2027, 1, 1), ..plan };
    assert!(matches!(Opened::by_sequence(opened.diary(), late), Err(OpenError::NotBegun { .. })));
}

#[test]
fn a_diary_with_its_arms_but_without_a_design_has_no_randomisation_test() {
    let plan = plan(parts(), "LPPLLP");
    let named = Opened::by_sequence(&masked_diary(&plan, 3.0), plan).unwrap();
    let opened = Opened::by_arms(named.diary()).unwrap();
    assert_eq!(opened.periods().len(), 4, "two periods of one arm in a row look like one");
    let found = analyse(&opened, &[], &Settings::new(Measure::Pain), 1).unwrap();
    assert!(found.randomisation.is_none() && found.no_randomisation.unwrap().contains("no design"));
}

/// What every text must and must not say.
#[test]
fn texts_keep_to_the_rules() {
    let plan = plan(parts(), "LPPLLP");
    for effect in [-2.0, 0.0, 1.0, 3.0] {
        let guesses = beliefs(&plan, |_, arm| if arm == Arm::Ldn { Guess::Active } else { Guess::Placebo });
        for beliefs in [Vec::new(), guesses] {
            let found = analysis(&plan, effect, &beliefs);
            let patient = found.text.patient.to_lowercase();
            for word in ["p-value", "significan", " works", "prove that ldn", "p =", "randomisation"] {
                assert!(!patient.contains(word), "{word}: {patient}");
            }
            assert!(patient.contains("side effects, other medicines, pregnancy and opioids come before"));
            let both = format!("{} {}", found.text.patient, found.text.prescriber);
            assert!(!both.contains('{') && !both.contains("  "), "{both}");
            let said = patient.contains("likely a responder");
            assert_eq!(said, found.statement == Statement::Responder, "{patient}");
        }
    }
}
