//! What each role can see and do: a handle per role that has no other methods.
//!
//! A handle is made of an [`Actor`], which only a session or the machine's command line yields, and refuses an actor of
//! another role. Every call asks the policy and the grants anew, so that a grant that ends, ends at once. A course that
//! does not exist and one that is not theirs get the same answer. Refusals are recorded in the trail, and so is every
//! look at somebody else's record.
//!
//! ```compile_fail
//! # async fn f(view: ldn_store::view::PharmacistView<'_>, course: ldn_core::ids::CourseId, now: jiff::Timestamp) {
//! // A pharmacist has no way to break the glass, to list accounts or to count: there are no such methods.
//! view.break_glass(course, "reason", now).await;
//! # }
//! ```

mod administrator;
mod error;
pub(crate) mod gate;
mod handle;
mod patient;
mod pharmacist;
mod prescriber;
mod researcher;
mod seen;

pub use administrator::{AdministratorView, CourseLine};
pub use error::AccessError;
pub use gate::ask;
pub use patient::PatientView;
pub use pharmacist::PharmacistView;
pub use prescriber::{Colleague, OwnCase, OwnPatient, PrescriberView};
pub use researcher::{Count, Counts, ResearcherView, SMALLEST_COUNT, SMALLEST_SITE};
pub use seen::{MaskedEntry, Seen};

#[expect(unused_imports, reason = "named by the documentation of this module")]
use crate::session::Actor;
