//! Pooling where there is no table to look it up: symmetries, degenerate input, known answers.

use ldn_stats::meta::bayes::{MuPrior, Prior, posterior};
use ldn_stats::meta::{self, Effect, Estimator, Fit, Inference, MetaError, Options, Stopping};
use ldn_stats::{halton, normal};
use proptest::prelude::*;

const ESTIMATORS: [Estimator; 4] = [
    Estimator::EqualEffects,
    Estimator::DerSimonianLaird,
    Estimator::PauleMandel,
    Estimator::RestrictedMaximumLikelihood,
];

fn studies(pairs: &[(f64, f64)]) -> Vec<Effect> {
    pairs.iter().map(|(estimate, variance)| Effect { estimate: *estimate, variance: *variance }).collect()
}

fn with(estimator: Estimator, inference: Inference) -> Options {
    Options { estimator, inference, ..Options::default() }
}

/// Studies with a variance between them, the same on every machine.
fn pseudo_studies(k: u32, tau: f64) -> Vec<Effect> {
    (0..k)
        .map(|i| {
            let [u, v, ..] = halton::point(i);
            let variance = 0.02 + 0.3 * v;
            Effect { estimate: 0.3 + (variance + tau * tau).sqrt() * normal::quantile(u), variance }
        })
        .collect()
}

/// The restricted log-likelihood, written out apart from the code under test.
fn restricted_log_likelihood(effects: &[Effect], tau2: f64) -> f64 {
    let weights: Vec<f64> = effects.iter().map(|e| 1.0 / (e.variance + tau2)).collect();
    let total: f64 = weights.iter().sum();
    let mean = weights.iter().zip(effects).map(|(w, e)| w * e.estimate).sum::<f64>() / total;
    let misfit: f64 =
        weights.iter().zip(effects).map(|(w, e)| w * (e.estimate - mean) * (e.estimate - mean)).sum();
    let logs: f64 = weights.iter().map(|w| libm::log(*w)).sum();
    0.5 * (logs - libm::log(total) - misfit)
}

#[test]
fn one_study_is_itself_under_equal_effects_and_says_nothing_about_tau2() {
    let one = studies(&[(0.5, 0.1)]);
    let fit = meta::fit(&one, &with(Estimator::EqualEffects, Inference::Z)).unwrap();
    assert_eq!((fit.estimate, fit.standard_error, fit.tau2), (0.5, 1.0 / (1.0_f64 / 0.1).sqrt(), 0.0));
    assert_eq!((fit.q, fit.q_p, fit.i2_percent, fit.weights_percent), (0.0, 1.0, 0.0, vec![100.0]));
    for estimator in &ESTIMATORS[1..] {
        let error = meta::fit(&one, &with(*estimator, Inference::Z)).unwrap_err();
        assert!(matches!(error, MetaError::TooFewStudies { needed: 2, found: 1, .. }), "{error}");
    }
    let error = meta::fit(&one, &with(Estimator::EqualEffects, Inference::HartungKnapp)).unwrap_err();
    assert_eq!(error.to_string(), "the Hartung–Knapp method needs at least 2 studies; there are 1");
    assert!(meta::q_profile(&one, &Options::default()).is_err());
    assert!(meta::egger(&one, 0.95).is_err());
    assert!(meta::leave_one_out(&one, &Options::default()).is_err());
    assert_eq!(meta::cumulative(&one, &[0], &Options::default()).unwrap().len(), 1);
}

#[test]
fn bad_input_is_named() {
    let options = Options::default();
    for (pairs, message) in [
        (vec![], "there are no studies to pool"),
        (vec![(0.1, 0.2), (f64::NAN, 0.2)], "study 2: its estimate is NaN; expected a finite number"),
        (vec![(f64::NEG_INFINITY, 0.2)], "study 1: its estimate is -inf; expected a finite number"),
        (vec![(0.1, 0.0), (0.2, 0.1)], "study 1: its variance is 0; expected a finite number above 0"),
        (vec![(0.1, 0.3), (0.2, -0.1)], "study 2: its variance is -0.1; expected a finite number above 0"),
        (vec![(0.1, f64::INFINITY)], "study 1: its variance is inf; expected a finite number above 0"),
        (vec![(0.1, 0.3), (0.2, f64::NAN)], "study 2: its variance is NaN; expected a finite number above 0"),
    ] {
        let effects = studies(&pairs);
        let order: Vec<usize> = (0..effects.len()).collect();
        let flat = Prior { tau_scale: 1.0, mu: MuPrior::Flat };
        for error in [
            meta::fit(&effects, &options).unwrap_err(),
            meta::q_profile(&effects, &options).unwrap_err(),
            meta::egger(&effects, 0.95).unwrap_err(),
            meta::leave_one_out(&effects, &options).unwrap_err(),
            meta::cumulative(&effects, &order, &options).unwrap_err(),
            posterior(&effects, &flat).unwrap_err(),
        ] {
            assert_eq!(error.to_string(), message, "{pairs:?}");
        }
    }
    let two = studies(&[(0.1, 0.3), (0.2, 0.1)]);
    for level in [0.0, 1.0, 95.0, f64::NAN] {
        let error = meta::fit(&two, &Options { level, ..options }).unwrap_err();
        assert!(matches!(error, MetaError::Level { .. }), "{level}: {error}");
    }
    for order in [vec![0], vec![0, 0], vec![0, 2], vec![0, 1, 1]] {
        let error = meta::cumulative(&two, &order, &options).unwrap_err();
        assert!(matches!(error, MetaError::Order { .. }), "{order:?}: {error}");
    }
    assert_eq!(
        meta::cumulative(&two, &[0, 2], &options).unwrap_err().to_string(),
        "an order of 2 studies names each of 1 to 2 once; place 2 breaks it"
    );
    for tau_scale in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(posterior(&two, &Prior { tau_scale, mu: MuPrior::Flat }).is_err());
    }
}

#[test]
fn numbers_too_extreme_to_square_are_an_error_and_not_a_result() {
    for pairs in [[(1e200, 1.0), (-1e200, 1.0)], [(0.1, 1e-320), (0.2, 1.0)], [(1e308, 1.0), (-1e308, 2.0)]] {
        for estimator in ESTIMATORS {
            let result = meta::fit(&studies(&pairs), &with(estimator, Inference::Z));
            let honest = matches!(result, Err(MetaError::OutOfRange | MetaError::NotConverged { .. }));
            assert!(honest, "{pairs:?} {estimator:?}: {result:?}");
        }
    }
}

#[test]
fn identical_effects_have_no_heterogeneity_and_no_hartung_knapp_error() {
    let same = studies(&[(0.1, 0.1), (0.1, 0.2), (0.1, 0.7)]);
    for estimator in ESTIMATORS {
        let fit = meta::fit(&same, &with(estimator, Inference::Z)).unwrap();
        assert!((fit.estimate - 0.1).abs() < 1e-15);
        assert_eq!((fit.tau2, fit.i2_percent), (0.0, 0.0));
        assert!((fit.q_p - 1.0).abs() < 1e-12);
        let error = meta::fit(&same, &with(estimator, Inference::HartungKnapp)).unwrap_err();
        assert!(matches!(error, MetaError::NoSpread { .. }), "{error}");
    }
    assert!(matches!(meta::egger(&same, 0.95), Err(MetaError::NoSpread { .. })));
    let as_large = studies(&[(0.1, 0.1), (0.3, 0.1), (0.2, 0.1)]);
    assert_eq!(meta::egger(&as_large, 0.95), Err(MetaError::SameSize));
}

/// With two equally large studies all is in closed form: Hartung–Knapp is the t-test of the two estimates.
#[test]
fn two_studies_with_hartung_knapp() {
    let two = studies(&[(1.0, 0.1), (3.0, 0.1)]);
    for estimator in ESTIMATORS {
        let fit = meta::fit(&two, &with(estimator, Inference::HartungKnapp)).unwrap();
        // Mean 2, standard error |3 − 1|/2 = 1, t(1) at 97.5 % = tan(0.475·π).
        let margin = libm::tan(0.475 * std::f64::consts::PI);
        assert!((fit.estimate - 2.0).abs() < 1e-12 && (fit.standard_error - 1.0).abs() < 1e-12, "{fit:?}");
        assert!((fit.interval.upper - 2.0 - margin).abs() < 1e-10, "{fit:?}");
        assert!((fit.p - libm::atan(0.5) * std::f64::consts::FRAC_2_PI).abs() < 1e-12, "{fit:?}");
        // The sample variance 2 less the sampling variance.
        let tau2 = if estimator == Estimator::EqualEffects { 0.0 } else { 1.9 };
        assert!((fit.tau2 - tau2).abs() < 1e-11, "{fit:?}");
    }
}

#[test]
fn ten_thousand_studies_are_pooled() {
    let effects = pseudo_studies(10_000, 0.4);
    for estimator in ESTIMATORS {
        let fit = meta::fit(&effects, &with(estimator, Inference::HartungKnapp)).unwrap();
        assert!((fit.estimate - 0.3).abs() < 0.02, "{estimator:?}: {}", fit.estimate);
        if estimator != Estimator::EqualEffects {
            assert!((fit.tau2 - 0.16).abs() < 0.01, "{estimator:?}: {}", fit.tau2);
        }
    }
    let profile = meta::q_profile(&effects, &Options::default()).unwrap();
    assert!(
        profile.tau2.lower < 0.16 && 0.16 < profile.tau2.upper && profile.tau2.upper < 0.18,
        "{profile:?}"
    );
    let after = posterior(&effects, &Prior { tau_scale: 0.5, mu: MuPrior::Flat }).unwrap();
    assert!((after.tau.mean() - 0.4).abs() < 0.01, "{}", after.tau.mean());
    // The information of one study on tau is at most 1/2·(2·tau/(v + tau²))², which gives this width.
    assert!((0.002..0.01).contains(&after.tau.sd()), "{}", after.tau.sd());
}

/// Agreement beyond the sampling error, one study that outweighs all, variances over many orders of magnitude.
#[test]
fn reml_finds_the_top_of_the_likelihood() {
    for (k, tau) in [(2, 0.0), (2, 2.0), (3, 0.1), (5, 1.0), (20, 0.0), (20, 0.3), (200, 0.05)] {
        for stretch in [0.0, 3.0, 8.0] {
            let mut effects = pseudo_studies(k, tau);
            for (i, effect) in effects.iter_mut().enumerate() {
                effect.variance *= libm::exp(stretch * (halton::radical_inverse(7, i as u32) - 0.5));
            }
            let fit = meta::fit(&effects, &Options::default()).unwrap();
            let top = restricted_log_likelihood(&effects, fit.tau2);
            for factor in [0.0, 0.5, 0.9, 0.999, 1.001, 1.1, 2.0] {
                let nearby = if fit.tau2 > 0.0 { factor * fit.tau2 } else { 1e-3 * factor };
                let there = restricted_log_likelihood(&effects, nearby);
                assert!(there <= top + 1e-9, "{k} {tau} {stretch}: {nearby} beats {}", fit.tau2);
            }
        }
    }
}

/// Plain Fisher scoring creeps or swings here until its steps are used up, in metafor as in our repetition of it. The
/// safeguarded search arrives where metafor does with half the step length and all the steps it wants
/// (`control = list(stepadj = 0.5, maxiter = 10000, threshold = 1e-12)`).
#[test]
fn what_does_not_converge_says_so() {
    for (pairs, expected) in [
        ([(-1.3, 0.36), (-0.58, 0.053), (-20.0, 42.0), (1.2, 0.23)], 24.466_094_836_7),
        ([(0.71, 0.0011), (0.4, 0.00094), (-2.2, 1.2), (1.9, 1.3)], 0.064_511_634_294_5),
        ([(6.3, 5.4), (0.58, 0.35), (-0.12, 0.012), (-0.85, 0.016)], 1.633_001_952_89),
    ] {
        let effects = studies(&pairs);
        let plain = meta::fit(&effects, &Options { stopping: Stopping::Metafor, ..Options::default() });
        assert!(matches!(plain, Err(MetaError::NotConverged { steps: 100, .. })), "{plain:?}");
        let exact = meta::fit(&effects, &Options::default()).unwrap();
        assert!((exact.tau2 / expected - 1.0).abs() < 1e-8 && exact.steps < 40, "{exact:?}");
    }
}

/// 5,000 sets of 2 to 40 studies, with variances over up to ten orders of magnitude and from no to large heterogeneity.
#[test]
fn every_search_settles_in_few_steps() {
    let mut most = [0; 2];
    for set in 0..5_000 {
        let [size, spread, tau, ..] = halton::point(set);
        let k = 2 + libm::floor(39.0 * size * size) as u32;
        let mut effects = pseudo_studies(k, libm::exp(6.0 * tau - 4.0));
        for (i, effect) in effects.iter_mut().enumerate() {
            let place = halton::radical_inverse(5, set * 40 + i as u32);
            effect.variance *= libm::exp(24.0 * spread * (place - 0.5));
            effect.estimate +=
                effect.variance.sqrt() * (halton::radical_inverse(7, set + 31 * i as u32) - 0.5);
        }
        for (worst, estimator) in most.iter_mut().zip(&ESTIMATORS[2..]) {
            let fit = meta::fit(&effects, &with(*estimator, Inference::Z))
                .unwrap_or_else(|error| panic!("set {set}, {estimator:?}: {error}"));
            *worst = fit.steps.max(*worst);
        }
        meta::q_profile(&effects, &Options::default()).unwrap();
    }
    assert!(most[0] < 60 && most[1] < 60, "{most:?}");
}

#[test]
fn one_study_updates_the_prior_by_hand() {
    // Under a flat prior of mu, one study says nothing on tau: half-normal, mean s·√(2/π), second moment s².
    let (variance, scale) = (0.3_f64, 0.7_f64);
    let after =
        posterior(&studies(&[(1.5, variance)]), &Prior { tau_scale: scale, mu: MuPrior::Flat }).unwrap();
    let mean = scale * std::f64::consts::FRAC_2_PI.sqrt();
    assert!((after.tau.mean() - mean).abs() < 1e-10, "{}", after.tau.mean());
    assert!((after.tau.sd() - (scale * scale - mean * mean).sqrt()).abs() < 1e-10);
    assert!((after.tau.quantile(0.95) - scale * normal::quantile(0.975)).abs() < 1e-9);
    assert!((after.mu.mean() - 1.5).abs() < 1e-12);
    assert!((after.mu.sd() - (variance + scale * scale).sqrt()).abs() < 1e-10, "{}", after.mu.sd());
    assert!((after.predictive.sd() - (variance + 2.0 * scale * scale).sqrt()).abs() < 1e-10);
}

#[test]
fn without_heterogeneity_the_posterior_is_the_equal_effects_fit() {
    let effects = pseudo_studies(7, 0.3);
    let fit = meta::fit(&effects, &with(Estimator::EqualEffects, Inference::Z)).unwrap();
    let prior = |mu| Prior { tau_scale: 1e-6, mu };
    let flat = posterior(&effects, &prior(MuPrior::Flat)).unwrap();
    assert!((flat.mu.mean() - fit.estimate).abs() < 1e-9 && (flat.mu.sd() - fit.standard_error).abs() < 1e-9);
    assert!((flat.mu.quantile(0.975) - fit.interval.upper).abs() < 1e-9);
    // And with a normal prior of mu the textbook's precision-weighted mean.
    let normal = posterior(&effects, &prior(MuPrior::Normal { mean: -1.0, sd: 0.2 })).unwrap();
    let (prior_precision, precision) = (25.0, 1.0 / (fit.standard_error * fit.standard_error));
    let mean = (precision * fit.estimate - prior_precision) / (precision + prior_precision);
    assert!((normal.mu.mean() - mean).abs() < 1e-9, "{} {mean}", normal.mu.mean());
    assert!((normal.mu.sd() - 1.0 / (precision + prior_precision).sqrt()).abs() < 1e-9);
}

/// A plain sum over a fine grid of mu and tau, without anything in closed form.
#[test]
fn the_posterior_agrees_with_brute_force() {
    let effects = studies(&[(-0.9, 0.16), (0.2, 0.09), (-0.1, 0.25), (-0.6, 0.04)]);
    let (scale, prior_mean, prior_sd) = (0.6, 0.1, 1.2);
    let mu_prior = MuPrior::Normal { mean: prior_mean, sd: prior_sd };
    let after = posterior(&effects, &Prior { tau_scale: scale, mu: mu_prior }).unwrap();
    let (steps, tau_step, mu_step) = (1_500, 4.5 / 1_500.0, 8.0 / 1_500.0);
    let mut sums = [0.0; 6];
    for j in 0..=steps {
        let tau = f64::from(j) * tau_step;
        let end = if j == 0 || j == steps { 0.5 } else { 1.0 };
        for i in 0..=steps {
            let mu = -4.0 + f64::from(i) * mu_step;
            let mut log = -0.5 * (tau / scale) * (tau / scale);
            log -= 0.5 * ((mu - prior_mean) / prior_sd) * ((mu - prior_mean) / prior_sd);
            for Effect { estimate, variance } in &effects {
                let spread = variance + tau * tau;
                log -= 0.5 * (libm::log(spread) + (estimate - mu) * (estimate - mu) / spread);
            }
            let mass = end * libm::exp(log);
            let negative = if tau > 0.0 { normal::cdf(-mu / tau) } else { f64::from(u8::from(mu < 0.0)) };
            let terms = [1.0, tau, mu, mu * mu, mu * mu + tau * tau, negative];
            for (sum, term) in sums.iter_mut().zip(terms) {
                *sum += mass * term;
            }
        }
    }
    let [tau, mu, mu_square, new_square, new_negative] = [1, 2, 3, 4, 5].map(|m| sums[m] / sums[0]);
    let mu_sd = (mu_square - mu * mu).sqrt();
    let new_sd = (new_square - mu * mu).sqrt();
    for (what, ours, brute) in [
        ("tau", after.tau.mean(), tau),
        ("mu", after.mu.mean(), mu),
        ("mu sd", after.mu.sd(), mu_sd),
        ("new sd", after.predictive.sd(), new_sd),
        ("new below zero", after.predictive.cdf(0.0), new_negative),
    ] {
        // The trapezoidal rule at the boundary tau = 0 is good to the square of its step.
        assert!((ours - brute).abs() < 2e-5, "{what}: {ours} {brute}");
    }
}

/// Far from the prior, far from each other, one very precise, or many: the panels still find all of the mass.
#[test]
fn the_posterior_holds_under_strain() {
    for (pairs, scale) in [
        (vec![(10.0, 0.01), (-10.0, 0.01), (3.0, 0.02)], 0.01),
        (vec![(0.0, 1e-10), (0.3, 0.2), (-0.2, 0.1)], 1.0),
        (vec![(0.1, 1e-10), (0.1, 1e-10)], 2.0),
        (vec![(0.1, 1e6), (0.2, 1e6)], 0.3),
    ] {
        let after = posterior(&studies(&pairs), &Prior { tau_scale: scale, mu: MuPrior::Flat }).unwrap();
        assert!(after.tau.mean() > 0.0 && after.tau.sd() > 0.0, "{pairs:?}");
        assert!((after.mu.cdf(after.mu.quantile(0.3)) - 0.3).abs() < 1e-8, "{pairs:?}");
        for p in [0.01, 0.5, 0.99] {
            assert!((after.tau.cdf(after.tau.quantile(p)) - p).abs() < 1e-9, "{pairs:?} {p}");
        }
        assert_eq!((after.tau.cdf(0.0), after.tau.cdf(1e9)), (0.0, 1.0));
    }
}

/// Fits of the same studies, told differently.
fn all_fits(effects: &[Effect]) -> Vec<Fit> {
    let both = [Inference::Z, Inference::HartungKnapp];
    let options =
        ESTIMATORS.into_iter().flat_map(|estimator| both.map(|inference| with(estimator, inference)));
    options.map(|options| meta::fit(effects, &options).unwrap()).collect()
}

fn close(a: f64, b: f64, size: f64) -> bool {
    (a - b).abs() <= 1e-9 * size
}

fn some_studies() -> impl Strategy<Value = Vec<Effect>> {
    let study = (-2.0_f64..2.0, 0.01_f64..1.0).prop_map(|(estimate, variance)| Effect { estimate, variance });
    proptest::collection::vec(study, 2..25)
}

proptest! {
    #[test]
    fn the_order_of_studies_does_not_matter(effects in some_studies(), turn in 0_usize..25) {
        let mut turned = effects.clone();
        turned.rotate_left(turn % effects.len());
        turned.swap(0, effects.len() - 1);
        for (a, b) in all_fits(&effects).iter().zip(&all_fits(&turned)) {
            prop_assert!(close(a.estimate, b.estimate, 1.0) && close(a.tau2, b.tau2, 1.0), "{a:?} {b:?}");
            prop_assert!(close(a.standard_error, b.standard_error, 1.0) && close(a.p, b.p, 1.0));
        }
    }

    #[test]
    fn shifting_the_effects_shifts_the_estimate(effects in some_studies(), shift in -50.0_f64..50.0) {
        let mut shifted = effects.clone();
        shifted.iter_mut().for_each(|effect| effect.estimate += shift);
        for (a, b) in all_fits(&effects).iter().zip(&all_fits(&shifted)) {
            prop_assert!(close(a.estimate + shift, b.estimate, 50.0), "{a:?} {b:?}");
            prop_assert!(close(a.tau2, b.tau2, 50.0) && close(a.q, b.q, 5_000.0), "{a:?} {b:?}");
            prop_assert!(close(a.standard_error, b.standard_error, 50.0));
        }
    }

    #[test]
    fn scaling_the_effects_scales_the_result(effects in some_studies(), exponent in -30_i32..30) {
        // By a power of two, so that the numbers themselves stay exact.
        let factor = libm::ldexp(1.0, exponent);
        let mut scaled = effects.clone();
        for effect in &mut scaled {
            effect.estimate *= factor;
            effect.variance *= factor * factor;
        }
        for (a, b) in all_fits(&effects).iter().zip(&all_fits(&scaled)) {
            prop_assert!(close(a.estimate * factor, b.estimate, factor), "{a:?} {b:?}");
            prop_assert!(close(a.tau2 * factor * factor, b.tau2, factor * factor), "{a:?} {b:?}");
            prop_assert!(close(a.standard_error * factor, b.standard_error, factor));
            prop_assert!(close(a.p, b.p, 1.0) && close(a.i2_percent, b.i2_percent, 100.0));
        }
    }

    #[test]
    fn intervals_hold_what_they_are_around(effects in some_studies()) {
        for fit in all_fits(&effects) {
            prop_assert!(fit.interval.lower <= fit.estimate && fit.estimate <= fit.interval.upper);
            if let Some(prediction) = fit.prediction {
                prop_assert!(prediction.lower <= fit.interval.lower && fit.interval.upper <= prediction.upper);
            }
            prop_assert!(fit.tau2 >= 0.0 && (0.0..=100.0).contains(&fit.i2_percent) && fit.h2 >= 0.0);
            prop_assert!((0.0..=1.0).contains(&fit.p) && (0.0..=1.0).contains(&fit.q_p));
        }
        let profile = meta::q_profile(&effects, &Options::default()).unwrap();
        prop_assert!(profile.tau2.lower <= profile.tau2.upper);
    }

    #[test]
    fn the_widest_prior_gives_the_widest_prediction(effects in some_studies()) {
        let spread = |tau_scale| posterior(&effects, &Prior { tau_scale, mu: MuPrior::Flat }).unwrap().predictive.sd();
        prop_assert!(spread(0.1) < spread(1.0));
    }
}
