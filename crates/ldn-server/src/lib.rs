//! The web application: sign-in, the diary, the plan, the verdict.
//!
//! Pages are written on the server, everything is compiled into the program, and no page asks another host for
//! anything. One folder per family of pages holds handler, form and context; what stands around every page is
//! [`frame`], what it says is [`words`], why there is no page is [`trouble`]. Rules of medicine are not here: they are
//! asked of `ldn-care` and `ldn-verdict`, and records are kept by `ldn-store`. All addresses stand in [`app`].

mod api;
pub mod app;
pub mod assets;
mod clinic;
pub mod frame;
pub mod headers;
mod help;
pub mod look;
pub mod metrics;
mod offline;
mod origin;
mod patient;
mod sign_in;
pub mod site;
mod source;
pub mod trouble;
mod visitor;
pub mod words;

pub use api::document as openapi;
pub use app::{router, serve};
pub use site::{Clock, Settings, Site};
