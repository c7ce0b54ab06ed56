//! The one writer: it gathers appends that wait into one transaction, so that they share one sync of the disk.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use ldn_core::ids::CourseId;
use ldn_core::journal::{Entry, Link};
use tokio::sync::{mpsc, oneshot};

use crate::database::Transaction;
use crate::entries::{self, Appended, OpenCourse};
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
        // One request may be to blame, and the others must not suffer for it.
        Err(error) if group.len() > 1 && error.fault() == Some(Fault::Other) => {
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
    let mut courses = open_courses(vault, &mut transaction, group).await?;
    let mut answers = Vec::with_capacity(group.len());
    for request in group {
        answers.push(match refusal(&courses, request) {
            Some(error) => Err(error),
            None => Ok(append(&mut transaction, &mut courses, request).await?),
        });
    }
    for course in courses.values().flatten() {
        entries::record_head(&mut transaction, course).await?;
    }
    transaction.commit().await?;
    Ok(answers)
}

/// Locks and reads every course that the group names. In the order of their ids, so that two servers never wait for
/// each other.
async fn open_courses(
    vault: &Vault,
    transaction: &mut Transaction,
    group: &[Request],
) -> Result<BTreeMap<CourseId, Result<OpenCourse, StoreError>>, StoreError> {
    let mut named: Vec<CourseId> =
        group.iter().flat_map(|request| &request.entries).map(Entry::course).collect();
    named.sort_unstable();
    named.dedup();
    let mut courses = BTreeMap::new();
    for course in named {
        let opened = match entries::open_course(vault, transaction, course).await {
            Err(error) if error.fault().is_some() => return Err(error),
            opened => opened,
        };
        courses.insert(course, opened);
    }
    Ok(courses)
}

fn refusal(
    courses: &BTreeMap<CourseId, Result<OpenCourse, StoreError>>,
    request: &Request,
) -> Option<StoreError> {
    request.entries.iter().find_map(|entry| courses.get(&entry.course())?.as_ref().err().cloned())
}

async fn append(
    transaction: &mut Transaction,
    courses: &mut BTreeMap<CourseId, Result<OpenCourse, StoreError>>,
    request: &Request,
) -> Result<Vec<Appended>, StoreError> {
    let mut appended = Vec::with_capacity(request.entries.len());
    for entry in &request.entries {
        let Some(Ok(course)) = courses.get_mut(&entry.course()) else {
            return Err(StoreError::NoCourse { course: entry.course() });
        };
        let link = Link::next(course.last.as_ref(), entry, request.received);
        if entries::insert(transaction, course, &link, entry).await? {
            course.last = Some(link);
            appended.push(Appended::New(link.head()));
        } else {
            appended.push(entries::compare(transaction, &link).await?);
        }
    }
    Ok(appended)
}
