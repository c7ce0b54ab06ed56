//! Which store, with which key: `--store`, `LDN_STORE`, `LDN_SITE_KEY` and `LDN_SITE_KEY_FILE`.
//!
//! The one place where the command makes a runtime, reads the clock for the store and draws ids.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use jiff::Timestamp;
use ldn_core::ids::CourseId;
use ldn_store::account::{AccountError, Accounts};
use ldn_store::audit::RequestId;
use ldn_store::session::Actor;
use ldn_store::{SiteKey, Store};
use uuid::{Builder, Uuid};
use zeroize::Zeroizing;

use crate::error::Failure;

/// Where the courses are.
#[derive(Clone, Debug, Args)]
pub(crate) struct StoreArgs {
    /// Where the courses are: a file, or postgres://user@host/database. If not given, LDN_STORE, else a file of your own
    #[arg(long, value_name = "URL")]
    store: Option<String>,
}

/// A store that is open, and the moment at which it was opened.
pub(crate) struct Desk {
    pub(crate) store: Store,
    pub(crate) now: Timestamp,
    request: RequestId,
    personal: bool,
}

/// A store that was made just now.
pub(crate) struct Made {
    /// Where its key is, if it was made with it.
    pub(crate) key_file: Option<PathBuf>,
}

impl StoreArgs {
    /// Tells whether a store is named on the command line.
    pub(crate) fn is_given(&self) -> bool {
        self.store.is_some()
    }

    /// Opens the store, does the work and closes it again.
    pub(crate) fn with<T>(&self, work: impl AsyncFnOnce(&Desk) -> Result<T, Failure>) -> Result<T, Failure> {
        let url = self.url()?;
        let key = site_key(&url)?.ok_or_else(|| no_key(&url))?;
        block_on(async {
            let store = Store::open(&url, key).await?;
            at_desk(store, work).await
        })
    }

    /// The same, and makes the store first if there is none.
    pub(crate) fn with_new<T>(
        &self,
        work: impl AsyncFnOnce(&Desk, Option<&Made>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let url = self.url()?;
        if file(&url).is_some_and(Path::exists) {
            return self.with(async |desk| work(desk, None).await);
        }
        let (key, made) = match site_key(&url)? {
            Some(key) => (key, Made { key_file: None }),
            None => new_key(&url)?,
        };
        block_on(async {
            if let Some(folder) = file(&url).and_then(Path::parent) {
                fs::create_dir_all(folder).map_err(|error| Failure::write(folder, error))?;
            }
            match Store::create(&url, key.clone(), now()).await {
                Ok(store) => at_desk(store, async |desk| work(desk, Some(&made)).await).await,
                Err(ldn_store::StoreError::AlreadyAStore { .. }) => {
                    at_desk(Store::open(&url, key).await?, async |desk| work(desk, None).await).await
                }
                Err(error) => Err(error.into()),
            }
        })
    }

    /// Returns the store's address; one from the command line may hold no password, because everybody sees it there.
    pub(crate) fn url(&self) -> Result<String, Failure> {
        if let Some(url) = &self.store {
            let authority = url.split_once("://").map(|(_, rest)| rest.split('/').next().unwrap_or(rest));
            let user = authority.and_then(|authority| authority.rsplit_once('@')).map(|(user, _)| user);
            if user.is_some_and(|user| user.contains(':')) || url.contains("password=") {
                return Err(Failure::Usage(
                    "the store's address holds a password, which everybody on this machine can read from the command \
                     line; set LDN_STORE or PGPASSWORD instead"
                        .to_owned(),
                ));
            }
            return Ok(url.clone());
        }
        match environment("LDN_STORE") {
            Some(url) => Ok(url.to_string()),
            None => own_store().map(|path| path.display().to_string()),
        }
    }

    /// Returns the site key of a store that exists or is to be restored.
    pub(crate) fn site_key(&self) -> Result<SiteKey, Failure> {
        let url = self.url()?;
        site_key(&url)?.ok_or_else(|| no_key(&url))
    }
}

impl Desk {
    /// Tells whether nobody has an account: then whoever sits here acts as the patient.
    pub(crate) fn is_personal(&self) -> bool {
        self.personal
    }

    pub(crate) fn request(&self) -> &RequestId {
        &self.request
    }

    pub(crate) fn accounts(&self) -> Accounts<'_> {
        Accounts::of(&self.store)
    }

    /// The administrator at the machine, who sees no medical text.
    pub(crate) fn operator(&self) -> Actor {
        Actor::local_operator(self.request.clone(), self.now)
    }

    /// The patient of a course in a personal store.
    ///
    /// # Errors
    /// [`Failure::NotPersonal`] if there are accounts.
    pub(crate) async fn keeper(&self, course: CourseId) -> Result<Actor, Failure> {
        match self.accounts().local_keeper(course, self.request.clone(), self.now).await {
            Ok(actor) => Ok(actor),
            Err(AccountError::NotFirst) => Err(Failure::NotPersonal),
            Err(error) => Err(error.into()),
        }
    }

    /// Whoever may do here what a person may ask for: the patient, or the administrator where there are accounts.
    pub(crate) async fn keeper_or_operator(&self, course: CourseId) -> Result<Actor, Failure> {
        if self.personal { self.keeper(course).await } else { Ok(self.operator()) }
    }

    /// Finds a course by its id, by the beginning of its id, or, in a personal store, by the person's name.
    ///
    /// # Errors
    /// [`Failure::NoCourse`] with what there is, if none or several fit.
    pub(crate) async fn course(&self, text: &str) -> Result<CourseId, Failure> {
        let courses = self.store.courses().await?;
        let mut found: Vec<CourseId> = courses
            .iter()
            .map(|course| course.id)
            .filter(|course| text.len() >= 4 && course.to_string().starts_with(&text.to_lowercase()))
            .collect();
        if found.is_empty() && self.personal {
            let people = self.store.people().await?;
            let named = |person| {
                people.iter().any(|known| {
                    known.id == person
                        && known
                            .name
                            .as_deref()
                            .is_some_and(|name| name.to_lowercase() == text.to_lowercase())
                })
            };
            found = courses.iter().filter(|course| named(course.person)).map(|course| course.id).collect();
        }
        match found.as_slice() {
            [course] => Ok(*course),
            [] => Err(Failure::NoCourse(format!("no course is `{text}`"))),
            several => {
                Err(Failure::NoCourse(format!("{} courses fit `{text}`; give more of the id", several.len())))
            }
        }
    }
}

async fn at_desk<T>(store: Store, work: impl AsyncFnOnce(&Desk) -> Result<T, Failure>) -> Result<T, Failure> {
    let personal = store.is_personal().await?;
    let request = RequestId::new(&format!("cli-{}", new_id()?.as_simple()));
    let desk = Desk { store, now: now(), request, personal };
    let outcome = work(&desk).await;
    desk.store.close().await;
    outcome
}

/// Runs what waits for the store, on this thread.
pub(crate) fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|source| Failure::Runtime { source })?;
    runtime.block_on(work)
}

/// The moment.
#[expect(clippy::disallowed_methods, reason = "the command is the one place that reads a clock")]
pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}

/// Random bytes of the operating system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| Failure::from(ldn_store::StoreError::NoRandomness))?;
    Ok(bytes)
}

/// An id that tells nobody when it was made.
pub(crate) fn new_id() -> Result<Uuid, Failure> {
    Ok(Builder::from_random_bytes(random()?).into_uuid())
}

/// An id of version 7, as entries have them.
pub(crate) fn new_entry_id(now: Timestamp) -> Result<Uuid, Failure> {
    // An instant before 1970 can only come from a broken clock; the id stays unique.
    let millis = u64::try_from(now.as_millisecond()).unwrap_or(0);
    Ok(Builder::from_unix_timestamp_millis(millis, &random()?).into_uuid())
}

/// A setting from the environment, overwritten in memory when it is dropped; an empty one is none.
fn environment(name: &str) -> Option<Zeroizing<String>> {
    let text = std::env::var_os(name)?.into_string().ok().map(Zeroizing::new)?;
    (!text.trim().is_empty()).then_some(text)
}

/// The store of a person who names none.
fn own_store() -> Result<PathBuf, Failure> {
    let data = match (environment("XDG_DATA_HOME"), environment("HOME")) {
        (Some(data), _) => PathBuf::from(data.as_str()),
        (None, Some(home)) => PathBuf::from(home.as_str()).join(".local/share"),
        (None, None) => {
            return Err(Failure::Usage("expected --store, because there is no home folder".to_owned()));
        }
    };
    Ok(data.join("ldn").join("ldn.db"))
}

/// The path of a store that is a file.
fn file(url: &str) -> Option<&Path> {
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return None;
    }
    Some(Path::new(url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:")).unwrap_or(url)))
}

/// Returns where a store is, without what may be secret in its address.
pub(crate) fn shown(url: &str) -> String {
    file(url).map_or_else(|| "on the server".to_owned(), |path| path.display().to_string())
}

/// The file with the key beside a personal store.
fn key_file(store: &Path) -> PathBuf {
    let mut path = store.as_os_str().to_owned();
    path.push(".key");
    path.into()
}

/// Reads the site key from the environment, from the file that it names, or from beside the store; `None` if none of
/// these is there.
fn site_key(url: &str) -> Result<Option<SiteKey>, Failure> {
    let parsed = |text: &str, place: &str| {
        text.parse().map(Some).map_err(|source| Failure::SiteKey { place: place.to_owned(), source })
    };
    if let Some(text) = environment("LDN_SITE_KEY") {
        return parsed(&text, "LDN_SITE_KEY");
    }
    let named = environment("LDN_SITE_KEY_FILE").map(|path| PathBuf::from(path.as_str()));
    let beside = || file(url).map(key_file).filter(|path| path.exists());
    let Some(path) = named.or_else(beside) else { return Ok(None) };
    let text = fs::read_to_string(&path).map(Zeroizing::new).map_err(|error| Failure::read(&path, error))?;
    warn_if_others_can_read(&path);
    parsed(&text, &path.display().to_string())
}

#[cfg(unix)]
fn warn_if_others_can_read(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(path).map_or(0, |metadata| metadata.permissions().mode());
    if mode & 0o077 != 0 {
        let path = path.display();
        eprintln!("warning: others can read the site key; take that away with: chmod 600 {path}");
    }
}

#[cfg(not(unix))]
fn warn_if_others_can_read(_: &Path) {}

/// Makes a key and writes it where only the owner can read it.
fn new_key(url: &str) -> Result<(SiteKey, Made), Failure> {
    let path = file(url).map(key_file).ok_or_else(|| no_key(url))?;
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| Failure::write(folder, error))?;
    }
    let key = SiteKey::generate()?;
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&path).and_then(|mut file| {
        file.write_all(format!("{}\n", key.to_text().as_str()).as_bytes())?;
        file.sync_all()
    });
    written.map_err(|error| Failure::write(&path, error))?;
    eprintln!("IMPORTANT: the key of this store is {}", path.display());
    eprintln!(
        "           Without it nobody can read the store, and no backup helps. Keep a copy somewhere else."
    );
    Ok((key, Made { key_file: Some(path) }))
}

fn no_key(url: &str) -> Failure {
    match file(url) {
        Some(path) if !path.exists() => {
            ldn_store::StoreError::Missing { path: path.display().to_string() }.into()
        }
        _ => Failure::NoSiteKey,
    }
}
