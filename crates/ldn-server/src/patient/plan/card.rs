//! The card for the wallet.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use ldn_report::{Sheet, WalletCardInput, wallet_card};

use super::case::Case;
use super::paper::{SheetView, as_text, last_dose, person};
use crate::frame::Frame;
use crate::patient::Desk;
use crate::site::Site;
use crate::trouble::{Trouble, rendered};
use crate::visitor::Refused;

/// Columns of the card as text.
pub(crate) const WIDTH: usize = 72;

#[derive(Template)]
#[template(path = "plan/card.html")]
pub(super) struct CardPage {
    pub(super) frame: Frame,
    /// `None` if something is missing that must stand on it.
    pub(super) sheet: Option<SheetView>,
    /// Codes of what is missing.
    pub(super) missing: Vec<&'static str>,
}

pub(super) async fn show(State(site): State<Site>, desk: Desk) -> Result<Response, Refused> {
    let frame = desk.frame(&site, "/card");
    let page = match card(&desk) {
        Ok(sheet) => CardPage { frame, sheet: Some(SheetView::of(&sheet)), missing: Vec::new() },
        Err(missing) => CardPage { frame, sheet: None, missing },
    };
    Ok(rendered(&page).into_response())
}

/// Hands the card out as plain text, which every device can show without a network.
pub(super) async fn download(desk: Desk) -> Response {
    let words = desk.signed_in.visitor.look.words();
    match card(&desk) {
        Ok(sheet) => as_text("card.txt", sheet.text(WIDTH)),
        Err(missing) => {
            let expected = missing.iter().map(|code| words.say(code)).collect::<Vec<_>>().join(" ");
            let trouble = Trouble::Invalid { at: words.say("plan-card"), expected };
            (StatusCode::CONFLICT, trouble.into_page(desk.signed_in.visitor.look)).into_response()
        }
    }
}

/// Writes the card, or returns the codes of what is missing that must stand on it.
pub(crate) fn card(desk: &Desk) -> Result<Sheet, Vec<&'static str>> {
    let case = Case::of(desk);
    let (plan, person) = (case.plan_for_paper(), person(desk));
    let missing = [
        plan.is_none().then_some("plan-paper-no-plan"),
        person.is_none().then_some("plan-paper-no-birth-year"),
    ];
    let (Some((plan, superseded)), Some(person)) = (plan, person) else {
        return Err(missing.into_iter().flatten().collect());
    };
    let input = WalletCardInput {
        plan: &plan,
        superseded,
        person: &person,
        last_dose: last_dose(&desk.course, desk.today, &desk.zone),
        today: desk.today,
    };
    wallet_card(&input).map_err(|_| vec!["plan-paper-no-birth-year"])
}
