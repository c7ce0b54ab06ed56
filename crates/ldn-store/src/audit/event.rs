//! One action, as the trail records it.

use jiff::Timestamp;
use ldn_core::ids::{AccountId, CourseId};
use ldn_core::journal::{Hash, Role};
use uuid::Uuid;

use super::text::escaped;
use crate::policy::{Object, Operation};

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// An operation of the policy on an object of the policy.
    Operated(Operation, Object),
    /// A sign-in.
    SignIn,
    /// The end of one or all sessions.
    SignOut,
    /// The proof of identity was given again for a sensitive action.
    Reauthenticate,
    /// An invitation was made.
    Invite,
    /// An invitation was used.
    RedeemInvitation,
    /// A password was changed.
    ChangePassword,
    /// A second factor was enrolled.
    EnrolFactor,
    /// A recovery code was used up.
    UseRecoveryCode,
    /// An account was disabled.
    DisableAccount,
    /// A grant was broken open in an emergency.
    BreakGlass,
    /// The head of this trail was published.
    PublishHead,
}

impl Action {
    /// The action as it is stored.
    pub fn name(self) -> String {
        match self {
            Action::Operated(operation, object) => format!("{} {}", operation.name(), object.name()),
            Action::SignIn => "sign-in".to_owned(),
            Action::SignOut => "sign-out".to_owned(),
            Action::Reauthenticate => "reauthenticate".to_owned(),
            Action::Invite => "invite".to_owned(),
            Action::RedeemInvitation => "redeem-invitation".to_owned(),
            Action::ChangePassword => "change-password".to_owned(),
            Action::EnrolFactor => "enrol-factor".to_owned(),
            Action::UseRecoveryCode => "use-recovery-code".to_owned(),
            Action::DisableAccount => "disable-account".to_owned(),
            Action::BreakGlass => "break-glass".to_owned(),
            Action::PublishHead => "publish-head".to_owned(),
        }
    }
}

/// Whether it happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was refused; the trail keeps that somebody tried.
    Refused,
}

impl Outcome {
    /// The outcome as it is stored.
    pub const fn name(self) -> &'static str {
        match self {
            Outcome::Done => "done",
            Outcome::Refused => "refused",
        }
    }
}

/// Why, as a word of this list: a reason in free text could be medical, so the trail keeps only its hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// In the ordinary course of care; nobody has to say more.
    Care,
    /// The person asked for it.
    PersonAsked,
    /// An emergency: the reason stands sealed beside the broken glass.
    Emergency,
    /// Running the site.
    Administration,
    /// The table of permissions does not name it.
    NotPermitted,
    /// The course is not one that the account may see, or there is none.
    NotTheirs,
    /// The proof of identity is older than the action demands.
    StaleProof,
    /// A name, password, code or token was not accepted.
    NotAccepted,
}

impl Why {
    /// The reason as it is stored.
    pub const fn name(self) -> &'static str {
        match self {
            Why::Care => "care",
            Why::PersonAsked => "person-asked",
            Why::Emergency => "emergency",
            Why::Administration => "administration",
            Why::NotPermitted => "not-permitted",
            Why::NotTheirs => "not-theirs",
            Why::StaleProof => "stale-proof",
            Why::NotAccepted => "not-accepted",
        }
    }
}

/// The name of the request during which something happened; joins the rows of one request.
///
/// It may come from outside, so it is escaped and cut when it is made.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(String);

impl RequestId {
    /// Makes a request's name of any text.
    pub fn new(text: &str) -> RequestId {
        RequestId(escaped(text))
    }

    /// The name, without control characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One action, before it gets its place in the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When, in UTC; kept to the microsecond.
    pub at: Timestamp,
    /// Which account, if one is known.
    pub account: Option<AccountId>,
    /// In which role.
    pub role: Option<Role>,
    /// On which course.
    pub course: Option<CourseId>,
    /// What.
    pub action: Action,
    /// On which thing exactly: an entry, an account, a session, a grant.
    pub subject: Option<Uuid>,
    /// Whether it happened.
    pub outcome: Outcome,
    /// Why.
    pub why: Why,
    /// The hash of what was there before, if there was something.
    pub before: Option<Hash>,
    /// The hash of what is there now, or of the sealed reason.
    pub after: Option<Hash>,
    /// During which request.
    pub request: RequestId,
}
