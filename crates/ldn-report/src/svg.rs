//! A small writer of SVG: escaped text, rounded numbers, a title and a description.

use std::fmt::Write as _;

use crate::theme::{Role, Theme};

/// How much room a drawing has.
///
/// Lettering has the same size in both, so that a phone shows the narrow one readably and not the wide one shrunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// For a phone.
    Narrow,
    /// For a column of text, for paper and for files.
    Wide,
}

impl Layout {
    /// Returns the width of the drawing in its own units.
    pub const fn width(self) -> f64 {
        match self {
            Layout::Narrow => 360.0,
            Layout::Wide => 640.0,
        }
    }

    /// Returns the class that the page's style sheet shows and hides drawings by.
    const fn class(self) -> &'static str {
        match self {
            Layout::Narrow => "narrow",
            Layout::Wide => "wide",
        }
    }
}

/// Size of ordinary lettering.
pub const TEXT: f64 = 14.5;
/// Size of lettering that accompanies.
pub const SMALL: f64 = 13.0;

/// A drawing under way.
#[derive(Debug)]
pub struct Drawing {
    layout: Layout,
    theme: Theme,
    body: String,
}

/// Where a text is anchored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// It begins there.
    Start,
    /// It is centred there.
    Middle,
    /// It ends there.
    End,
}

/// Looks of a text.
#[derive(Clone, Copy, Debug)]
pub struct Lettering {
    /// Size in units of the drawing.
    pub size: f64,
    /// Colour.
    pub colour: Role,
    /// Anchor.
    pub anchor: Anchor,
    /// Heavier.
    pub bold: bool,
    /// With a rim in the colour of the background, for texts over lines.
    pub rimmed: bool,
}

impl Lettering {
    /// Ordinary, in ink.
    pub const PLAIN: Lettering =
        Lettering { size: TEXT, colour: Role::Ink, anchor: Anchor::Start, bold: false, rimmed: false };
    /// Smaller, muted.
    pub const QUIET: Lettering = Lettering { size: SMALL, colour: Role::Muted, ..Lettering::PLAIN };

    /// Returns the same, anchored elsewhere.
    pub const fn at(self, anchor: Anchor) -> Lettering {
        Lettering { anchor, ..self }
    }
}

/// Looks of a line.
#[derive(Clone, Copy, Debug)]
pub struct Stroke {
    /// Colour.
    pub colour: Role,
    /// Width.
    pub width: f64,
    /// Lengths of dash and gap; empty for a full line.
    pub dash: &'static str,
    /// Opacity.
    pub opacity: f64,
}

impl Stroke {
    /// A full line.
    pub const fn full(colour: Role, width: f64) -> Stroke {
        Stroke { colour, width, dash: "", opacity: 1.0 }
    }

    /// A dashed line.
    pub const fn dashed(colour: Role, width: f64) -> Stroke {
        Stroke { colour, width, dash: "5 4", opacity: 1.0 }
    }
}

impl Drawing {
    /// Begins a drawing.
    pub fn new(layout: Layout, theme: Theme) -> Drawing {
        Drawing { layout, theme, body: String::new() }
    }

    /// Draws a filled rectangle; nothing if it has no extent.
    pub fn rect(&mut self, [x, y, width, height]: [f64; 4], fill: Role) {
        if width > 0.0 && height > 0.0 {
            let place = [("x", x), ("y", y), ("width", width), ("height", height)];
            self.element("rect", &place, &format!("fill=\"{}\"", self.colour(fill)));
        }
    }

    /// Draws a straight line.
    pub fn line(&mut self, [x1, y1]: [f64; 2], [x2, y2]: [f64; 2], stroke: Stroke) {
        let looks = self.stroke(stroke);
        self.element("line", &[("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2)], &looks);
    }

    /// Draws a path as a line.
    pub fn path(&mut self, path: &Path, stroke: Stroke) {
        if !path.0.is_empty() {
            let looks = format!("d=\"{}\" fill=\"none\" {}", path.0, self.stroke(stroke));
            self.element("path", &[], &looks);
        }
    }

    /// Fills the inside of a path.
    pub fn area(&mut self, path: &Path, fill: Role) {
        if !path.0.is_empty() {
            let looks = format!("d=\"{}\" fill=\"{}\"", path.0, self.colour(fill));
            self.element("path", &[], &looks);
        }
    }

    /// Draws one answer, filled or hollow.
    pub fn answer(&mut self, place: [f64; 2], radius: f64, fill: Role, rim: Role) {
        self.circle(place, radius, fill, rim, "class=\"dot\" ");
    }

    /// Draws a ring or a disc that is no answer: a mean, a key.
    pub fn ring(&mut self, place: [f64; 2], radius: f64, fill: Role, rim: Role) {
        self.circle(place, radius, fill, rim, "");
    }

    fn circle(&mut self, [x, y]: [f64; 2], radius: f64, fill: Role, rim: Role, class: &str) {
        let looks = format!(
            "{class}fill=\"{}\" stroke=\"{}\" stroke-width=\"1.6\"",
            self.colour(fill),
            self.colour(rim)
        );
        self.element("circle", &[("cx", x), ("cy", y), ("r", radius)], &looks);
    }

    /// Writes a text.
    pub fn text(&mut self, [x, y]: [f64; 2], words: &str, lettering: Lettering) {
        let Lettering { size, colour, anchor, bold, rimmed } = lettering;
        let mut looks = format!("font-size=\"{}\" fill=\"{}\"", number(size), self.colour(colour));
        match anchor {
            Anchor::Start => {}
            Anchor::Middle => looks.push_str(" text-anchor=\"middle\""),
            Anchor::End => looks.push_str(" text-anchor=\"end\""),
        }
        if bold {
            looks.push_str(" font-weight=\"600\"");
        }
        if rimmed {
            let paper = self.colour(Role::Paper);
            let _ = write!(
                looks,
                " paint-order=\"stroke\" stroke=\"{paper}\" stroke-width=\"4\" stroke-linejoin=\"round\""
            );
        }
        let _ = writeln!(
            self.body,
            "<text x=\"{}\" y=\"{}\" {looks}>{}</text>",
            number(x),
            number(y),
            escape(words)
        );
    }

    /// Writes the drawing out with its title and description.
    pub fn finish(self, height: f64, title: &str, description: &str) -> String {
        let (width, height) = (number(self.layout.width()), number(height));
        let (size, ground) = match self.theme {
            // Inside HTML no namespace is named, so that the page holds no address at all.
            Theme::Page => (format!("class=\"{}\"", self.layout.class()), String::new()),
            Theme::Standalone => (
                format!(
                    "xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" font-family=\"system-ui, sans-serif\""
                ),
                format!("<rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n"),
            ),
        };
        format!(
            "<svg viewBox=\"0 0 {width} {height}\" {size} role=\"img\">\n\
             <title>{}</title>\n<desc>{}</desc>\n{ground}{}</svg>\n",
            escape(title),
            escape(description),
            self.body
        )
    }

    fn element(&mut self, name: &str, numbers: &[(&str, f64)], looks: &str) {
        let _ = write!(self.body, "<{name}");
        for (attribute, value) in numbers {
            let _ = write!(self.body, " {attribute}=\"{}\"", number(*value));
        }
        let _ = writeln!(self.body, " {looks}/>");
    }

    fn stroke(&self, stroke: Stroke) -> String {
        let mut looks = format!(
            "stroke=\"{}\" stroke-width=\"{}\" stroke-linecap=\"round\" stroke-linejoin=\"round\"",
            self.colour(stroke.colour),
            number(stroke.width)
        );
        if !stroke.dash.is_empty() {
            let _ = write!(looks, " stroke-dasharray=\"{}\"", stroke.dash);
        }
        if stroke.opacity < 1.0 {
            let _ = write!(looks, " opacity=\"{}\"", number(stroke.opacity));
        }
        looks
    }

    fn colour(&self, role: Role) -> &'static str {
        role.in_theme(self.theme)
    }
}

/// The course of a path.
#[derive(Clone, Debug, Default)]
pub struct Path(String);

impl Path {
    /// Lifts the pen and puts it down elsewhere.
    pub fn move_to(&mut self, [x, y]: [f64; 2]) {
        let _ = write!(self.0, "M{} {}", number(x), number(y));
    }

    /// Draws on to a point.
    pub fn line_to(&mut self, [x, y]: [f64; 2]) {
        let _ = write!(self.0, "L{} {}", number(x), number(y));
    }

    /// Puts down a dot: a line without length, which a round pen makes visible.
    pub fn dot(&mut self, at: [f64; 2]) {
        self.move_to(at);
        self.0.push_str("h0");
    }

    /// Goes back to where the pen was put down.
    pub fn close(&mut self) {
        self.0.push('Z');
    }
}

/// Prints a coordinate with at most two decimals; what is not a number is a mistake, drawn at the origin.
pub fn number(value: f64) -> String {
    debug_assert!(value.is_finite(), "a coordinate is a number");
    let text = format!("{:.2}", if value.is_finite() { value } else { 0.0 });
    match text.trim_end_matches('0').trim_end_matches('.') {
        "-0" => "0".to_owned(),
        short => short.to_owned(),
    }
}

/// Drops control characters, which XML forbids and no page shows; a line feed or tab becomes a space.
pub fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if matches!(c, '\n' | '\t') { ' ' } else { c })
        .filter(|c| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}'))
        .collect()
}

/// Escapes a text for SVG and HTML and makes it [`printable`].
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in printable(text).chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Breaks a text into lines of at most `width` characters; a longer word stands alone, cut.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let needed = line.chars().count() + usize::from(!line.is_empty()) + word.chars().count();
        if !line.is_empty() && needed > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        while line.chars().count() > width {
            let rest = line.split_off(line.char_indices().nth(width).map_or(line.len(), |(at, _)| at));
            lines.push(std::mem::replace(&mut line, rest));
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        for (value, text) in [(1.0, "1"), (-0.001, "0"), (2.346, "2.35"), (100.0, "100"), (-3.1, "-3.1")] {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn texts_are_escaped() {
        assert_eq!(escape("<b a='1'>\u{1}&\"\n"), "&lt;b a=&#39;1&#39;&gt;&amp;&quot; ");
    }

    #[test]
    fn lines() {
        assert_eq!(wrap("one two  three", 7), ["one two", "three"]);
        assert_eq!(wrap("incomprehensibly so", 6), ["incomp", "rehens", "ibly", "so"]);
        assert!(wrap("", 5).is_empty());
    }
}
