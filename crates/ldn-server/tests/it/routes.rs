//! Every address of the application: those of the OpenAPI document, and the others as the sources declare them, so that
//! no new page can be forgotten by the tests that ask all of them.

use std::collections::BTreeSet;
use std::path::Path;

use ldn_core::journal::Role;

/// One address with one method.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Route {
    pub(crate) method: &'static str,
    pub(crate) template: String,
}

/// What a test asks an address with.
pub(crate) struct Names<'a> {
    pub(crate) course: &'a str,
}

impl Route {
    /// Returns the address with a name for each of its parameters.
    pub(crate) fn path(&self, names: &Names<'_>) -> String {
        let hex = "0".repeat(64);
        [
            ("{course}", names.course),
            ("{id}", "phq9"),
            ("{token}", hex.as_str()),
            ("{language}", "en"),
            ("{slug}", "self-harm"),
            ("{tag}", "0"),
            ("{name}", "common.css"),
            ("{code}", "missing"),
        ]
        .iter()
        .fold(self.template.clone(), |path, (parameter, name)| path.replace(parameter, name))
    }

    /// Returns true if it ends the session with which it is asked.
    pub(crate) fn signs_out(&self) -> bool {
        self.template.ends_with("/sign-out")
    }

    /// Returns true if it changes something for a program.
    pub(crate) fn is_change_by_program(&self) -> bool {
        self.method == "POST" && self.template.starts_with("/api/")
    }

    /// Returns what a program sends that does it right; the journal of the tests has a plan and a year of birth.
    pub(crate) fn body(&self) -> &'static str {
        let plan =
            r#"{"start":"2026-06-01","at":"bedtime","steps":[{"dose":"1.5 mg","days":7},{"dose":"3 mg"}]}"#;
        let answers = r#"{"answers":{"phq9-1":"1"},"button":"pause"}"#;
        match self.template.trim_start_matches("/api").trim_start_matches("/courses/{course}") {
            "/entries" => r#"{"entries":[]}"#,
            "/sign-in" => r#"{"name":"x","password":"x"}"#,
            "/prove" => r#"{"password":"four quiet words together"}"#,
            "/sessions" => r#"{"session":"others"}"#,
            "/look" => r#"{"theme":"dark","language":"en"}"#,
            "/start" => r#"{"birth_year":1980}"#,
            "/today" => r#"{"what":"score","measure":"pain","value":3}"#,
            "/plan/preview" | "/plan/enter" => plan,
            "/events/medicine" => r#"{"name":"sertraline","use":"daily"}"#,
            "/events/infection" => r#"{"name":"flu"}"#,
            "/events/procedure" => r#"{"name":"tooth","when":"longer-ago","opioids":"no"}"#,
            "/events/pregnancy" => r#"{"state":"no"}"#,
            "/events/strike" => r#"{"entry":"ENTRY"}"#,
            "/labs" => r#"{"test":"tsh","value":"2","unit":"mU/L","limit":"4","no_day":true}"#,
            "/instruments/{id}" | "/instruments/{id}/score" => answers,
            "/letter" | "/letter.txt" => r#"{"operation":"2026-07-01"}"#,
            "/data/erase" => r#"{"name":"Ana Prieto"}"#,
            _ => "{}",
        }
    }

    /// Returns true if the address names a course.
    pub(crate) fn names_a_course(&self) -> bool {
        self.template.contains("{course}")
    }

    /// Returns true if anybody may ask it: it says nothing of anybody and keeps nothing of anybody.
    pub(crate) fn is_public(&self) -> bool {
        const PUBLIC: [&str; 16] = [
            "/",
            "/health",
            "/ready",
            "/help",
            "/help/sign-in",
            "/sign-in",
            "/look",
            "/sw.js",
            "/manifest.webmanifest",
            "/offline",
            "/invitation/{token}",
            "/static/{tag}/{name}",
            "/api/openapi.json",
            "/api/look",
            "/api/sign-in",
            "/api/problems/{code}",
        ];
        PUBLIC.contains(&self.template.as_str()) || self.template.starts_with("/danger/")
    }

    /// Returns true if it is a page of everybody in a role that names no patient: the list, the evidence.
    pub(crate) fn is_home_of(&self, role: Role) -> bool {
        let homes: &[&str] = match role {
            Role::Prescriber => &["/clinic", "/evidence"],
            _ => &[],
        };
        !self.names_a_course() && homes.iter().any(|home| self.template.starts_with(home))
    }

    /// Returns the status that a patient gets for the course of somebody else: not found, or not theirs as any page of
    /// staff.
    pub(crate) fn status_for_others(&self) -> u16 {
        if self.template.starts_with("/clinic") { 403 } else { 404 }
    }

    /// Returns true if it belongs to the own session, whatever the role.
    pub(crate) fn is_of_every_role(&self) -> bool {
        const EVERY_ROLE: [&str; 8] = [
            "/prove",
            "/sessions",
            "/sign-out",
            "/start",
            "/api/session",
            "/api/prove",
            "/api/sessions",
            "/api/sign-out",
        ];
        EVERY_ROLE.contains(&self.template.as_str())
    }
}

/// Returns every address with each of its methods.
pub(crate) fn all() -> Vec<Route> {
    let mut routes = BTreeSet::new();
    for (template, item) in ldn_server::openapi().paths.paths {
        for (method, operation) in [("GET", &item.get), ("POST", &item.post)] {
            if operation.is_some() {
                routes.insert(Route { method, template: template.clone() });
            }
        }
    }
    for source in sources() {
        declared(&source, &mut routes);
    }
    routes.into_iter().collect()
}

/// Returns every source file of the application but that of the listener with an address of its own.
pub(crate) fn sources() -> Vec<String> {
    let mut sources = Vec::new();
    read_all(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut sources);
    sources
}

fn read_all(folder: &Path, sources: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_all(&path, sources);
        } else if path.extension().is_some_and(|extension| extension == "rs")
            && path.file_name().is_none_or(|name| name != "metrics.rs")
        {
            sources.push(std::fs::read_to_string(&path).unwrap());
        }
    }
}

fn declared(source: &str, routes: &mut BTreeSet<Route>) {
    for piece in source.split(".route(").skip(1) {
        let call = balanced(piece);
        let (address, handlers) = call.split_once(',').unwrap();
        let template = match address.trim() {
            "SHELL" => "/offline".to_owned(),
            literal => literal.trim_matches('"').to_owned(),
        };
        assert!(template.starts_with('/'), "an address that this test cannot read: {call}");
        for (method, word) in [("GET", "get("), ("POST", "post(")] {
            if handlers.contains(word) {
                routes.insert(Route { method, template: template.clone() });
            }
        }
    }
}

/// Returns the text up to the bracket that closes the call.
fn balanced(text: &str) -> &str {
    let mut open = 1;
    for (at, character) in text.char_indices() {
        match character {
            '(' => open += 1,
            ')' => open -= 1,
            _ => {}
        }
        if open == 0 {
            return &text[..at];
        }
    }
    panic!("a call that is never closed: {text}");
}
