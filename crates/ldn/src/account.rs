//! `ldn account`: who may sign in. At the machine, as an administrator, under the policy.

use clap::{Args, Subcommand, ValueEnum};
use ldn_core::ids::AccountId;
use ldn_core::journal::Role;
use ldn_store::invitation::{Invited, Lost};
use serde_json::json;

use crate::error::Failure;
use crate::files;
use crate::store_option::StoreArgs;

/// What `ldn account` can do.
#[derive(Debug, Subcommand)]
pub(crate) enum AccountCommand {
    /// Make the one-time secret for the first account of a store; from the first account on, people sign in
    Bootstrap(BootstrapArgs),
    /// Invite somebody to an account; prints a token that works once
    Invite(InviteArgs),
    /// List accounts: ids, roles and states, no names
    List(ListArgs),
    /// Disable an account and end all its sessions at once
    Disable(DisableArgs),
    /// Invite somebody to replace a lost password or second factor
    Recover(RecoverArgs),
}

#[derive(Debug, Args)]
pub(crate) struct BootstrapArgs {
    #[command(flatten)]
    store: StoreArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct InviteArgs {
    /// In which role
    #[arg(value_enum, value_name = "ROLE")]
    role: RoleChoice,
    /// The patient's course, for a patient
    #[arg(long, value_name = "COURSE")]
    course: Option<String>,
    #[command(flatten)]
    store: StoreArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    store: StoreArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DisableArgs {
    /// The account's id, as `ldn account list` shows it
    #[arg(value_name = "ACCOUNT")]
    account: AccountId,
    #[command(flatten)]
    store: StoreArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct RecoverArgs {
    /// The account's id, as `ldn account list` shows it
    #[arg(value_name = "ACCOUNT")]
    account: AccountId,
    /// What was lost; with a lost password the second factor is still asked for
    #[arg(long, value_enum)]
    lost: LostChoice,
    #[command(flatten)]
    store: StoreArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum RoleChoice {
    Patient,
    Prescriber,
    Pharmacist,
    Researcher,
    Administrator,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LostChoice {
    Password,
    /// The second factor, and with it everything
    Factor,
}

impl RoleChoice {
    const fn role(self) -> Role {
        match self {
            RoleChoice::Patient => Role::Patient,
            RoleChoice::Prescriber => Role::Prescriber,
            RoleChoice::Pharmacist => Role::Pharmacist,
            RoleChoice::Researcher => Role::Researcher,
            RoleChoice::Administrator => Role::Administrator,
        }
    }
}

/// Runs `ldn account`.
pub(crate) fn run(command: AccountCommand) -> Result<(), Failure> {
    match command {
        AccountCommand::Bootstrap(args) => bootstrap(&args),
        AccountCommand::Invite(args) => invite(&args),
        AccountCommand::List(args) => list(&args),
        AccountCommand::Disable(args) => disable(&args),
        AccountCommand::Recover(args) => recover(&args),
    }
}

fn bootstrap(args: &BootstrapArgs) -> Result<(), Failure> {
    args.store.with_new(async |desk, _| {
        let invited = desk.accounts().bootstrap(desk.request(), desk.now).await?;
        shown(&invited, args.json)?;
        if !desk.store.courses().await?.is_empty() {
            eprintln!("note: with the first account, this command line sees no medical text any more");
        }
        Ok(())
    })
}

fn invite(args: &InviteArgs) -> Result<(), Failure> {
    let role = args.role.role();
    args.store.with(async |desk| {
        let course = match &args.course {
            Some(course) => Some(desk.course(course).await?),
            None => None,
        };
        let invited = desk.accounts().invite(&desk.operator(), role, course, desk.now).await?;
        shown(&invited, args.json)
    })
}

fn recover(args: &RecoverArgs) -> Result<(), Failure> {
    let lost = match args.lost {
        LostChoice::Password => Lost::Password,
        LostChoice::Factor => Lost::Factor,
    };
    args.store.with(async |desk| {
        let invited = desk.accounts().recover(&desk.operator(), args.account, None, lost, desk.now).await?;
        shown(&invited, args.json)
    })
}

/// The token is shown here and nowhere else.
fn shown(invited: &Invited, as_json: bool) -> Result<(), Failure> {
    let token = invited.token.expose();
    if as_json {
        let value = json!({ "id": invited.id, "token": token, "expires": invited.expires });
        return files::print_json("invitation", &value);
    }
    eprintln!("It works once, until {}, and is shown only now:", invited.expires);
    files::print(&(token + "\n"))
}

fn list(args: &ListArgs) -> Result<(), Failure> {
    args.store.with(async |desk| {
        let accounts = desk.accounts().list(&desk.operator(), desk.now).await?;
        if args.json {
            let accounts: Vec<_> = accounts
                .iter()
                .map(|account| {
                    json!({
                        "id": account.id, "person": account.person, "role": account.role,
                        "second_factor": account.has_factor, "created": account.created,
                        "disabled": account.disabled,
                    })
                })
                .collect();
            return files::print_json("accounts", &accounts);
        }
        if accounts.is_empty() {
            return files::print("no accounts: this store is a personal one\n");
        }
        let lines = accounts.iter().map(|account| {
            let factor = if account.has_factor { "second factor" } else { "password only" };
            let state = account.disabled.map_or(String::new(), |since| format!("  disabled {since:.0}"));
            format!("{}  {:<13}  {factor:<13}{state}\n", account.id, account.role)
        });
        files::print(&lines.collect::<String>())
    })
}

fn disable(args: &DisableArgs) -> Result<(), Failure> {
    args.store.with(async |desk| {
        desk.accounts().disable(&desk.operator(), args.account, desk.now).await?;
        if args.json {
            return files::print_json("disabled", &args.account);
        }
        files::print(&format!("disabled {}; its sessions have ended\n", args.account))
    })
}
