//! The writer as a process.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

/// How to start a writer.
#[derive(Clone, Debug)]
pub(crate) struct Writer {
    pub(crate) program: PathBuf,
    /// What comes before the arguments of the writer.
    pub(crate) arguments: Vec<String>,
}

/// What a writer is asked to do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Job<'a> {
    pub(crate) url: &'a str,
    pub(crate) mode: &'a str,
    pub(crate) first: u64,
    pub(crate) count: u64,
    pub(crate) batch: u64,
    pub(crate) lanes: u64,
}

/// What a writer has said.
#[derive(Clone, Debug, Default)]
pub(crate) struct Said {
    /// Acknowledged entries: lane and number.
    pub(crate) acknowledged: BTreeSet<(u64, u64)>,
    /// Lines of refused batches.
    pub(crate) errors: Vec<String>,
    /// Acknowledgements after the first error.
    pub(crate) acknowledged_after_error: usize,
}

impl Writer {
    pub(crate) fn command(&self, job: Job<'_>) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).args(job.arguments());
        command
    }
}

impl Job<'_> {
    pub(crate) fn arguments(&self) -> [String; 6] {
        let Job { url, mode, first, count, batch, lanes } = self;
        let numbers = [first, count, batch, lanes].map(|number| number.to_string());
        let [first, count, batch, lanes] = numbers;
        [(*url).to_owned(), (*mode).to_owned(), first, count, batch, lanes]
    }
}

impl Said {
    pub(crate) fn hear(&mut self, line: &str) {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["ack", lane, number] => {
                self.acknowledged.insert((lane.parse().unwrap(), number.parse().unwrap()));
                self.acknowledged_after_error += usize::from(!self.errors.is_empty());
            }
            _ => self.errors.push(line.to_owned()),
        }
    }
}

/// A running writer.
pub(crate) struct Running {
    child: Child,
    lines: Receiver<String>,
    pub(crate) said: Said,
}

impl Running {
    pub(crate) fn start(mut command: Command) -> Running {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = channel();
        std::thread::spawn(move || out.lines().for_each(|line| sender.send(line.unwrap()).unwrap()));
        Running { child, lines, said: Said::default() }
    }

    /// Listens until so many entries are acknowledged, for at most the given time.
    pub(crate) fn listen(&mut self, n_acknowledged: usize, at_most: Duration) {
        while self.said.acknowledged.len() < n_acknowledged {
            match self.lines.recv_timeout(at_most) {
                Ok(line) => self.said.hear(&line),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// Kills it with SIGKILL and listens to what it said until then.
    pub(crate) fn kill(mut self) -> Said {
        self.child.kill().unwrap();
        self.finish()
    }

    /// Listens until it ends.
    pub(crate) fn finish(mut self) -> Said {
        while let Ok(line) = self.lines.recv() {
            self.said.hear(&line);
        }
        self.child.wait().unwrap();
        self.said
    }
}
