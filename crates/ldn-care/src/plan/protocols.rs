//! All protocols together, with what every plan obeys.

use std::sync::LazyLock;

use ldn_core::data::{Problems, parse_into};

use super::adapt::ProposalKind;
use super::protocol::{Protocol, ProtocolFile};
use super::settings::{Adaptation, Planning};

/// The files under `data/protocols`, compiled in.
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/protocol_files.rs"));

static SHIPPED: LazyLock<Protocols> = LazyLock::new(|| {
    Protocols::read(FILES.iter().copied()).expect("a test reads every file that is compiled in")
});

/// All protocols, with what every plan obeys.
#[derive(Clone, Debug)]
pub struct Protocols {
    /// In order of their short names.
    protocols: Vec<Protocol>,
    planning: Planning,
    adaptation: Adaptation,
}

impl Protocols {
    /// Returns the protocols that are compiled in.
    pub fn shipped() -> &'static Protocols {
        &SHIPPED
    }

    /// Returns the files that are compiled in, as paths inside `data/` and texts.
    pub fn shipped_files() -> &'static [(&'static str, &'static str)] {
        FILES
    }

    /// Reads protocols from the paths inside `data/` and the texts of their files.
    ///
    /// # Errors
    /// All problems of all files at once.
    pub fn read<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Protocols, Problems> {
        let mut problems = Problems::new();
        let (mut protocols, mut planning, mut adaptation) = (Vec::new(), None, None);
        for (file, text) in files {
            match file {
                "protocols/planning.toml" => planning = parse_into::<Planning>(file, text, &mut problems),
                "protocols/adaptation.toml" => {
                    adaptation = parse_into::<Adaptation>(file, text, &mut problems);
                }
                _ => {
                    let read = parse_into::<ProtocolFile>(file, text, &mut problems);
                    protocols.extend(read.and_then(|read| read.into_protocol(file, &mut problems)));
                }
            }
        }
        protocols.sort_by(|one, other| one.alias.cmp(&other.alias));
        check_names(&protocols, &mut problems);
        let (Some(planning), Some(adaptation)) = (planning, adaptation) else {
            problems.value("protocols", "file", "missing", "planning.toml and adaptation.toml");
            return Err(problems);
        };
        planning.check("protocols/planning.toml", &mut problems);
        adaptation.check("protocols/adaptation.toml", &ProposalKind::WORDS, &mut problems);
        problems.or(Protocols { protocols, planning, adaptation })
    }

    /// Returns the protocol of an id or of a short name such as `T01`; capitals do not matter.
    pub fn find(&self, name: &str) -> Option<&Protocol> {
        let is_named = |text: &str| text.eq_ignore_ascii_case(name.trim());
        self.protocols.iter().find(|protocol| is_named(&protocol.id) || is_named(&protocol.alias))
    }

    /// Returns all protocols in order of their short names.
    pub fn all(&self) -> impl Iterator<Item = &Protocol> {
        self.protocols.iter()
    }

    /// Returns what every plan obeys.
    pub fn planning(&self) -> &Planning {
        &self.planning
    }

    /// Returns the ids of the sources that the numbers of adaptation rest on.
    pub fn adaptation_sources(&self) -> &[String] {
        &self.adaptation.sources
    }

    pub(super) fn adaptation(&self) -> &Adaptation {
        &self.adaptation
    }
}

/// Notes names that two protocols share, and a successor that does not exist.
fn check_names(protocols: &[Protocol], problems: &mut Problems) {
    for pair in protocols.windows(2) {
        if pair[0].alias == pair[1].alias {
            let file = format!("protocols/{}.toml", pair[1].id);
            problems.value(&file, "alias", &pair[1].alias, "a short name of its own");
        }
    }
    for protocol in protocols {
        if let Some(successor) = &protocol.superseded_by
            && protocols.iter().all(|other| other.id != *successor)
        {
            let file = format!("protocols/{}.toml", protocol.id);
            problems.value(&file, "superseded_by", successor, "the id of a protocol");
        }
    }
}
