//! The last weeks of one score as a small picture for the diary: every day a dot, late ones hollow, gaps never joined.

use crate::scale::Scale;
use crate::svg::{Anchor, Drawing, Layout, Lettering, Path, Stroke};
use crate::theme::{Role, Theme};

/// Room above and below the scale, for half a dot and the lettering.
const MARGIN: f64 = 12.0;
/// Room for the numbers of the scale.
const LEFT: f64 = 24.0;
/// Height of the scale from 0 to 10.
const HEIGHT: f64 = 90.0;
/// Radius of a dot.
const RADIUS: f64 = 3.2;

/// One day's score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RecentScore {
    /// From 0 to 10.
    pub value: f64,
    /// True if it was entered after its day.
    pub late: bool,
}

/// Draws the scores of successive days, the last one today; `None` is a day without one.
///
/// `title` and `description` are for readers who do not see it.
pub fn recent_line(scores: &[Option<RecentScore>], title: &str, description: &str) -> String {
    let layout = Layout::Narrow;
    let mut drawing = Drawing::new(layout, Theme::Page);
    let last = scores.len().saturating_sub(1).max(1) as f64;
    let across = Scale::new([0.0, last], [LEFT + RADIUS, layout.width() - 2.0 * RADIUS]);
    let down = Scale::new([0.0, 10.0], [MARGIN + HEIGHT, MARGIN]);
    for value in [0.0, 5.0, 10.0] {
        let y = down.place(value);
        drawing.line([LEFT, y], [layout.width(), y], Stroke::full(Role::Soft, 1.0));
        let at = [LEFT - 5.0, y + 4.5];
        drawing.text(at, &format!("{value}"), Lettering::QUIET.at(Anchor::End));
    }
    let place = |day: usize, value: f64| [across.place(day as f64), down.place(value)];
    drawing.path(&joined(scores, place), Stroke::full(Role::Accent, 1.6));
    for (day, score) in scores.iter().enumerate() {
        if let Some(score) = score {
            let fill = if score.late { Role::Paper } else { Role::Accent };
            drawing.ring(place(day, score.value), RADIUS, fill, Role::Accent);
        }
    }
    drawing.finish(HEIGHT + 2.0 * MARGIN, title, description)
}

/// Width and height of the small picture.
const SMALL: [f64; 2] = [112.0, 40.0];
/// Room around it for half a dot.
const SMALL_MARGIN: f64 = 3.0;

/// Draws the same days for one line of a list: no axis, no lettering, two paths however many days there are.
///
/// Scores of 0 to 10 always fill the height, so that lines of a list can be compared; a day between two gaps is a dot.
pub fn small_recent_line(scores: &[Option<RecentScore>], title: &str) -> String {
    let [width, height] = SMALL;
    let last = scores.len().saturating_sub(1).max(1) as f64;
    let across = Scale::new([0.0, last], [SMALL_MARGIN, width - SMALL_MARGIN]);
    let down = Scale::new([0.0, 10.0], [height - SMALL_MARGIN, SMALL_MARGIN]);
    let (mut line, mut pen_is_down) = (String::new(), false);
    for (day, score) in scores.iter().enumerate() {
        if let Some(score) = score {
            let letter = if pen_is_down { 'L' } else { 'M' };
            let (x, y) = (across.place(day as f64), down.place(score.value));
            // A line of no length with a round end is a dot.
            let dot = if pen_is_down { "" } else { "h0" };
            line += &format!("{letter}{x:.1} {y:.1}{dot}");
        }
        pen_is_down = score.is_some();
    }
    let title = title.replace('&', "&amp;").replace('<', "&lt;");
    let accent = Role::Accent.in_theme(Theme::Page);
    let soft = Role::Soft.in_theme(Theme::Page);
    let middle = down.place(5.0);
    format!(
        "<svg viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\"><title>{title}</title>\
         <path d=\"M0 {middle}H{width}\" stroke=\"{soft}\" fill=\"none\"/><path d=\"{line}\" stroke=\"{accent}\" \
         stroke-width=\"2.2\" stroke-linecap=\"round\" stroke-linejoin=\"round\" fill=\"none\"/></svg>"
    )
}

/// Joins neighbouring days only: what nobody recorded is a gap, not a line.
fn joined(scores: &[Option<RecentScore>], place: impl Fn(usize, f64) -> [f64; 2]) -> Path {
    let mut path = Path::default();
    let mut pen_is_down = false;
    for (day, score) in scores.iter().enumerate() {
        match score {
            Some(score) if pen_is_down => path.line_to(place(day, score.value)),
            Some(score) => path.move_to(place(day, score.value)),
            None => {}
        }
        pen_is_down = score.is_some();
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(value: f64, late: bool) -> Option<RecentScore> {
        Some(RecentScore { value, late })
    }

    #[test]
    fn a_missing_day_is_a_gap_and_a_late_one_is_hollow() {
        let svg = recent_line(
            &[score(4.0, false), score(5.0, true), None, score(6.0, false), score(6.0, false)],
            "Pain",
            "Four days.",
        );
        assert_eq!(svg.matches("<circle").count(), 4);
        let line = svg.split("d=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a line");
        assert_eq!((line.matches('M').count(), line.matches('L').count()), (2, 2), "{line}");
        let hollow = format!("fill=\"{}\"", Role::Paper.in_theme(Theme::Page));
        assert_eq!(svg.matches(&hollow).count(), 1);
    }

    #[test]
    fn the_small_line_has_the_same_gaps_and_no_number() {
        let svg = small_recent_line(
            &[score(4.0, false), score(5.0, true), None, score(6.0, false), None],
            "Pain & sleep <28 days>",
        );
        assert!(svg.contains("Pain &amp; sleep &lt;28 days>"), "{svg}");
        let line = svg.rsplit(" d=\"").next().and_then(|rest| rest.split('"').next()).expect("a line");
        assert_eq!((line.matches('M').count(), line.matches('L').count()), (2, 1), "{line}");
        assert!(!small_recent_line(&[], "Pain").contains("NaN"));
    }

    #[test]
    fn no_day_and_one_day_can_be_drawn() {
        assert!(!recent_line(&[], "Pain", "").contains("NaN"));
        assert!(!recent_line(&[score(10.0, false)], "Pain", "").contains("NaN"));
    }
}
