//! What the pharmacy makes: worked quantities, refusals, fills, stocks and the data behind them.

use jiff::civil::date;
use ldn_care::dispense::{
    Compounding, Dispensing, Liquid, Refusal, Stock, StockError, Unit, UnitTable, check_volume,
    choose_strengths, dispense,
};
use ldn_core::quantity::{Concentration, Strength, UnitForm, Volume};
use ldn_core::{Dose, Plan};

use crate::dispense_plans::{START, day, hold, parts, plan, shipped, steps, stock};

const QUANTITIES: &str = include_str!("../../../../golden/dispense/quantities.csv");

fn made(steps: &str, stock_text: &str, days: u32) -> Dispensing {
    dispense(&plan(steps), START, days, &stock(stock_text), shipped()).unwrap_or_else(|e| panic!("{e}"))
}

fn refused(steps: &str, stock_text: &str, days: u32) -> Refusal {
    dispense(&plan(steps), START, days, &stock(stock_text), shipped()).expect_err(stock_text)
}

/// Cuts a line of the golden file into its cells; a cell with commas stands in quotes.
fn cells(line: &str) -> Vec<String> {
    let mut cells = Vec::new();
    for (index, quoted) in line.split('"').enumerate() {
        if index % 2 == 1 {
            cells.push(quoted.to_owned());
        } else {
            let parts = quoted.trim_matches(',').split(',');
            cells.extend(parts.filter(|cell| !cell.is_empty()).map(str::to_owned));
        }
    }
    cells
}

#[test]
fn worked_quantities_come_out_exactly() {
    let mut cases = 0;
    for line in QUANTITIES.lines().skip(1) {
        let cell = cells(line);
        let dispensing = made(&cell[1], &cell[2], cell[3].parse().unwrap());
        let units: Vec<String> =
            dispensing.units().iter().map(|total| format!("{} of {}", total.count, total.unit)).collect();
        let liquid = dispensing.liquid().map(|liquid| liquid.volume.to_string());
        let handed_out = liquid.unwrap_or_else(|| units.join("; "));
        assert_eq!(handed_out, cell[4], "{line}");
        assert_eq!(dispensing.total().to_string(), cell[5], "{line}");
        assert_eq!(dispensing.fills().len().to_string(), cell[6], "{line}");
        assert_eq!(dispensing.wasted().to_string(), cell[7], "{line}");
        cases += 1;
    }
    assert_eq!(cases, 9);
}

/// 50 mg in 50 mL at 4.5 mg a day: 11.1 days, of which 11 are whole; it fits inside 14 days.
#[test]
fn a_dissolved_tablet_lasts_eleven_days_and_a_tenth() {
    let one: Concentration = "1 mg/mL".parse().unwrap();
    let dose: Dose = "4.5 mg".parse().unwrap();
    let held = one.dose_in("50 mL".parse().unwrap()).unwrap();
    assert_eq!(held.to_string(), "50 mg");
    assert_eq!(held.nanograms() * 10 / dose.nanograms(), 111, "tenths of a day");
    let fill = &made("4.5 mg", "1 mg/mL liquid-home 50 mL", 11).fills()[0].clone();
    assert_eq!((fill.to, fill.beyond_use), (day(10), day(14)));
    let warned = made("4.5 mg", "1 mg/mL liquid-home 50 mL", 11);
    assert!(warned.cautions()[0].contains("Made at home"), "{:?}", warned.cautions());
}

/// How long T12 and T03 climb, counted in the runs that are made alike.
#[test]
fn ladders_have_their_levels() {
    let ladder = made(
        "0.5 mg x 14; 1 mg x 14; 1.5 mg x 14; 2 mg x 14; 2.5 mg x 14; 3 mg x 14; 3.5 mg x 14; 4 mg x 14; 4.5 mg",
        "0.5 mg",
        126,
    );
    assert_eq!(ladder.runs().len(), 9);
    assert_eq!(ladder.runs()[8].from, day(16 * 7), "16 weeks to reach 4.5 mg");
    let weekly = made(
        "1 mg x 7; 1.5 mg x 7; 2 mg x 7; 2.5 mg x 7; 3 mg x 7; 3.5 mg x 7; 4 mg x 7; 4.5 mg",
        "0.5 mg",
        56,
    );
    assert_eq!(weekly.runs().len(), 8);
    assert_eq!(weekly.runs()[7].from, day(7 * 7), "week 8 reaches 4.5 mg");
}

/// The JSON has the shape of the design, with numbers a program can add up.
#[test]
fn json_of_the_first_golden_case() {
    let json = serde_json::to_value(made("1.5 mg x 7; 3 mg x 7; 4.5 mg", "1.5 mg", 30)).unwrap();
    assert_eq!(json["schema"], 1);
    assert_eq!(json["signed"], false);
    assert_eq!(json["from"], "2026-01-05");
    assert_eq!(json["days"], 30);
    assert_eq!(json["units"], serde_json::json!([{"form": "capsule", "strength": "1.5 mg", "quantity": 69}]));
    assert_eq!(json["total_mg"], 103.5);
    assert_eq!(
        json["per_day"][1],
        serde_json::json!({"from": "2026-01-12", "to": "2026-01-18", "dose_mg": 3.0, "at": "bedtime",
            "take": [{"form": "capsule", "strength": "1.5 mg", "count": 2.0}]})
    );
    assert_eq!(json["per_day"][2]["to"], "2026-02-03", "the open step is cut at the days asked for");
    assert!(json["liquid"].is_null());
    assert_eq!(json["fills"][0]["quantity"], 69);
    assert_eq!(json["fills"][0]["beyond_use"], "2026-07-04");
    assert_eq!(json["fills"][0]["basis"], "default");
    assert_eq!(json["waste"], serde_json::json!([]));
    assert_eq!(
        json["cost"],
        serde_json::json!({"low": 34.5, "high": 103.5, "currency": "USD", "source": "ldnrt-types"})
    );
    let liquid = serde_json::to_value(made("1 mg x 7; 2 mg", "1 mg/mL liquid-unpreserved", 28)).unwrap();
    assert_eq!(
        liquid["liquid"],
        serde_json::json!({"concentration": "1 mg/mL", "volume_ml": 49.0, "bottles": 2})
    );
    assert_eq!(liquid["cost"]["low"], 14.0, "28 doses of half a dollar");
    assert_eq!(liquid["per_day"][0]["take"][0]["volume_ml"], 1.0);
}

#[test]
fn each_swallowing_of_a_divided_day_is_made_on_its_own() {
    let dispensing = made("1.5 mg + 1.5 mg x 7; 3 mg x 7", "1.5 mg, 3 mg", 14);
    let counts: Vec<(String, u64)> =
        dispensing.units().iter().map(|total| (total.unit.to_string(), total.count)).collect();
    assert_eq!(counts, [("1.5 mg capsule".to_owned(), 14), ("3 mg capsule".to_owned(), 7)]);
    let json = serde_json::to_value(&dispensing).unwrap();
    assert_eq!(json["per_day"][0]["split"][1]["at"], "midday");
    assert_eq!(json["per_day"][0]["dose_mg"], 3.0);
}

#[test]
fn held_days_have_no_dose_and_no_unit() {
    let mut steps = steps("1.5 mg x 10; 1.5 mg");
    steps[1].from = day(14);
    let held = Plan::new(parts(steps, vec![hold(day(10), Some(day(13)))])).unwrap();
    let dispensing = dispense(&held, START, 30, &stock("1.5 mg"), shipped()).unwrap();
    assert_eq!(dispensing.units()[0].count, 26);
    assert_eq!(dispensing.total().to_string(), "39 mg");
    let run = &dispensing.runs()[1];
    assert_eq!((run.from, run.to, run.days, run.dose()), (day(10), day(13), 4, Dose::ZERO));
    let json = serde_json::to_value(&dispensing).unwrap();
    assert_eq!(json["per_day"][1]["take"], serde_json::json!([]));
    assert_eq!(json["per_day"][1]["hold"]["rule"], "SU-01");
    assert!(dispensing.to_text(shipped()).contains("(4 days): no LDN: planned operation [SU-01]"));
}

/// Scored tablets are divided where they are scored, and only there; halves are kept for the next day.
#[test]
fn scored_tablets_are_divided_only_where_they_are_scored() {
    let halves = made("1.5 mg x 3", "3 mg tablet scored in halves", 3);
    assert_eq!(halves.units()[0].count, 2, "three halves are two tablets");
    assert_eq!(halves.wasted().to_string(), "1.5 mg");
    assert_eq!(halves.dispensed().to_string(), "6 mg");
    assert!(halves.to_text(shipped()).contains("half of a 3 mg tablet"));
    assert_eq!(halves.cost(), None, "no price of tablets was seen");
    let quarters = made("2.25 mg x 4", "3 mg tablet scored in quarters", 4);
    assert!(quarters.to_text(shipped()).contains("half of a 3 mg tablet and a quarter of a 3 mg tablet"));
    assert_eq!(quarters.units()[0].count, 3);
    for unscored in ["3 mg tablet", "3 mg capsule", "3 mg"] {
        assert!(matches!(refused("1.5 mg x 3", unscored, 3), Refusal::CannotMake(_)), "{unscored}");
    }
    assert!(matches!(refused("0.75 mg x 3", "3 mg tablet scored in halves", 3), Refusal::CannotMake(_)));
}

#[test]
fn what_cannot_be_made_is_refused_with_the_way_out() {
    for (steps, stock_text, words) in [
        (
            "2 mg x 7; 4 mg",
            "1.5 mg, 3 mg",
            "2 mg on 2026-01-05 to 2026-01-11 cannot be made exactly; the nearest are 1.5 mg and 3 mg; with a 0.5 mg capsule it could be made\n\
             4 mg on 2026-01-12 to 2026-01-14 cannot be made exactly; the nearest are 3 mg and 4.5 mg; with a 1 mg capsule it could be made",
        ),
        (
            "0.5 mg",
            "1.5 mg",
            "0.5 mg on 2026-01-05 to 2026-01-14 cannot be made exactly; the nearest is 1.5 mg; with a 0.5 mg capsule it could be made",
        ),
        (
            "50 micrograms",
            "0.1 mg",
            "50 micrograms on 2026-01-05 to 2026-01-14 cannot be made exactly; the nearest is 0.1 mg; with a 50 micrograms capsule it could be made",
        ),
        (
            "0.25 mg",
            "1 mg/mL liquid-unpreserved",
            "0.25 mg on 2026-01-05 to 2026-01-14 cannot be made exactly; the nearest are 0.2 mg and 0.3 mg; with a liquid of 0.5 mg/mL it could be made",
        ),
    ] {
        assert_eq!(refused(steps, stock_text, 10).to_string(), words);
    }
}

#[test]
fn days_that_the_plan_does_not_reach_are_refused() {
    let short = {
        let mut parts = parts(steps("1.5 mg x 7"), vec![]);
        parts.valid_until = day(20);
        Plan::new(parts).unwrap()
    };
    let capsules = stock("1.5 mg");
    let ask = |from, days| dispense(&short, from, days, &capsules, shipped());
    assert_eq!(ask(START, 0), Err(Refusal::NoDays));
    assert_eq!(ask(START, 21).unwrap().units()[0].count, 7, "days after the last step need nothing");
    let error = ask(START, 22).unwrap_err().to_string();
    assert!(error.ends_with("expected at most 21 days, or a new plan"), "{error}");
    let error = ask(day(40), 3).unwrap_err().to_string();
    assert!(error.ends_with("expected an earlier first day, or a new plan"), "{error}");
    assert!(matches!(ask(START, u32::MAX), Err(Refusal::BeyondPlan { .. })));
    assert!(matches!(ask(day(8), 5), Err(Refusal::NoDose { .. })));
}

#[test]
fn a_blinded_plan_is_not_dispensed() {
    let mut parts = parts(steps("4.5 mg"), vec![]);
    parts.blinded = true;
    let blinded = Plan::new(parts).unwrap();
    let error = dispense(&blinded, START, 30, &stock("4.5 mg"), shipped()).unwrap_err();
    assert!(error.to_string().contains("made as kits by the trial"), "{error}");
    assert!(choose_strengths(&blinded, START, 30, 3, shipped()).is_err());
}

#[test]
fn no_fill_outlasts_its_date_whatever_it_rests_on() {
    let capsules = "4.5 mg";
    let made = |stock: &Stock, days| dispense(&plan(capsules), START, days, stock, shipped()).unwrap();
    let by_default = stock("4.5 mg");
    let by_study = by_default.clone().units_keeping("capsule-study", shipped()).unwrap();
    for (stock, days, fills) in [
        (&by_default, 180, 1),
        (&by_default, 181, 2),
        (&by_study, 360, 1),
        (&by_study, 361, 2),
        (&by_default.clone().with_lead_days(5), 175, 1),
        (&by_default.clone().with_lead_days(5), 176, 2),
        (&by_default.clone().with_fill_days(30).unwrap(), 90, 3),
    ] {
        let dispensing = made(stock, days);
        assert_eq!(dispensing.fills().len(), fills, "{days} days");
        for fill in dispensing.fills() {
            assert!(fill.to < fill.beyond_use, "{fill:?}");
        }
    }
    let refills = made(&by_default.clone().with_lead_days(5).with_fill_days(30).unwrap(), 90);
    assert_eq!(refills.fills()[1].from, day(30));
    assert_eq!(refills.fills()[1].made_on, day(25));
    assert_eq!(refills.fills()[1].beyond_use, day(25 + 180));
    let too_late = by_default.with_lead_days(180);
    let error = dispense(&plan(capsules), START, 3, &too_late, shipped()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`solid-default` keeps 180 days, and 180 of them pass before the first dose; expected fewer days between making and the first dose"
    );
}

/// Days of the bases: the numbers that the dossier names.
#[test]
fn beyond_use_days_are_those_of_the_dossier() {
    for (id, days, basis) in [
        ("solid-default", 180, "default"),
        ("capsule-study", 360, "study"),
        ("liquid-unpreserved", 14, "default"),
        ("liquid-preserved", 35, "default"),
        ("liquid-non-aqueous", 90, "default"),
        ("liquid-study-refrigerated", 60, "study"),
        ("liquid-study-room", 30, "study"),
        ("liquid-home", 14, "default"),
    ] {
        let limit = shipped().beyond_use(id).unwrap();
        assert_eq!((limit.days, limit.basis.word()), (days, basis), "{id}");
    }
    assert_eq!(shipped().all_beyond_use().count(), 8);
}

#[test]
fn stocks_that_cannot_be_are_refused() {
    let units = |text: &str| Stock::read_units(text).map_err(StockError::from);
    let of = |text: &str| units(text).and_then(|units| Stock::of_units(units, shipped()));
    for (text, words) in [
        ("1.5", "`1.5`"),
        ("1.5 mg, 3", "`3`"),
        ("", "``"),
        ("1.5 mg, 1.5 mg capsule", "stands twice"),
        (
            "50 mg tablet scored in halves",
            "FO-03: a 50 mg tablet scored in halves: a tablet of 50 mg is never split",
        ),
        ("50 mg tablet", "UN-05"),
        ("15 mg", "UN-05"),
        ("3 mg capsule scored in halves", "a capsule is never divided"),
        ("3 mg tablet broken in halves", "`broken in halves` is no form"),
        ("3 mg lozenge", "`3 mg lozenge`"),
        ("0 mg", "`0 mg`"),
        ("1,5 mg", "`1`"),
    ] {
        let error = of(text).expect_err(text).to_string();
        assert!(error.contains(words), "{text}: {error}");
    }
    assert_eq!(Stock::of_units(vec![], shipped()), Err(StockError::Empty));
    let liquid = |text: &str| Liquid::unpreserved(text.parse().unwrap(), shipped());
    let error = Stock::of_liquid(liquid("2 mg/mL"), shipped()).unwrap_err().to_string();
    assert_eq!(
        error,
        "UN-06: a liquid of 2 mg/mL is not one of those in use; expected 0.1 mg/mL, 0.5 mg/mL, 1 mg/mL, 5 mg/mL"
    );
    let with = |change: fn(&mut Liquid)| {
        let mut liquid = liquid("5 mg/mL");
        change(&mut liquid);
        Stock::of_liquid(liquid, shipped()).map(|_| ())
    };
    assert_eq!(with(|_| {}), Ok(()));
    assert!(matches!(with(|l| l.syringe_step = Volume::ZERO), Err(StockError::SyringeStep { .. })));
    assert_eq!(with(|l| l.bottle = Some(Volume::ZERO)), Err(StockError::EmptyBottle));
    assert!(matches!(with(|l| l.keeps = "for-ever".into()), Err(StockError::UnknownLimit { .. })));
    assert!(matches!(with(|l| l.keeps = "solid-default".into()), Err(StockError::OtherForm { .. })));
    let error = with(|l| l.keeps = "liquid-study-room".into()).unwrap_err().to_string();
    assert!(error.contains("measured at 1 mg/mL, not at 5 mg/mL"), "{error}");
    assert!(matches!(
        stock("1.5 mg tablet").units_keeping("capsule-study", shipped()),
        Err(StockError::OtherForm { .. })
    ));
}

#[test]
fn home_made_liquid_is_never_for_small_doses() {
    let error = refused("50 micrograms", "1 mg/mL liquid-home 50 mL", 10).to_string();
    assert!(
        error.starts_with("FO-02: 50 micrograms from a liquid made at home: never below 0.1 mg"),
        "{error}"
    );
    let error = refused("4.5 mg", "1 mg/mL liquid-home 4 mL", 10).to_string();
    assert!(error.contains("4.5 mL, more than a bottle of 4 mL"), "{error}");
}

/// A change of any one of the three is noticed (H03), by however little.
#[test]
fn dose_volume_and_concentration_are_checked_against_each_other() {
    let (dose, volume) = (Dose::from_micrograms(4_500), Volume::from_microlitres(4_500));
    let one: Concentration = "1 mg/mL".parse().unwrap();
    assert_eq!(check_volume(dose, volume, one), Ok(()));
    let five = "5 mg/mL".parse().unwrap();
    assert_eq!(check_volume(dose, Volume::from_microlitres(900), five), Ok(()));
    let error = check_volume(dose, volume, five).unwrap_err().to_string();
    assert_eq!(
        error,
        "UN-06: 4.5 mg and 4.5 mL of a liquid of 5 mg/mL are not the same: 4.5 mL hold 22.5 mg, and 4.5 mg is 0.9 mL; \
         expected one of the three to be corrected"
    );
    assert!(check_volume(Dose::from_nanograms(4_500_001), volume, one).is_err());
    assert!(check_volume(dose, Volume::from_nanolitres(4_500_001), one).is_err());
    let per_ml = Concentration::per_millilitre(Dose::from_nanograms(1_000_001)).unwrap();
    assert!(check_volume(dose, volume, per_ml).is_err());
}

#[test]
fn strengths_are_chosen_for_the_fewest_capsules() {
    let choose = |text: &str, days, at_most| {
        let choices = choose_strengths(&plan(text), START, days, at_most, shipped()).unwrap();
        let text =
            |strengths: &[Strength]| strengths.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        choices.iter().map(|choice| (text(&choice.strengths), choice.capsules)).collect::<Vec<_>>()
    };
    let expected: &[(&str, u64)] = &[("1.5 mg, 3 mg, 4.5 mg", 30), ("1.5 mg, 4.5 mg", 37), ("1.5 mg", 69)];
    let found = choose("1.5 mg x 7; 3 mg x 7; 4.5 mg", 30, 3);
    assert_eq!(found.iter().map(|(text, count)| (text.as_str(), *count)).collect::<Vec<_>>(), expected);
    assert_eq!(choose("1.5 mg x 7; 3 mg x 7; 4.5 mg", 30, 1), [("1.5 mg".to_owned(), 69)]);
    assert_eq!(choose("4.5 mg", 30, 3), [("4.5 mg".to_owned(), 30)], "more strengths would not help");
    let error = choose_strengths(&plan("50 micrograms"), START, 30, 3, shipped()).unwrap_err();
    assert!(matches!(error, Refusal::CannotMake(_)), "{error}");
    let four = plan("0.1 mg x 1; 0.25 mg x 1; 0.45 mg x 1; 4.5 mg");
    assert_eq!(
        choose_strengths(&four, START, 10, 1, shipped()).unwrap_err(),
        Refusal::NoChoice { at_most: 1 }
    );
}

/// The choice is the best of all choices, counted here by trying every stock.
#[test]
fn the_choice_of_strengths_is_the_best_of_all() {
    let usual = shipped().usual_strengths(UnitForm::Capsule);
    for text in ["1 mg x 7; 2 mg x 7; 3 mg x 7; 4 mg x 7; 4.5 mg", "0.5 mg x 14; 1.25 mg x 7; 2.75 mg"] {
        let choices = choose_strengths(&plan(text), START, 60, 3, shipped()).unwrap();
        let mut fewest = u64::MAX;
        for mask in 1_u32..1 << usual.len() {
            if mask.count_ones() > 3 {
                continue;
            }
            let chosen = usual.iter().enumerate().filter(|(index, _)| mask >> index & 1 == 1);
            let units: Vec<Unit> = chosen.map(|(_, strength)| Unit::capsule(*strength)).collect();
            let stock = Stock::of_units(units, shipped()).unwrap();
            if let Ok(dispensing) = dispense(&plan(text), START, 60, &stock, shipped()) {
                fewest = fewest.min(dispensing.units().iter().map(|total| total.count).sum());
            }
        }
        assert_eq!(choices[0].capsules, fewest, "{text}");
        assert_eq!(
            choices[0].dispensing.units().iter().map(|total| total.count).sum::<u64>(),
            choices[0].capsules
        );
    }
}

#[test]
fn strengths_too_fine_for_a_table_are_refused() {
    let units = Stock::read_units("1.000001 mg, 3 mg").unwrap();
    let error = UnitTable::new(&units, "12 mg".parse().unwrap()).unwrap_err().to_string();
    assert_eq!(
        error,
        "these strengths have no common step coarser than 1 ng; expected strengths such as 0.5 mg or 1.5 mg"
    );
}

#[test]
fn the_shipped_data_have_no_problem_and_damaged_ones_have() {
    let files = Compounding::shipped_files();
    if let Err(problems) = Compounding::read(files.iter().copied()) {
        panic!("{problems}");
    }
    for file in [
        "compounding/labels.toml",
        "compounding/forms/capsule.toml",
        "compounding/beyond-use/solid-default.toml",
    ] {
        assert!(files.iter().any(|(name, _)| *name == file), "{file}");
        let without = files.iter().copied().filter(|(name, _)| *name != file);
        assert!(Compounding::read(without).is_err(), "{file} is needed");
    }
    for (file, found, changed) in [
        ("compounding/forms/capsule.toml", "\"0.25 mg\"", "\"0.25\""),
        ("compounding/forms/oral-liquid.toml", "\"0.1 mL\"", "\"0 mL\""),
        ("compounding/beyond-use/solid-default.toml", "days = 180", "days = 0"),
        ("compounding/beyond-use/solid-default.toml", "id = \"solid-default\"", "id = \"solid\""),
        ("compounding/beyond-use/capsule-study.toml", "forms = [\"capsule\"]", "forms = [\"pellet\"]"),
        ("compounding/forms/capsule.toml", "low_cents = 50", "low_cents = 500"),
        ("compounding/forms/cream.toml", "why =", "which ="),
    ] {
        let damaged = files.iter().map(|(name, text)| {
            let text = if *name == file { text.replacen(found, changed, 1) } else { (*text).to_owned() };
            (*name, text)
        });
        let damaged: Vec<(&str, String)> = damaged.collect();
        let read = Compounding::read(damaged.iter().map(|(name, text)| (*name, text.as_str())));
        let problems = read.expect_err(changed).to_string();
        assert!(problems.contains(file.rsplit('/').next().unwrap()), "{changed}: {problems}");
    }
}

#[test]
fn units_are_read_back_as_printed() {
    for text in
        ["1.5 mg capsule", "3 mg tablet", "3 mg tablet scored in halves", "2 mg troche scored in quarters"]
    {
        assert_eq!(text.parse::<Unit>().unwrap().to_string(), text);
    }
    assert_eq!("1.5 mg".parse::<Unit>().unwrap().to_string(), "1.5 mg capsule");
    assert_eq!("500 mcg capsules".parse::<Unit>().unwrap().to_string(), "0.5 mg capsule");
    assert_eq!(date(2026, 1, 5), START);
}
