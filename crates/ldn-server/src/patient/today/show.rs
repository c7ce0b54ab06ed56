//! Shows a day.

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use jiff::ToSpan;
use jiff::civil::Date;
use ldn_store::session;
use serde::{Deserialize, Deserializer};

use super::LATE_DAYS;
use super::model::Model;
use super::page::TodayPage;
use crate::patient::Desk;
use crate::site::Site;
use crate::trouble::rendered;
use crate::visitor::Refused;

/// What an address of the diary may say.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Wanted {
    /// The day; today without it, and for what is no day.
    #[serde(default, deserialize_with = "day_or_none")]
    pub(crate) day: Option<Date>,
    /// The question to open.
    pub(crate) ask: Option<String>,
    /// "pain": nothing else is asked today.
    pub(crate) just: Option<String>,
    /// The entry that was just saved, to undo it.
    pub(crate) saved: Option<String>,
}

fn day_or_none<'de, D: Deserializer<'de>>(reader: D) -> Result<Option<Date>, D::Error> {
    Ok(Option::<String>::deserialize(reader)?.and_then(|text| text.parse().ok()))
}

pub(super) async fn show(
    State(site): State<Site>,
    Query(wanted): Query<Wanted>,
    desk: Desk,
) -> Result<Response, Refused> {
    let may_keep = may_keep(&site, &desk).await?;
    let model = Model::of(&desk, site.now(), may_keep);
    let frame = desk.frame(&site, "/today");
    let token = desk.signed_in.form_token.as_str();
    let now = site.now().to_zoned(jiff::tz::TimeZone::get(&desk.zone).unwrap_or(jiff::tz::TimeZone::UTC));
    let page = TodayPage::new(frame, token, &model, &wanted, desk.today, now.hour());
    Ok(rendered(&page).into_response())
}

/// A day may be written from a week back to today; any other day becomes today.
pub(super) fn writable(day: Option<Date>, today: Date) -> Date {
    let first = today.checked_sub(LATE_DAYS.days()).unwrap_or(today);
    day.filter(|day| (first..=today).contains(day)).unwrap_or(today)
}

/// Only a device that the person marked as own keeps pages for days without a network.
pub(crate) async fn may_keep(site: &Site, desk: &Desk) -> Result<bool, Refused> {
    let actor = &desk.signed_in.actor;
    let own = session::own(site.store().database(), actor, site.now()).await;
    let own = own.map_err(|error| desk.signed_in.refuse(site.broken(&error)))?;
    Ok(own.iter().any(|session| Some(session.id) == actor.session() && session.own_device))
}
