//! A forest plot: each study, the pooled effect, where the next trial may land, and who was refused and why.

use crate::scale::Scale;
use crate::svg::{Anchor, Drawing, Layout, Lettering, Path, Stroke, wrap};
use crate::theme::{Role, Theme};

/// What a forest plot shows. All numbers stand on the scale of analysis; where that is a logarithm, `ratio` prints and
/// labels them as ratios.
#[derive(Clone, Debug, PartialEq)]
pub struct Forest {
    /// What was pooled.
    pub title: String,
    /// What the axis shows, with its unit.
    pub axis: String,
    /// What lies left and right of no effect, in words.
    pub sides: Option<[String; 2]>,
    /// Whether the numbers are logarithms of ratios.
    pub ratio: bool,
    /// The studies, in order.
    pub studies: Vec<Row>,
    /// The pooled effect.
    pub pooled: Row,
    /// Where a new trial's effect is expected, if the model says.
    pub prediction: Option<[f64; 2]>,
    /// Heterogeneity and method, in one line.
    pub note: String,
    /// Who is not in it, and why.
    pub refused: Vec<(String, String)>,
}

/// One line of a forest plot.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Name.
    pub label: String,
    /// Estimate.
    pub estimate: f64,
    /// 95 % interval.
    pub interval: [f64; 2],
    /// Share of the pooled effect, in per cent.
    pub weight: f64,
}

/// Height of a line.
const LINE: f64 = 26.0;
/// Where the names end and the picture begins and ends.
const PICTURE: [f64; 2] = [186.0, 392.0];
/// Where the numbers of the right-hand columns end.
const COLUMNS: [f64; 2] = [572.0, 628.0];
const SIDE: f64 = 12.0;
/// Characters of a name that fit before the picture, and of a reason that fit across.
const NAME_WIDTH: usize = 24;
const REASON_WIDTH: usize = 88;
/// Lines between the studies' names and their header.
const HEADER: f64 = 84.0;

/// Draws a forest plot as a file of its own or for a page; readable in grey.
pub fn forest_plot(forest: &Forest, theme: Theme) -> String {
    let mut plot = Plot { drawing: Drawing::new(Layout::Wide, theme), scale: scale(forest), forest };
    plot.header();
    let mut y = HEADER;
    let frame_top = y - 0.6 * LINE;
    for study in &forest.studies {
        plot.study(study, y);
        y += LINE;
    }
    y += 0.3 * LINE;
    plot.pooled(y);
    if let Some(prediction) = forest.prediction {
        y += LINE;
        plot.prediction(prediction, y);
    }
    y += 0.8 * LINE;
    y = plot.axis(frame_top, y);
    y = plot.words(&forest.note, y, Role::Muted);
    let height = plot.refused(y);
    plot.drawing.finish(height, &forest.title, &description(forest))
}

struct Plot<'a> {
    drawing: Drawing,
    scale: Scale,
    forest: &'a Forest,
}

impl Plot<'_> {
    fn header(&mut self) {
        let bold = Lettering { bold: true, ..Lettering::PLAIN };
        self.drawing.text([SIDE, 24.0], &self.forest.title, bold);
        let y = HEADER - LINE - 2.0;
        self.drawing.text([SIDE, y], "Trial", Lettering::QUIET);
        let effect = if self.forest.ratio { "ratio [95 % interval]" } else { "effect [95 % interval]" };
        self.drawing.text([COLUMNS[0], y], effect, Lettering::QUIET.at(Anchor::End));
        self.drawing.text([COLUMNS[1], y], "weight", Lettering::QUIET.at(Anchor::End));
    }

    fn study(&mut self, row: &Row, y: f64) {
        self.label(&row.label, y, Lettering::PLAIN);
        self.interval(row.interval, y, Stroke::full(Role::Ink, 1.6));
        // The area of a square follows the weight; the smallest can still be seen.
        let half = (2.5 + 0.07 * row.weight.clamp(0.0, 100.0)).clamp(2.5, 9.0);
        let x = self.scale.place(row.estimate.clamp(self.scale.values()[0], self.scale.values()[1]));
        self.drawing.rect([x - half, y - 5.0 - half, 2.0 * half, 2.0 * half], Role::Ink);
        self.numbers(row, y, Lettering::PLAIN);
        let weight = format!("{:.1} %", row.weight);
        self.drawing.text([COLUMNS[1], y], &weight, Lettering::PLAIN.at(Anchor::End));
    }

    fn pooled(&mut self, y: f64) {
        let bold = Lettering { bold: true, ..Lettering::PLAIN };
        let row = &self.forest.pooled;
        self.label(&row.label, y, bold);
        let [low, high] = row.interval.map(|end| self.clamped(end));
        let (x, middle) = (self.clamped(row.estimate), y - 5.0);
        let mut diamond = Path::default();
        diamond.move_to([low, middle]);
        diamond.line_to([x, middle - 8.0]);
        diamond.line_to([high, middle]);
        diamond.line_to([x, middle + 8.0]);
        diamond.close();
        self.drawing.area(&diamond, Role::Accent);
        self.numbers(row, y, bold);
    }

    fn prediction(&mut self, interval: [f64; 2], y: f64) {
        self.label("where the next may lie", y, Lettering::QUIET);
        self.interval(interval, y, Stroke { width: 4.0, ..Stroke::full(Role::Fill, 4.0) });
        let [low, high] = interval.map(|end| self.printed(end));
        self.drawing.text([COLUMNS[0], y], &format!("[{low} to {high}]"), Lettering::QUIET.at(Anchor::End));
    }

    fn label(&mut self, label: &str, y: f64, lettering: Lettering) {
        let mut name: String = label.chars().take(NAME_WIDTH).collect();
        if name.len() < label.len() {
            name.push('…');
        }
        self.drawing.text([SIDE, y], &name, lettering);
    }

    fn numbers(&mut self, row: &Row, y: f64, lettering: Lettering) {
        let [low, high] = row.interval.map(|end| self.printed(end));
        let text = format!("{} [{low} to {high}]", self.printed(row.estimate));
        self.drawing.text([COLUMNS[0], y], &text, lettering.at(Anchor::End));
    }

    /// An interval that leaves the picture ends in an arrow head.
    fn interval(&mut self, [low, high]: [f64; 2], y: f64, stroke: Stroke) {
        let middle = y - 5.0;
        self.drawing.line([self.clamped(low), middle], [self.clamped(high), middle], stroke);
        let [from, to] = self.scale.values();
        for (leaves, x, back) in [(low < from, PICTURE[0], 5.0), (high > to, PICTURE[1], -5.0)] {
            if leaves {
                let mut head = Path::default();
                head.move_to([x + back, middle - 4.0]);
                head.line_to([x, middle]);
                head.line_to([x + back, middle + 4.0]);
                self.drawing.path(&head, stroke);
            }
        }
    }

    fn axis(&mut self, top: f64, y: f64) -> f64 {
        let none = self.scale.place(0.0);
        self.drawing.line([none, top], [none, y], Stroke::dashed(Role::Muted, 1.2));
        self.drawing.line([PICTURE[0], y], [PICTURE[1], y], Stroke::full(Role::Ink, 1.2));
        let ticks = if self.forest.ratio { ratio_ticks(&self.scale) } else { self.scale.ticks(0.1, 44.0) };
        for tick in ticks {
            let x = self.scale.place(tick);
            self.drawing.line([x, y], [x, y + 5.0], Stroke::full(Role::Ink, 1.2));
            let text = if self.forest.ratio { trim(libm::exp(tick)) } else { trim(tick) };
            self.drawing.text([x, y + 20.0], &text, Lettering::QUIET.at(Anchor::Middle));
        }
        let mut y = y + 38.0;
        if let Some([left, right]) = &self.forest.sides {
            self.drawing.text([none - 8.0, y], &format!("← {left}"), Lettering::QUIET.at(Anchor::End));
            self.drawing.text([none + 8.0, y], &format!("{right} →"), Lettering::QUIET);
            y += 20.0;
        }
        let middle = 0.5 * (PICTURE[0] + PICTURE[1]);
        self.drawing.text([middle, y], &self.forest.axis, Lettering::QUIET.at(Anchor::Middle));
        y + 28.0
    }

    fn words(&mut self, text: &str, mut y: f64, colour: Role) -> f64 {
        for line in wrap(text, REASON_WIDTH) {
            self.drawing.text([SIDE, y], &line, Lettering { colour, ..Lettering::QUIET });
            y += 18.0;
        }
        y
    }

    fn refused(&mut self, y: f64) -> f64 {
        if self.forest.refused.is_empty() {
            return y;
        }
        let mut y = y + 14.0;
        self.drawing.text([SIDE, y], "Not in the pool", Lettering { bold: true, ..Lettering::QUIET });
        y += 20.0;
        for (label, reason) in &self.forest.refused {
            y = self.words(&format!("{label}: {reason}"), y, Role::Muted) + 4.0;
        }
        y
    }

    fn clamped(&self, value: f64) -> f64 {
        let [low, high] = self.scale.values();
        self.scale.place(value.clamp(low, high))
    }

    fn printed(&self, value: f64) -> String {
        printed(value, self.forest.ratio)
    }
}

/// The range of the picture: all estimates, and intervals as far as they do not dwarf everything else.
fn scale(forest: &Forest) -> Scale {
    let rows = || forest.studies.iter().chain([&forest.pooled]);
    let estimates = rows().map(|row| row.estimate.abs()).fold(0.0, f64::max);
    let mut ends: Vec<f64> =
        rows().flat_map(|row| row.interval).chain(forest.prediction.into_iter().flatten()).collect();
    ends.retain(|end| end.is_finite());
    let reach = ends.iter().map(|end| end.abs()).fold(estimates, f64::max);
    let bound = reach.min(4.0 * estimates.max(0.25)).max(1.05 * estimates).max(0.1);
    let low = ends.iter().copied().fold(-0.2 * bound, f64::min).max(-bound);
    let high = ends.iter().copied().fold(0.2 * bound, f64::max).min(bound);
    Scale::new([low - 0.05 * bound, high + 0.05 * bound], PICTURE)
}

/// Logarithms of round ratios inside the range.
fn ratio_ticks(scale: &Scale) -> Vec<f64> {
    let [low, high] = scale.values();
    let all = [0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0_f64];
    all.into_iter().map(libm::log).filter(|tick| (low..=high).contains(tick)).collect()
}

/// Two decimals, a real minus sign, never a negative zero.
fn printed(value: f64, ratio: bool) -> String {
    let text = format!("{:.2}", if ratio { libm::exp(value) } else { value });
    if text == "-0.00" { "0.00".to_owned() } else { text.replace('-', "−") }
}

fn trim(value: f64) -> String {
    let text = format!("{value:.2}");
    let short = text.trim_end_matches('0').trim_end_matches('.');
    if short == "-0" { "0".to_owned() } else { short.replace('-', "−") }
}

fn description(forest: &Forest) -> String {
    let row = |row: &Row| {
        let [low, high] = row.interval.map(|end| printed(end, forest.ratio));
        format!("{} {} ({low} to {high})", row.label, printed(row.estimate, forest.ratio))
    };
    let studies: Vec<String> = forest.studies.iter().map(row).collect();
    format!("{}. {}; {}. {}", forest.axis, studies.join("; "), row(&forest.pooled), forest.note)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forest() -> Forest {
        let row = |label: &str, estimate: f64, half: f64, weight: f64| Row {
            label: label.to_owned(),
            estimate,
            interval: [estimate - half, estimate + half],
            weight,
        };
        Forest {
            title: "Pain & <fibromyalgia>".to_owned(),
            axis: "points of 0 to 10".to_owned(),
            sides: Some(["LDN better".to_owned(), "placebo better".to_owned()]),
            ratio: false,
            studies: vec![row("FINAL 2024", -0.34, 0.61, 65.0), row("INNOVA 2026", 0.49, 0.82, 35.0)],
            pooled: row("Pooled", -0.04, 0.49, 100.0),
            prediction: None,
            note: "I² 61 %".to_owned(),
            refused: vec![("Younger 2013".to_owned(), "a crossover without paired differences".to_owned())],
        }
    }

    #[test]
    fn everything_is_there_and_well_formed() {
        let svg = forest_plot(&forest(), Theme::Standalone);
        let document = roxmltree::Document::parse(&svg).unwrap();
        let texts: Vec<&str> = document.descendants().filter_map(|node| node.text()).collect();
        for wanted in [
            "FINAL 2024",
            "−0.34 [−0.95 to 0.27]",
            "65.0 %",
            "−0.04 [−0.53 to 0.45]",
            "I² 61 %",
            "← LDN better",
        ] {
            assert!(texts.contains(&wanted), "{wanted} in {texts:?}");
        }
        assert!(texts.iter().any(|text| text.starts_with("Younger 2013: a crossover")));
        assert_eq!(svg, forest_plot(&forest(), Theme::Standalone));
    }

    #[test]
    fn the_line_of_no_effect_stands_between_the_sides() {
        let scale = scale(&forest());
        let none = scale.place(0.0);
        assert!(scale.place(-0.34) < none && none < scale.place(0.49));
        assert!(PICTURE[0] < scale.place(-0.95) && scale.place(1.31) < PICTURE[1]);
    }

    #[test]
    fn ratios_are_printed_as_ratios() {
        let ratio = Forest { ratio: true, ..forest() };
        assert!(forest_plot(&ratio, Theme::Standalone).contains("0.71 [0.39 to 1.31]"));
    }

    #[test]
    fn a_wide_interval_does_not_dwarf_the_rest() {
        let mut wide = forest();
        wide.studies[1].interval = [-40.0, 50.0];
        let svg = forest_plot(&wide, Theme::Standalone);
        assert!(roxmltree::Document::parse(&svg).is_ok());
        let [low, high] = scale(&wide).values();
        assert!(low > -3.0 && high < 3.0, "{low} {high}");
    }
}
