//! Accounts: the first one, invitations, sign-in, second factors, recovery, sessions, and guessing.

use jiff::{SignedDuration, Timestamp};
use ldn_core::journal::Role;
use ldn_store::Store;
use ldn_store::account::{AccountError, Accounts, Credentials, LONGEST_PAUSE, Password, Token, TokenKind};
use ldn_store::invitation::{FIRST_LASTS, INVITATION_LASTS, Lost, Redemption};
use ldn_store::session::{self, Actor, Limits, SessionError, authenticate};
use ldn_store::view::AccessError;

use crate::accounts_people::{Member, accounts, administrator, credentials, join, minute, redeem, request};
use crate::on_both_engines;
use crate::support::entries::course;
use crate::support::site::Site;

on_both_engines! {
    the_first_account_is_made_once_and_in_time
    only_who_may_invites_and_an_invitation_works_once
    nobody_signs_in_without_everything
    a_code_is_taken_once_and_a_recovery_code_once
    nothing_lost_goes_around_the_second_factor
    a_disabled_account_has_no_session
    sessions_end_when_idle_and_when_over
    own_sessions_are_listed_and_ended
    a_sensitive_action_needs_a_fresh_proof
    ten_thousand_guesses_get_nowhere_and_lock_nobody_out
    secrets_are_nowhere_in_the_store
    a_personal_store_has_a_keeper_until_the_first_account
}

fn after(now: Timestamp, duration: SignedDuration) -> Timestamp {
    now.saturating_add(duration).unwrap()
}

async fn try_sign_in(
    store: &Store,
    member: &Member,
    password: &str,
    code: Option<&str>,
    now: Timestamp,
) -> Result<(), AccountError> {
    let password = Password::typed(password);
    accounts(store).sign_in(&credentials(&member.name, &password, code), &request(), now).await.map(drop)
}

async fn the_first_account_is_made_once_and_in_time(site: &mut Site) {
    let store = site.create().await;
    let accounts = accounts(&store);
    let replaced = accounts.bootstrap(&request(), minute(0)).await.unwrap();
    let first = accounts.bootstrap(&request(), minute(0)).await.unwrap();
    let gone = accounts.open_invitation(&replaced.token, minute(0)).await.unwrap_err();
    assert!(matches!(gone, AccountError::NoInvitation), "a new secret replaces the old one");
    let late = accounts.open_invitation(&first.token, after(minute(0), FIRST_LASTS)).await.unwrap_err();
    assert!(matches!(late, AccountError::NoInvitation), "it expires");
    let staff =
        Redemption { first_role: Some(Role::Prescriber), name: Some("boss"), ..Redemption::default() };
    let wrong = accounts.redeem(&first.token, &staff, &request(), minute(1)).await.unwrap_err();
    assert!(matches!(wrong, AccountError::Missing { .. }), "{wrong}");
    let first_role = Some(Role::Administrator);
    let made =
        redeem(&store, &first, "boss", Redemption { first_role, ..Redemption::default() }, minute(1)).await;
    assert_eq!((made.role, made.recovery_codes.len()), (Role::Administrator, 10));
    let again = accounts.open_invitation(&first.token, minute(1)).await.unwrap_err();
    assert!(matches!(again, AccountError::NoInvitation), "it works once");
    let second = accounts.bootstrap(&request(), minute(2)).await.unwrap_err();
    assert!(matches!(second, AccountError::NotFirst), "{second}");
}

async fn only_who_may_invites_and_an_invitation_works_once(site: &mut Site) {
    let store = site.with_courses(2).await;
    let admin = administrator(&store, minute(0)).await;
    let boss = admin.actor(&store, minute(1)).await;
    let accounts = accounts(&store);
    let mut actors = Vec::new();
    for role in [Role::Prescriber, Role::Pharmacist, Role::Researcher] {
        let member = join(&store, &boss, role, None, role.word(), minute(1)).await;
        actors.push(member.actor(&store, minute(2)).await);
    }
    let patient = join(&store, &boss, Role::Patient, Some(course(1)), "patient", minute(1)).await;
    actors.push(patient.actor(&store, minute(2)).await);
    for actor in &actors {
        for role in Role::ALL.iter().copied() {
            let refused = accounts.invite(actor, role, Some(course(1)), minute(2)).await.unwrap_err();
            assert!(matches!(refused, AccountError::Access(AccessError::Refused { .. })), "{actor:?} {role}");
        }
    }
    let invited = accounts.invite(&boss, Role::Pharmacist, None, minute(2)).await.unwrap();
    let late = after(minute(2), INVITATION_LASTS);
    assert!(accounts.open_invitation(&invited.token, late).await.is_err(), "it expires");
    let other = Token::parse(TokenKind::Session, &invited.token.expose()).unwrap();
    assert!(accounts.open_invitation(&other, minute(3)).await.is_err(), "a token of one kind is no other");
    let taken = accounts.invite(&boss, Role::Patient, Some(course(2)), minute(2)).await.unwrap();
    let password = Password::typed("words that nobody chose");
    let redemption = Redemption { name: Some("PATIENT"), password: Some(&password), ..Redemption::default() };
    let refused = accounts.redeem(&taken.token, &redemption, &request(), minute(3)).await.unwrap_err();
    assert!(matches!(refused, AccountError::NameTaken), "{refused}");
    let redemption = Redemption { name: Some("patient-2"), ..redemption };
    accounts.redeem(&taken.token, &redemption, &request(), minute(3)).await.unwrap();
    let again = accounts.redeem(&taken.token, &redemption, &request(), minute(3)).await.unwrap_err();
    assert!(matches!(again, AccountError::NoInvitation), "{again}");
    let weak = Password::typed("password1");
    let redemption = Redemption {
        name: Some("new"),
        person_name: Some("New"),
        password: Some(&weak),
        ..Redemption::default()
    };
    let refused = accounts.redeem(&invited.token, &redemption, &request(), minute(3)).await.unwrap_err();
    assert!(matches!(refused, AccountError::Password(_)), "{refused}");
    let redemption = Redemption { password: Some(&password), ..redemption };
    let refused = accounts.redeem(&invited.token, &redemption, &request(), minute(3)).await.unwrap_err();
    assert!(matches!(refused, AccountError::CodeNeeded), "staff has two factors: {refused}");
}

async fn nobody_signs_in_without_everything(site: &mut Site) {
    let store = site.create().await;
    let admin = administrator(&store, minute(0)).await;
    let code = admin.code(minute(10)).unwrap();
    for (password, code, needs_code) in [
        ("wrong words in a row", Some(code.as_str()), false),
        (admin.password.as_str(), Some("000000"), false),
        (admin.password.as_str(), None, true),
    ] {
        let refused = try_sign_in(&store, &admin, password, code, minute(10)).await.unwrap_err();
        let found = matches!(refused, AccountError::CodeNeeded);
        assert_eq!(found, needs_code, "{refused}");
        assert!(found || matches!(refused, AccountError::NotAccepted), "{refused}");
    }
    let nobody = Member { name: "nobody".to_owned(), ..admin.clone() };
    let refused = try_sign_in(&store, &nobody, &admin.password, Some(&code), minute(10)).await.unwrap_err();
    assert!(matches!(refused, AccountError::NotAccepted), "an unknown name gets the same answer");
    try_sign_in(&store, &admin, &admin.password, Some(&code), minute(10)).await.unwrap();
    let [one, two] = [11, 12].map(minute);
    let (one, two) = (admin.sign_in(&store, one).await, admin.sign_in(&store, two).await);
    assert_ne!(one.session, two.session, "every sign-in has a new id");
}

async fn a_code_is_taken_once_and_a_recovery_code_once(site: &mut Site) {
    let store = site.create().await;
    let admin = administrator(&store, minute(0)).await;
    let enrolment = admin.code(minute(0)).unwrap();
    let replayed = try_sign_in(&store, &admin, &admin.password, Some(&enrolment), minute(0)).await;
    assert!(matches!(replayed, Err(AccountError::NotAccepted)), "the code of the enrolment is used up");
    let code = admin.code(minute(5)).unwrap();
    try_sign_in(&store, &admin, &admin.password, Some(&code), minute(5)).await.unwrap();
    let replayed = try_sign_in(&store, &admin, &admin.password, Some(&code), minute(5)).await;
    assert!(matches!(replayed, Err(AccountError::NotAccepted)), "a code works once");
    let paper = admin.recovery_codes[3].expose().to_lowercase();
    try_sign_in(&store, &admin, &admin.password, Some(&paper), minute(6)).await.unwrap();
    let replayed = try_sign_in(&store, &admin, &admin.password, Some(&paper), minute(7)).await;
    assert!(matches!(replayed, Err(AccountError::NotAccepted)), "a recovery code works once");
    let paper = admin.recovery_codes[4].expose();
    let wrong = try_sign_in(&store, &admin, "not the password", Some(&paper), minute(8)).await;
    assert!(wrong.is_err(), "it replaces the second factor, never the first");
}

async fn nothing_lost_goes_around_the_second_factor(site: &mut Site) {
    let store = site.create().await;
    let admin = administrator(&store, minute(0)).await;
    let boss = admin.actor(&store, minute(1)).await;
    let pharmacist = join(&store, &boss, Role::Pharmacist, None, "pharmacist", minute(1)).await;
    let before = pharmacist.sign_in(&store, minute(2)).await;
    let accounts = accounts(&store);
    let new = Password::typed("entirely other words now");

    let invited = accounts.recover(&boss, pharmacist.account, None, Lost::Password, minute(3)).await.unwrap();
    let opened = accounts.open_invitation(&invited.token, minute(3)).await.unwrap();
    assert!(opened.factor.is_none(), "a lost password brings no new factor");
    let no_code = Redemption { password: Some(&new), ..Redemption::default() };
    let refused = accounts.redeem(&invited.token, &no_code, &request(), minute(3)).await.unwrap_err();
    assert!(matches!(refused, AccountError::CodeNeeded), "{refused}");
    let wrong = Redemption { code: Some("123456"), ..no_code };
    let refused = accounts.redeem(&invited.token, &wrong, &request(), minute(3)).await.unwrap_err();
    assert!(matches!(refused, AccountError::NotAccepted), "{refused}");
    let code = pharmacist.code(minute(4)).unwrap();
    let right = Redemption { code: Some(&code), ..no_code };
    accounts.redeem(&invited.token, &right, &request(), minute(4)).await.unwrap();
    let ended = authenticate(store.database(), &before.session, request(), minute(4)).await.unwrap_err();
    assert!(matches!(ended, SessionError::None), "sessions from before are ended");
    let code = pharmacist.code(minute(5));
    let old = try_sign_in(&store, &pharmacist, &pharmacist.password, code.as_deref(), minute(5)).await;
    assert!(old.is_err(), "the old password is gone");

    let invited = accounts.recover(&boss, pharmacist.account, None, Lost::Factor, minute(5)).await.unwrap();
    let again = redeem(&store, &invited, "ignored", Redemption::default(), minute(5)).await;
    assert_eq!(again.account, pharmacist.account);
    assert_ne!(again.factor, pharmacist.factor, "a new factor");
    let old_code = pharmacist.code(minute(7)).unwrap();
    let again = Member { name: pharmacist.name.clone(), ..again };
    let refused = try_sign_in(&store, &again, &again.password, Some(&old_code), minute(7)).await;
    assert!(refused.is_err(), "the old factor is gone");
    let old_paper = pharmacist.recovery_codes[0].expose();
    let refused = try_sign_in(&store, &again, &again.password, Some(&old_paper), minute(7)).await;
    assert!(refused.is_err(), "and so are its recovery codes");
    again.sign_in(&store, minute(8)).await;
}

async fn a_disabled_account_has_no_session(site: &mut Site) {
    let store = site.create().await;
    let admin = administrator(&store, minute(0)).await;
    let boss = admin.actor(&store, minute(1)).await;
    let researcher = join(&store, &boss, Role::Researcher, None, "researcher", minute(1)).await;
    let signed_in = researcher.sign_in(&store, minute(2)).await;
    authenticate(store.database(), &signed_in.session, request(), minute(3)).await.unwrap();
    accounts(&store).disable(&boss, researcher.account, minute(3)).await.unwrap();
    let ended = authenticate(store.database(), &signed_in.session, request(), minute(3)).await.unwrap_err();
    assert!(matches!(ended, SessionError::None), "{ended}");
    let code = researcher.code(minute(4));
    let refused = try_sign_in(&store, &researcher, &researcher.password, code.as_deref(), minute(4)).await;
    assert!(matches!(refused, Err(AccountError::NotAccepted)));
    let list = accounts(&store).list(&boss, minute(4)).await.unwrap();
    let record = list.iter().find(|record| record.id == researcher.account).unwrap();
    assert_eq!((record.disabled, record.has_factor), (Some(minute(3)), true));
    let refused =
        accounts(&store).recover(&boss, researcher.account, None, Lost::Factor, minute(4)).await.unwrap_err();
    assert!(matches!(refused, AccountError::NoAccount), "{refused}");
}

async fn sessions_end_when_idle_and_when_over(site: &mut Site) {
    let store = site.with_courses(1).await;
    let admin = administrator(&store, minute(0)).await;
    let boss = admin.actor(&store, minute(1)).await;
    let patient = join(&store, &boss, Role::Patient, Some(course(1)), "patient", minute(1)).await;
    for own_device in [false, true] {
        let limits = Limits::of(Role::Patient, own_device);
        let start = minute(2);
        let password = Password::typed(&patient.password);
        let asked = Credentials { own_device, ..credentials("patient", &password, None) };
        let token = accounts(&store).sign_in(&asked, &request(), start).await.unwrap().session;
        let mut now = start;
        let step = limits.idle - SignedDuration::from_secs(1);
        while after(now, step) < after(start, limits.absolute) {
            now = after(now, step);
            authenticate(store.database(), &token, request(), now).await.unwrap();
        }
        let over = authenticate(store.database(), &token, request(), after(start, limits.absolute)).await;
        assert!(matches!(over, Err(SessionError::Over)), "{own_device}");
        let idle = authenticate(store.database(), &token, request(), after(now, limits.idle + step)).await;
        assert!(matches!(idle, Err(SessionError::Idle | SessionError::Over)), "{own_device}");
    }
    let token = admin.sign_in(&store, minute(30)).await.session;
    let idle = after(minute(30), Limits::of(Role::Administrator, false).idle + SignedDuration::from_secs(1));
    let ended = authenticate(store.database(), &token, request(), idle).await;
    assert!(matches!(ended, Err(SessionError::Idle)), "{ended:?}");
}

async fn own_sessions_are_listed_and_ended(site: &mut Site) {
    let store = site.create().await;
    let admin = administrator(&store, minute(0)).await;
    let boss = admin.actor(&store, minute(1)).await;
    let other = join(&store, &boss, Role::Researcher, None, "researcher", minute(1)).await;
    let foreign = other.actor(&store, minute(2)).await.session().unwrap();
    let elsewhere = admin.sign_in(&store, minute(2)).await.session;
    let third = admin.sign_in(&store, minute(3)).await.session;
    let database = store.database();
    let listed = session::own(database, &boss, minute(3)).await.unwrap();
    assert_eq!(listed.len(), 3);
    assert!(!session::end_own(database, &boss, foreign, minute(3)).await.unwrap(), "not somebody else's");
    assert!(session::end_own(database, &boss, listed[1].id, minute(3)).await.unwrap());
    assert!(authenticate(database, &elsewhere, request(), minute(3)).await.is_err());
    assert_eq!(session::end_others(database, &boss, minute(3)).await.unwrap(), 1);
    assert!(authenticate(database, &third, request(), minute(3)).await.is_err());
    let left = session::own(database, &boss, minute(3)).await.unwrap();
    assert_eq!(left.iter().map(|record| Some(record.id)).collect::<Vec<_>>(), [boss.session()]);
}

async fn a_sensitive_action_needs_a_fresh_proof(site: &mut Site) {
    let store = site.create().await;
    let admin = administrator(&store, minute(0)).await;
    let signed_in = admin.sign_in(&store, minute(1)).await;
    let accounts = accounts(&store);
    let boss = authenticate(store.database(), &signed_in.session, request(), minute(10)).await.unwrap();
    let stale = accounts.invite(&boss, Role::Pharmacist, None, minute(10)).await.unwrap_err();
    assert!(matches!(stale, AccountError::StaleProof), "{stale}");
    let password = Password::typed(&admin.password);
    let no_code = accounts.prove_again(&boss, &password, None, minute(10)).await.unwrap_err();
    assert!(matches!(no_code, AccountError::CodeNeeded), "{no_code}");
    let code = admin.code(minute(10));
    accounts.prove_again(&boss, &password, code.as_deref(), minute(10)).await.unwrap();
    let boss = authenticate(store.database(), &signed_in.session, request(), minute(11)).await.unwrap();
    accounts.invite(&boss, Role::Pharmacist, None, minute(11)).await.unwrap();

    let new = Password::typed("entirely other words now");
    let wrong =
        accounts.change_password(&boss, &new, admin.code(minute(12)).as_deref(), &new, minute(12)).await;
    assert!(matches!(wrong, Err(AccountError::NotAccepted)));
    let code = admin.code(minute(13));
    accounts.change_password(&boss, &password, code.as_deref(), &new, minute(13)).await.unwrap();
    let changed = Member { password: "entirely other words now".to_owned(), ..admin };
    changed.sign_in(&store, minute(14)).await;

    let offered = accounts.offer_factor(&boss, minute(11)).await.unwrap();
    let factor = accounts.open_invitation(&offered.token, minute(14)).await.unwrap().factor.unwrap();
    let code = factor.code(minute(14));
    let redemption = Redemption { code: Some(&code), ..Redemption::default() };
    let redeemed = accounts.redeem(&offered.token, &redemption, &request(), minute(14)).await.unwrap();
    assert_eq!(redeemed.recovery_codes.len(), 10);
    Member { factor: Some(factor), ..changed }.sign_in(&store, minute(15)).await;
}

/// 10,000 guesses on one account, a second apart; and one guess on each of 10,000 names from 20 sources, 40 of which are
/// real accounts that every source tries first.
async fn ten_thousand_guesses_get_nowhere_and_lock_nobody_out(site: &mut Site) {
    let store = site.with_courses(40).await;
    let admin = administrator(&store, minute(0)).await;
    let boss = Actor::local_operator(request(), minute(1));
    let mut patients = Vec::new();
    for number in 1..=40 {
        let name = format!("patient-{number}");
        patients.push(join(&store, &boss, Role::Patient, Some(course(number)), &name, minute(1)).await);
    }
    let victim = &patients[0];
    let known = victim.sign_in(&store, minute(2)).await.device.unwrap();
    let accounts = accounts(&store);
    let (mut n_accepted, mut n_looked_at) = (0, 0);
    let start = minute(3);
    for guess in 0..10_000_i64 {
        let now = after(start, SignedDuration::from_secs(guess));
        let password = Password::typed(&format!("guess number {guess}"));
        let source = format!("203.0.113.{}", guess % 250);
        let asked = Credentials { source: &source, ..credentials(&victim.name, &password, None) };
        match accounts.sign_in(&asked, &request(), now).await {
            Ok(_) => n_accepted += 1,
            Err(AccountError::NotAccepted) => n_looked_at += 1,
            Err(AccountError::Paused { until }) => {
                assert!(until <= after(now, LONGEST_PAUSE), "never for ever")
            }
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!(n_accepted, 0);
    assert!(n_looked_at < 40, "{n_looked_at}");
    let end = after(start, SignedDuration::from_secs(10_000));
    let password = Password::typed(&victim.password);
    let from_home = Credentials { device: Some(&known), ..credentials(&victim.name, &password, None) };
    accounts.sign_in(&from_home, &request(), end).await.expect("a known device is not slowed down");
    let elsewhere = credentials(&victim.name, &password, None);
    let waited = after(end, LONGEST_PAUSE);
    accounts
        .sign_in(&elsewhere, &request(), waited)
        .await
        .expect("elsewhere after a quarter of an hour at most");

    let (mut n_accepted_wide, mut n_paused) = (0, 0);
    for guess in 0..10_000_usize {
        let name = if guess < 800 { patients[guess / 20].name.clone() } else { format!("somebody-{guess}") };
        let password = Password::typed("Summer2026!");
        let source = format!("198.51.100.{}", guess % 20);
        let asked = Credentials { source: &source, ..credentials(&name, &password, None) };
        match accounts.sign_in(&asked, &request(), waited).await {
            Ok(_) => n_accepted_wide += 1,
            Err(AccountError::NotAccepted) => {}
            Err(AccountError::Paused { .. }) => n_paused += 1,
            Err(error) => panic!("{error}"),
        }
    }
    println!(
        "{:?}: accepted {n_accepted} of 10000 on one account ({n_looked_at} looked at), \
         {n_accepted_wide} of 10000 across names ({n_paused} not looked at)",
        site.engine
    );
    assert_eq!(n_accepted_wide, 0);
    assert!(n_paused > 9_000, "{n_paused}");
    let tomorrow = after(waited, SignedDuration::from_hours(1));
    for member in &patients {
        member.sign_in(&store, tomorrow).await;
    }
    admin.sign_in(&store, tomorrow).await;
}

async fn secrets_are_nowhere_in_the_store(site: &mut Site) {
    let store = site.create().await;
    let admin = administrator(&store, minute(0)).await;
    let signed_in = admin.sign_in(&store, minute(1)).await;
    let boss = authenticate(store.database(), &signed_in.session, request(), minute(1)).await.unwrap();
    let invited = accounts(&store).invite(&boss, Role::Pharmacist, None, minute(1)).await.unwrap();
    let mut secrets = vec![
        admin.password.clone(),
        admin.factor.clone().unwrap().expose(),
        signed_in.session.expose(),
        signed_in.device.clone().unwrap().expose(),
        invited.token.expose(),
    ];
    secrets.extend(admin.recovery_codes.iter().map(|code| code.expose()));
    let password = Password::typed(&admin.password);
    let shown = format!(
        "{invited:?} {signed_in:?} {:?} {:?} {:?} {:?}",
        credentials("admin", &password, None),
        admin.recovery_codes,
        admin.factor,
        Accounts::of(&store)
    );
    for secret in &secrets {
        assert!(!shown.contains(secret.as_str()), "{secret} is printed");
    }
    if site.engine == ldn_store::Engine::Sqlite {
        let bytes =
            [std::fs::read(&site.url).unwrap(), std::fs::read(format!("{}-wal", site.url)).unwrap()].concat();
        for secret in &secrets {
            let raw: Vec<u8> = (0..secret.len() / 2)
                .map_while(|at| u8::from_str_radix(secret.get(2 * at..2 * at + 2)?, 16).ok())
                .collect();
            for needle in [secret.as_bytes(), raw.as_slice()].into_iter().filter(|needle| needle.len() >= 20)
            {
                assert!(!bytes.windows(needle.len()).any(|window| window == needle), "{secret} is stored");
            }
        }
        let planted = admin.account.uuid();
        assert!(bytes.windows(16).any(|window| window == planted.as_bytes()), "the test can see");
    }
}

async fn a_personal_store_has_a_keeper_until_the_first_account(site: &mut Site) {
    let store = site.with_courses(1).await;
    let keeper = accounts(&store).local_keeper(course(1), request(), minute(0)).await.unwrap();
    assert_eq!(keeper.role(), Role::Patient);
    administrator(&store, minute(0)).await;
    let refused = accounts(&store).local_keeper(course(1), request(), minute(1)).await.unwrap_err();
    assert!(matches!(refused, AccountError::NotFirst), "{refused}");
}
