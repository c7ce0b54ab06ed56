//! A PostgreSQL server of our own: in a temporary folder, on a Unix socket, gone with the test.
//!
//! A missing PostgreSQL fails the test. `LDN_POSTGRES_BIN` names the folder with `initdb` and `postgres`; without it,
//! the places where Debian and others put them are tried. As root, the server runs as the user `postgres` or `nobody`,
//! because it refuses root.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use sqlx::AssertSqlSafe;
use sqlx::postgres::PgPool;

/// A running server.
pub(crate) struct Cluster {
    folder: tempfile::TempDir,
    server: Child,
    databases: AtomicU32,
}

impl Cluster {
    pub(crate) fn start() -> Cluster {
        let folder = tempfile::Builder::new().prefix("ldn-pg-").tempdir_in("/tmp").unwrap();
        run(Command::new("cp").arg("-a").arg(template().join("data")).arg(folder.path()));
        give_to_server(folder.path());
        let server = launch(folder.path());
        let mut cluster = Cluster { folder, server, databases: AtomicU32::new(0) };
        cluster.wait_until_ready();
        cluster
    }

    /// The address of a new, empty database.
    pub(crate) async fn new_database(&self) -> String {
        let name = format!("clinic{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let pool = PgPool::connect(&self.url("postgres")).await.unwrap();
        sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&pool).await.unwrap();
        pool.close().await;
        self.url(&name)
    }

    /// Kills every process of the server with SIGKILL, as an out-of-memory killer may, and starts it again.
    pub(crate) fn kill_and_restart(&mut self) {
        let mut pids = children(self.server.id());
        pids.insert(0, self.server.id());
        for pid in pids {
            kill(pid);
        }
        self.server.wait().unwrap();
        self.server = launch(self.folder.path());
        self.wait_until_ready();
    }

    /// Kills one process that serves a connection; the server then restarts all of them by itself.
    pub(crate) fn kill_one_backend(&self) {
        let backend = children(self.server.id()).into_iter().find(|pid| {
            fs::read_to_string(format!("/proc/{pid}/cmdline")).is_ok_and(|line| line.contains("clinic"))
        });
        if let Some(pid) = backend {
            kill(pid);
        }
    }

    pub(crate) fn wait_until_ready(&mut self) {
        for _ in 0..600 {
            let ready = Command::new(bin().join("pg_isready"))
                .args(["--quiet", "--dbname=postgres", "--username=postgres", "--host"])
                .arg(self.folder.path())
                .status()
                .unwrap();
            if ready.success() {
                return;
            }
            assert!(self.server.try_wait().unwrap().is_none(), "the server ended: {}", self.log());
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("the server does not answer: {}", self.log());
    }

    /// Runs a program of PostgreSQL against a database of this server.
    pub(crate) fn tool(&self, program: &str, url: &str) -> Command {
        let mut command = Command::new(bin().join(program));
        command.arg("--dbname").arg(url);
        command
    }

    /// The server's data folder, after it has written everything there.
    pub(crate) fn checkpointed_data(&self, url: &str) -> PathBuf {
        let done = self.tool("psql", url).args(["--quiet", "--command=CHECKPOINT"]).status().unwrap();
        assert!(done.success());
        self.folder.path().join("data")
    }

    fn url(&self, database: &str) -> String {
        format!("postgres://postgres@localhost/{database}?host={}", self.folder.path().display())
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // SIGQUIT: at once, and every process of it.
        let _ = Command::new("kill").args(["-QUIT", &self.server.id().to_string()]).status();
        let _ = self.server.wait();
    }
}

/// Initialises a data folder once per build folder; every server gets a copy.
fn template() -> PathBuf {
    // Tests lie in `deps` and measurements in `examples`, both in the folder of the profile.
    let program = std::env::current_exe().unwrap();
    let version = Command::new(bin().join("postgres")).arg("--version").output().unwrap().stdout;
    let name = format!("template of {}", String::from_utf8_lossy(&version).trim()).replace([' ', '/'], "-");
    let folder = program.ancestors().nth(2).unwrap().join(name);
    fs::create_dir_all(&folder).unwrap();
    let lock = fs::File::create(folder.join("lock")).unwrap();
    lock.lock().unwrap();
    if !folder.join("data").exists() {
        let scratch = tempfile::Builder::new().prefix("ldn-pg-").tempdir_in("/tmp").unwrap();
        give_to_server(scratch.path());
        let data = scratch.path().join("data");
        let mut initdb = as_server(&bin().join("initdb"));
        initdb.args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale"]);
        run(initdb.args(["--no-sync", "--wal-segsize=1", "--pgdata"]).arg(&data));
        let copy = folder.join("unfinished");
        let _ = fs::remove_dir_all(&copy);
        run(Command::new("cp").arg("-a").arg(&data).arg(&copy));
        fs::rename(&copy, folder.join("data")).unwrap();
    }
    folder
}

fn launch(folder: &Path) -> Child {
    let log = fs::File::create(folder.join("log")).unwrap();
    let mut server = as_server(&bin().join("postgres"));
    server.arg("-D").arg(folder.join("data")).arg("-k").arg(folder);
    for setting in ["listen_addresses=", "max_connections=50", "shared_buffers=16MB", "max_wal_size=32MB"] {
        server.args(["-c", setting]);
    }
    server.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn().unwrap()
}

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn give_to_server(folder: &Path) {
    if let Some((uid, gid)) = server_user() {
        run(Command::new("chown").arg("-R").arg(format!("{uid}:{gid}")).arg(folder));
    }
}

/// A command as the server's user, which ends when we end.
fn as_server(program: &Path) -> Command {
    let mut command = Command::new("setpriv");
    if let Some((uid, gid)) = server_user() {
        command.arg(format!("--reuid={uid}")).arg(format!("--regid={gid}")).arg("--clear-groups");
    }
    command.args(["--pdeathsig", "QUIT", "--"]).arg(program).current_dir("/");
    command
}

/// The user for the server if we are root, which it refuses.
pub(crate) fn server_user() -> Option<(u32, u32)> {
    if fs::metadata("/proc/self").unwrap().uid() != 0 {
        return None;
    }
    let users = fs::read_to_string("/etc/passwd").unwrap();
    let find = |name: &str| {
        let fields: Vec<&str> =
            users.lines().find(|line| line.split(':').next() == Some(name))?.split(':').collect();
        Some((fields.get(2)?.parse().ok()?, fields.get(3)?.parse().ok()?))
    };
    Some(
        find("postgres").or_else(|| find("nobody")).expect("a user `postgres` or `nobody` to run the server"),
    )
}

/// The folder with the programs of PostgreSQL.
fn bin() -> PathBuf {
    if let Some(folder) = std::env::var_os("LDN_POSTGRES_BIN") {
        return PathBuf::from(folder);
    }
    let mut folders: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .map(|versions| versions.map(|version| version.unwrap().path().join("bin")).collect())
        .unwrap_or_default();
    folders.sort();
    folders.extend(["/usr/local/bin", "/usr/bin", "/opt/homebrew/bin"].map(PathBuf::from));
    folders.into_iter().find(|folder| folder.join("initdb").exists()).expect(
        "PostgreSQL is missing: on Debian `apt-get install postgresql`; elsewhere set LDN_POSTGRES_BIN",
    )
}

fn children(parent: u32) -> Vec<u32> {
    let tasks = fs::read_to_string(format!("/proc/{parent}/task/{parent}/children")).unwrap_or_default();
    tasks.split_whitespace().map(|pid| pid.parse().unwrap()).collect()
}

fn kill(pid: u32) {
    let _ = Command::new("kill").args(["-KILL", &pid.to_string()]).status();
}
