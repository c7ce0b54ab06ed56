//! The fixed words of the journal; unknown is a word of its own wherever something may be unknown.

use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$variant_doc])* #[serde(rename = $word)] $variant,)+ }

        impl $name {
            /// Every word, in the order of this list.
            pub const ALL: &'static [$name] = &[$($name::$variant,)+];

            /// Returns the word that stands for it in storage.
            pub const fn word(self) -> &'static str {
                match self { $($name::$variant => $word,)+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.word())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::journal::UnknownWord;

            fn from_str(text: &str) -> Result<$name, $crate::journal::UnknownWord> {
                match text {
                    $($word => Ok($name::$variant),)+
                    _ => Err($crate::journal::UnknownWord { text: text.to_owned(), expected: concat!($($word, " ",)+).trim_end() }),
                }
            }
        }
    };
}
pub(super) use words;

/// A text that is none of the expected words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is none of the expected words: {expected}")]
pub struct UnknownWord {
    /// The text as given.
    pub text: String,
    /// The words, separated by spaces.
    pub expected: &'static str,
}

words! {
    /// In which role somebody wrote an entry.
    Role {
        /// The person whose course it is, or somebody who may act for them.
        Patient = "patient",
        /// Who prescribes.
        Prescriber = "prescriber",
        /// Who compounds and dispenses; in a trial also who holds the allocation.
        Pharmacist = "pharmacist",
        /// Who studies courses.
        Researcher = "researcher",
        /// Who runs the store.
        Administrator = "administrator",
    }
}

words! {
    /// A three-valued answer. Unknown is not no.
    Answer {
        /// Yes.
        Yes = "yes",
        /// No.
        No = "no",
        /// Not asked, not answered, or not known.
        Unknown = "unknown",
    }
}

words! {
    /// How a screening ended, the gravest first.
    Disposition {
        /// Help is needed now.
        Emergency = "emergency",
        /// Something forbids it.
        Refuse = "refuse",
        /// A prescriber must decide.
        PrescriberDecision = "prescriber-decision",
        /// A question that decides is open.
        Incomplete = "incomplete",
        /// It may go on with care.
        Caution = "caution",
        /// Nothing above information was found.
        NoFinding = "no-finding",
    }
}

words! {
    /// How bad a side effect was.
    Severity {
        /// Asked, and not there: grade 0.
        Absent = "absent",
        /// Noticed, disturbs nothing: grade 1.
        Mild = "mild",
        /// Disturbs what the person usually does: grade 2.
        Moderate = "moderate",
        /// Prevents it: grade 3.
        Severe = "severe",
        /// Nobody said.
        Unknown = "unknown",
    }
}

impl Severity {
    /// Makes a severity of a grade; `None` is unknown. Returns `None` above 3.
    pub const fn from_grade(grade: Option<u8>) -> Option<Severity> {
        match grade {
            Some(0) => Some(Severity::Absent),
            Some(1) => Some(Severity::Mild),
            Some(2) => Some(Severity::Moderate),
            Some(3) => Some(Severity::Severe),
            None => Some(Severity::Unknown),
            Some(_) => None,
        }
    }

    /// Returns the grade from 0 to 3; `None` if unknown.
    pub const fn grade(self) -> Option<u8> {
        match self {
            Severity::Absent => Some(0),
            Severity::Mild => Some(1),
            Severity::Moderate => Some(2),
            Severity::Severe => Some(3),
            Severity::Unknown => None,
        }
    }
}

words! {
    /// How a medicine is used.
    Use {
        /// Every day.
        Daily = "daily",
        /// Every week.
        Weekly = "weekly",
        /// Every month.
        Monthly = "monthly",
        /// Now and then.
        AsNeeded = "as-needed",
        /// No more.
        Stopped = "stopped",
        /// Not yet.
        Planned = "planned",
        /// Not recorded; counts as used.
        Unknown = "unknown",
    }
}

words! {
    /// How fast a product lets its medicine go.
    Release {
        /// At once.
        Immediate = "immediate",
        /// Over hours or days.
        Extended = "extended",
        /// Not recorded.
        Unknown = "unknown",
    }
}

words! {
    /// How a medicine enters the body.
    Route {
        /// Swallowed.
        Oral = "oral",
        /// Through the skin from a patch.
        Patch = "patch",
        /// Injected or infused.
        Injection = "injection",
        /// From an implant.
        Implant = "implant",
        /// Under the tongue.
        Sublingual = "sublingual",
        /// In the cheek.
        Buccal = "buccal",
        /// Through the nose.
        Nasal = "nasal",
        /// Breathed in.
        Inhaled = "inhaled",
        /// Through the rectum.
        Rectal = "rectal",
        /// On the skin.
        Topical = "topical",
        /// In the eye.
        Eye = "eye",
        /// In the ear.
        Ear = "ear",
        /// In the vagina.
        Vaginal = "vaginal",
        /// Beside the spinal cord.
        Spinal = "spinal",
        /// Another way.
        Other = "other",
        /// Not recorded.
        Unknown = "unknown",
    }
}

words! {
    /// What a person believes is in the capsule.
    Guess {
        /// Naltrexone.
        Active = "active",
        /// Placebo.
        Placebo = "placebo",
        /// The person would not guess.
        DoNotKnow = "do-not-know",
    }
}
