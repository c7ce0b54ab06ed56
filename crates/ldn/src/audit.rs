//! `ldn audit`: who did what. At the machine, as an administrator, under the policy.

use clap::{Args, Subcommand};
use jiff::Timestamp;
use ldn_store::audit::{Head, Row};
use ldn_store::view::AdministratorView;
use serde_json::{Value, json};

use crate::error::Failure;
use crate::files;
use crate::store_option::StoreArgs;

/// What `ldn audit` can do.
#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// The newest rows of the trail, newest first
    List(ListArgs),
    /// Check the trail against itself, the heads it published, and heads that somebody else kept
    Verify(VerifyArgs),
    /// Publish today's head: give the line to somebody who does not own the disk
    Head(HeadArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// How many rows
    #[arg(long, value_name = "ROWS", default_value_t = 50)]
    rows: u32,
    #[command(flatten)]
    store: StoreArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// A head that somebody else kept, as `ldn audit head` printed it; may be given several times
    #[arg(long, value_name = "LINE")]
    head: Vec<Head>,
    #[command(flatten)]
    store: StoreArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct HeadArgs {
    #[command(flatten)]
    store: StoreArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Runs `ldn audit`.
pub(crate) fn run(command: AuditCommand) -> Result<(), Failure> {
    match command {
        AuditCommand::List(args) => list(&args),
        AuditCommand::Verify(args) => verify(&args),
        AuditCommand::Head(args) => head(&args),
    }
}

fn list(args: &ListArgs) -> Result<(), Failure> {
    args.store.with(async |desk| {
        let view = AdministratorView::of(&desk.store, desk.operator())?;
        let rows = view.trail(args.rows, desk.now).await?;
        if args.json {
            return files::print_json("audit", &rows.iter().map(row_json).collect::<Vec<_>>());
        }
        files::print(&rows.iter().map(row_text).collect::<String>())
    })
}

/// A row as JSON; also in a person's own export.
pub(crate) fn row_json(row: &Row) -> Value {
    let hex = |bytes: &Option<Vec<u8>>| bytes.as_ref().map(|bytes| hex(bytes));
    json!({
        "place": row.place, "id": row.id, "at": at(row), "account": row.account, "role": row.role,
        "course": row.course, "action": row.action, "subject": row.subject, "outcome": row.outcome,
        "why": row.why, "before": hex(&row.before), "after": hex(&row.after), "request": row.request,
        "hash": self::hex(&row.own),
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn at(row: &Row) -> String {
    Timestamp::from_microsecond(row.at_us).map_or_else(|_| row.at_us.to_string(), |at| at.to_string())
}

fn row_text(row: &Row) -> String {
    let who = match (&row.role, row.account) {
        (Some(role), Some(account)) => format!("{role} {}", &account.to_string()[..8]),
        (Some(role), None) => format!("{role} here"),
        (None, _) => "nobody".to_owned(),
    };
    let course =
        row.course.map(|course| format!(" of course {}", &course.to_string()[..8])).unwrap_or_default();
    format!("{:>6}  {}  {who}: {}{course}, {} ({})\n", row.place, at(row), row.action, row.outcome, row.why)
}

fn verify(args: &VerifyArgs) -> Result<(), Failure> {
    args.store.with(async |desk| {
        let view = AdministratorView::of(&desk.store, desk.operator())?;
        match view.verify_trail(&args.head, desk.now).await? {
            Ok(verified) if args.json => files::print_json(
                "audit",
                &json!({ "sound": true, "rows": verified.n_rows, "published_heads": verified.n_published,
                    "head": verified.head.to_string() }),
            ),
            Ok(verified) => files::print(&format!(
                "sound: {} rows, held against {} published heads\nhead {}\n",
                verified.n_rows, verified.n_published, verified.head
            )),
            Err(damage) => {
                let found: Vec<String> = damage.iter().map(ToString::to_string).collect();
                if args.json {
                    files::print_json("audit", &json!({ "sound": false, "damage": found }))?;
                }
                Err(Failure::Damaged { what: "the audit trail".to_owned(), findings: found })
            }
        }
    })
}

fn head(args: &HeadArgs) -> Result<(), Failure> {
    args.store.with(async |desk| {
        let view = AdministratorView::of(&desk.store, desk.operator())?;
        let (day, head) = view.publish_head(desk.now).await?;
        if args.json {
            let value = json!({ "day": day, "place": head.place, "hash": head.hash, "line": head.line(day) });
            return files::print_json("head", &value);
        }
        files::print(&(head.line(day) + "\n"))
    })
}
