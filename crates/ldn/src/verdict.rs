//! `ldn verdict`: is it working, for this person?

mod audit;
mod calibrate;
mod exact;
mod examples;
mod folder;
mod one;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use ldn_core::diary::LARGEST_DAILY_DOSE;
use ldn_core::{Diary, Dose, Measure, Scale};
use ldn_verdict::response::Settings;
use ldn_verdict::response::posterior::Points;
use ldn_verdict::response::prior::DrugPrior;
use ldn_verdict::response::verdict::{WORTHWHILE, WORTHWHILE_RANGE};

use crate::course::CourseArgs;
use crate::error::Failure;

/// Arguments of `ldn verdict`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct VerdictArgs {
    #[command(subcommand)]
    command: Option<VerdictCommand>,

    /// A diary in CSV, a folder of diaries (with --json), or - for standard input
    #[arg(value_name = "DIARY", required_unless_present_any = ["example", "course"])]
    diary: Option<PathBuf>,

    #[command(flatten)]
    course: CourseArgs,

    #[command(flatten)]
    judging: JudgingArgs,

    /// Print JSON: one object for a diary, one line per diary for a folder
    #[arg(long)]
    json: bool,

    /// Write the whole answer as one self-contained page
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,

    /// Write the picture of the diary
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,

    /// List the examples, or print the one that is named
    #[arg(long, value_name = "NAME", num_args = 0..=1, default_missing_value = "", conflicts_with = "diary")]
    example: Option<String>,

    /// Evaluate the exact part at the nonlinear parameters of a JSON file, for tests and peers
    #[arg(long, value_name = "FILE")]
    theta_file: Option<PathBuf>,

    /// How many diaries are worked on at once; the answers do not depend on it
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
}

/// How a diary is read and judged.
#[derive(Debug, Args)]
struct JudgingArgs {
    /// What to judge; pain if it was scored, else the first measure that was
    #[arg(long, value_enum)]
    measure: Option<MeasureChoice>,

    /// Planned maintenance dose, with its unit; the highest dose taken if not given
    #[arg(long, value_name = "DOSE", value_parser = parse_reference_dose)]
    reference_dose: Option<Dose>,

    /// Smallest difference between two scores: 1, 0.5 or 0.1; found from the scores if not given
    #[arg(long, value_name = "POINTS", value_parser = parse_step)]
    step: Option<f64>,

    /// Opinion about the drug behind the headline; the others are always shown beside it
    #[arg(long, value_enum)]
    prior: Option<PriorChoice>,

    /// Smallest drug effect worth a daily capsule, in points; to be fixed before a blinded test
    #[arg(long, value_name = "POINTS", value_parser = parse_worthwhile, default_value_t = WORTHWHILE)]
    worthwhile: f64,

    /// Scale that the scores were given on
    #[arg(long, value_enum, default_value = "0-10")]
    scale: ScaleChoice,

    /// What one score stands for
    #[arg(long, value_enum, default_value = "day")]
    score_covers: ScoreCovers,

    /// Another treatment was started together with LDN
    #[arg(long)]
    started_together: bool,

    /// Points that carry the posterior: 4096 for one person, 1024 for one of many
    #[arg(long, value_enum)]
    points: Option<PointsChoice>,
}

#[derive(Debug, Subcommand)]
enum VerdictCommand {
    /// False alarms on diaries in which nothing was done, beside a before/after test
    Audit(audit::AuditArgs),
    /// Are the stated probabilities right? Simulated people with known truth
    Calibrate(calibrate::CalibrateArgs),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum MeasureChoice {
    Pain,
    Fatigue,
    Sleep,
    Mood,
    Fog,
    /// Every measure that was scored
    All,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum PriorChoice {
    /// What all trials together support
    #[value(alias = "default")]
    Main,
    /// What the null trials support
    Sceptical,
    /// What the favourable meta-analysis supports
    Enthusiastic,
    /// Nearly no opinion
    Flat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ScaleChoice {
    #[value(name = "0-10")]
    ZeroToTen,
    #[value(name = "0-100")]
    ZeroToHundred,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ScoreCovers {
    /// The day that it is entered for
    Day,
    /// An average of several days, which has another noise and is refused
    Week,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum PointsChoice {
    #[value(name = "4096")]
    Person,
    #[value(name = "1024")]
    Registry,
}

/// Runs `ldn verdict` in whichever of its forms.
pub(crate) fn run(args: VerdictArgs) -> Result<(), Failure> {
    match args.command {
        Some(VerdictCommand::Audit(audit)) => return audit::run(&audit),
        Some(VerdictCommand::Calibrate(calibrate)) => return calibrate::run(&calibrate),
        None => {}
    }
    if let Some(name) = &args.example {
        return examples::run(name);
    }
    if args.judging.score_covers == ScoreCovers::Week {
        return Err(Failure::Usage(
            "averages over several days have another noise than daily scores and cannot be judged; enter one score for its own day, as often as you can".to_owned(),
        ));
    }
    if let Some(diary) = args.course.diary(args.diary.as_deref())? {
        return one::judge_and_show(Path::new("course"), &diary, &args);
    }
    let diary = args.diary.as_deref().ok_or_else(|| Failure::Usage("expected a diary".to_owned()))?;
    if diary.is_dir() {
        folder::run(diary, &args)
    } else if let Some(thetas) = &args.theta_file {
        exact::run(diary, thetas, &args.judging)
    } else {
        one::run(diary, &args)
    }
}

impl JudgingArgs {
    fn scale(&self) -> Scale {
        match self.scale {
            ScaleChoice::ZeroToTen => Scale::ZeroToTen,
            ScaleChoice::ZeroToHundred => Scale::ZeroToHundred,
        }
    }

    /// The measures to judge, at least one.
    fn measures(&self, path: &Path, diary: &Diary) -> Result<Vec<Measure>, Failure> {
        let scored = diary.scored_measures();
        let chosen = match self.measure {
            Some(MeasureChoice::Pain) => Some(Measure::Pain),
            Some(MeasureChoice::Fatigue) => Some(Measure::Fatigue),
            Some(MeasureChoice::Sleep) => Some(Measure::Sleep),
            Some(MeasureChoice::Mood) => Some(Measure::Mood),
            Some(MeasureChoice::Fog) => Some(Measure::Fog),
            Some(MeasureChoice::All) if !scored.is_empty() => return Ok(scored),
            Some(MeasureChoice::All) | None => scored.first().copied().or(Some(Measure::Pain)),
        };
        match chosen {
            Some(measure) if self.measure.is_none() || scored.contains(&measure) => Ok(vec![measure]),
            _ => {
                let found: Vec<&str> = scored.iter().map(|m| m.id()).collect();
                let found = if found.is_empty() { "no score at all".to_owned() } else { found.join(", ") };
                Err(Failure::Content {
                    path: path.to_owned(),
                    expected: format!(
                        "expected scores of the measure that was asked for; the diary has {found}"
                    ),
                })
            }
        }
    }

    fn settings(&self, measure: Measure, points: Points) -> Settings {
        Settings {
            reference_dose: self.reference_dose,
            step: self.step.map(|step| step / self.scale().points_per_ten_point()),
            prior: self.prior.map(|prior| match prior {
                PriorChoice::Main => DrugPrior::Main,
                PriorChoice::Sceptical => DrugPrior::Sceptical,
                PriorChoice::Enthusiastic => DrugPrior::Enthusiastic,
                PriorChoice::Flat => DrugPrior::Flat,
            }),
            points: match self.points {
                Some(PointsChoice::Person) => Points::Person,
                Some(PointsChoice::Registry) => Points::Registry,
                None => points,
            },
            worthwhile: self.worthwhile,
            started_together: self.started_together,
            ..Settings::new(measure)
        }
    }
}

fn parse_reference_dose(text: &str) -> Result<Dose, String> {
    let dose: Dose = text.parse().map_err(|error: ldn_core::dose::DoseError| error.to_string())?;
    if dose.is_zero() || dose > LARGEST_DAILY_DOSE {
        return Err(format!("expected a dose above 0 and up to {LARGEST_DAILY_DOSE}"));
    }
    Ok(dose)
}

fn parse_step(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|step| (0.001..=10.0).contains(step))
        .ok_or_else(|| "expected points from 0.001 to 10, such as 1 or 0.5".to_owned())
}

fn parse_worthwhile(text: &str) -> Result<f64, String> {
    let (least, most) = WORTHWHILE_RANGE;
    text.parse()
        .ok()
        .filter(|points| (least..=most).contains(points))
        .ok_or_else(|| format!("expected points from {least} to {most}"))
}
