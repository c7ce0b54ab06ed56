//! A journal that is taken away and brought back is the same journal.

use ldn_core::ids::AccountId;
use ldn_core::journal::{Body, Role, TrialStarted, VerdictShown};
use ldn_store::account::Accounts;
use ldn_store::export::{Imported, Journal, JournalError, JournalLine, import, of_course};
use ldn_store::session::Actor;
use ldn_store::view::{AccessError, PatientView};

use crate::accounts_people::{administrator, minute, request, written_by};
use crate::on_both_engines;
use crate::support::entries::{course, entry, instant, note, person, v7};
use crate::support::site::Site;

on_both_engines! {
    a_journal_comes_back_identical
    everything_of_a_course_is_in_the_export
    a_running_trial_masks_its_verdicts
    a_journal_is_brought_into_a_personal_store_only
}

fn operator() -> Actor {
    Actor::local_operator(request(), instant(1))
}

async fn exported(site: &Site, n_entries: u64) -> (ldn_store::Store, Journal) {
    let store = site.with_courses(1).await;
    for number in 1..=n_entries {
        let text = format!("Zoë, \"{number}\"\nand a tab\t");
        store.append(&[note(course(1), number, &text)], instant(number as i64 * 7)).await.unwrap();
    }
    let actor = Accounts::of(&store).local_keeper(course(1), request(), instant(1)).await.unwrap();
    let export = of_course(&store, &actor, course(1), instant(1)).await.unwrap();
    (store, export.journal)
}

async fn a_journal_comes_back_identical(site: &mut Site) {
    let (store, journal) = exported(site, 12).await;
    let read = Journal::read(&journal.to_text()).unwrap();
    assert_eq!(read, journal);
    let to = Site::new(site.engine).await;
    let copy = to.create().await;
    let shorter = Journal {
        lines: journal.lines[..5].to_vec(),
        head: Some(journal.lines[4].link().head()),
        ..journal.clone()
    };
    assert_eq!(
        import(&copy, &operator(), &shorter, instant(90)).await.unwrap(),
        Imported { n_new: 5, n_known: 0 }
    );
    assert_eq!(
        import(&copy, &operator(), &read, instant(91)).await.unwrap(),
        Imported { n_new: 7, n_known: 5 }
    );
    assert_eq!(
        import(&copy, &operator(), &read, instant(92)).await.unwrap(),
        Imported { n_new: 0, n_known: 12 }
    );
    assert_eq!(copy.entries(course(1)).await.unwrap(), store.entries(course(1)).await.unwrap());
    assert_eq!(copy.head(course(1)).await.unwrap(), store.head(course(1)).await.unwrap());
    assert_eq!(copy.person(person(1)).await.unwrap().unwrap().name.as_deref(), Some("Person 1"));
    assert!(copy.verify(course(1), journal.head).await.unwrap().is_sound());

    let trail = ldn_store::audit::of_course(copy.database(), course(1)).await.unwrap();
    assert_eq!(
        trail.last().unwrap().after.as_deref(),
        journal.head.as_ref().map(|head| head.hash.as_bytes().as_slice())
    );

    // Somebody wrote on: the journal is no continuation any more.
    copy.append(&[entry(course(1), 99)], instant(93)).await.unwrap();
    let error = import(&copy, &operator(), &read, instant(94)).await.unwrap_err();
    assert!(matches!(error, JournalError::Differs { seq: 13, .. }), "{error}");
    assert_eq!(copy.head(course(1)).await.unwrap().unwrap().seq, 13);
}

/// Test D1: nothing that the database has of the course is missing, but what nobody may read.
async fn everything_of_a_course_is_in_the_export(site: &mut Site) {
    let (store, journal) = exported(site, 9).await;
    let stored = store.entries(course(1)).await.unwrap();
    let lines: Vec<JournalLine> = stored
        .into_iter()
        .map(|stored| JournalLine::Whole { link: stored.link, entry: stored.entry })
        .collect();
    assert_eq!(journal.lines, lines);
    let actor = Accounts::of(&store).local_keeper(course(1), request(), instant(2)).await.unwrap();
    let export = of_course(&store, &actor, course(1), instant(2)).await.unwrap();
    let view = PatientView::of(&store, actor).unwrap();
    assert_eq!(export.trail, view.trail(course(1), instant(2)).await.unwrap());
    assert!(export.trail.iter().any(|row| row.action == "export course"), "{:?}", export.trail);
}

#[test]
fn a_changed_journal_is_refused() {
    crate::run(ldn_store::Engine::Sqlite, async |site: &mut Site| {
        let (_, journal) = exported(site, 6).await;
        let text = journal.to_text();
        let lines: Vec<&str> = text.lines().collect();
        let without = |at: usize| {
            let kept = lines.iter().enumerate().filter(move |(line, _)| *line != at).map(|(_, line)| *line);
            kept.collect::<Vec<_>>().join("\n")
        };
        for (what, text) in [
            ("an entry was changed", text.replacen("Zo\u{eb}", "Zoe", 2).replacen("Zoe", "Zo\u{eb}", 1)),
            ("a line is missing", without(3)),
            ("the end is missing", without(6)),
            ("the beginning is missing", without(0)),
            ("two lines were exchanged", {
                let mut lines = lines.clone();
                lines.swap(2, 3);
                lines.join("\n")
            }),
            ("it is something else", "{}".to_owned()),
            ("nothing", String::new()),
        ] {
            assert_ne!(text, journal.to_text());
            assert!(Journal::read(&text).is_err(), "{what}");
        }
    });
}

async fn a_running_trial_masks_its_verdicts(site: &mut Site) {
    let store = site.with_courses(1).await;
    let author = AccountId::from_uuid(v7(7));
    let commitment = ldn_core::journal::Hash::of(b"x");
    let started = Body::TrialStarted(TrialStarted { commitment, design: "{}".to_owned() });
    let shown =
        Body::VerdictShown(VerdictShown { model: "1".to_owned(), document: "{\"arm\":\"A\"}".to_owned() });
    let entries = [
        written_by(author, Role::Prescriber, course(1), 1, started),
        written_by(author, Role::Patient, course(1), 2, shown),
    ];
    store.append(&entries, instant(1)).await.unwrap();
    let actor = Accounts::of(&store).local_keeper(course(1), request(), instant(1)).await.unwrap();
    let journal = of_course(&store, &actor, course(1), instant(1)).await.unwrap().journal;
    let text = journal.to_text();
    assert!(!text.contains("arm"), "{text}");
    let read = Journal::read(&text).unwrap();
    assert!(matches!(read.lines[1], JournalLine::Masked { .. }));
    let to = Site::new(site.engine).await;
    let copy = to.create().await;
    let error = import(&copy, &operator(), &read, instant(2)).await.unwrap_err();
    assert!(matches!(error, JournalError::Masked { line: 3, .. }), "{error}");
    assert!(copy.courses().await.unwrap().is_empty());
}

async fn a_journal_is_brought_into_a_personal_store_only(site: &mut Site) {
    let (store, journal) = exported(site, 2).await;
    administrator(&store, minute(0)).await;
    let error = import(&store, &operator(), &journal, minute(1)).await.unwrap_err();
    assert!(matches!(error, JournalError::NotPersonal), "{error}");
    // And with accounts the command line takes nothing away either.
    let error = of_course(&store, &operator(), course(1), minute(1)).await.unwrap_err();
    assert!(matches!(error, AccessError::WrongRole { .. }), "{error}");
}
