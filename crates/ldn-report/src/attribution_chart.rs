//! The drug effect under three opinions, side by side.

use ldn_verdict::response::Verdict;
use ldn_verdict::response::prior::DrugPrior;
use ldn_verdict::response::summary::Summary;

use crate::numbers;
use crate::scale::Scale;
use crate::svg::{Anchor, Drawing, Layout, Lettering, Stroke, wrap};
use crate::theme::{Role, Theme};

/// What one opinion makes of the diary.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct View {
    pub(crate) prior: DrugPrior,
    /// Whether the headline rests on it.
    pub(crate) is_the_headlines: bool,
    pub(crate) b: Summary,
    pub(crate) drug_now: Summary,
    pub(crate) p_worthwhile: f64,
}

/// Margin left and right.
const SIDE: f64 = 14.0;
/// Height of one opinion.
const ROW: f64 = 46.0;
/// Height of a group's heading.
const HEADING: f64 = 34.0;
/// Height of the words over the lines of no effect and of a worthwhile one.
const GUIDES: f64 = 22.0;

/// Returns the three opinions and, where the headline rests on another, that one too; nothing where the design and the
/// scores allow no statement at all.
pub(crate) fn views(verdict: &Verdict) -> Vec<View> {
    // Two treatments that were started together are never told apart.
    let Some(estimate) = verdict.estimate.as_ref().filter(|_| !verdict.started_together) else {
        return Vec::new();
    };
    // Blinded periods may be judged without a baseline; an open-label diary without one says nothing.
    if verdict.shown_estimate().is_none() && !verdict.grade.is_blinded() {
        return Vec::new();
    }
    DrugPrior::ALL
        .into_iter()
        .filter(|prior| *prior != DrugPrior::Flat || verdict.prior == DrugPrior::Flat)
        .filter_map(|prior| {
            if prior == verdict.prior {
                return Some(View {
                    prior,
                    is_the_headlines: true,
                    b: estimate.quantities.b,
                    drug_now: estimate.quantities.drug_now,
                    p_worthwhile: estimate.p_worthwhile,
                });
            }
            let opinion = estimate.sensitivity.get(prior.id())?;
            Some(View {
                prior,
                is_the_headlines: false,
                b: opinion.b,
                drug_now: opinion.drug_now,
                p_worthwhile: opinion.p_worthwhile,
            })
        })
        .collect()
}

/// What must be said beside the bars.
pub fn caption(verdict: &Verdict) -> &'static str {
    if verdict.grade.is_blinded() {
        "Thick bar: 50 % interval; thin bar: 90 % interval; ring: mean. Where the three opinions differ, the diary has not settled the question."
    } else {
        "Thick bar: 50 % interval; thin bar: 90 % interval; ring: mean. This diary is open-label: the bars move with the prior and not with the diary, so they are no evidence of a drug effect."
    }
}

/// Draws the drug effect, fully built up and at present, as the main, the sceptical and the enthusiastic prior see it.
///
/// Returns `None` where there is nothing to show.
pub fn attribution_chart(verdict: &Verdict, theme: Theme) -> Option<String> {
    attribution_chart_in(verdict, theme, Layout::Wide)
}

/// Draws the same with a given amount of room.
pub fn attribution_chart_in(verdict: &Verdict, theme: Theme, layout: Layout) -> Option<String> {
    let views = views(verdict);
    let worthwhile = verdict.estimate.as_ref()?.worthwhile;
    let groups = groups(verdict, &views);
    if views.is_empty() {
        return None;
    }
    let mut chart =
        Chart { drawing: Drawing::new(layout, theme), scale: scale(&groups, worthwhile, layout), layout };
    let mut y = 0.0;
    for group in &groups {
        y = chart.group(group, y, worthwhile);
    }
    let mut height = chart.axis(y);
    if theme == Theme::Standalone {
        height = chart.caption(caption(verdict), height);
    }
    Some(chart.drawing.finish(height, "The drug effect under three opinions", &description(&views, verdict)))
}

/// One quantity under every opinion.
struct Group {
    heading: String,
    rows: Vec<(String, Summary)>,
}

fn groups(verdict: &Verdict, views: &[View]) -> Vec<Group> {
    let rows = |of: fn(&View) -> Summary| views.iter().map(|view| (row_label(view), of(view))).collect();
    let mut groups = vec![Group {
        heading: format!("Drug effect at {} mg, fully built up", verdict.reference_dose_mg),
        rows: rows(|view| view.b),
    }];
    // The drug's part of a change is shown only where the change is, and where the design can tell it from placebo.
    if verdict.shown_estimate().is_some() && verdict.grade.is_blinded() {
        groups.push(Group {
            heading: "The drug’s part of the change so far".to_owned(),
            rows: rows(|view| view.drug_now),
        });
    }
    groups
}

fn row_label(view: &View) -> String {
    let used = if view.is_the_headlines { " (used here)" } else { "" };
    format!("{}{used}", view.prior.id())
}

fn scale(groups: &[Group], worthwhile: f64, layout: Layout) -> Scale {
    let ends = groups.iter().flat_map(|group| group.rows.iter().flat_map(|(_, s)| [s.q[0], s.q[4]]));
    let (low, high) =
        ends.fold((-0.5_f64, worthwhile.max(1.0)), |(low, high), end| (low.min(end), high.max(end)));
    Scale::new([low - 0.1, high + 0.1], [SIDE, layout.width() - SIDE])
}

fn description(views: &[View], verdict: &Verdict) -> String {
    let each: Vec<String> = views
        .iter()
        .map(|view| format!("{} prior {}", view.prior.id(), numbers::mean_and_range(&view.b)))
        .collect();
    format!("Drug effect in points, mean and 90 % interval: {}. {}", each.join("; "), caption(verdict))
}

struct Chart {
    drawing: Drawing,
    scale: Scale,
    layout: Layout,
}

impl Chart {
    fn group(&mut self, group: &Group, top: f64, worthwhile: f64) -> f64 {
        let heading = Lettering { bold: true, ..Lettering::PLAIN };
        self.drawing.text([SIDE, top + 24.0], &group.heading, heading);
        let first = top + HEADING + GUIDES;
        let bottom = first + ROW * group.rows.len() as f64;
        self.ground(first, bottom, worthwhile);
        for (idx, (label, summary)) in group.rows.iter().enumerate() {
            self.row(label, summary, first + ROW * idx as f64, worthwhile);
        }
        bottom
    }

    /// The side of a worthwhile effect, and what the two lines mean.
    fn ground(&mut self, top: f64, bottom: f64, worthwhile: f64) {
        let (zero, worth) = (self.scale.place(0.0), self.scale.place(worthwhile));
        let right = self.layout.width() - SIDE;
        self.drawing.rect([worth, top, right - worth, bottom - top], Role::Shade);
        self.drawing.text([zero - 3.0, top - 7.0], "no effect", Lettering::QUIET.at(Anchor::End));
        let words = format!("worthwhile: {} or more", numbers::of_points(worthwhile));
        let words = if right - worth > 200.0 { words } else { "worthwhile".to_owned() };
        self.drawing.text([worth - 2.0, top - 7.0], &words, Lettering::QUIET);
    }

    fn row(&mut self, label: &str, summary: &Summary, top: f64, worthwhile: f64) {
        let right = self.layout.width() - SIDE;
        let value =
            format!("{} ({})", numbers::signed(summary.mean), numbers::range(summary.q[0], summary.q[4]));
        let ink = Lettering { colour: Role::Ink, ..Lettering::QUIET };
        self.drawing.text([SIDE, top + 14.0], label, ink);
        self.drawing.text([right, top + 14.0], &value, ink.at(Anchor::End));
        let y = top + 29.0;
        // The lines stand only behind the bars, so that none crosses a word.
        let (zero, worth) = (self.scale.place(0.0), self.scale.place(worthwhile));
        self.drawing.line([zero, y - 10.0], [zero, y + 10.0], Stroke::full(Role::Muted, 1.0));
        self.drawing.line([worth, y - 10.0], [worth, y + 10.0], Stroke::dashed(Role::Ink, 1.4));
        for (from, to, width, role) in [(0, 4, 3.0, Role::Muted), (1, 3, 9.0, Role::Accent)] {
            let (from, to) = (self.scale.place(summary.q[from]), self.scale.place(summary.q[to]));
            self.drawing.line([from, y], [to, y], Stroke::full(role, width));
        }
        self.drawing.ring([self.scale.place(summary.mean), y], 5.0, Role::Paper, Role::Ink);
    }

    fn axis(&mut self, y: f64) -> f64 {
        let width = self.layout.width();
        self.drawing.line([SIDE, y], [width - SIDE, y], Stroke::full(Role::Ink, 1.2));
        for tick in self.scale.ticks(0.5, 44.0) {
            let x = self.scale.place(tick);
            self.drawing.line([x, y], [x, y + 5.0], Stroke::full(Role::Ink, 1.2));
            self.drawing.text([x, y + 20.0], &numbers::signed(tick), Lettering::QUIET.at(Anchor::Middle));
        }
        self.drawing.text(
            [width - SIDE, y + 39.0],
            "drug effect in points →",
            Lettering::QUIET.at(Anchor::End),
        );
        y + 50.0
    }

    fn caption(&mut self, words: &str, y: f64) -> f64 {
        let mut y = y + 12.0;
        for line in wrap(words, (self.layout.width() / 7.0) as usize) {
            self.drawing.text([SIDE, y], &line, Lettering::QUIET);
            y += 18.0;
        }
        y
    }
}
