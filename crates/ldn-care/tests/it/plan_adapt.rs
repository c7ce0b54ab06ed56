//! What a diary asks for, and what no diary may do to a plan.

use jiff::civil::{Date, date};
use ldn_care::plan::{Change, Choices, Kind, Proposal, ProposalKind, Protocols, adapt};
use ldn_care::screen::RuleSet;
use ldn_core::diary::DiaryRow;
use ldn_core::plan::{Plan, TimeOfDay};
use ldn_core::{Diary, Dose, Measure, Scale, Score};
use proptest::prelude::*;
use proptest::sample::select;

use crate::plan::{TODAY, enough_choices, milligrams, plan_but};
use crate::plan_properties::{days_before_each_rise, no_dose_in_a_hold, plus};

/// The common schedule from 5 January: 1.5 mg, from the 12th 3 mg, from the 19th 4.5 mg.
fn common() -> Plan {
    plan_but("", "T01", &Choices::default()).unwrap()
}

fn row(day: Date, effects: &[&str]) -> DiaryRow {
    DiaryRow { side_effects: effects.iter().map(|text| (*text).to_owned()).collect(), ..DiaryRow::empty(day) }
}

fn diary(rows: Vec<DiaryRow>) -> Diary {
    Diary::new(rows).unwrap()
}

fn adapted(plan: &Plan, protocol: &str, rows: Vec<DiaryRow>, today: Date) -> Vec<Proposal> {
    let protocols = Protocols::shipped();
    let protocol = protocols.find(protocol).unwrap();
    adapt(&Change { plan, protocol, diary: &diary(rows), today }, protocols, RuleSet::shipped())
}

fn kinds(proposals: &[Proposal]) -> Vec<ProposalKind> {
    proposals.iter().map(|one| one.kind).collect()
}

fn doses(plan: &Plan, days: &[Date]) -> Vec<String> {
    days.iter()
        .map(|day| plan.step_on(*day).map_or("-".to_owned(), |step| step.dose().milligrams_text()))
        .collect()
}

const JAN: fn(i8) -> Date = |day| date(2026, 1, day);

#[test]
fn a_side_effect_holds_the_step_for_one_interval() {
    let proposals = adapted(&common(), "T01", vec![row(JAN(10), &["nausea"])], JAN(10));
    assert_eq!(kinds(&proposals), [ProposalKind::HoldStep]);
    let proposal = &proposals[0];
    assert_eq!((proposal.because[0].date, proposal.because[0].value.as_str()), (JAN(10), "nausea"));
    assert!(proposal.words.contains("on 2026-01-18 at the earliest"), "{}", proposal.words);
    let plan = proposal.plan.as_ref().unwrap();
    assert_eq!(doses(plan, &[JAN(12), JAN(17), JAN(18), JAN(24), JAN(25)]), ["1.5", "1.5", "3", "3", "4.5"]);
    assert_eq!((plan.parts().version, plan.is_signed()), (2, false));
    assert_eq!(plan.parts().parent, Some(common().id()));
    assert_eq!(plan.parts().judge_on, Some(plus(JAN(25), 84)));
}

#[test]
fn one_that_lasts_goes_back_to_the_last_good_dose_or_to_half() {
    let good = || (5..12).map(|day| row(JAN(day), &[]));
    let bad = || (12..=15).map(|day| row(JAN(day), &["headache"]));
    let proposals = adapted(&common(), "T01", good().chain(bad()).collect(), JAN(15));
    assert_eq!(kinds(&proposals), [ProposalKind::StepBack, ProposalKind::HoldStep]);
    let plan = proposals[0].plan.as_ref().unwrap();
    assert_eq!(doses(plan, &[JAN(15), JAN(16), JAN(22), JAN(23), JAN(30)]), ["3", "1.5", "1.5", "3", "4.5"]);
    let three_days = good().chain((12..=14).map(|day| row(JAN(day), &["headache"]))).collect();
    assert_eq!(kinds(&adapted(&common(), "T01", three_days, JAN(14))), [ProposalKind::HoldStep]);

    // The first dose was bad too: half of it; the pharmacist's protocol halves in any case.
    let always = (5..=15).map(|day| row(JAN(day), &["headache"])).collect();
    let proposals = adapted(&common(), "T01", always, JAN(15));
    assert_eq!(proposals[0].kind, ProposalKind::Halve);
    let eleven = plan_but("", "T11", &Choices::default()).unwrap();
    let proposals = adapted(&eleven, "T11", good().chain(bad()).collect(), JAN(15));
    assert_eq!(proposals[0].kind, ProposalKind::Halve);
    let plan = proposals[0].plan.as_ref().unwrap();
    assert_eq!(doses(plan, &[JAN(15), JAN(16), JAN(22), JAN(23), JAN(30)]), ["2", "1", "1", "2", "3"]);

    // A fixed dose has nothing to climb by.
    let fixed = plan_but("", "T23", &Choices::default()).unwrap();
    let proposals = adapted(&fixed, "T23", bad().collect(), JAN(15));
    let plan = proposals[0].plan.as_ref().unwrap();
    assert_eq!(doses(plan, &[JAN(15), JAN(16), date(2026, 6, 1)]), ["4.5", "2.25", "2.25"]);
    // Nor does the next change climb back to a dose that lies only in the past.
    let moved = adapted(plan, "T23", vec![row(JAN(20), &["vivid dreams"])], JAN(20));
    assert_eq!(kinds(&moved), [ProposalKind::MoveToMorning]);
    assert_eq!(doses(moved[0].plan.as_ref().unwrap(), &[JAN(22), date(2026, 6, 1)]), ["2.25", "2.25"]);
}

#[test]
fn dreams_move_the_dose_to_the_morning_with_a_day_between() {
    let proposals = adapted(&common(), "T01", vec![row(JAN(7), &["vivid dreams"])], JAN(7));
    assert_eq!(kinds(&proposals), [ProposalKind::MoveToMorning, ProposalKind::HoldStep]);
    let plan = proposals[0].plan.as_ref().unwrap();
    assert_eq!(plan.step_on(JAN(7)).unwrap().parts[0].at, TimeOfDay::Bedtime);
    assert_eq!(plan.hold_on(JAN(8)).unwrap().rule, "MD-01");
    let morning = plan.step_on(JAN(9)).unwrap();
    assert_eq!((morning.parts[0].at, morning.dose()), (TimeOfDay::Morning, milligrams("1.5")));
    assert!(
        plan.steps()
            .iter()
            .filter(|step| step.from > JAN(8))
            .all(|step| step.parts[0].at == TimeOfDay::Morning)
    );
    assert_eq!(doses(plan, &[JAN(15), JAN(16)]), ["1.5", "3"], "one interval later");
    // In the morning already: nothing to move.
    let later = adapted(plan, "T01", vec![row(JAN(10), &["insomnia"])], JAN(10));
    assert_eq!(kinds(&later), [ProposalKind::HoldStep]);
}

#[test]
fn signs_of_allergy_or_liver_stand_alone() {
    for (text, kind, rule) in [
        ("rash on arms", ProposalKind::EmergencyStop, "AL-03"),
        ("throat swelling", ProposalKind::EmergencyStop, "AL-03"),
        ("trouble breathing", ProposalKind::EmergencyStop, "AL-03"),
        ("dark urine", ProposalKind::StopSameDay, "HP-04"),
        ("jaundice", ProposalKind::StopSameDay, "HP-04"),
    ] {
        let rows = vec![row(JAN(6), &["vivid dreams", text]), row(JAN(8), &["nausea"])];
        let proposals = adapted(&common(), "T01", rows, JAN(20));
        assert_eq!(kinds(&proposals), [kind], "{text}");
        assert_eq!(proposals[0].rule, rule);
        assert_eq!(proposals[0].plan, None);
        assert_eq!(proposals[0].because.len(), 1);
    }
    // Before the first dose it was no effect of LDN, and a word for nothing is nothing.
    let rows = vec![row(JAN(1), &["rash"]), row(JAN(6), &["none"])];
    assert_eq!(kinds(&adapted(&common(), "T01", rows, JAN(6))), [ProposalKind::Continue]);
    // A word that nobody knows is a side effect.
    let proposals = adapted(&common(), "T01", vec![row(JAN(6), &["zyxing"])], JAN(6));
    assert_eq!(kinds(&proposals), [ProposalKind::HoldStep]);
    assert!(proposals[0].words.contains("not recognised: zyxing"));
}

fn dosed(day: Date, dose: &str) -> DiaryRow {
    DiaryRow { dose: Some(milligrams(dose)), capsule: Some(dose != "0"), ..DiaryRow::empty(day) }
}

#[test]
fn a_gap_of_more_than_fourteen_days_begins_again_at_half_or_less() {
    let taken = || (5..=20).map(|day| dosed(JAN(day), "1.5"));
    let rows = |days: i64| -> Vec<DiaryRow> {
        taken().chain((1..=days).map(|offset| dosed(plus(JAN(20), offset), "0"))).collect()
    };
    assert_eq!(kinds(&adapted(&common(), "T01", rows(14), plus(JAN(20), 14))), [ProposalKind::Continue]);
    let today = plus(JAN(20), 15);
    let proposals = adapted(&common(), "T01", rows(15), today);
    assert_eq!(kinds(&proposals), [ProposalKind::Retitrate]);
    assert_eq!((proposals[0].rule.as_str(), proposals[0].because.len()), ("UN-08", 15));
    let plan = proposals[0].plan.as_ref().unwrap();
    assert_eq!(plan.step_on(plus(today, 1)).unwrap().dose(), milligrams("1.5"));
    // Blank days are not days without a dose.
    let blank: Vec<DiaryRow> = taken().chain([row(today, &[])]).collect();
    let proposals = adapted(&common(), "T01", blank, today);
    assert_eq!(kinds(&proposals), [ProposalKind::AskAboutGap]);
    assert_eq!(proposals[0].plan, None);
}

fn scored(day: Date, pain: f64) -> DiaryRow {
    let mut row = DiaryRow::empty(day);
    row.scores[Measure::Pain.index()] = Some(Score::new(Measure::Pain, Scale::ZeroToTen, pain).unwrap());
    row
}

/// Two weeks of pain before the plan, and some until a day.
fn pain(before: f64, now: f64, today: Date) -> Vec<DiaryRow> {
    let old = (1..=14).rev().map(|days| scored(plus(TODAY, -days), before));
    let recent = (0..14).rev().map(|days| scored(plus(today, -days), now));
    old.chain(recent).collect()
}

#[test]
fn a_lower_dose_that_works_may_stay_and_the_calendar_is_kept() {
    let today = JAN(25);
    let mut rows = pain(6.0, 3.0, today);
    rows.last_mut().unwrap().side_effects.push("nausea".to_owned());
    let plan = plan_but("", "T12", &Choices::default()).unwrap();
    let proposals = adapted(&plan, "T12", rows, today);
    assert_eq!(kinds(&proposals), [ProposalKind::HoldStep, ProposalKind::StayAtLowerDose]);
    let stay = proposals[1].plan.as_ref().unwrap();
    assert_eq!(stay.steps().last().unwrap().to, None);
    assert_eq!(stay.highest_dose(), plan.step_on(today).unwrap().dose());
    assert_eq!(stay.parts().judge_on, Some(plus(JAN(19), 84)), "84 days after 1 mg began");

    let common = common();
    let judge = common.parts().judge_on.unwrap();
    assert_eq!(kinds(&adapted(&common, "T01", pain(6.0, 3.0, judge), judge)), [ProposalKind::JudgeNow]);
    let six_months = date(2026, 7, 5);
    let proposals = adapted(&common, "T01", pain(6.0, 5.9, six_months), six_months);
    assert_eq!(kinds(&proposals), [ProposalKind::StopNoBenefit]);
    assert!(proposals[0].words.contains("pain changed by 2 %"), "{}", proposals[0].words);
    let too_few = vec![scored(six_months, 6.0)];
    assert_eq!(kinds(&adapted(&common, "T01", too_few, six_months)), [ProposalKind::JudgeNow]);
    // The eight to ten weeks of a protocol that has its own rule.
    let own = plan_but("", "T18", &enough_choices("T18")).unwrap();
    let day = plus(TODAY, 70);
    assert_eq!(kinds(&adapted(&own, "T18", pain(6.0, 6.0, day), day)), [ProposalKind::StopNoBenefit]);
    // Nothing is judged while nobody may know what a capsule holds.
    let blinded = plan_but("course.blinded_period = \"yes\"\n", "T01", &Choices::default()).unwrap();
    let proposals = adapted(&blinded, "T01", pain(6.0, 6.0, six_months), six_months);
    assert_eq!(kinds(&proposals), [ProposalKind::Continue]);
    assert!(proposals[0].words.contains("treat every capsule as the highest dose"));
}

#[test]
fn an_old_plan_and_an_open_hold_ask_for_a_screening() {
    let plan = common();
    let day = plus(plan.parts().valid_until, 1);
    assert_eq!(kinds(&adapted(&plan, "T01", vec![row(JAN(6), &[])], day)), [ProposalKind::ReScreen]);
    let surgery = "[[procedure]]\nname = \"knee operation\"\ndate = 2026-01-20\nopioids_expected = \"yes\"\n";
    let plan = plan_but(surgery, "T01", &Choices::default()).unwrap();
    let proposals = adapted(&plan, "T01", vec![row(JAN(6), &[])], JAN(18));
    assert_eq!(kinds(&proposals), [ProposalKind::ReScreen]);
    assert_eq!(proposals[0].rule, "SU-01");
}

#[test]
fn a_held_step_stands_again_when_the_side_effect_has_gone() {
    let first = adapted(&common(), "T01", vec![row(JAN(10), &["nausea"])], JAN(10));
    let held = first[0].plan.clone().unwrap();
    let rows = || vec![row(JAN(10), &["nausea"]), row(JAN(17), &[])];
    let proposals = adapted(&held, "T01", rows(), JAN(17));
    assert_eq!(kinds(&proposals), [ProposalKind::Resume]);
    assert!(proposals[0].words.contains("on 2026-01-18"), "{}", proposals[0].words);
    let json = serde_json::to_value(&first[0]).unwrap();
    assert_eq!((json["kind"].as_str(), json["plan"]["version"].as_u64()), (Some("hold-step"), Some(2)));
}

fn a_row() -> impl Strategy<Value = (Vec<String>, Option<Dose>)> {
    let effects = vec!["nausea", "vivid dreams", "headache", "insomnia", "none", "zyxing"];
    let effects = proptest::collection::vec(select(effects).prop_map(str::to_owned), 0..2);
    (effects, select(vec![None, None, Some(Dose::ZERO), Some(Dose::from_micrograms(1_500))]))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// Follows a course through three diaries: each new plan is the parent of the next.
    #[test]
    fn no_diary_makes_a_plan_climb_faster_or_loses_a_hold(
        id in select(Protocols::shipped().all().filter(|one| one.kind() != Kind::Shown)
            .map(|one| one.id.as_str()).collect::<Vec<_>>()),
        surgery in 5_i64..200,
        rows in proptest::collection::vec(a_row(), 60),
        days in proptest::collection::vec(1_i64..40, 3),
        choice in 0_usize..4,
    ) {
        let text = format!(
            "[[procedure]]\nname = \"hernia repair\"\ndate = {}\nopioids_expected = \"no\"\n", plus(TODAY, surgery)
        );
        let mut plan = plan_but(&text, id, &enough_choices(id)).unwrap();
        let schedule = Protocols::shipped().find(id).unwrap().schedule().unwrap();
        let interval = schedule.rise.as_ref().map_or(0, |rise| i64::from(rise.interval_days.least()));
        let ceiling = plan.highest_dose();
        let mut today = TODAY;
        for more in days {
            today = plus(today, more);
            let until = rows.iter().enumerate().map(|(offset, (effects, dose))| {
                let day = plus(TODAY, i64::try_from(offset).unwrap());
                DiaryRow { side_effects: effects.clone(), dose: *dose, ..DiaryRow::empty(day) }
            });
            let until: Vec<DiaryRow> = until.filter(|row| row.date <= today).collect();
            let proposals = adapted(&plan, id, until, today);
            prop_assert!(!proposals.is_empty());
            for proposal in &proposals {
                let Some(next) = &proposal.plan else { continue };
                prop_assert!(!next.is_signed() && next.parts().version == plan.parts().version + 1);
                prop_assert_eq!(next.parts().parent.as_ref(), Some(&plan.id()));
                prop_assert!(next.highest_dose() <= ceiling);
                no_dose_in_a_hold(next);
                prop_assert!(plan.holds().iter().all(|hold| next.holds().contains(hold)), "a hold is lost");
                for (before, dose, taken) in days_before_each_rise(next) {
                    prop_assert!(taken >= interval, "{:?}: {} to {} after {}", proposal.kind, before, dose, taken);
                }
                // What has happened stays; from tomorrow no day has more than the parent gives it.
                for offset in 0..400 {
                    let day = plus(TODAY, offset);
                    let (old, new) = (plan.step_on(day), next.step_on(day));
                    if day <= today {
                        prop_assert_eq!(old.map(|step| &step.parts), new.map(|step| &step.parts));
                    } else if let (Some(old), Some(new)) = (old, new) {
                        prop_assert!(new.dose() <= old.dose(), "{:?} on {}", proposal.kind, day);
                    }
                }
                let text = serde_json::to_string(next).unwrap();
                prop_assert_eq!(&serde_json::from_str::<Plan>(&text).unwrap(), next);
            }
            let with_plan: Vec<&Proposal> = proposals.iter().filter(|one| one.plan.is_some()).collect();
            if let Some(chosen) = with_plan.get(choice % with_plan.len().max(1)) {
                plan = chosen.plan.clone().unwrap();
            }
        }
    }
}
