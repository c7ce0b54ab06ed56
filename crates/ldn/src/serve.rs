//! `ldn serve`: the pages, on this machine.

mod sample;

use std::net::SocketAddr;

use clap::Args;
use ldn_server::{Settings, Site};
use ldn_store::Store;
use ldn_store::account::Accounts;
use ldn_store::audit::RequestId;
use tokio::net::TcpListener;

use crate::error::Failure;
use crate::store_option::{StoreArgs, now};
use sample::{PASSWORD, Sample};

/// What `ldn serve` takes.
#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    #[command(flatten)]
    store: StoreArgs,
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// The address under which browsers see the site, behind a proxy with TLS, such as `https://ldn.example`
    #[arg(long, value_name = "ORIGIN")]
    origin: Option<String>,
    /// Also answer /metrics for Prometheus, where nobody from outside comes: 127.0.0.1:9464
    #[arg(long, value_name = "ADDRESS")]
    metrics: Option<SocketAddr>,
    /// Show worked courses of people who do not exist, in a store that is gone when this ends
    #[arg(long, conflicts_with = "store")]
    sample: bool,
}

/// Opens the store, making it on first use, and answers until it is told to stop.
pub(crate) fn run(args: &ServeArgs) -> Result<(), Failure> {
    let runtime = || {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        runtime.map_err(|source| Failure::Runtime { source })
    };
    if args.sample {
        return runtime()?.block_on(show_sample(args));
    }
    let url = args.store.url()?;
    args.store.with_new(async |_, _| Ok(()))?;
    let key = args.store.site_key()?;
    runtime()?.block_on(async {
        let store = Store::open(&url, key).await?;
        let (listener, origin) = listen(args).await?;
        welcome(&store, &origin).await?;
        answer(args, listener, &store, Settings { clock: now, sample: false, origin }).await?;
        eprintln!("stopped; everything that was acknowledged is on the disk");
        Ok(())
    })
}

/// The same on a store of sample courses.
async fn show_sample(args: &ServeArgs) -> Result<(), Failure> {
    let (listener, origin) = listen(args).await?;
    let sample = Sample::make(now()).await?;
    println!("ldn is at {origin}, with sample data: none of these people exist");
    println!("Sign in with one of these names and the password \"{PASSWORD}\":");
    for guest in &sample.guests {
        println!("  {:<8}{}", guest.name, guest.about);
    }
    if let Some(secret) = &sample.prescriber {
        println!(
            "The clinic is seen by the name prescriber, the same password, and codes of an authenticator with the secret {secret}."
        );
    }
    println!("Stop it with Ctrl-C; what was entered is gone then.");
    let settings = Settings { clock: now, sample: true, origin };
    // The folder goes whatever becomes of the socket.
    let answered = answer(args, listener, &sample.store, settings).await;
    sample.remove()?;
    answered
}

async fn listen(args: &ServeArgs) -> Result<(TcpListener, String), Failure> {
    let listening = |source| Failure::Listen { address: args.listen, source };
    let listener = TcpListener::bind(args.listen).await.map_err(listening)?;
    let origin = match &args.origin {
        Some(origin) => origin.trim_end_matches('/').to_owned(),
        // Browsers treat this name as safe without TLS, so cookies and the offline diary work on the own machine.
        None => format!("http://localhost:{}", listener.local_addr().map_err(listening)?.port()),
    };
    Ok((listener, origin))
}

/// Answers until the process is asked to end, and closes the store.
async fn answer(
    args: &ServeArgs,
    listener: TcpListener,
    store: &Store,
    settings: Settings,
) -> Result<(), Failure> {
    let site = Site::new(store.clone(), settings);
    if let Some(address) = args.metrics {
        let listening = |source| Failure::Listen { address, source };
        let counted = TcpListener::bind(address).await.map_err(listening)?;
        println!("What is counted is at http://{}/metrics.", counted.local_addr().map_err(listening)?);
        // It has nothing to finish: it ends with the process.
        tokio::spawn(ldn_server::metrics::serve(counted, site.clone()));
    }
    let served = ldn_server::serve(listener, site, stopped()).await;
    store.close().await;
    served.map_err(|source| Failure::Listen { address: args.listen, source })
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
