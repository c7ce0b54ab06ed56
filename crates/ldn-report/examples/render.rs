//! Renders one diary in every way: `cargo run --example render -- diary.csv out-folder [name-of-measure]…`.
//!
//! Writes `page.html` and the charts as SVG, and prints the picture for the terminal.

use std::error::Error;
use std::path::PathBuf;

use ldn_core::Measure;
use ldn_core::diary::{ReadOptions, read};
use ldn_report::{PageInput, Reader, Theme, attribution_chart, diary_chart, dot_plot, page, terminal};
use ldn_verdict::response::audit::FalseAlarms;
use ldn_verdict::response::series::Series;
use ldn_verdict::response::{Settings, judge};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(file), Some(folder)) = (arguments.next(), arguments.next()) else {
        return Err("expected a diary and a folder".into());
    };
    let folder = PathBuf::from(folder);
    let diary = read(&std::fs::read(&file)?, ReadOptions::default())?;
    let mut measures: Vec<Measure> = arguments.map(|name| name.parse()).collect::<Result<_, _>>()?;
    if measures.is_empty() {
        measures = diary.scored_measures();
    }
    let mut verdicts = Vec::new();
    for measure in measures {
        let verdict = judge(&diary, &Settings::new(measure))?;
        verdicts.push((Series::from_diary(&diary, measure, None)?, verdict));
    }
    // Stands in for the audit of real diaries that the command ships.
    let false_alarms = FalseAlarms {
        windows: 100,
        insufficient: 0,
        improved: 1,
        worse: 1,
        welch_windows: 100,
        welch: 38,
        ..FalseAlarms::default()
    };
    std::fs::create_dir_all(&folder)?;
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text);
    for (series, verdict) in &verdicts {
        let id = verdict.measure.id();
        write(&format!("{id}-diary.svg"), &diary_chart(&diary, series, verdict, Theme::Standalone))?;
        for (reader, name) in [(Reader::Patient, "20"), (Reader::Clinician, "50")] {
            if let Some(svg) = dot_plot(verdict, reader, Theme::Standalone) {
                write(&format!("{id}-answers-{name}.svg"), &svg)?;
            }
        }
        if let Some(svg) = attribution_chart(verdict, Theme::Standalone) {
            write(&format!("{id}-attribution.svg"), &svg)?;
        }
        print!("{}", terminal::render(&diary, series, verdict, 80, false));
    }
    let input = PageInput {
        diary: &diary,
        verdicts: &verdicts,
        false_alarms: &false_alarms,
        title: "Diary report",
        simulated: true,
    };
    write("page.html", &page(&input)?)?;
    Ok(())
}
