//! The one writer: it gathers appends that wait into one transaction, so that they share one sync of the disk.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use ldn_core::ids::{CourseId, EntryId};
use ldn_core::journal::{Entry, Hash};
use tokio::sync::{mpsc, oneshot};

use crate::entries::{self, Appended, NewRow, OpenCourse};
use crate::store::Vault;
use crate::{Fault, StoreError};

/// How many appends share one transaction at most; with more, the first would wait too long.
const GROUP: usize = 256;

/// The answer to one append: one outcome per entry.
type Answer = Result<Vec<Appended>, StoreError>;

/// One append that waits.
pub(crate) struct Request {
    pub(crate) entries: Vec<Entry>,
    pub(crate) received: Timestamp,
    pub(crate) answer: oneshot::Sender<Answer>,
}

/// Serves requests until every handle of the store is gone.
pub(crate) async fn run(vault: Arc<Vault>, mut inbox: mpsc::Receiver<Request>) {
    let mut group = Vec::with_capacity(GROUP);
    while inbox.recv_many(&mut group, GROUP).await > 0 {
        serve(&vault, std::mem::take(&mut group)).await;
    }
}

async fn serve(vault: &Vault, group: Vec<Request>) {
    match store(vault, &group).await {
        Ok(answers) => group.into_iter().zip(answers).for_each(|(request, answer)| reply(request, answer)),
        // One request may be to blame, and the others must not suffer for it. Or another server took an id between our
        // look and our insert, and the second look sees it.
        Err(error) if error.fault() == Some(Fault::Other) => {
            for request in group {
                let answer = match store(vault, std::slice::from_ref(&request)).await {
                    Ok(mut answers) => answers.pop().unwrap_or(Err(StoreError::Closed)),
                    Err(error) => Err(error),
                };
                reply(request, answer);
            }
        }
        Err(error) => group.into_iter().for_each(|request| reply(request, Err(error.clone()))),
    }
}

/// A caller that has gone away needs no answer.
fn reply(request: Request, answer: Answer) {
    let _ = request.answer.send(answer);
}

/// Stores a group in one transaction. An error is one of the whole group; of a request that is refused nothing is
/// written.
async fn store(vault: &Vault, group: &[Request]) -> Result<Vec<Answer>, StoreError> {
    let mut transaction = vault.database.write().await?;
    let named = group.iter().flat_map(|request| &request.entries).map(Entry::course).collect();
    let courses = entries::open_courses(vault, &mut transaction, &named).await?;
    // After the locks: what another server has appended meanwhile is seen.
    let ids = group.iter().flat_map(|request| &request.entries).map(Entry::id).collect();
    let known = entries::known(&mut transaction, &ids).await?;
    let mut work = Work { courses, known, new: Vec::new() };
    let mut answers = Vec::with_capacity(group.len());
    for request in group {
        answers.push(match work.refusal(request) {
            Some(error) => Err(error),
            None => Ok(work.append(request)?),
        });
    }
    entries::insert_all(&mut transaction, &work.new).await?;
    entries::record_heads(&mut transaction, work.courses.values().flatten()).await?;
    transaction.commit().await?;
    Ok(answers)
}

/// What one transaction is about to write.
struct Work {
    courses: BTreeMap<CourseId, Result<OpenCourse, StoreError>>,
    /// Place and hash of every entry that is stored or about to be.
    known: BTreeMap<EntryId, (u64, Hash)>,
    new: Vec<NewRow>,
}

impl Work {
    fn refusal(&self, request: &Request) -> Option<StoreError> {
        request.entries.iter().find_map(|entry| self.courses.get(&entry.course())?.as_ref().err().cloned())
    }

    fn append(&mut self, request: &Request) -> Result<Vec<Appended>, StoreError> {
        request.entries.iter().map(|entry| self.append_one(entry, request.received)).collect()
    }

    fn append_one(&mut self, entry: &Entry, received: Timestamp) -> Result<Appended, StoreError> {
        if let Some(&(seq, stored)) = self.known.get(&entry.id()) {
            // The hash covers the course, so the same hash is the same entry of the same course.
            let same = stored == entry.hash();
            return Ok(if same { Appended::Known { seq } } else { Appended::Conflict });
        }
        let Some(Ok(course)) = self.courses.get_mut(&entry.course()) else {
            return Err(StoreError::NoCourse { course: entry.course() });
        };
        let row = course.next(entry, received)?;
        let link = *row.link();
        self.known.insert(entry.id(), (link.seq, link.entry));
        self.new.push(row);
        Ok(Appended::New(link.head()))
    }
}
