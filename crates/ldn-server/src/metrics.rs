//! What is counted, for those who run a site: Prometheus' text form, on a listener of its own.
//!
//! Nothing here names anybody: a request is counted under the template of its address, such as `/invitation/{token}`,
//! never under the address itself.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::time::Instant;

use crate::site::Site;

/// Upper ends of the histogram's buckets in milliseconds: from a page out of memory to the longest answer.
const BUCKETS_MS: [u64; 12] = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 5_000, 20_000];

/// The template of requests for no address of ours.
const UNMATCHED: &str = "unmatched";

/// What a process has counted since it started.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    requests: Mutex<BTreeMap<Counted, u64>>,
    buckets: [AtomicU64; BUCKETS_MS.len()],
    answers: AtomicU64,
    answers_us: AtomicU64,
    appended: AtomicU64,
    errors: AtomicU64,
}

/// Under which labels a request is counted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Counted {
    route: String,
    method: &'static str,
    class: u16,
}

impl Metrics {
    /// Counts entries that are new in the store.
    pub(crate) fn appended(&self, entries: usize) {
        self.appended.fetch_add(entries as u64, Ordering::Relaxed);
    }

    /// Counts an error of ours, of which the log has a line.
    pub(crate) fn erred(&self) {
        self.errors.fetch_add(1, Ordering::Relaxed);
    }

    fn answered(&self, counted: Counted, took: Duration) {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        *requests.entry(counted).or_default() += 1;
        drop(requests);
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        if let Some(bucket) = BUCKETS_MS.iter().position(|end| micros <= end * 1_000) {
            self.buckets[bucket].fetch_add(1, Ordering::Relaxed);
        }
        self.answers.fetch_add(1, Ordering::Relaxed);
        self.answers_us.fetch_add(micros, Ordering::Relaxed);
    }

    /// Writes everything in Prometheus' text form, version 0.0.4.
    fn text(&self) -> String {
        let mut text = String::new();
        self.write_requests(&mut text);
        self.write_seconds(&mut text);
        let counters = [
            ("ldn_entries_appended_total", "Entries that were new and are on the disk.", &self.appended),
            (
                "ldn_errors_total",
                "Errors of the store or of the program; the log has a line for each.",
                &self.errors,
            ),
        ];
        for (name, help, counter) in counters {
            head(&mut text, name, "counter", help);
            line(&mut text, format_args!("{name} {}", counter.load(Ordering::Relaxed)));
        }
        text
    }

    fn write_requests(&self, text: &mut String) {
        let name = "ldn_requests_total";
        head(text, name, "counter", "Requests by the template of the address, method and class of status.");
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        for (Counted { route, method, class }, count) in requests.iter() {
            let labels = format_args!("route=\"{route}\",method=\"{method}\",status=\"{class}xx\"");
            line(text, format_args!("{name}{{{labels}}} {count}"));
        }
    }

    fn write_seconds(&self, text: &mut String) {
        let name = "ldn_answer_seconds";
        head(text, name, "histogram", "Seconds until an answer begins.");
        let mut below = 0;
        for (end, bucket) in BUCKETS_MS.iter().zip(&self.buckets) {
            below += bucket.load(Ordering::Relaxed);
            line(text, format_args!("{name}_bucket{{le=\"{}\"}} {below}", seconds(end * 1_000)));
        }
        // Read after the buckets, so that no bucket ever holds more than all.
        let all = self.answers.load(Ordering::Relaxed).max(below);
        line(text, format_args!("{name}_bucket{{le=\"+Inf\"}} {all}"));
        line(text, format_args!("{name}_sum {}", seconds(self.answers_us.load(Ordering::Relaxed))));
        line(text, format_args!("{name}_count {all}"));
    }
}

fn head(text: &mut String, name: &str, kind: &str, help: &str) {
    line(text, format_args!("# HELP {name} {help}\n# TYPE {name} {kind}"));
}

fn line(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    writeln!(text, "{arguments}").expect("text can always be appended to a string");
}

fn seconds(micros: u64) -> f64 {
    micros as f64 / 1e6
}

/// Counts a request when its answer begins.
pub(crate) async fn count(State(site): State<Site>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or(UNMATCHED, MatchedPath::as_str).to_owned();
    let method = method_label(request.method());
    let began = Instant::now();
    let response = next.run(request).await;
    let class = response.status().as_u16() / 100;
    site.metrics().answered(Counted { route, method, class }, began.elapsed());
    response
}

/// Anybody may send any word as a method; only those that we know get a label.
fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// Returns the one address of the listener for those who run the site: `/metrics`.
pub fn router(site: Site) -> Router {
    Router::new().route("/metrics", get(show)).fallback(StatusCode::NOT_FOUND).with_state(site)
}

/// Answers requests for `/metrics` until it is dropped.
///
/// A listener of its own, because behind a proxy every request seems to come from this machine.
///
/// # Errors
/// What the operating system says of the socket.
pub async fn serve(listener: TcpListener, site: Site) -> std::io::Result<()> {
    axum::serve(listener, router(site)).await
}

async fn show(State(site): State<Site>) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], site.metrics().text())
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_hold_everything_below_their_end() {
        let metrics = Metrics::default();
        let counted = || Counted { route: "/plan".to_owned(), method: "GET", class: 2 };
        for millis in [1, 3, 30, 60_000] {
            metrics.answered(counted(), Duration::from_millis(millis));
        }
        metrics.appended(3);
        metrics.erred();
        let text = metrics.text();
        for expected in [
            "ldn_requests_total{route=\"/plan\",method=\"GET\",status=\"2xx\"} 4",
            "ldn_answer_seconds_bucket{le=\"0.001\"} 1",
            "ldn_answer_seconds_bucket{le=\"0.005\"} 2",
            "ldn_answer_seconds_bucket{le=\"0.05\"} 3",
            "ldn_answer_seconds_bucket{le=\"20\"} 3",
            "ldn_answer_seconds_bucket{le=\"+Inf\"} 4",
            "ldn_answer_seconds_sum 60.034",
            "ldn_answer_seconds_count 4",
            "ldn_entries_appended_total 3",
            "ldn_errors_total 1",
        ] {
            assert!(text.lines().any(|line| line == expected), "no {expected:?} in\n{text}");
        }
    }
}
