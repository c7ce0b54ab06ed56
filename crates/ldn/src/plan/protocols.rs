//! `ldn plan protocols`: which there are, which can be planned, and what is missing in the others.

use clap::Args;
use ldn_care::plan::{Kind, Listed, ListedField, Protocol, Protocols};
use ldn_evidence::Library;
use strsim::jaro_winkler;

use crate::error::Failure;
use crate::files::{self, print_json};
use crate::text::{heading, paragraph, wrapped};

/// From this likeness on, a name is worth suggesting.
const LIKE: f64 = 0.7;
/// So many names are suggested.
const SUGGESTED: usize = 3;

/// Arguments of `ldn plan protocols`.
#[derive(Debug, Args)]
pub(super) struct ProtocolsArgs {
    /// One protocol in full, by its id or its short name
    #[arg(value_name = "ID")]
    id: Option<String>,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &ProtocolsArgs) -> Result<(), Failure> {
    let all = Protocols::shipped();
    match &args.id {
        Some(name) => {
            let protocol = found(all, name)?.listed();
            if args.json { print_json("protocol", &protocol) } else { files::print(&in_full(&protocol)) }
        }
        None if args.json => print_json("protocols", &all.all().map(Protocol::listed).collect::<Vec<_>>()),
        None => files::print(&table(all)),
    }
}

/// Finds a protocol, or suggests names that look alike.
pub(super) fn found<'a>(all: &'a Protocols, name: &str) -> Result<&'a Protocol, Failure> {
    all.find(name).ok_or_else(|| {
        let alike = alike(all, name);
        let suggestion =
            if alike.is_empty() { String::new() } else { format!("; did you mean {}?", alike.join(", ")) };
        Failure::UnknownProtocol(format!("there is no protocol `{}`{suggestion}", name.trim()))
    })
}

/// The ids that look most like a name, best first.
fn alike(all: &Protocols, name: &str) -> Vec<String> {
    let name = name.trim().to_lowercase();
    let likeness = |protocol: &Protocol| {
        let words = protocol.id.split('-').map(|word| jaro_winkler(word, &name));
        words.chain([jaro_winkler(&protocol.id, &name)]).fold(0.0, f64::max)
    };
    let mut ranked: Vec<(f64, &Protocol)> =
        all.all().map(|protocol| (likeness(protocol), protocol)).collect();
    ranked.sort_by(|one, other| other.0.total_cmp(&one.0));
    let close = ranked.into_iter().take_while(|(likeness, _)| *likeness >= LIKE).take(SUGGESTED);
    close.map(|(_, protocol)| format!("{} ({})", protocol.id, protocol.alias)).collect()
}

fn table(all: &Protocols) -> String {
    let mut text = String::new();
    for (kind, title) in [
        (Kind::Plannable, "Can be planned"),
        (Kind::Proposable, "Can be planned with the prescriber's choice where the source is silent"),
        (Kind::Shown, "Shown only"),
    ] {
        text += &heading(title);
        for protocol in all.all().filter(|protocol| protocol.kind() == kind) {
            text += &row(&protocol.listed());
        }
        text.push('\n');
    }
    text + &wrapped("One in full, with its source: ldn plan protocols ID", "", "")
}

fn row(protocol: &Listed<'_>) -> String {
    let mut text =
        wrapped(&format!("{}  {}: {}", protocol.alias, protocol.id, protocol.population), "", "     ");
    let mut numbers = numbers(protocol);
    if !protocol.choices.is_empty() {
        numbers.push(format!("choose {}", protocol.choices.join(", ")));
    }
    if !numbers.is_empty() {
        text += &wrapped(&numbers.join("; "), "     ", "     ");
    }
    if !protocol.missing.is_empty() {
        text += &wrapped(&format!("missing: {}", protocol.missing.join("; ")), "     ", "     ");
    }
    text
}

fn numbers(protocol: &Listed<'_>) -> Vec<String> {
    let of = |name: &str, field: &Option<ListedField>, unit: &str| {
        field.as_ref().map(|field| format!("{name} {}{unit}{}", field.value, silent(field)))
    };
    [
        of("start", &protocol.start, ""),
        of("step", &protocol.step, ""),
        of("every", &protocol.interval_days, " days"),
        of("target", &protocol.target, ""),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What has to be said of a value that no source states.
fn silent(field: &ListedField) -> &'static str {
    if field.from == "proposed" { " (proposed)" } else { "" }
}

fn in_full(protocol: &Listed<'_>) -> String {
    let mut text = heading(&format!("{}  {}", protocol.alias, protocol.id));
    let can = match protocol.kind {
        Kind::Plannable => "can be planned",
        Kind::Proposable => "can be planned with the prescriber's choice where the source is silent",
        Kind::Shown => "shown only, cannot be planned",
    };
    let most = protocol.most.clone().unwrap_or_default();
    let status = crate::screen::status(protocol.status);
    for (name, words) in [
        ("", protocol.title),
        ("For", protocol.population),
        ("Planning", can),
        ("Doses", &numbers(protocol).join("; ")),
        ("Most", &most),
        ("Choose", &protocol.choices.join(", ")),
        ("Missing", &protocol.missing.join("; ")),
        ("Time of day", protocol.time_words),
        ("Side effect", protocol.on_side_effect),
        ("Judged", protocol.judge_words),
        ("Stopped", protocol.stop_rule),
        ("Opioids", protocol.opioid_rule.unwrap_or_default()),
        ("Note", protocol.note),
        ("Evidence", protocol.evidence),
        ("Checked", &format!("{status}{}", but(protocol.checked))),
    ] {
        if !words.is_empty() {
            text += &paragraph(name, words);
        }
    }
    for id in protocol.sources {
        let citation = Library::shipped().source(id).map_or("", |source| source.citation.as_str());
        text += &paragraph("Source", &format!("{id}: {citation}"));
    }
    text + &disagreement(protocol)
}

fn but(checked: &str) -> String {
    if checked.is_empty() { String::new() } else { format!("; {checked}") }
}

/// Who starts, steps or ends differently: protocols disagree, and the reader sees by how much.
fn disagreement(protocol: &Listed<'_>) -> String {
    let mut starts = Vec::new();
    let mut targets = Vec::new();
    for other in Protocols::shipped().all().filter(|other| other.id != protocol.id) {
        let other = other.listed();
        let differs = |mine: &Option<ListedField>, theirs: &Option<ListedField>| {
            let (mine, theirs) = (mine.as_ref()?, theirs.as_ref()?);
            (theirs.from != "proposed" && mine.value != theirs.value)
                .then(|| format!("{} {}", other.alias, theirs.value))
        };
        starts.extend(differs(&protocol.start, &other.start));
        targets.extend(differs(&protocol.target, &other.target));
    }
    let mut text = String::new();
    for (name, others) in [("Others start", starts), ("Others end", targets)] {
        if !others.is_empty() {
            text += &paragraph(name, &others.join(", "));
        }
    }
    text
}
