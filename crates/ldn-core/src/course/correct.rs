//! Corrections: which content holds.
//!
//! Corrections form trees: an entry, the corrections that name it, the corrections that name those. Of several that
//! name one entry the latest holds. To strike out a correction is to undo it; to replace the content of a correction
//! replaces what it put in. Lineage decides, not clocks: a correction counts also where its device's clock was behind.

use std::collections::{BTreeMap, BTreeSet};

use super::{Problem, ProblemKind};
use crate::ids::EntryId;
use crate::journal::{Body, Corrected, Entry, Kind};

/// One correction, applied or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// The correcting entry.
    pub entry: EntryId,
    /// The entry that it names.
    pub replaces: EntryId,
    /// Why.
    pub reason: String,
    /// True if it strikes out and puts nothing in.
    pub strikes_out: bool,
    /// True if it is valid; it may still be overtaken by a later one.
    pub applied: bool,
}

/// What the corrections make of one entry.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Effect<'journal> {
    /// It stands as written.
    Stands,
    /// It counts no more.
    StruckOut {
        /// The correction that says so.
        by: EntryId,
    },
    /// Something else holds.
    Replaced {
        /// The correction that says so.
        by: EntryId,
        /// What holds.
        with: &'journal Body,
    },
}

/// All corrections of a journal.
pub(super) struct Corrections<'journal> {
    effects: BTreeMap<EntryId, Effect<'journal>>,
    list: Vec<Correction>,
}

/// A correction and how far it stands from the entry at the root of its tree.
struct Node<'journal> {
    entry: &'journal Entry,
    corrected: &'journal Corrected,
    depth: usize,
}

impl<'journal> Corrections<'journal> {
    /// Works out what holds; `entries` are sorted and each is there once.
    pub(super) fn resolve(entries: &[&'journal Entry], problems: &mut Vec<Problem>) -> Corrections<'journal> {
        let pairs: Vec<(&Entry, &Corrected)> = entries
            .iter()
            .filter_map(|entry| match entry.body() {
                Body::Corrected(corrected) => Some((*entry, corrected)),
                _ => None,
            })
            .collect();
        if pairs.is_empty() {
            return Corrections { effects: BTreeMap::new(), list: Vec::new() };
        }
        let by_id: BTreeMap<EntryId, &Entry> = entries.iter().map(|entry| (entry.id(), *entry)).collect();
        let roots = Roots::find(&pairs, &by_id);
        let mut nodes = Vec::new();
        let mut list = Vec::new();
        for (entry, corrected) in pairs {
            let checked = check(entry, corrected, &roots, &by_id);
            list.push(listed(entry, corrected, checked.is_ok()));
            match checked {
                Ok(depth) => nodes.push(Node { entry, corrected, depth }),
                Err(kind) => problems.push(Problem { entry: entry.id(), kind }),
            }
        }
        Corrections { effects: effects(nodes), list }
    }

    /// Returns what the corrections make of an entry.
    pub(super) fn effect_on(&self, entry: EntryId) -> Effect<'journal> {
        self.effects.get(&entry).copied().unwrap_or(Effect::Stands)
    }

    pub(super) fn into_list(self) -> Vec<Correction> {
        self.list
    }
}

fn listed(entry: &Entry, corrected: &Corrected, applied: bool) -> Correction {
    Correction {
        entry: entry.id(),
        replaces: corrected.replaces,
        reason: corrected.reason.clone(),
        strikes_out: corrected.with.is_none(),
        applied,
    }
}

/// What each valid correction does to the entry it names. The deepest come first, so that whatever corrects a
/// correction is known before the correction itself is asked.
fn effects(mut nodes: Vec<Node<'_>>) -> BTreeMap<EntryId, Effect<'_>> {
    // Stable: among the corrections of one entry the order of recording stays, and the latest overwrites.
    nodes.sort_by_key(|node| std::cmp::Reverse(node.depth));
    let mut effects: BTreeMap<EntryId, Effect<'_>> = BTreeMap::new();
    for node in nodes {
        let own = match node.corrected.with.as_deref() {
            None => Effect::StruckOut { by: node.entry.id() },
            Some(with) => Effect::Replaced { by: node.entry.id(), with },
        };
        let done = match effects.get(&node.entry.id()) {
            None | Some(Effect::Stands) => own,
            // Undone: whatever was said before it holds.
            Some(Effect::StruckOut { .. }) => continue,
            Some(replaced @ Effect::Replaced { .. }) => *replaced,
        };
        effects.insert(node.corrected.replaces, done);
    }
    effects
}

/// Where the chain of each correction ends.
struct Roots {
    by_correction: BTreeMap<EntryId, Root>,
}

#[derive(Clone, Copy)]
enum Root {
    /// An entry that is no correction, so many steps away.
    Entry { id: EntryId, depth: usize },
    /// A name that is not in the journal.
    Unknown,
    /// Nowhere: the chain comes back to itself.
    Circle,
}

impl Roots {
    fn find(pairs: &[(&Entry, &Corrected)], by_id: &BTreeMap<EntryId, &Entry>) -> Roots {
        let mut roots = Roots { by_correction: BTreeMap::new() };
        for (entry, _) in pairs {
            roots.follow(entry.id(), by_id);
        }
        roots
    }

    /// Walks from a correction to its root without recursion: a chain may be as long as the journal.
    fn follow(&mut self, start: EntryId, by_id: &BTreeMap<EntryId, &Entry>) {
        let (mut path, mut on_path) = (Vec::new(), BTreeSet::new());
        let mut at = start;
        let end = loop {
            if let Some(known) = self.by_correction.get(&at) {
                break *known;
            }
            match by_id.get(&at).map(|entry| entry.body()) {
                None => break Root::Unknown,
                Some(Body::Corrected(corrected)) => {
                    if !on_path.insert(at) {
                        break Root::Circle;
                    }
                    path.push(at);
                    at = corrected.replaces;
                }
                Some(_) => break Root::Entry { id: at, depth: 0 },
            }
        };
        let mut root = end;
        for id in path.into_iter().rev() {
            if let Root::Entry { depth, .. } = &mut root {
                *depth += 1;
            }
            self.by_correction.insert(id, root);
        }
    }
}

/// Returns how far a valid correction stands from its root, or why it is not valid.
fn check(
    entry: &Entry,
    corrected: &Corrected,
    roots: &Roots,
    by_id: &BTreeMap<EntryId, &Entry>,
) -> Result<usize, ProblemKind> {
    let unknown = ProblemKind::CorrectsUnknown { replaces: corrected.replaces };
    let (root, depth) = match roots.by_correction.get(&entry.id()) {
        Some(Root::Entry { id, depth }) => (by_id.get(id).ok_or(unknown)?, *depth),
        Some(Root::Circle) => return Err(ProblemKind::CorrectsItself),
        Some(Root::Unknown) | None => return Err(unknown),
    };
    if root.role() != entry.role() {
        return Err(ProblemKind::CorrectsOtherRole { role: root.role() });
    }
    let (expected, found) = (root.kind(), corrected.with.as_deref().map(Body::kind));
    match found {
        Some(found) if found != expected => Err(ProblemKind::CorrectsOtherKind { expected, found }),
        _ if cannot_be_taken_back(expected, depth == 1 && found.is_none()) => {
            Err(ProblemKind::CannotBeTakenBack { kind: expected })
        }
        _ => Ok(depth),
    }
}

/// A commitment stays as it was made. That a code was broken or a verdict was seen may be told otherwise, not untold.
fn cannot_be_taken_back(kind: Kind, strikes_out: bool) -> bool {
    match kind {
        Kind::TrialStarted => true,
        Kind::Unblinded | Kind::VerdictShown => strikes_out,
        _ => false,
    }
}
