//! From probabilities to a response class, an attribution and an action.

use serde::{Serialize, Serializer};

use super::grade::Grade;

/// Probability from which something counts as likely.
pub const LIKELY: f64 = 0.8;
/// Probability from which something counts as very likely.
pub const VERY_LIKELY: f64 = 0.95;
/// Probability up to which something counts as unlikely.
pub const UNLIKELY: f64 = 0.2;
/// Probability up to which something counts as very unlikely.
pub const VERY_UNLIKELY: f64 = 0.05;
/// Fewest scores of the baseline window.
pub const BASELINE_SCORES: usize = 7;
/// Fewest scores of the evaluation window.
pub const EVALUATION_SCORES: usize = 14;
/// Built-up share of the drug course below which an open-label diary cannot show that nothing happened.
pub const BUILT_UP: f64 = 0.8;
/// Days on the target dose after which an unclear response counts as none.
pub const LONGEST_OBSERVATION: usize = 26 * 7;

/// What happened to the symptom, whatever the cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Response {
    /// No capsule was taken in this diary.
    NoTreatmentYet,
    /// Too few scores before or after the start.
    InsufficientData,
    /// Likely a point worse, or more.
    Worse,
    /// Likely half better, or more.
    Substantial,
    /// Likely 30 % better, or more.
    Moderate,
    /// Likely a point better, or more.
    Some,
    /// Likely less than a point better.
    None,
    /// None of these is likely.
    Unclear,
    /// None or unclear, but the drug would not have built up yet.
    TooEarly,
}

/// Whether the drug has an effect worth a daily capsule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Attribution {
    /// The design cannot tell drug from placebo and time.
    NotSeparable,
    /// Probability at least 0.95.
    VeryLikely,
    /// Probability at least 0.8.
    Likely,
    /// In between.
    Undecided,
    /// Probability at most 0.2.
    Unlikely,
    /// Probability at most 0.05.
    VeryUnlikely,
}

/// What to do next. Side effects, interactions, pregnancy and opioids overrule every one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Go on keeping the diary before the first capsule.
    KeepTheDiary,
    /// Collect the days that are missing.
    Collect,
    /// Review or stop.
    ReviewOrStop,
    /// Wait until the drug would have built up.
    Wait,
    /// Extend the blinded test: the statement still depends on what one believed before.
    ExtendTheTest,
    /// Continue, supported by blinded evidence.
    ContinueSupported,
    /// Stop, supported by blinded evidence.
    StopSupported,
    /// Adjust the dose once if the plan allows, else stop.
    AdjustOnceOrStop,
    /// Continue if wanted; what caused the improvement is unproven.
    ContinueCauseUnproven,
    /// Keep observing.
    KeepObserving,
}

/// Gives every variant the name that it has in JSON, in data files and on pages.
macro_rules! names {
    ($($class:ident { $($variant:ident: $name:literal,)* })*) => {$(
        impl $class {
            /// All of them.
            pub const ALL: &[$class] = &[$($class::$variant),*];

            /// Returns the name used in JSON and in data files.
            pub const fn id(self) -> &'static str {
                match self { $($class::$variant => $name),* }
            }
        }

        impl Serialize for $class {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.id())
            }
        }
    )*};
}

names! {
    Response {
        NoTreatmentYet: "no treatment yet",
        InsufficientData: "insufficient data",
        Worse: "worse",
        Substantial: "substantial",
        Moderate: "moderate",
        Some: "some",
        None: "none",
        Unclear: "unclear",
        TooEarly: "too early",
    }
    Attribution {
        NotSeparable: "not separable",
        VeryLikely: "very likely",
        Likely: "likely",
        Undecided: "undecided",
        Unlikely: "unlikely",
        VeryUnlikely: "very unlikely",
    }
    Action {
        KeepTheDiary: "keep the diary",
        Collect: "collect",
        ReviewOrStop: "review or stop",
        Wait: "wait",
        ExtendTheTest: "extend the test",
        ContinueSupported: "continue, supported",
        StopSupported: "stop, supported",
        AdjustOnceOrStop: "adjust once or stop",
        ContinueCauseUnproven: "continue, cause unproven",
        KeepObserving: "keep observing",
    }
}

/// The probabilities that a response class rests on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ResponseEvidence {
    /// Scores in the baseline window; zero if the first capsule was on day 0.
    pub baseline_scores: usize,
    /// Scores in the evaluation window.
    pub evaluation_scores: usize,
    /// Probability of a worsening of at least 1 point.
    pub p_worse: f64,
    /// Probability of an improvement of at least 50 %.
    pub p_half: f64,
    /// Probability of an improvement of at least 30 %.
    pub p_third: f64,
    /// Probability of an improvement of at least 1 point.
    pub p_point: f64,
    /// Expected built-up share of the drug course.
    pub buildup: f64,
    /// Evidence grade.
    pub grade: Grade,
}

impl ResponseEvidence {
    /// Returns the first class that applies.
    pub fn response(&self) -> Response {
        if self.baseline_scores < BASELINE_SCORES || self.evaluation_scores < EVALUATION_SCORES {
            return Response::InsufficientData;
        }
        if self.p_worse >= LIKELY {
            return Response::Worse;
        }
        for (probability, response) in [
            (self.p_half, Response::Substantial),
            (self.p_third, Response::Moderate),
            (self.p_point, Response::Some),
        ] {
            if probability >= LIKELY {
                return response;
            }
        }
        if self.grade == Grade::D && self.buildup < BUILT_UP {
            Response::TooEarly
        } else if self.p_point <= UNLIKELY {
            Response::None
        } else {
            Response::Unclear
        }
    }
}

impl Attribution {
    /// Classes a probability of a worthwhile drug effect as if the data were blinded.
    pub fn class_of(p_worthwhile: f64) -> Attribution {
        match p_worthwhile {
            p if p >= VERY_LIKELY => Attribution::VeryLikely,
            p if p >= LIKELY => Attribution::Likely,
            p if p <= VERY_UNLIKELY => Attribution::VeryUnlikely,
            p if p <= UNLIKELY => Attribution::Unlikely,
            _ => Attribution::Undecided,
        }
    }

    /// Classes a probability as far as the design allows: in open-label data never.
    pub fn of(grade: Grade, p_worthwhile: f64) -> Attribution {
        if grade.is_blinded() { Attribution::class_of(p_worthwhile) } else { Attribution::NotSeparable }
    }

    const fn says_it_works(self) -> bool {
        matches!(self, Attribution::Likely | Attribution::VeryLikely)
    }

    const fn says_it_does_not(self) -> bool {
        matches!(self, Attribution::Unlikely | Attribution::VeryUnlikely)
    }
}

/// Returns true if a statement would fall for somebody of the opposite opinion: a sceptic doubts what main calls
/// likely, or an enthusiast holds what main calls unlikely.
pub fn is_prior_sensitive(main: f64, sceptical: f64, enthusiastic: f64) -> bool {
    let class = Attribution::class_of(main);
    (class.says_it_works() && sceptical < 0.5) || (class.says_it_does_not() && enthusiastic > 0.5)
}

impl Action {
    /// Returns what follows from response and attribution.
    pub fn of(
        response: Response,
        attribution: Attribution,
        prior_sensitive: bool,
        days_on_target: usize,
    ) -> Action {
        match response {
            Response::NoTreatmentYet => return Action::KeepTheDiary,
            Response::InsufficientData => return Action::Collect,
            Response::Worse => return Action::ReviewOrStop,
            Response::TooEarly => return Action::Wait,
            _ => {}
        }
        if attribution.says_it_works() || attribution.says_it_does_not() {
            return if prior_sensitive {
                Action::ExtendTheTest
            } else if attribution.says_it_works() {
                Action::ContinueSupported
            } else {
                Action::StopSupported
            };
        }
        match response {
            Response::None => Action::AdjustOnceOrStop,
            Response::Unclear if days_on_target >= LONGEST_OBSERVATION => Action::AdjustOnceOrStop,
            Response::Unclear => Action::KeepObserving,
            _ => Action::ContinueCauseUnproven,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evidence() -> ResponseEvidence {
        ResponseEvidence {
            baseline_scores: 14,
            evaluation_scores: 28,
            p_worse: 0.0,
            p_half: 0.0,
            p_third: 0.0,
            p_point: 0.5,
            buildup: 1.0,
            grade: Grade::D,
        }
    }

    #[test]
    fn the_first_class_that_applies() {
        let e = evidence();
        for (case, expected) in [
            (ResponseEvidence { baseline_scores: 6, p_half: 0.99, ..e }, Response::InsufficientData),
            (ResponseEvidence { evaluation_scores: 13, p_half: 0.99, ..e }, Response::InsufficientData),
            (ResponseEvidence { baseline_scores: 7, evaluation_scores: 14, ..e }, Response::Unclear),
            (ResponseEvidence { p_worse: 0.8, p_point: 0.9, ..e }, Response::Worse),
            (ResponseEvidence { p_half: 0.8, p_third: 0.9, p_point: 0.95, ..e }, Response::Substantial),
            (ResponseEvidence { p_half: 0.79, p_third: 0.8, p_point: 0.95, ..e }, Response::Moderate),
            (ResponseEvidence { p_third: 0.79, p_point: 0.8, ..e }, Response::Some),
            (ResponseEvidence { p_point: 0.2, ..e }, Response::None),
            (ResponseEvidence { p_point: 0.21, ..e }, Response::Unclear),
            (ResponseEvidence { p_point: 0.1, buildup: 0.79, ..e }, Response::TooEarly),
            (ResponseEvidence { p_point: 0.5, buildup: 0.79, ..e }, Response::TooEarly),
            (ResponseEvidence { p_point: 0.8, buildup: 0.1, ..e }, Response::Some),
            (ResponseEvidence { p_point: 0.1, buildup: 0.1, grade: Grade::C, ..e }, Response::None),
        ] {
            assert_eq!(case.response(), expected, "{case:?}");
        }
    }

    #[test]
    fn open_label_data_never_separate() {
        for p in [0.0, 0.01, 0.5, 0.99, 1.0] {
            for grade in [Grade::C, Grade::D] {
                assert_eq!(Attribution::of(grade, p), Attribution::NotSeparable);
            }
        }
        for (p, class) in [
            (0.95, Attribution::VeryLikely),
            (0.949, Attribution::Likely),
            (0.8, Attribution::Likely),
            (0.799, Attribution::Undecided),
            (0.201, Attribution::Undecided),
            (0.2, Attribution::Unlikely),
            (0.04, Attribution::VeryUnlikely),
        ] {
            assert_eq!(Attribution::of(Grade::A, p), class, "{p}");
        }
    }

    #[test]
    fn actions() {
        use Attribution::*;
        for (response, attribution, sensitive, days, action) in [
            (Response::NoTreatmentYet, NotSeparable, false, 0, Action::KeepTheDiary),
            (Response::InsufficientData, VeryLikely, false, 90, Action::Collect),
            (Response::Worse, VeryLikely, false, 90, Action::ReviewOrStop),
            (Response::TooEarly, NotSeparable, false, 10, Action::Wait),
            (Response::Moderate, Likely, true, 90, Action::ExtendTheTest),
            (Response::None, Unlikely, true, 90, Action::ExtendTheTest),
            (Response::Unclear, VeryLikely, false, 90, Action::ContinueSupported),
            (Response::Moderate, Unlikely, false, 90, Action::StopSupported),
            (Response::None, NotSeparable, false, 90, Action::AdjustOnceOrStop),
            (Response::Some, NotSeparable, true, 90, Action::ContinueCauseUnproven),
            (Response::Substantial, Undecided, false, 90, Action::ContinueCauseUnproven),
            (Response::Unclear, NotSeparable, false, 181, Action::KeepObserving),
            (Response::Unclear, NotSeparable, false, 182, Action::AdjustOnceOrStop),
        ] {
            assert_eq!(
                Action::of(response, attribution, sensitive, days),
                action,
                "{response:?} {attribution:?}"
            );
        }
    }

    #[test]
    fn a_statement_that_the_other_side_would_not_make() {
        assert!(is_prior_sensitive(0.85, 0.45, 0.95));
        assert!(!is_prior_sensitive(0.85, 0.55, 0.95));
        assert!(is_prior_sensitive(0.15, 0.05, 0.55));
        assert!(!is_prior_sensitive(0.5, 0.1, 0.9));
    }
}
