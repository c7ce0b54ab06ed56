//! The application as a browser sees it: requests in, pages out, against a store of its own.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

#[allow(dead_code, reason = "shared with the samples of the library; each uses its part")]
mod journal;
mod support;

mod api;
mod api_pages;
mod charts;
mod clinic;
mod clinic_plan;
mod data;
mod events;
mod instruments;
mod labs;
mod people;
mod plan;
mod plan_enter;
mod routes;
mod security;
mod stop;
mod verdict;
