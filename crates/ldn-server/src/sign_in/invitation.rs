//! The page behind an invitation: a new account, or a new password or code for one.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use ldn_core::journal::Role;
use ldn_store::account::{AccountError, Password, PasswordRefusal, Token, TokenKind};
use ldn_store::invitation::{Opened, Purpose, Redemption};
use serde::Deserialize;

use super::enter::paused_or_broken;
use crate::frame::Frame;
use crate::site::Site;
use crate::trouble::{Trouble, rendered};
use crate::visitor::{Refused, Visitor};
use crate::words::Words;

#[derive(Default, Deserialize)]
pub(crate) struct RedeemForm {
    #[serde(default)]
    first_role: String,
    #[serde(default)]
    person_name: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    code: String,
}

#[derive(Template)]
#[template(path = "sign_in/invitation.html")]
struct InvitationPage {
    frame: Frame,
    token: String,
    title: String,
    asks: Asks,
    typed: RedeemForm,
    factor: Option<OfferedFactor>,
    problem: Option<String>,
}

/// What a purpose asks for.
struct Asks {
    first_role: bool,
    person_name: bool,
    name: bool,
    password: bool,
    code_of_old_factor: bool,
}

/// A second factor to enrol.
struct OfferedFactor {
    secret: String,
    link: String,
}

#[derive(Template)]
#[template(path = "sign_in/ready.html")]
struct ReadyPage {
    frame: Frame,
    recovery_codes: Vec<String>,
}

pub(crate) async fn show(
    State(site): State<Site>,
    visitor: Visitor,
    Path(text): Path<String>,
) -> Result<Response, Refused> {
    let token = read(&visitor, &text)?;
    let opened = site.accounts().open_invitation(&token, site.now()).await;
    let opened = opened.map_err(|error| refuse(&site, &visitor, error))?;
    Ok(rendered(&page(&site, &visitor, text, &opened, RedeemForm::default(), None)).into_response())
}

pub(crate) async fn redeem(
    State(site): State<Site>,
    visitor: Visitor,
    Path(text): Path<String>,
    Form(form): Form<RedeemForm>,
) -> Result<Response, Refused> {
    let token = read(&visitor, &text)?;
    let accounts = site.accounts();
    let opened = accounts.open_invitation(&token, site.now()).await;
    let opened = opened.map_err(|error| refuse(&site, &visitor, error))?;
    let password = Password::typed(&form.password);
    let given = |text: &'_ str| !text.trim().is_empty();
    let redemption = Redemption {
        name: Some(form.name.trim()).filter(|name| given(name)),
        person_name: Some(form.person_name.trim()).filter(|name| given(name)),
        password: Some(&password).filter(|_| given(&form.password)),
        code: Some(form.code.trim()).filter(|code| given(code)),
        first_role: match form.first_role.as_str() {
            "patient" => Some(Role::Patient),
            "clinic" => Some(Role::Administrator),
            _ => None,
        },
    };
    match accounts.redeem(&token, &redemption, &visitor.request, site.now()).await {
        Ok(redeemed) => {
            let page = ReadyPage {
                frame: Frame::plain(visitor.look, "/sign-in"),
                recovery_codes: redeemed.recovery_codes.iter().map(|code| code.expose()).collect(),
            };
            Ok(rendered(&page).into_response())
        }
        Err(error) => {
            let words = visitor.look.words();
            let Some(problem) = problem(&error, words) else { return Err(refuse(&site, &visitor, error)) };
            let page = page(&site, &visitor, text, &opened, form, Some(problem));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, rendered(&page)).into_response())
        }
    }
}

fn read(visitor: &Visitor, text: &str) -> Result<Token, Refused> {
    Token::parse(TokenKind::Invitation, text).map_err(|_| Refused::to(visitor, Trouble::Missing))
}

fn refuse(site: &Site, visitor: &Visitor, error: AccountError) -> Refused {
    let trouble = match error {
        AccountError::NoInvitation => Trouble::Missing,
        error => paused_or_broken(site, &error),
    };
    Refused::to(visitor, trouble)
}

/// What the holder can put right, in words; `None` for what they cannot.
fn problem(error: &AccountError, words: Words) -> Option<String> {
    let code = match error {
        AccountError::Missing { what } => {
            return Some(words.say_with("invitation-missing", &[("what", &words.say(missing_code(what)))]));
        }
        AccountError::Name(_) => "invitation-name",
        AccountError::NameTaken => "invitation-name-taken",
        AccountError::Password(PasswordRefusal::TooShort { .. }) => "invitation-password-short",
        AccountError::Password(PasswordRefusal::Common) => "invitation-password-common",
        AccountError::Password(_) => "invitation-password",
        AccountError::FactorNotConfirmed => "invitation-code",
        AccountError::CodeNeeded | AccountError::NotAccepted => "invitation-old-code",
        _ => return None,
    };
    Some(words.say(code))
}

/// The store names what is missing in English; the pages have codes.
fn missing_code(what: &str) -> &'static str {
    match what {
        what if what.contains("password") => "invitation-field-password",
        what if what.contains("role") => "invitation-field-role",
        what if what.contains("sign in") || what.contains("signing in") => "invitation-field-name",
        _ => "invitation-field-person-name",
    }
}

fn page(
    site: &Site,
    visitor: &Visitor,
    token: String,
    opened: &Opened,
    typed: RedeemForm,
    problem: Option<String>,
) -> InvitationPage {
    let words = visitor.look.words();
    let is_account = matches!(opened.purpose, Purpose::First | Purpose::Account);
    let factor = opened.factor.as_ref().map(|factor| OfferedFactor {
        secret: factor.expose(),
        link: factor.link(&site.settings().origin, &typed.name),
    });
    InvitationPage {
        frame: Frame::plain(visitor.look, "/sign-in"),
        token,
        title: words.say(match opened.purpose {
            Purpose::First => "invitation-first",
            Purpose::Account => "invitation-account",
            Purpose::Password => "invitation-password-title",
            Purpose::Everything => "invitation-everything",
            Purpose::Factor => "invitation-factor",
        }),
        asks: Asks {
            first_role: opened.purpose == Purpose::First,
            // A patient invited to a course is already known by name.
            person_name: is_account && opened.role != Some(Role::Patient),
            name: is_account,
            password: opened.purpose != Purpose::Factor,
            code_of_old_factor: opened.purpose == Purpose::Password,
        },
        typed,
        factor,
        problem,
    }
}
