//! Power loss: what the disk holds if nothing arrives that was not synced.
//!
//! `strace` records every call with which the writer changes files, every sync, and every acknowledgement. Played back
//! to a random moment, a model of the disk keeps what was synced before it and drops the rest, or lets some of it
//! arrive, whole or torn at 512 bytes. The store is opened from there, and what was acknowledged before that moment is
//! looked for.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use rand::{Rng, RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

use super::crash::found;
use super::entries::{course, instant, key, person};
use super::process::{Job, Said, Writer};
use super::raw;
use ldn_store::Store;

/// The smallest unit that a disk writes as a whole.
const SECTOR: usize = 512;

/// What the cuts showed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Figures {
    pub(crate) cuts: u32,
    /// Acknowledged before a cut and found after it, summed over the cuts.
    pub(crate) found: usize,
    /// Acknowledged before a cut and not found after it, summed over the cuts.
    pub(crate) lost: usize,
    /// Cuts after which something was lost.
    pub(crate) cuts_with_loss: u32,
    /// Cuts after which the file was not whole or the chains did not verify.
    pub(crate) damaged: u32,
    /// Acknowledgements in the trace that went out while something of the log was not synced.
    pub(crate) acknowledged_unsynced: usize,
    /// Acknowledgements in the trace.
    pub(crate) acknowledged: usize,
}

/// Records a writer in a mode, `full` or `normal`, and cuts the power so many times.
pub(crate) async fn run(writer: &Writer, mode: &str, n_entries: u64, cuts: u32, seed: u64) -> Figures {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("ldn.db");
    let url = database.display().to_string();
    let store = Store::create(&url, key(), instant(0)).await.unwrap();
    store.add_person(person(1), "Person 1", instant(0)).await.unwrap();
    store.add_course(course(1), person(1)).await.unwrap();
    store.close().await;
    let before = std::fs::read(&database).unwrap();
    let job = Job { url: &url, mode, first: 0, count: n_entries, batch: 1, lanes: 1 };
    let trace = folder.path().join("trace");
    record(writer, job, &trace);
    let events = events(&std::fs::read_to_string(&trace).unwrap(), folder.path());

    let mut figures = Figures { cuts, ..Figures::default() };
    (figures.acknowledged, figures.acknowledged_unsynced) = acknowledgements(&events, &database);
    assert_eq!(figures.acknowledged, usize::try_from(n_entries).unwrap(), "the trace is not complete");
    let mut rng = Pcg64Mcg::seed_from_u64(seed);
    for cut in 0..cuts {
        let at = rng.random_range(0..=events.len());
        let mut disk = Disk::new(&database, before.clone());
        let said = disk.play(&events[..at]);
        let survivors = match cut % 2 {
            0 => Survivors::None,
            _ => Survivors::Some,
        };
        disk.cut(survivors, &mut rng);
        let after = tempfile::tempdir().unwrap();
        disk.write_to(after.path());
        figures.count(&said, after.path()).await;
    }
    figures
}

impl Figures {
    async fn count(&mut self, said: &Said, folder: &Path) {
        let url = folder.join("ldn.db").display().to_string();
        let (answer,): (String,) =
            match sqlx::query_as("PRAGMA integrity_check").fetch_one(&mut raw::sqlite(&url).await).await {
                Ok(answer) => answer,
                Err(error) => (error.to_string(),),
            };
        let store = Store::open(&url, key()).await.unwrap();
        let sound = store.verify_all(&BTreeMap::new()).await.unwrap().is_sound();
        self.damaged += u32::from(answer != "ok" || !sound);
        let found: BTreeSet<_> = found(&store).await;
        store.close().await;
        let lost = said.acknowledged.difference(&found).count();
        self.lost += lost;
        self.cuts_with_loss += u32::from(lost > 0);
        self.found += said.acknowledged.len() - lost;
    }
}

fn record(writer: &Writer, job: Job<'_>, trace: &Path) {
    let calls =
        "trace=open,openat,close,write,pwrite64,writev,pwritev,lseek,fsync,fdatasync,ftruncate,unlink,rename";
    let mut command = Command::new("strace");
    command.args(["-f", "-qq", "-xx", "-s", "1000000000", "-e", calls, "-e", "signal=none", "-o"]).arg(trace);
    command.arg(&writer.program).args(&writer.arguments).args(job.arguments());
    let output = command.output().expect("strace is missing: on Debian `apt-get install strace`");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Something that the writer did, in the order in which it happened.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Event {
    Create {
        path: String,
    },
    Write {
        path: String,
        offset: usize,
        bytes: Vec<u8>,
    },
    Truncate {
        path: String,
        length: usize,
    },
    Remove {
        path: String,
    },
    /// A sync of a file, or of the folder, ends; it covers what happened before its beginning.
    Sync {
        path: String,
        begun: usize,
    },
    Said {
        line: String,
    },
}

/// One line of the trace: a call, with its result where it has one already.
struct Call<'a> {
    thread: &'a str,
    name: &'a str,
    arguments: Vec<String>,
    result: i64,
}

/// Where a descriptor points.
struct Open {
    path: String,
    offset: usize,
}

/// Reads a trace. A call that was interrupted by another thread stands in two lines, and counts where it ends.
fn events(trace: &str, folder: &Path) -> Vec<Event> {
    let mut reader =
        Reader { folder: folder.display().to_string(), events: Vec::new(), open: BTreeMap::new() };
    let mut begun: BTreeMap<String, (String, usize)> = BTreeMap::new();
    for line in trace.lines() {
        let (thread, rest) = line.split_once(' ').unwrap();
        let rest = rest.trim_start();
        if let Some(start) = rest.strip_suffix(" <unfinished ...>") {
            begun.insert(thread.to_owned(), (start.to_owned(), reader.events.len()));
        } else if rest.starts_with("<... ") {
            let (start, before) = begun.remove(thread).unwrap();
            let end = rest.split_once("resumed>").unwrap().1;
            reader.call(&parse(thread, &format!("{start}{end}")), before);
        } else if rest.contains(") = ") || rest.contains(")  ") || rest.contains(')') {
            let now = reader.events.len();
            reader.call(&parse(thread, rest), now);
        }
    }
    reader.events
}

/// `pwrite64(5, "\x00…", 4096, 0) = 4096`
fn parse<'a>(thread: &'a str, text: &'a str) -> Call<'a> {
    let (name, rest) = text.split_once('(').unwrap();
    let (arguments, result) = rest.rsplit_once(" = ").unwrap();
    let arguments = arguments.trim_end().strip_suffix(')').unwrap();
    let result = result.split_whitespace().next().unwrap().parse().unwrap_or(-1);
    // Strings are all in hexadecimal, so a comma is never inside of one.
    Call { thread, name, arguments: arguments.split(", ").map(str::to_owned).collect(), result }
}

struct Reader {
    folder: String,
    events: Vec<Event>,
    open: BTreeMap<i64, Open>,
}

impl Reader {
    fn call(&mut self, call: &Call<'_>, begun: usize) {
        assert!(!call.thread.is_empty());
        if call.result < 0 {
            return;
        }
        match call.name {
            "open" | "openat" => self.opened(call),
            "close" => drop(self.open.remove(&call.descriptor())),
            "lseek" => {
                if let Some(open) = self.open.get_mut(&call.descriptor()) {
                    open.offset = usize::try_from(call.result).unwrap();
                }
            }
            "write" if call.descriptor() == 1 => self.said(&bytes(&call.arguments[1])),
            "write" => self.wrote(call, None),
            "pwrite64" => self.wrote(call, Some(call.number(3))),
            "writev" | "pwritev" => assert!(!self.open.contains_key(&call.descriptor()), "{}", call.name),
            "ftruncate" => {
                if let Some(open) = self.open.get(&call.descriptor()) {
                    self.events.push(Event::Truncate { path: open.path.clone(), length: call.number(1) });
                }
            }
            "fsync" | "fdatasync" => {
                if let Some(open) = self.open.get(&call.descriptor()) {
                    self.events.push(Event::Sync { path: open.path.clone(), begun });
                }
            }
            "unlink" => {
                let path = text(&call.arguments[0]);
                if path.starts_with(&self.folder) {
                    self.events.push(Event::Remove { path });
                }
            }
            "rename" => panic!("the model of the disk knows no renaming"),
            other => panic!("unexpected {other}"),
        }
    }

    fn opened(&mut self, call: &Call<'_>) {
        let (path, flags) = match call.name {
            "open" => (text(&call.arguments[0]), &call.arguments[1]),
            _ => (text(&call.arguments[1]), &call.arguments[2]),
        };
        if !path.starts_with(&self.folder) {
            return;
        }
        if flags.contains("O_CREAT") {
            self.events.push(Event::Create { path: path.clone() });
        }
        self.open.insert(call.result, Open { path, offset: 0 });
    }

    fn wrote(&mut self, call: &Call<'_>, at: Option<usize>) {
        let Some(open) = self.open.get_mut(&call.descriptor()) else { return };
        let bytes = bytes(&call.arguments[1]);
        assert_eq!(i64::try_from(bytes.len()).unwrap(), call.result, "the trace is cut");
        let offset = at.unwrap_or(open.offset);
        if at.is_none() {
            open.offset += bytes.len();
        }
        self.events.push(Event::Write { path: open.path.clone(), offset, bytes });
    }

    fn said(&mut self, bytes: &[u8]) {
        let line = String::from_utf8(bytes.to_vec()).unwrap();
        self.events.push(Event::Said { line: line.trim_end().to_owned() });
    }
}

impl Call<'_> {
    fn descriptor(&self) -> i64 {
        self.arguments[0].parse().unwrap()
    }

    fn number(&self, idx: usize) -> usize {
        self.arguments[idx].parse().unwrap()
    }
}

/// Reads `"\x61\x62"`.
fn bytes(quoted: &str) -> Vec<u8> {
    let inner = quoted.strip_prefix('"').unwrap().strip_suffix('"').expect("a string that is not cut");
    inner.split("\\x").skip(1).map(|digits| u8::from_str_radix(digits, 16).unwrap()).collect()
}

fn text(quoted: &str) -> String {
    String::from_utf8(bytes(quoted)).unwrap()
}

/// Counts acknowledgements, and those that went out while a write to the log waited for its sync.
fn acknowledgements(events: &[Event], database: &Path) -> (usize, usize) {
    let log = format!("{}-wal", database.display());
    let (mut all, mut unsynced, mut last_write) = (0, 0, None);
    for (idx, event) in events.iter().enumerate() {
        match event {
            Event::Write { path, .. } if *path == log => last_write = Some(idx),
            Event::Sync { path, begun } if *path == log && last_write.is_some_and(|write| write < *begun) => {
                last_write = None;
            }
            Event::Said { line } if line.starts_with("ack") => {
                all += 1;
                unsynced += usize::from(last_write.is_some());
            }
            _ => {}
        }
    }
    (all, unsynced)
}

/// What of the unsynced writes arrives.
#[derive(Clone, Copy)]
enum Survivors {
    None,
    /// Each sector of each by the toss of a coin: the order of a disk's cache is its own.
    Some,
}

/// A disk that keeps what was synced, and holds the rest in its cache.
struct Disk {
    folder: String,
    files: BTreeMap<String, File>,
}

#[derive(Default)]
struct File {
    /// Whether the folder was synced since the file was created.
    linked: bool,
    synced: Vec<u8>,
    waiting: Vec<(usize, Event)>,
}

impl Disk {
    fn new(database: &Path, content: Vec<u8>) -> Disk {
        let file = File { linked: true, synced: content, waiting: Vec::new() };
        let folder = database.parent().unwrap().display().to_string();
        Disk { folder, files: [(database.display().to_string(), file)].into() }
    }

    /// Plays what happened, and returns what was acknowledged.
    fn play(&mut self, events: &[Event]) -> Said {
        let mut said = Said::default();
        for (idx, event) in events.iter().enumerate() {
            match event {
                Event::Said { line } => said.hear(line),
                Event::Create { path } => drop(self.files.entry(path.clone()).or_default()),
                Event::Write { path, .. } | Event::Truncate { path, .. } => {
                    self.files.get_mut(path).unwrap().waiting.push((idx, event.clone()));
                }
                // Without a sync of the folder it may still be there; that is the harder case for what is left over.
                Event::Remove { path } => drop(self.files.remove(path)),
                Event::Sync { path, begun } => self.sync(path, *begun),
            }
        }
        said
    }

    fn sync(&mut self, path: &str, begun: usize) {
        if path == self.folder {
            self.files.values_mut().for_each(|file| file.linked = true);
            return;
        }
        let file = self.files.get_mut(path).unwrap();
        let waiting = std::mem::take(&mut file.waiting);
        for (idx, event) in waiting {
            if idx < begun {
                apply(&mut file.synced, &event);
            } else {
                file.waiting.push((idx, event));
            }
        }
    }

    fn cut(&mut self, survivors: Survivors, rng: &mut impl Rng) {
        for file in self.files.values_mut() {
            let waiting = std::mem::take(&mut file.waiting);
            if matches!(survivors, Survivors::Some) {
                file.linked |= rng.random_bool(0.5);
                waiting.iter().for_each(|(_, event)| apply_partly(&mut file.synced, event, rng));
            }
        }
    }

    fn write_to(&self, folder: &Path) {
        for (path, file) in &self.files {
            let name = Path::new(path).file_name().unwrap();
            // The shared-memory index is rebuilt from the log by whoever opens it first.
            if file.linked && !path.ends_with("-shm") {
                std::fs::write(folder.join(name), &file.synced).unwrap();
            }
        }
    }
}

fn apply(content: &mut Vec<u8>, event: &Event) {
    match event {
        Event::Write { offset, bytes, .. } => write_at(content, *offset, bytes),
        Event::Truncate { length, .. } => content.resize(*length, 0),
        other => panic!("{other:?} does not wait"),
    }
}

fn apply_partly(content: &mut Vec<u8>, event: &Event, rng: &mut impl Rng) {
    match event {
        Event::Write { offset, bytes, .. } => {
            for (idx, sector) in bytes.chunks(SECTOR).enumerate() {
                if rng.random_bool(0.5) {
                    write_at(content, offset + idx * SECTOR, sector);
                }
            }
        }
        other if rng.random_bool(0.5) => apply(content, other),
        _ => {}
    }
}

fn write_at(content: &mut Vec<u8>, offset: usize, bytes: &[u8]) {
    if content.len() < offset + bytes.len() {
        content.resize(offset + bytes.len(), 0);
    }
    content[offset..offset + bytes.len()].copy_from_slice(bytes);
}
