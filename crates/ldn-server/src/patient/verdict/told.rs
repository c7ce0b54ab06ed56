//! A verdict in a patient's words. What to do next is for the person and the prescriber: nothing here says take more,
//! take less or stop.

use ldn_core::{Direction, Measure};
use ldn_report::svg::Layout;
use ldn_report::{AnswerCounts, AnswerWords, Theme, answer_counts, answer_dots};
use ldn_verdict::response::Verdict;
use ldn_verdict::response::decision::{Attribution, BASELINE_SCORES, EVALUATION_SCORES, Response};
use ldn_verdict::response::grade::Grade;
use ldn_verdict::response::summary::Summary;

use crate::patient::charts::in_sentence;
use crate::patient::plan::{Drawn, in_words};
use crate::words::Words;

/// What a patient is told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) headline: String,
    /// What it says, one thought each.
    pub(super) paragraphs: Vec<String>,
    /// The picture, with its sentence and the three zones.
    pub(super) picture: Option<Picture>,
    /// Where days are missing, and how many.
    pub(super) missing: Vec<String>,
    pub(super) explanations: Vec<Explanation>,
    pub(super) surer: Vec<String>,
}

/// The dots, and the same in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Picture {
    pub(super) drawn: Drawn,
    pub(super) question: String,
    pub(super) sentence: String,
    pub(super) zones: Vec<(String, usize)>,
}

/// What else could explain a change, and what the analysis did about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Explanation {
    pub(super) name: String,
    pub(super) what: String,
    pub(super) done: String,
}

impl Told {
    /// Says a verdict.
    pub(super) fn of(words: Words, verdict: &Verdict) -> Told {
        Teller { words, verdict, measure: words.say(in_sentence(verdict.measure)) }.told()
    }

    /// A blinded trial runs: nothing else is said to anybody.
    pub(super) fn recording(words: Words) -> Told {
        let paragraphs = vec![words.say("verdict-recording-text")];
        Told { headline: words.say("verdict-recording"), paragraphs, ..Told::default() }
    }

    /// There is no score at all.
    pub(super) fn empty(words: Words) -> Told {
        let missing = vec![
            missing(words, "verdict-missing-before", 0, BASELINE_SCORES),
            missing(words, "verdict-missing-on", 0, EVALUATION_SCORES),
        ];
        Told { headline: words.say("verdict-not-enough"), missing, ..Told::default() }
    }

    /// Too many days say nothing about the dose.
    pub(super) fn doses_unknown(words: Words, unknown: usize, days: usize) -> Told {
        let values = [("unknown", unknown.to_string()), ("days", days.to_string())];
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let missing = vec![words.say_with("verdict-doses-unknown", &values)];
        Told { headline: words.say("verdict-not-enough"), missing, ..Told::default() }
    }

    /// The numbers could not be computed well enough.
    pub(super) fn unreliable(words: Words) -> Told {
        let paragraphs = vec![words.say("verdict-unreliable-text")];
        Told { headline: words.say("verdict-unreliable"), paragraphs, ..Told::default() }
    }
}

struct Teller<'a> {
    words: Words,
    verdict: &'a Verdict,
    /// The measure as it stands in a sentence.
    measure: String,
}

impl Teller<'_> {
    fn told(&self) -> Told {
        let (words, verdict) = (self.words, self.verdict);
        match verdict.response {
            Response::NoTreatmentYet => return self.before_treatment(),
            Response::InsufficientData => {
                return Told {
                    headline: words.say("verdict-not-enough"),
                    missing: self.missing(),
                    surer: vec![words.say(if self.baseline_is_lost() {
                        "verdict-surer-baseline"
                    } else {
                        "verdict-surer-days"
                    })],
                    ..Told::default()
                };
            }
            _ => {}
        }
        let Some(counts) = answer_counts(verdict) else { return Told::empty(words) };
        Told {
            headline: self.headline(counts),
            paragraphs: self.paragraphs(),
            picture: self.picture(counts),
            missing: Vec::new(),
            explanations: self.explanations(),
            surer: self.surer(),
        }
    }

    fn say(&self, code: &str) -> String {
        self.words.say_with(code, &[("measure", &self.measure)])
    }

    fn before_treatment(&self) -> Told {
        let have = self.verdict.observed.baseline_scored;
        let mut missing = Vec::new();
        if have < BASELINE_SCORES {
            missing.push(self::missing(self.words, "verdict-missing-before", have, BASELINE_SCORES));
        }
        Told {
            headline: self.words.say("verdict-before"),
            paragraphs: vec![self.say("verdict-before-text")],
            missing,
            ..Told::default()
        }
    }

    fn missing(&self) -> Vec<String> {
        let observed = self.verdict.observed;
        if self.baseline_is_lost() {
            return vec![self.words.say("verdict-baseline-lost")];
        }
        [
            ("verdict-missing-before", observed.baseline_scored, BASELINE_SCORES),
            ("verdict-missing-on", observed.evaluation_scored, EVALUATION_SCORES),
        ]
        .into_iter()
        .filter(|(_, have, need)| have < need)
        .map(|(code, have, need)| missing(self.words, code, have, need))
        .collect()
    }

    /// Treatment began before there were enough scores: no further day can make up for them.
    fn baseline_is_lost(&self) -> bool {
        self.verdict.first_capsule.is_some() && self.verdict.observed.baseline_scored < BASELINE_SCORES
    }

    /// "16 of 20 equally likely answers say your pain is lower than before LDN."
    fn headline(&self, counts: AnswerCounts) -> String {
        if self.verdict.response == Response::TooEarly {
            return self.words.say("verdict-too-early");
        }
        let better = counts.goal + counts.smaller;
        let code = match self.verdict.measure {
            Measure::Pain | Measure::Fatigue | Measure::Fog => "verdict-headline-lower",
            Measure::Sleep | Measure::Mood => "verdict-headline-better",
        };
        self.words.say_with(
            code,
            &[("better", &better.to_string()), ("all", &counts.all.to_string()), ("measure", &self.measure)],
        )
    }

    fn paragraphs(&self) -> Vec<String> {
        let verdict = self.verdict;
        let mut all = vec![self.response()];
        all.extend(self.total());
        if let Some(stopped) = verdict.stopped_on {
            all.push(self.words.say_with("verdict-stopped", &[("date", &in_words(self.words, stopped))]));
        }
        if verdict.response == Response::TooEarly {
            all.push(match verdict.built_up_on {
                Some(on) => {
                    self.words.say_with("verdict-built-up-on", &[("date", &in_words(self.words, on))])
                }
                None => self.words.say("verdict-built-up-never"),
            });
        }
        all.push(self.cause());
        all.push(self.words.say("verdict-with-prescriber"));
        all
    }

    fn response(&self) -> String {
        self.say(match self.verdict.response {
            Response::Worse => "verdict-response-worse",
            Response::Substantial => "verdict-response-substantial",
            Response::Moderate => "verdict-response-moderate",
            Response::Some => "verdict-response-some",
            Response::None => "verdict-response-none",
            Response::TooEarly => "verdict-response-too-early",
            Response::Unclear | Response::NoTreatmentYet | Response::InsufficientData => {
                "verdict-response-unclear"
            }
        })
    }

    /// The change with its range, from the same numbers as the dots.
    fn total(&self) -> Option<String> {
        let total = self.verdict.judged(self.verdict.shown_estimate()?);
        let scored = self.verdict.scored.to_string();
        let code = if self.verdict.judged_built_up { "verdict-total-built-up" } else { "verdict-total" };
        Some(self.words.say_with(
            code,
            &[
                ("measure", &self.measure),
                ("change", &change(self.words, total.mean)),
                ("range", &range(self.words, &total)),
                ("scored", &scored),
            ],
        ))
    }

    /// What may have caused it: in an open diary never the drug alone.
    fn cause(&self) -> String {
        let verdict = self.verdict;
        self.words.say(match verdict.attribution {
            _ if verdict.started_together => "verdict-cause-together",
            Attribution::NotSeparable => match verdict.grade {
                Grade::C => "verdict-cause-withdrawal",
                _ if verdict.judged_built_up => "verdict-cause-one-arm",
                _ => "verdict-cause-open",
            },
            _ if verdict.prior_sensitive => "verdict-cause-sensitive",
            Attribution::VeryLikely | Attribution::Likely => "verdict-cause-likely",
            Attribution::Undecided => "verdict-cause-undecided",
            Attribution::Unlikely | Attribution::VeryUnlikely => "verdict-cause-unlikely",
        })
    }

    fn picture(&self, counts: AnswerCounts) -> Option<Picture> {
        let (words, verdict) = (self.words, self.verdict);
        let goal = points(words, counts.goal_points);
        let zone = |code: &str| words.say_with(code, &[("goal", &goal)]);
        let zones = [
            (zone("verdict-zone-goal"), counts.goal),
            (zone("verdict-zone-smaller"), counts.smaller),
            (zone("verdict-zone-none"), counts.none_or_worse),
        ];
        let all = counts.all.to_string();
        let counted = zones.each_ref().map(|(zone, count)| {
            words.say_with("verdict-counted", &[("count", &count.to_string()), ("all", &all), ("zone", zone)])
        });
        let [best, smaller, none] = zones.each_ref().map(|(_, count)| count.to_string());
        let sentence = words.say_with(
            "verdict-dots-sentence",
            &[("all", &all), ("best", &best), ("goal", &goal), ("smaller", &smaller), ("none", &none)],
        );
        let lower = verdict.measure.direction() == Direction::LowerIsBetter;
        let dots = AnswerWords {
            title: words.say_with("verdict-dots-title", &[("all", &all)]),
            description: sentence.clone(),
            goal: [
                words.say(if lower { "verdict-goal" } else { "verdict-goal-up" }),
                words.say_with("verdict-goal-points", &[("goal", &goal)]),
            ],
            worse: words.say("verdict-axis-worse"),
            better: words.say("verdict-axis-better"),
            no_change: words.say("verdict-axis-none"),
            zones: counted,
        };
        let question = if verdict.judged_built_up { "verdict-question-built-up" } else { "verdict-question" };
        Some(Picture {
            drawn: Drawn::of(|layout: Layout| answer_dots(verdict, &dots, Theme::Page, layout))?,
            question: words.say_with(question, &[("measure", &self.measure), ("all", &all)]),
            sentence,
            zones: zones.into(),
        })
    }

    fn explanations(&self) -> Vec<Explanation> {
        let blinded = self.verdict.grade.is_blinded();
        let days = self.verdict.baseline_days.to_string();
        let explanation = |name: &str, done: &str| Explanation {
            name: self.words.say(&format!("verdict-else-{name}")),
            what: self.words.say(&format!("verdict-else-{name}-what")),
            done: self.words.say_with(done, &[("days", &days)]),
        };
        vec![
            explanation(
                "time",
                if blinded { "verdict-else-time-done-blinded" } else { "verdict-else-time-done" },
            ),
            explanation("spell", "verdict-else-spell-done"),
            explanation(
                "hope",
                if blinded { "verdict-else-hope-done-blinded" } else { "verdict-else-hope-done" },
            ),
            explanation("other", "verdict-else-other-done"),
        ]
    }

    fn surer(&self) -> Vec<String> {
        let verdict = self.verdict;
        let mut codes = Vec::new();
        match verdict.response {
            Response::Worse => return vec![self.words.say("verdict-surer-worse")],
            Response::TooEarly | Response::Unclear => codes.push("verdict-surer-weeks"),
            _ => {}
        }
        codes.push(if verdict.grade.is_blinded() {
            "verdict-surer-blinded-more"
        } else {
            "verdict-surer-blinded"
        });
        codes.into_iter().map(|code| self.words.say(code)).collect()
    }
}

/// "Before the first capsule: 3 scored days, 4 of 7 are missing."
fn missing(words: Words, code: &str, have: usize, need: usize) -> String {
    let lacking = need.saturating_sub(have).to_string();
    words.say_with(code, &[("have", &have.to_string()), ("need", &need.to_string()), ("lacking", &lacking)])
}

/// "2.1 points better", "the same to 0.1 points".
fn change(words: Words, value: f64) -> String {
    match format!("{:.1}", value.abs()).as_str() {
        "0.0" => words.say("verdict-change-none"),
        size if value > 0.0 => words.say_with("verdict-change-better", &[("points", size)]),
        size => words.say_with("verdict-change-worse", &[("points", size)]),
    }
}

/// "between 1.5 and 3.3 points better", "between 0.3 points worse and 1.2 points better".
fn range(words: Words, summary: &Summary) -> String {
    let (low, high) = (summary.q[0], summary.q[4]);
    let (code, first, second) = if low >= 0.0 {
        ("verdict-range-better", low, high)
    } else if high <= 0.0 {
        ("verdict-range-worse", -high, -low)
    } else {
        ("verdict-range-both", -low, high)
    };
    words.say_with(code, &[("first", &format!("{first:.1}")), ("second", &format!("{second:.1}"))])
}

/// "2.1 points", "1 point".
fn points(words: Words, value: f64) -> String {
    match format!("{value:.1}").as_str() {
        "1.0" => words.say("verdict-one-point"),
        text => words.say_with("verdict-points", &[("points", text.strip_suffix(".0").unwrap_or(text))]),
    }
}
