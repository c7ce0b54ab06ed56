//! `ldn account`, `ldn audit`, and what the command line may where people have accounts.

use crate::course::Home;

/// A store whose first account is being made: the secret is out, nobody has used it yet.
#[test]
fn the_bootstrap_secret_is_shown_once_and_replaced_by_the_next() {
    let home = Home::with_course();
    let first = home.json(&["account", "bootstrap"]);
    let token = first["invitation"]["token"].as_str().unwrap();
    assert_eq!(token.len(), 64);
    let second = home.json(&["account", "bootstrap"]);
    assert_ne!(second["invitation"]["token"], first["invitation"]["token"]);
    for args in [&["account", "list"][..], &["audit", "list"], &["course", "list"]] {
        assert!(!home.ok(args).contains(token), "{args:?}");
    }
    let bytes = std::fs::read(home.path("ldn.db")).unwrap();
    assert!(!bytes.windows(64).any(|window| window == token.as_bytes()));
    assert!(home.ok(&["account", "list"]).contains("personal"));
}

#[test]
fn invitations_name_a_role_and_patients_a_course() {
    let home = Home::with_course();
    let invited = home.json(&["account", "invite", "prescriber"]);
    assert_eq!(invited["invitation"]["token"].as_str().unwrap().len(), 64);
    let said = home.fails(&["account", "invite", "patient"], 1);
    assert!(said.contains("course"), "{said}");
    home.ok(&["account", "invite", "patient", "--course", "zoe"]);
    home.fails(&["account", "invite", "king"], 2);
    let nobody = "00000000-0000-4000-8000-000000000000";
    for args in [&["account", "disable", nobody][..], &["account", "recover", nobody, "--lost", "password"]] {
        let said = home.fails(args, 1);
        assert!(said.contains("no such account"), "{said}");
    }
}

#[test]
fn the_trail_lists_verifies_and_publishes() {
    let home = Home::with_course();
    home.ok(&["course", "log", "zoe", "--day", "2026-01-05", "note=wintergreen"]);
    let head = home.ok(&["audit", "head"]);
    assert!(head.starts_with("ldn-audit 20"), "{head}");
    assert_eq!(home.ok(&["audit", "head"]), head, "once a day");
    let rows = home.json(&["audit", "list", "--rows", "100"]);
    let actions: Vec<&str> =
        rows["audit"].as_array().unwrap().iter().map(|row| row["action"].as_str().unwrap()).collect();
    for action in ["create course", "append diary", "publish-head"] {
        assert!(actions.contains(&action), "{action}: {actions:?}");
    }
    let text = home.ok(&["audit", "list", "--rows", "100"]);
    assert!(!text.contains("wintergreen") && !text.contains("Zoe"), "{text}");
    let verified = home.json(&["audit", "verify", "--head", head.trim()]);
    assert_eq!(verified["audit"]["sound"], true);
    let other = head.trim().rsplit_once(' ').unwrap().0.to_owned() + " " + &"0".repeat(64);
    let said = home.fails(&["audit", "verify", "--head", &other], 1);
    assert!(said.contains("the trail was rewritten"), "{said}");
    home.fails(&["audit", "verify", "--head", "nonsense"], 2);
}

/// With the first account the command line is an administrator: it sees that courses exist and nothing else of them.
#[test]
fn with_accounts_the_command_line_sees_no_medical_text() {
    let home = Home::with_course();
    home.ok(&["course", "log", "zoe", "--day", "2026-01-05", "pain=5"]);
    let id = home.json(&["course", "list"])["courses"][0]["id"].as_str().unwrap().to_owned();
    first_account(&home);
    let folder = home.path("taken");
    for args in [
        &["course", "show", &id][..],
        &["course", "log", &id, "--today", "pain=1"],
        &["course", "export", &id, "--to", &folder],
        &["course", "import", &id, "examples/simulated-open-label-responder.csv"],
        &["verdict", "--course", &id],
        &["screen", "--course", &id],
        &["plan", "--course", &id, "--protocol", "T01", "--start", "2026-01-06"],
        &["course", "new", "--name", "Max", "--birth-year", "1980"],
    ] {
        let said = home.fails(args, 1);
        assert!(said.contains("no medical text") && said.contains("sign in"), "{args:?}: {said}");
    }
    let list = home.ok(&["course", "list"]);
    assert!(list.contains(&id) && !list.contains("Zoe"), "{list}");
    assert!(
        home.fails(&["course", "show", "zoe"], 1).contains("no course is `zoe`"),
        "names are not known here"
    );
    home.ok(&["course", "verify"]);
    home.ok(&["course", "new", "--name", "Max"]);
    let account = home.json(&["account", "list"])["accounts"][0]["id"].as_str().unwrap().to_owned();
    assert!(home.fails(&["account", "bootstrap"], 1).contains("has accounts already"));
    assert!(
        home.json(&["account", "recover", &account, "--lost", "factor"])["invitation"]["token"].is_string()
    );
    home.ok(&["account", "disable", &account]);
    assert!(home.ok(&["account", "list"]).contains("disabled"));
    // Erasing on the person's request names the person by id.
    let said = home.fails(&["course", "erase", &id, "--yes-erase", "Zoe"], 2);
    assert!(!said.contains("\"Zoe\""), "{said}");
}

/// Makes an account as the web page does.
#[expect(clippy::disallowed_methods, reason = "the secret that the command made works for an hour from now")]
fn first_account(home: &Home) {
    use ldn_store::account::{Accounts, Cost, Password, Token, TokenKind};
    let token = home.json(&["account", "bootstrap"])["invitation"]["token"].as_str().unwrap().to_owned();
    let key = std::fs::read_to_string(home.path("ldn.db.key")).unwrap().parse().unwrap();
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
        let store = ldn_store::Store::open(&home.path("ldn.db"), key).await.unwrap();
        let accounts = Accounts::of(&store).with_cost(Cost::CHEAPEST);
        let token = Token::parse(TokenKind::Invitation, &token).unwrap();
        let now = jiff::Timestamp::now();
        let opened = accounts.open_invitation(&token, now).await.unwrap();
        let code = opened.factor.map(|factor| factor.code(now));
        let password = Password::typed("four quiet words of somebody");
        let redemption = ldn_store::invitation::Redemption {
            name: Some("admin"),
            person_name: Some("Somebody"),
            password: Some(&password),
            code: code.as_deref(),
            first_role: Some(ldn_core::journal::Role::Administrator),
        };
        let request = ldn_store::audit::RequestId::new("test");
        accounts.redeem(&token, &redemption, &request, now).await.unwrap();
        store.close().await;
    });
}
