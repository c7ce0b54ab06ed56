//! Which rules of the dossier are implemented.

use std::collections::BTreeMap;

use serde::Serialize;

use super::rule::CheckedAt;
use super::rules::CHECKS;
use super::ruleset::RuleSet;

/// How many rules there are, and where they are checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// Rules of the dossier.
    pub rules: usize,
    /// Of these, checked when a person is screened.
    pub at_screening: usize,
    /// Of these, checked when an intake is read.
    pub at_reading: usize,
    /// Of these, not expressible in an intake yet.
    pub not_expressible: Vec<NotExpressible>,
    /// Rules by severity.
    pub by_severity: BTreeMap<&'static str, usize>,
    /// Rules by how far they have been checked.
    pub by_status: BTreeMap<String, usize>,
}

/// A rule that an intake cannot express yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotExpressible {
    /// Id of the rule.
    pub rule: String,
    /// Why not.
    pub reason: String,
}

/// Counts the rules of the shipped rule set.
pub fn coverage() -> Coverage {
    let rules = RuleSet::shipped();
    let mut coverage = Coverage {
        rules: CHECKS.len(),
        at_screening: 0,
        at_reading: 0,
        not_expressible: Vec::new(),
        by_severity: BTreeMap::new(),
        by_status: BTreeMap::new(),
    };
    for rule in rules.rules() {
        match rule.checked_at {
            CheckedAt::Screening => coverage.at_screening += 1,
            CheckedAt::Reading => coverage.at_reading += 1,
        }
        *coverage.by_severity.entry(rule.severity.word()).or_default() += 1;
        *coverage.by_status.entry(format!("{:?}", rule.status).to_lowercase()).or_default() += 1;
    }
    coverage
}
