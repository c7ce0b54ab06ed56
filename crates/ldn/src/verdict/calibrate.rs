//! `ldn verdict calibrate`: simulated people with known truth.

use clap::Args;
use ldn_core::Measure;
use ldn_simulate::{Design, Patient, World, generator, simulate};
use ldn_verdict::response::batch;
use ldn_verdict::response::calibration::{Coverage, Placement, QUANTITIES};
use ldn_verdict::response::prior::PriorSet;
use ldn_verdict::response::series::{DayRecord, Series};
use serde::Serialize;

use crate::error::Failure;
use crate::{files, progress};

/// Arguments of `ldn verdict calibrate`.
#[derive(Debug, Args)]
pub(super) struct CalibrateArgs {
    /// People per design and world
    #[arg(long, default_value_t = 300)]
    patients: u64,
    /// Seed of the simulated people
    #[arg(long, default_value_t = 20_250_106)]
    seed: u64,
    /// Print JSON, a line per design and world
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Row {
    world: &'static str,
    design: &'static str,
    patients: usize,
    coverage: std::collections::BTreeMap<&'static str, Coverage>,
    drug_sd: f64,
    refitted: f64,
    unreliable: usize,
}

pub(super) fn run(args: &CalibrateArgs) -> Result<(), Failure> {
    if args.patients == 0 {
        return Err(Failure::Usage("expected at least one patient".to_owned()));
    }
    let bar = progress::bar(World::ALL.len() * Design::ALL.len() * args.patients as usize, "people");
    let priors = PriorSet::for_measure(Measure::Pain);
    let mut rows = Vec::new();
    for world in World::ALL {
        for design in Design::ALL {
            let people: Vec<u64> = (0..args.patients).collect();
            let place = |person: &u64| {
                let patient = simulate(design, world, &mut generator(args.seed, design, *person));
                placement(&patient, &priors)
            };
            let placements = batch::map(&people, place, || bar.inc(1));
            rows.push(Row::of(world, design, &placements));
        }
    }
    bar.finish_and_clear();
    if args.json {
        let lines: Vec<String> = rows
            .iter()
            .map(|row| serde_json::to_string(row).expect("shares are always JSON") + "\n")
            .collect();
        return files::print(&lines.concat());
    }
    files::print(&table(&rows))
}

fn placement(patient: &Patient, priors: &PriorSet) -> Placement {
    let t = patient.truth;
    let truth = [t.baseline, t.total, t.drug_now, t.nonspecific_now, t.b, t.total_ss];
    Placement::of(&series(patient), priors, patient.step, truth)
}

/// The raw scores of a simulated person may lie outside the scale, which a diary could not hold.
fn series(patient: &Patient) -> Series {
    let days = patient
        .diary
        .rows()
        .iter()
        .zip(&patient.scores)
        .map(|(row, burden)| DayRecord {
            dose: row.dose.unwrap_or_default(),
            capsule: row.capsule.unwrap_or_default(),
            blind: row.blind,
            arm: row.arm.clone(),
            burden: *burden,
        })
        .collect();
    Series::new(patient.diary.first_date(), days, Some(patient.reference_dose))
}

impl Row {
    fn of(world: World, design: Design, placements: &[Placement]) -> Row {
        let n = placements.len() as f64;
        let coverage =
            QUANTITIES.iter().enumerate().map(|(i, (name, _))| (*name, Coverage::of(placements, i)));
        Row {
            world: world.id(),
            design: design.id(),
            patients: placements.len(),
            coverage: coverage.collect(),
            drug_sd: placements.iter().map(|p| p.drug_sd).sum::<f64>() / n,
            refitted: placements.iter().filter(|p| p.refitted).count() as f64 / n,
            unreliable: placements.iter().filter(|p| !p.reliable).count(),
        }
    }
}

fn table(rows: &[Row]) -> String {
    let mut text = String::from(
        "Share of simulated people whose truth lies in the central 50/80/90 % interval, and the p-value of uniform ranks.\n",
    );
    let mut world = "";
    for row in rows {
        if row.world != world {
            world = row.world;
            text += &format!("\n{world} world, {} people per design\n{:<46}", row.patients, "");
            for (name, _) in QUANTITIES {
                text += &format!("{name:>18}");
            }
            text += &format!("{:>8}{:>8}\n", "SD b", "refit");
        }
        text += &format!("{:<46}", row.design);
        for (name, _) in QUANTITIES {
            let c = row.coverage[name];
            let [of_50, of_80, of_90] =
                [c.of_50, c.of_80, c.of_90].map(|share| format!("{:.0}", 100.0 * share));
            text += &format!("{:>18}", format!("{of_50}/{of_80}/{of_90} p {:.3}", c.uniformity_p));
        }
        text += &format!("{:>8.2}{:>7.0}%\n", row.drug_sd, 100.0 * row.refitted);
    }
    text
}
