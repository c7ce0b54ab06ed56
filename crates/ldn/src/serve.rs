//! `ldn serve`: the pages, on this machine.

use std::net::SocketAddr;

use clap::Args;
use ldn_server::{Settings, Site};
use ldn_store::Store;
use ldn_store::account::Accounts;
use ldn_store::audit::RequestId;
use tokio::net::TcpListener;

use crate::error::Failure;
use crate::store_option::{StoreArgs, now};

/// What `ldn serve` takes.
#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    #[command(flatten)]
    store: StoreArgs,
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// The address under which browsers see the site, behind a proxy with TLS: https://ldn.example
    #[arg(long, value_name = "ORIGIN")]
    origin: Option<String>,
}

/// Opens the store, making it on first use, and answers until it is told to stop.
pub(crate) fn run(args: &ServeArgs) -> Result<(), Failure> {
    let url = args.store.url()?;
    args.store.with_new(async |_, _| Ok(()))?;
    let key = args.store.site_key()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|source| Failure::Runtime { source })?;
    runtime.block_on(async {
        let store = Store::open(&url, key).await?;
        let listening = |source| Failure::Listen { address: args.listen, source };
        let listener = TcpListener::bind(args.listen).await.map_err(listening)?;
        let origin = match &args.origin {
            Some(origin) => origin.trim_end_matches('/').to_owned(),
            // Browsers treat this name as safe without TLS, so cookies and the offline diary work on the own machine.
            None => format!("http://localhost:{}", listener.local_addr().map_err(listening)?.port()),
        };
        welcome(&store, &origin).await?;
        let settings = Settings { clock: now, sample: false, origin };
        ldn_server::serve(listener, Site::new(store.clone(), settings), stopped()).await.map_err(listening)?;
        store.close().await;
        eprintln!("stopped; everything that was acknowledged is on the disk");
        Ok(())
    })
}

/// Says where the site is, and on first use how to begin: the link works once and is nowhere else.
async fn welcome(store: &Store, origin: &str) -> Result<(), Failure> {
    println!("ldn is at {origin}");
    if store.is_personal().await? {
        let request = RequestId::new("serve-first");
        let invited = Accounts::of(store).bootstrap(&request, now()).await?;
        println!("Set it up with this link, which works once:");
        println!("{origin}/invitation/{}", invited.token.expose());
    }
    println!("Stop it with Ctrl-C.");
    Ok(())
}

/// Waits until the process is asked to end.
async fn stopped() {
    let interrupt = async {
        // Without the signal the process is ended from outside; what was acknowledged is on the disk either way.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending::<()>().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
