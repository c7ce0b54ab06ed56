//! From the screening to the order: what was found, which protocol, what the plan looks like, and what the pharmacy makes.
//!
//! [`screening`] shows everything that [`ldn_care::screen`] says, [`choose`] takes the protocol and the prescriber's choices,
//! overrides among them, [`preview`] shows the proposed plan with what it costs in capsules and takes the signature,
//! [`order`] makes the paper for the pharmacy. A proposal is an entry of the journal, so that it can be looked at on another
//! device before it is signed.

mod choices;
mod choose;
mod order;
mod preview;
mod screening;

use axum::Router;
use axum::routing::{get, post};

use crate::site::Site;

pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/clinic/courses/{course}/screening", get(screening::show).post(screening::record))
        .route("/clinic/courses/{course}/screening/name", post(screening::name))
        .route("/clinic/courses/{course}/plan", get(choose::list))
        .route("/clinic/courses/{course}/plan/{slug}", get(choose::show).post(choose::propose))
        .route("/clinic/courses/{course}/proposed/{slug}", get(preview::show).post(preview::sign))
        .route("/clinic/courses/{course}/order", get(order::show).post(order::make))
}
