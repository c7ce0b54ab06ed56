//! Pooling against `golden/metafor`: what R's metafor prints, by default and converged.

use std::collections::BTreeMap;

use ldn_stats::meta::bayes::{MuPrior, Prior, posterior};
use ldn_stats::meta::effect::{self, Arm, Correlation, Counts, EffectError};
use ldn_stats::meta::{self, Effect, Estimator, Fit, Inference, Options, Stopping};

/// A row of a CSV file, by column.
struct Row(BTreeMap<String, String>);

impl Row {
    fn text(&self, column: &str) -> &str {
        self.0.get(column).unwrap_or_else(|| panic!("no column {column}"))
    }

    /// `None` for NA.
    fn number(&self, column: &str) -> Option<f64> {
        match self.text(column) {
            "NA" => None,
            "Inf" => Some(f64::INFINITY),
            text => Some(text.parse().unwrap_or_else(|_| panic!("{column} is {text}"))),
        }
    }

    fn count(&self, column: &str) -> u32 {
        self.text(column).parse().unwrap()
    }

    fn options(&self, stopping: Stopping) -> Options {
        let estimator = match self.text("method") {
            "EE" => Estimator::EqualEffects,
            "DL" => Estimator::DerSimonianLaird,
            "PM" => Estimator::PauleMandel,
            "REML" => Estimator::RestrictedMaximumLikelihood,
            other => panic!("method {other}"),
        };
        let inference = match self.text("test") {
            "z" => Inference::Z,
            "knha" => Inference::HartungKnapp,
            other => panic!("test {other}"),
        };
        Options { estimator, inference, stopping, ..self.level() }
    }

    /// Default options at the level of the row, if it has one.
    fn level(&self) -> Options {
        let level = if self.0.contains_key("level") { self.number("level").unwrap() / 100.0 } else { 0.95 };
        Options { level, ..Options::default() }
    }
}

fn rows(file: &str) -> Vec<Row> {
    let path = format!("{}/../../golden/metafor/{file}", env!("CARGO_MANIFEST_DIR"));
    let mut reader = csv::Reader::from_path(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    reader.deserialize().map(|row| Row(row.unwrap())).collect()
}

fn study(row: &Row) -> Effect {
    Effect { estimate: row.number("yi").unwrap(), variance: row.number("vi").unwrap() }
}

/// The effects of a data set: a file of trials, or one of the small sets in `extra_studies.csv`.
fn effects(dataset: &str) -> Vec<Effect> {
    if dataset.starts_with("dat.") {
        return rows(&format!("{dataset}.csv")).iter().map(study).collect();
    }
    rows("extra_studies.csv").iter().filter(|row| row.text("dataset") == dataset).map(study).collect()
}

/// How close is close enough: relative, and absolute near zero.
#[derive(Clone, Copy)]
struct Tolerance {
    relative: f64,
    absolute: f64,
}

const PRINTED: Tolerance = Tolerance { relative: 1e-6, absolute: 1e-8 };
const CONVERGED: Tolerance = Tolerance { relative: 2e-10, absolute: 1e-12 };

fn check(row: &Row, column: &str, ours: f64, tolerance: Tolerance) {
    let Some(theirs) = row.number(column) else { panic!("{column}: {ours}, expected NA in {:?}", row.0) };
    let close =
        ours == theirs || (ours - theirs).abs() <= tolerance.relative * theirs.abs() + tolerance.absolute;
    assert!(close, "{column}: {ours}, expected {theirs} in {:?}", row.0);
}

/// A p-value is close enough in relative terms only: 1e-26 is not 0.
fn check_p(row: &Row, column: &str, ours: f64, tolerance: Tolerance) {
    check(row, column, ours, Tolerance { absolute: 0.0, ..tolerance });
}

/// Holds a fit against the columns that all result files have.
fn check_fit(row: &Row, fit: &Fit, tolerance: Tolerance) {
    assert_eq!(fit.studies, row.count("k") as usize);
    for (column, ours) in [
        ("estimate", fit.estimate),
        ("se", fit.standard_error),
        ("ci_lb", fit.interval.lower),
        ("ci_ub", fit.interval.upper),
        ("tau2", fit.tau2),
        ("I2", fit.i2_percent),
        ("Q", fit.q),
    ] {
        check(row, column, ours, tolerance);
    }
    check_p(row, "pval", fit.p, tolerance);
    check_p(row, "Qp", fit.q_p, tolerance);
    match fit.prediction {
        None => assert_eq!((row.text("pi_lb"), row.text("pi_ub")), ("NA", "NA")),
        Some(prediction) => {
            check(row, "pi_lb", prediction.lower, tolerance);
            check(row, "pi_ub", prediction.upper, tolerance);
        }
    }
}

/// Every row of `reference_results.csv`: metafor 3.8.1 with its default settings, ten digits.
#[test]
fn reproduces_what_metafor_prints() {
    let reference = rows("reference_results.csv");
    assert_eq!(reference.len(), 36);
    for row in &reference {
        let effects = effects(row.text("dataset"));
        match row.text("method") {
            "egger_lm" => {
                let egger = meta::egger(&effects, 0.95).unwrap();
                check(row, "estimate", egger.statistic, PRINTED);
                check_p(row, "pval", egger.p, PRINTED);
            }
            "REML_tau2_QProfile" => {
                let options = Options { stopping: Stopping::Metafor, ..Options::default() };
                let profile = meta::q_profile(&effects, &options).unwrap();
                check(row, "estimate", meta::fit(&effects, &options).unwrap().tau2, PRINTED);
                check(row, "ci_lb", profile.tau2.lower, PRINTED);
                check(row, "ci_ub", profile.tau2.upper, PRINTED);
            }
            _ => check_fit(row, &meta::fit(&effects, &row.options(Stopping::Metafor)).unwrap(), PRINTED),
        }
    }
}

/// How far the converged numbers are from the printed ones: what [`Stopping`] promises.
#[test]
fn metafor_stops_within_its_tolerances_of_the_converged_numbers() {
    for dataset in ["dat.bcg", "dat.normand1999", "dat.molloy2014", "dat.hine1989"] {
        let effects = effects(dataset);
        for estimator in [Estimator::PauleMandel, Estimator::RestrictedMaximumLikelihood] {
            let [printed, exact] = [Stopping::Metafor, Stopping::Exact].map(|stopping| {
                let options = Options { estimator, stopping, ..Options::default() };
                (meta::fit(&effects, &options).unwrap(), meta::q_profile(&effects, &options).unwrap())
            });
            let off = (printed.0.tau2 - exact.0.tau2).abs();
            assert!(off <= 1.3e-4 * exact.0.tau2, "{dataset} {estimator:?}: tau² is {off} off");
            for (printed, exact) in
                [(printed.1.tau2.lower, exact.1.tau2.lower), (printed.1.tau2.upper, exact.1.tau2.upper)]
            {
                assert!((printed - exact).abs() <= 6.2e-5, "{dataset} {estimator:?}: {printed} {exact}");
            }
        }
    }
}

#[test]
fn agrees_with_metafor_converged() {
    let expected = rows("exact_fits.csv");
    assert_eq!(expected.len(), 136);
    for row in &expected {
        let fit = meta::fit(&effects(row.text("dataset")), &row.options(Stopping::Exact)).unwrap();
        check_fit(row, &fit, CONVERGED);
        check(row, "H2", fit.h2, CONVERGED);
        check(row, "statistic", fit.statistic, CONVERGED);
        let weights: f64 = fit.weights_percent.iter().sum();
        assert!((weights - 100.0).abs() < 1e-11, "{weights}");
    }
}

#[test]
fn q_profile_agrees_with_metafor_converged() {
    let expected = rows("q_profile.csv");
    assert_eq!(expected.len(), 18);
    for row in &expected {
        let profile = meta::q_profile(&effects(row.text("dataset")), &row.level()).unwrap();
        for (column, ours) in [
            ("tau2_lb", profile.tau2.lower),
            ("tau2_ub", profile.tau2.upper),
            ("I2_lb", profile.i2_percent.lower),
            ("I2_ub", profile.i2_percent.upper),
            ("H2_lb", profile.h2.lower),
            ("H2_ub", profile.h2.upper),
        ] {
            check(row, column, ours, CONVERGED);
        }
    }
}

#[test]
fn egger_agrees_with_metafor() {
    let expected = rows("egger.csv");
    assert_eq!(expected.len(), 4);
    for row in &expected {
        let egger = meta::egger(&effects(row.text("dataset")), 0.95).unwrap();
        for (column, ours) in [
            ("slope", egger.slope),
            ("se", egger.standard_error),
            ("statistic", egger.statistic),
            ("df", egger.degrees),
            ("limit", egger.limit),
            ("limit_lb", egger.limit_interval.lower),
            ("limit_ub", egger.limit_interval.upper),
        ] {
            check(row, column, ours, CONVERGED);
        }
        check_p(row, "pval", egger.p, CONVERGED);
    }
}

#[test]
fn leaving_out_and_adding_up_agree_with_metafor() {
    let expected = rows("sensitivity.csv");
    assert_eq!(expected.len(), 84);
    for row in &expected {
        let dataset = row.text("dataset");
        let (effects, options) = (effects(dataset), row.options(Stopping::Exact));
        let mut order: Vec<usize> = (0..effects.len()).collect();
        if dataset == "dat.bcg" {
            let years: Vec<u32> = rows("dat.bcg.csv").iter().map(|trial| trial.count("year")).collect();
            order.sort_by_key(|study| years[*study]);
        }
        let study = row.count("study") as usize - 1;
        let fit = match row.text("kind") {
            "without" => {
                let omissions = meta::leave_one_out(&effects, &options).unwrap();
                omissions.into_iter().find(|omission| omission.omitted == study).unwrap().fit
            }
            _ => {
                let steps = meta::cumulative(&effects, &order, &options).unwrap();
                assert_eq!(steps[0].fit.as_ref().unwrap().estimate, effects[order[0]].estimate);
                steps.into_iter().find(|step| step.added == study).unwrap().fit
            }
        };
        check_fit(row, &fit.unwrap(), CONVERGED);
    }
}

#[test]
fn effects_agree_with_metafor() {
    let (mut compared, mut refused) = (0, 0);
    for row in &rows("effects.csv") {
        let measure = row.text("measure");
        let arm = |n: &str| Arm {
            mean: row.number(&format!("x{n}")).unwrap(),
            sd: row.number(&format!("s{n}")).unwrap(),
            patients: row.count(&format!("n{n}")),
        };
        let counts =
            |n: &str| Counts { events: row.count(&format!("x{n}")), patients: row.count(&format!("n{n}")) };
        let effect = match measure {
            "MD" => effect::mean_difference(arm("1"), arm("2")),
            "SMD" => effect::standardised_mean_difference(arm("1"), arm("2")),
            "ROM" => effect::log_ratio_of_means(arm("1"), arm("2")),
            "ZCOR" => effect::fisher_z(row.number("r").unwrap(), row.count("n1")),
            "MC" => {
                let (treated, control) = (arm("1"), arm("2"));
                let correlation = Correlation::Stated(row.number("r").unwrap());
                let [treated_pair, control_pair] = [treated, control].map(|arm| (arm.mean, arm.sd));
                effect::crossover_difference(treated_pair, control_pair, treated.patients, correlation)
                    .map(|paired| paired.effect)
            }
            _ => {
                let ratio = match measure {
                    "RR" => effect::log_risk_ratio,
                    "OR" => effect::log_odds_ratio,
                    _ => effect::risk_difference,
                };
                let (treated, control) = (counts("1"), counts("2"));
                let an_empty_cell =
                    [treated, control].iter().any(|c| c.events == 0 || c.events == c.patients);
                ratio(treated, control).map(|counted| {
                    assert_eq!(counted.corrected, an_empty_cell);
                    counted.effect
                })
            }
        };
        match effect {
            Ok(effect) => {
                check(row, "yi", effect.estimate, CONVERGED);
                check(row, "vi", effect.variance, CONVERGED);
                compared += 1;
            }
            // metafor corrects a table without any event and goes on; we refuse it.
            Err(EffectError::NoInformation { .. }) => refused += 1,
            Err(error) => panic!("{error} in {:?}", row.0),
        }
    }
    assert_eq!((compared, refused), (35, 2));
}

#[test]
fn effects_of_the_trials_agree_with_their_files() {
    for row in &rows("dat.bcg.csv") {
        let arm = |group: &str| {
            let events = row.count(&format!("{group}pos"));
            Counts { events, patients: events + row.count(&format!("{group}neg")) }
        };
        let effect = effect::log_risk_ratio(arm("t"), arm("c")).unwrap().effect;
        check(row, "yi", effect.estimate, CONVERGED);
        check(row, "vi", effect.variance, CONVERGED);
    }
    for row in &rows("dat.normand1999.csv") {
        let arm = |n: &str| Arm {
            mean: row.number(&format!("m{n}i")).unwrap(),
            sd: row.number(&format!("sd{n}i")).unwrap(),
            patients: row.count(&format!("n{n}i")),
        };
        let effect = effect::standardised_mean_difference(arm("1"), arm("2")).unwrap();
        check(row, "yi", effect.estimate, CONVERGED);
        check(row, "vi", effect.variance, CONVERGED);
    }
}

#[test]
fn posterior_agrees_with_adaptive_quadrature() {
    let tolerance = Tolerance { relative: 1e-8, absolute: 1e-12 };
    let expected = rows("posterior.csv");
    assert_eq!(expected.len(), 15);
    for row in &expected {
        let (mean, sd) = (row.number("mu_mean").unwrap(), row.number("mu_sd").unwrap());
        let mu = if sd.is_infinite() { MuPrior::Flat } else { MuPrior::Normal { mean, sd } };
        let tau_scale = row.number("tau_scale").unwrap();
        let after = posterior(&effects(row.text("dataset")), &Prior { tau_scale, mu }).unwrap();
        for (column, ours) in [
            ("tau", after.tau.mean()),
            ("tau_sd", after.tau.sd()),
            ("tau_below_half_scale", after.tau.cdf(0.5 * tau_scale)),
            ("mu", after.mu.mean()),
            ("mu_posterior_sd", after.mu.sd()),
            ("mu_below_zero", after.mu.cdf(0.0)),
            ("new_sd", after.predictive.sd()),
            ("new_below_zero", after.predictive.cdf(0.0)),
        ] {
            check(row, column, ours, tolerance);
        }
        assert!((after.predictive.mean() - after.mu.mean()).abs() < 1e-12);
        for p in [0.025, 0.5, 0.975] {
            assert!((after.tau.cdf(after.tau.quantile(p)) - p).abs() < 1e-10, "{p}");
        }
    }
}
