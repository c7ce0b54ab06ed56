//! Colours, by what they are for.

/// Where a drawing will be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Inside the page, whose style sheet gives the colours as variables for light, dark and print.
    Page,
    /// In a file of its own, on white.
    Standalone,
}

/// What a colour is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Background.
    Paper,
    /// Text and what matters.
    Ink,
    /// Text that accompanies.
    Muted,
    /// The one accent.
    Accent,
    /// Hairlines.
    Soft,
    /// The better side of a scale.
    Shade,
    /// Areas: the dose, an interval.
    Fill,
}

impl Role {
    /// All of them.
    pub const ALL: [Role; 7] =
        [Role::Paper, Role::Ink, Role::Muted, Role::Accent, Role::Soft, Role::Shade, Role::Fill];

    /// Returns the variable's name in the style sheet and its colour in light, dark and print.
    const fn colours(self) -> (&'static str, [&'static str; 3]) {
        match self {
            Role::Paper => ("var(--paper)", ["#fcfbf8", "#15191c", "#ffffff"]),
            Role::Ink => ("var(--ink)", ["#22282c", "#e7e5df", "#000000"]),
            Role::Muted => ("var(--muted)", ["#596066", "#a8b0b3", "#444444"]),
            Role::Accent => ("var(--accent)", ["#17697a", "#7cc4cf", "#17697a"]),
            Role::Soft => ("var(--soft)", ["#d8d5cd", "#3a4247", "#bbbbbb"]),
            Role::Shade => ("var(--shade)", ["#eaf2f0", "#1a2628", "#f0f5f4"]),
            Role::Fill => ("var(--fill)", ["#bfdbdb", "#2b525a", "#cfdfe0"]),
        }
    }

    /// Returns the colour as a drawing writes it.
    pub const fn in_theme(self, theme: Theme) -> &'static str {
        let (variable, [.., print]) = self.colours();
        match theme {
            Theme::Page => variable,
            Theme::Standalone => print,
        }
    }
}

/// The three sets of colours of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Palette {
    /// By day.
    Light,
    /// Where the system asks for dark.
    Dark,
    /// On paper.
    Print,
}

impl Palette {
    /// Returns the declarations of a style sheet, without braces.
    pub fn declarations(self) -> String {
        Role::ALL
            .map(|role| {
                let (variable, colours) = role.colours();
                let name = variable.trim_start_matches("var(").trim_end_matches(')');
                format!("{name}:{}", colours[self as usize])
            })
            .join(";")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance after WCAG 2.2.
    fn luminance(colour: &str) -> f64 {
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
            #[expect(clippy::disallowed_methods, reason = "a test with a wide margin")]
            let bent = ((value + 0.055) / 1.055).powf(2.4);
            if value <= 0.040_45 { value / 12.92 } else { bent }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    #[test]
    fn every_text_can_be_read_on_every_ground() {
        for palette in [Palette::Light, Palette::Dark, Palette::Print] {
            let colour = |role: Role| role.colours().1[palette as usize];
            for (text, ground) in [
                (Role::Ink, Role::Paper),
                (Role::Muted, Role::Paper),
                (Role::Accent, Role::Paper),
                (Role::Ink, Role::Shade),
                (Role::Muted, Role::Shade),
                (Role::Accent, Role::Shade),
                (Role::Ink, Role::Fill),
                (Role::Paper, Role::Accent),
            ] {
                let (a, b) = (luminance(colour(text)), luminance(colour(ground)));
                let contrast = (a.max(b) + 0.05) / (a.min(b) + 0.05);
                assert!(contrast >= 4.5, "{palette:?}: {text:?} on {ground:?} is {contrast:.2}");
            }
        }
    }
}
