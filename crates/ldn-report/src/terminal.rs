//! A verdict in a terminal: readable without colour, in any width.

mod braille;
mod tables;

use ldn_core::Diary;
use ldn_verdict::response::Verdict;
use ldn_verdict::response::series::Series;

use crate::answers::{Answers, Zone};
use crate::calendar;
use crate::days::{Days, Taken};
use crate::diary_chart::wording_of;
use crate::dot_plot::Reader;
use crate::numbers;
use crate::scale::Scale;
use crate::stacks::{Stacks, pile_up};
use crate::svg::wrap;

use braille::Canvas;

/// Narrower than this nothing can be drawn; narrower terminals get lines of this width.
const NARROWEST: usize = 32;
/// Wider than this, lines are hard to read.
const WIDEST: usize = 100;
/// Wider than this, the pile of answers gets flat.
const WIDEST_ANSWERS: usize = 56;
/// Rows of the diary's picture.
const ROWS: usize = 8;
/// Columns left of it, for the axis.
const MARGIN: usize = 5;

/// Renders a verdict in at most `width` columns (never fewer than 32), with a final line feed.
///
/// Colour only repeats what words, shapes and positions say.
pub fn render(diary: &Diary, series: &Series, verdict: &Verdict, width: usize, colour: bool) -> String {
    let days = Days::new(diary, series, verdict.measure);
    let mut sheet = Sheet { text: String::new(), width: width.clamp(NARROWEST, WIDEST), colour };
    sheet.paragraph(&verdict.text.headline, Ink::Bold);
    sheet.diary(&days, series);
    if let Some(answers) = Answers::of(verdict, Reader::Patient) {
        sheet.answers(&answers, verdict);
    }
    sheet.paragraph(&verdict.text.patient, Ink::Plain);
    for table in tables::all(verdict, sheet.width) {
        sheet.heading(table.heading);
        sheet.block(&table.body);
    }
    sheet.classes(verdict);
    sheet.heading("What would make it surer");
    sheet.paragraph(&verdict.text.surer, Ink::Plain);
    sheet.checks(verdict);
    sheet.text
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ink {
    Plain,
    Bold,
    Accent,
    Quiet,
}

impl Ink {
    /// The escape sequence that begins it.
    const fn code(self) -> &'static str {
        match self {
            Ink::Plain => "",
            Ink::Bold => "\u{1b}[1m",
            Ink::Accent => "\u{1b}[36m",
            Ink::Quiet => "\u{1b}[2m",
        }
    }
}

/// What is being written.
struct Sheet {
    text: String,
    width: usize,
    colour: bool,
}

impl Sheet {
    fn inked(&self, words: &str, ink: Ink) -> String {
        if self.colour && ink != Ink::Plain && !words.is_empty() {
            format!("{}{words}\u{1b}[0m", ink.code())
        } else {
            words.to_owned()
        }
    }

    fn line(&mut self, words: &str, ink: Ink) {
        let line = self.inked(words.trim_end(), ink);
        self.text.push_str(&line);
        self.text.push('\n');
    }

    /// A paragraph and an empty line.
    fn paragraph(&mut self, words: &str, ink: Ink) {
        for line in wrap(words, self.width) {
            self.line(&line, ink);
        }
        self.text.push('\n');
    }

    fn heading(&mut self, words: &str) {
        for line in wrap(words, self.width) {
            self.line(&line, Ink::Bold);
        }
    }

    /// Words behind a sign, their further lines under the first.
    fn hanging(&mut self, sign: &str, words: &str) {
        let indent = sign.chars().count();
        for (idx, line) in wrap(words, self.width - indent).iter().enumerate() {
            let before = if idx == 0 { sign.to_owned() } else { " ".repeat(indent) };
            self.line(&format!("{before}{line}"), Ink::Plain);
        }
    }

    /// Lines as they are and an empty line.
    fn block(&mut self, lines: &[String]) {
        for line in lines {
            self.line(line, Ink::Plain);
        }
        self.text.push('\n');
    }

    fn diary(&mut self, days: &Days, series: &Series) {
        let name = numbers::capitalised(wording_of(days.measure));
        self.heading(&format!(
            "{name}, middle of {} days; 0 to 10, {}",
            days.course_days(),
            days.measure.direction().words()
        ));
        let columns = self.width - MARGIN;
        for (row, dots) in course(days, columns).lines().iter().enumerate() {
            let label = match row {
                0 => "10",
                r if r == ROWS / 2 => " 5",
                r if r == ROWS - 1 => " 0",
                _ => "  ",
            };
            let dots = self.inked(dots.trim_end(), Ink::Accent);
            self.line(&format!("{label} │ {dots}"), Ink::Plain);
        }
        self.line(&format!("   └{}", "─".repeat(columns)), Ink::Plain);
        self.line(&format!("     {}", months(days, columns)), Ink::Quiet);
        if let Some(first) = series.first_capsule() {
            self.doses(days, first, columns);
        }
        self.text.push('\n');
    }

    fn doses(&mut self, days: &Days, first: usize, columns: usize) {
        let at = column_of(days, first, columns);
        let words = format!("first capsule {}", calendar::in_words(days.date(first)));
        // The words stand on the side of the mark that has room.
        let line = if at + words.chars().count() + 2 <= columns {
            format!("{}▲ {words}", " ".repeat(at))
        } else if at > words.chars().count() {
            format!("{}{words} ▲", " ".repeat(at - words.chars().count() - 1))
        } else {
            format!("{}▲", " ".repeat(at))
        };
        self.line(&format!("     {line}"), Ink::Plain);
        let bar = self.inked(&dose_bar(days, columns), Ink::Accent);
        self.line(&format!("dose {bar}"), Ink::Plain);
        let taken: Vec<String> = days.regimens().iter().map(|regimen| regimen.taken.words()).collect();
        let words = match taken.len() {
            0..=6 => taken.join(" → "),
            n => format!("{} → … → {} ({} changes)", taken[0], taken[n - 1], n - 1),
        };
        for line in wrap(&words, columns) {
            self.line(&format!("     {line}"), Ink::Quiet);
        }
    }

    fn answers(&mut self, answers: &Answers, verdict: &Verdict) {
        self.heading(if verdict.judged_built_up {
            "20 equally likely answers, once built up"
        } else {
            "20 equally likely answers"
        });
        let picture = AnswerPicture::new(answers, self.width.min(WIDEST_ANSWERS));
        let rows: Vec<String> = picture.rows().iter().map(|row| self.inked(row, Ink::Accent)).collect();
        self.block_without_gap(&rows);
        self.block_without_gap(&picture.axis());
        for zone in Zone::ALL {
            self.hanging(&format!("  {} ", symbol(zone)), &answers.counted(zone));
        }
        let goal = format!(
            "The goal: {}, that is {}.",
            crate::answers::goal_words(verdict),
            numbers::of_points(answers.goal)
        );
        self.paragraph(&goal, Ink::Quiet);
    }

    fn block_without_gap(&mut self, lines: &[String]) {
        for line in lines {
            self.line(line, Ink::Plain);
        }
    }

    fn classes(&mut self, verdict: &Verdict) {
        let grade = format!("{:?}", verdict.grade);
        for (name, class) in [
            ("Response", verdict.response.id()),
            ("Attribution", verdict.attribution.id()),
            ("Grade", grade.as_str()),
            ("Action", verdict.action.id()),
        ] {
            self.hanging(&format!("{name:<12} "), class);
        }
        self.text.push('\n');
    }

    fn checks(&mut self, verdict: &Verdict) {
        let flagged: Vec<String> = verdict
            .flagged()
            .map(|check| format!("{}: {}", numbers::capitalised(check.check), check.consequence))
            .collect();
        self.heading("Checks");
        if flagged.is_empty() {
            self.line("None flagged.", Ink::Plain);
        }
        for check in flagged {
            self.hanging("! ", &check);
        }
    }
}

/// The column that a day falls into.
fn column_of(days: &Days, day: usize, columns: usize) -> usize {
    (day * columns / days.n()).min(columns - 1)
}

/// The weekly course as dots of Braille.
fn course(days: &Days, columns: usize) -> Canvas {
    let mut canvas = Canvas::new(columns, ROWS);
    let (wide, high) = canvas.size();
    let y = Scale::new([0.0, 10.0], [high as f64 - 1.0, 0.0]);
    let mut before: Option<[f64; 2]> = None;
    for (t, median) in days.medians().into_iter().enumerate() {
        let Some(median) = median else {
            before = None;
            continue;
        };
        let x = (t as f64 + 0.5) * wide as f64 / days.n() as f64 - 0.5;
        let at = [x.max(0.0), y.place(median)];
        canvas.line(before.unwrap_or(at), at);
        before = Some(at);
    }
    canvas
}

fn months(days: &Days, columns: usize) -> String {
    let mut line = String::new();
    let mut written = 0;
    for mark in calendar::marks(days.start, days.n(), columns as f64 / days.n() as f64, 12.0) {
        let label = [Some(mark.label), mark.year].into_iter().flatten().collect::<Vec<_>>().join(" ");
        let at = column_of(days, mark.day, columns);
        let ends = at + label.chars().count();
        if at < written || ends > columns {
            continue;
        }
        line.push_str(&" ".repeat(at - written));
        line.push_str(&label);
        written = ends;
        if ends < columns {
            line.push(' ');
            written += 1;
        }
    }
    line
}

/// The highest dose in each column as an eighth of a block; a dot where nothing was taken.
fn dose_bar(days: &Days, columns: usize) -> String {
    const BLOCKS: [char; 9] = ['·', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let highest = days.highest_mg();
    (0..columns)
        .map(|column| {
            let from = column * days.n() / columns;
            let to = ((column + 1) * days.n() / columns).max(from + 1).min(days.n());
            let column = &days.days[from..to];
            let dose = column.iter().map(|day| day.taken.milligrams()).fold(0.0, f64::max);
            if column.iter().all(|day| day.taken == Taken::Nothing) {
                ' '
            } else if highest > 0.0 {
                BLOCKS[(8.0 * dose / highest).round() as usize]
            } else {
                BLOCKS[0]
            }
        })
        .collect()
}

const fn symbol(zone: Zone) -> char {
    match zone {
        Zone::Goal => '●',
        Zone::Smaller => '○',
        Zone::NoneOrWorse => '◌',
    }
}

/// The answers piled up over a line.
struct AnswerPicture {
    piled: Stacks,
    scale: Scale,
    goal: f64,
    width: usize,
}

impl AnswerPicture {
    fn new(answers: &Answers, width: usize) -> AnswerPicture {
        let (low, high) = (answers.dots[0], answers.dots[answers.dots.len() - 1]);
        let (low, high) = (low.min(-1.0) - 0.2, high.max(answers.goal).max(1.0) + 0.2);
        let scale = Scale::new([low, high], [1.0, width as f64 - 2.0]);
        AnswerPicture { piled: pile_up(answers, &scale, 2.0), scale, goal: answers.goal, width }
    }

    fn rows(&self) -> Vec<String> {
        (0..self.piled.highest())
            .rev()
            .map(|level| {
                let mut row = vec![' '; self.width];
                for stack in self.piled.stacks.iter().filter(|stack| stack.n > level) {
                    row[self.clamped(stack.x.floor())] = symbol(stack.zone);
                }
                row.into_iter().collect::<String>().trim_end().to_owned()
            })
            .collect()
    }

    fn axis(&self) -> Vec<String> {
        let (zero, goal) = (self.place(0.0), self.place(self.goal));
        let mut line = vec!['─'; self.width];
        line[zero] = '┼';
        line[goal] = '╋';
        let mut words = vec![' '; self.width];
        self.write(&mut words, 0, "worse");
        self.write(&mut words, self.width - 6, "better");
        self.write(&mut words, goal.saturating_sub(2), "goal");
        self.write(&mut words, zero.saturating_sub(4), "no change");
        [line, words].map(|row| row.into_iter().collect::<String>().trim_end().to_owned()).to_vec()
    }

    /// Writes a label where there is room for it.
    fn write(&self, row: &mut [char], at: usize, label: &str) {
        let at = at.min(self.width - label.chars().count());
        let cells = at.saturating_sub(1)..(at + label.chars().count() + 1).min(self.width);
        if row[cells].iter().all(|cell| *cell == ' ') {
            for (idx, letter) in label.chars().enumerate() {
                row[at + idx] = letter;
            }
        }
    }

    fn place(&self, value: f64) -> usize {
        self.clamped(self.scale.place(value).round())
    }

    fn clamped(&self, place: f64) -> usize {
        (place.max(0.0) as usize).min(self.width - 1)
    }
}
