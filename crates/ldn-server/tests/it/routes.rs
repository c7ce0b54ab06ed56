//! Every address of the application: those of the OpenAPI document, and the others as the sources declare them, so that
//! no new page can be forgotten by the tests that ask all of them.

use std::collections::BTreeSet;
use std::path::Path;

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
        ]
        .iter()
        .fold(self.template.clone(), |path, (parameter, name)| path.replace(parameter, name))
    }

    /// Returns true if the address names a course.
    pub(crate) fn names_a_course(&self) -> bool {
        self.template.contains("{course}")
    }

    /// Returns true if anybody may ask it: it says nothing of anybody and keeps nothing of anybody.
    pub(crate) fn is_public(&self) -> bool {
        const PUBLIC: [&str; 12] = [
            "/",
            "/health",
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
        ];
        PUBLIC.contains(&self.template.as_str()) || self.template.starts_with("/danger/")
    }

    /// Returns true if it belongs to the own session, whatever the role.
    pub(crate) fn is_of_every_role(&self) -> bool {
        const EVERY_ROLE: [&str; 5] = ["/prove", "/sessions", "/sign-out", "/start", "/api/session"];
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
    declared_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut routes);
    routes.into_iter().collect()
}

fn declared_in(folder: &Path, routes: &mut BTreeSet<Route>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            declared_in(&path, routes);
        } else if path.extension().is_some_and(|extension| extension == "rs")
            // Its one address is on a listener of its own.
            && path.file_name().is_none_or(|name| name != "metrics.rs")
        {
            declared(&std::fs::read_to_string(&path).unwrap(), routes);
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
