//! Diaries and verdicts to draw: simulated ones that were kept, and every class a verdict can have.

use jiff::civil::date;
use ldn_core::diary::{ReadOptions, read};
use ldn_core::{Diary, DiaryRow, Dose, Measure, Score};
use ldn_report::PageInput;
use ldn_verdict::response::audit::FalseAlarms;
use ldn_verdict::response::decision::{Action, Attribution, Response};
use ldn_verdict::response::grade::Grade;
use ldn_verdict::response::series::Series;
use ldn_verdict::response::{Settings, Verdict, judge, wording};

pub(crate) const NAMES: [&str; 8] = [
    "s1_responder_open",
    "s2_placebo_only_open",
    "s3_early_three_weeks",
    "s4_heavy_missing",
    "s5_blinded_crossover",
    "s6_dose_changes_and_hold",
    "s7_flares_near_floor",
    "s8_constant_scores",
];

/// A diary with one verdict per measure.
#[derive(Clone)]
pub(crate) struct Judged {
    pub(crate) diary: Diary,
    pub(crate) verdicts: Vec<(Series, Verdict)>,
}

impl Judged {
    pub(crate) fn of(diary: Diary, measures: &[Measure]) -> Judged {
        let judged = |measure: &Measure| {
            let series = Series::from_diary(&diary, *measure, None).unwrap();
            (series, judge(&diary, &Settings::new(*measure)).unwrap())
        };
        let verdicts = measures.iter().map(judged).collect();
        Judged { diary, verdicts }
    }

    /// One of the simulated diaries of `golden/verdict`.
    pub(crate) fn golden(name: &str) -> Judged {
        let file = format!("{}/../../golden/verdict/{name}.csv", env!("CARGO_MANIFEST_DIR"));
        let diary = read(&std::fs::read(file).unwrap(), ReadOptions::default()).unwrap();
        Judged::of(diary, &[Measure::Pain])
    }

    pub(crate) fn series(&self) -> &Series {
        &self.verdicts[0].0
    }

    pub(crate) fn verdict(&self) -> &Verdict {
        &self.verdicts[0].1
    }

    pub(crate) fn page(&self) -> String {
        let input = PageInput {
            diary: &self.diary,
            verdicts: &self.verdicts,
            false_alarms: &FALSE_ALARMS,
            title: "Diary report",
            simulated: true,
        };
        ldn_report::page(&input).unwrap()
    }
}

pub(crate) const FALSE_ALARMS: FalseAlarms = FalseAlarms {
    windows: 110,
    insufficient: 8,
    unreliable: 2,
    improved: 1,
    worse: 1,
    attributed: 0,
    welch_windows: 100,
    welch: 38,
};

/// Days with a reproducible scatter: scores 7 down to 4, doses from a quarter of the diary on.
pub(crate) fn rows(n_days: usize) -> Vec<DiaryRow> {
    let start = date(2016, 3, 3);
    (0..n_days)
        .map(|t| {
            let treated = t >= n_days / 4;
            let scatter = [0.0, 1.0, -1.0, 2.0, 0.0, 0.0, -1.0, 1.0, 0.0, -2.0, 1.0][t * 7 % 11];
            let mut row = DiaryRow::empty(start.saturating_add(jiff::Span::new().days(t as i64)));
            row.dose = Some(if treated { Dose::from_micrograms(4_500) } else { Dose::ZERO });
            for measure in Measure::ALL {
                let score = if treated { 4.0 } else { 6.0 } + scatter;
                row.scores[measure.index()] = Score::new(measure, Default::default(), score).ok();
            }
            row
        })
        .collect()
}

/// Every response with every attribution that a design allows, made from a real open-label and a real blinded verdict.
pub(crate) fn every_class() -> Vec<Judged> {
    let mut all = vec![untreated()];
    for (name, grades) in
        [("s1_responder_open", [Grade::C, Grade::D]), ("s5_blinded_crossover", [Grade::A, Grade::B])]
    {
        let judged = Judged::golden(name);
        for grade in grades {
            for response in Response::ALL.iter().filter(|r| **r != Response::NoTreatmentYet) {
                for attribution in Attribution::ALL {
                    if grade.is_blinded() || *attribution == Attribution::NotSeparable {
                        all.push(reclassed(judged.clone(), grade, *response, *attribution));
                    }
                }
            }
        }
    }
    all
}

fn untreated() -> Judged {
    let mut rows = rows(40);
    for row in &mut rows {
        row.dose = Some(Dose::ZERO);
    }
    let judged = Judged::of(Diary::new(rows).unwrap(), &[Measure::Pain]);
    assert_eq!(judged.verdict().response, Response::NoTreatmentYet);
    judged
}

fn reclassed(mut judged: Judged, grade: Grade, response: Response, attribution: Attribution) -> Judged {
    let verdict = &mut judged.verdicts[0].1;
    verdict.grade = grade;
    verdict.response = response;
    verdict.attribution = attribution;
    verdict.prior_sensitive = attribution == Attribution::NotSeparable;
    verdict.action = Action::of(response, attribution, verdict.prior_sensitive, 90);
    if response == Response::InsufficientData {
        verdict.observed.evaluation_scored = 9;
    }
    let separable = attribution != Attribution::NotSeparable;
    if let Some(estimate) = &mut verdict.estimate {
        estimate.drug_share = separable.then_some(0.6);
    }
    verdict.text = wording::text(verdict);
    judged
}
