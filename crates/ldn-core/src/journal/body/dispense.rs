//! What was ordered and what was handed out, as far as anybody must compute with it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::quantity::{Concentration, Quantity, Strength, Volume};

/// An order to the pharmacy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ordered {
    /// The order as sent.
    pub document: String,
    /// What is ordered; at least one.
    pub contents: Vec<Content>,
}

/// What the pharmacy handed out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dispensed {
    /// The pharmacy's document, or the label as written.
    pub document: String,
    /// What was handed out; at least one.
    pub containers: Vec<Container>,
}

/// One container that was handed out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Container {
    /// What is in it.
    pub content: Content,
    /// The pharmacy's number of the batch; `None` if the label names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot: Option<String>,
    /// The last day on which it may be used; `None` if the label names none, which is not "for ever".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beyond_use: Option<Date>,
}

/// What a container holds and how much: naltrexone that is known, or a kit whose content is sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Content {
    /// Capsules, tablets or troches.
    Units {
        /// Naltrexone in each.
        strength: Strength,
        /// How many, and of which form; more than none.
        quantity: Quantity,
    },
    /// A liquid.
    Liquid {
        /// Naltrexone in each millilitre.
        concentration: Concentration,
        /// How much; more than none.
        volume: Volume,
    },
    /// The kit of a blinded trial.
    Kit {
        /// The number on the bottle.
        number: String,
        /// How many, and of which form; more than none.
        quantity: Quantity,
    },
}
