//! What each role sees through its view, and what it does not.

use jiff::SignedDuration;
use ldn_core::journal::{
    Body, Corrected, Disposition, Hash, Kind, KitOpened, Note, Role, Screened, TrialStarted, Unblinded,
    VerdictShown,
};
use ldn_store::account::Password;
use ldn_store::grant::{GLASS_LASTS, Span};
use ldn_store::session::{Actor, authenticate};
use ldn_store::view::{
    AccessError, AdministratorView, Count, PatientView, PharmacistView, PrescriberView, ResearcherView, Seen,
};
use ldn_store::{Appended, SealedAllocation, Store, StoreError};

use crate::accounts_people::{Member, accounts, administrator, join, minute, request, written_by};
use crate::on_both_engines;
use crate::support::entries::{course, instant, person};
use crate::support::site::Site;

on_both_engines! {
    each_role_sees_its_kinds_only
    nobody_writes_in_another_name_or_what_is_not_theirs
    a_verdict_is_masked_while_a_trial_is_blinded
    an_allocation_is_read_one_subject_at_a_time
    a_trial_is_opened_once_and_its_code_broken_by_a_prescriber
    a_broken_glass_lasts_four_hours_and_everybody_is_told
    a_researcher_gets_counts
    who_looked_stands_in_the_trail
    a_patient_can_erase_all_of_it
    a_view_takes_only_its_role
}

/// A word that stands in everything medical of these tests.
const PLANTED: &str = "wintergreen";

struct Clinic {
    boss: Actor,
    patient: Member,
    prescriber: Member,
    pharmacist: Member,
    stranger: Member,
}

/// Course 1 is the patient's and granted to prescriber and pharmacist; the stranger is a prescriber without a grant.
async fn clinic(store: &Store) -> Clinic {
    administrator(store, minute(0)).await;
    let boss = Actor::local_operator(request(), minute(0));
    let patient = join(store, &boss, Role::Patient, Some(course(1)), "patient", minute(0)).await;
    let prescriber = join(store, &boss, Role::Prescriber, None, "prescriber", minute(0)).await;
    let pharmacist = join(store, &boss, Role::Pharmacist, None, "pharmacist", minute(0)).await;
    let stranger = join(store, &boss, Role::Prescriber, None, "stranger", minute(0)).await;
    let view = AdministratorView::of(store, boss.clone()).unwrap();
    for member in [&prescriber, &pharmacist] {
        view.give(course(1), member.account, Span::from(minute(0)), minute(0)).await.unwrap();
    }
    Clinic { boss, patient, prescriber, pharmacist, stranger }
}

impl Clinic {
    async fn patient<'s>(&self, store: &'s Store, at: i64) -> PatientView<'s> {
        PatientView::of(store, self.patient.actor(store, minute(at)).await).unwrap()
    }

    async fn prescriber<'s>(&self, store: &'s Store, at: i64) -> PrescriberView<'s> {
        PrescriberView::of(store, self.prescriber.actor(store, minute(at)).await).unwrap()
    }

    async fn pharmacist<'s>(&self, store: &'s Store, at: i64) -> PharmacistView<'s> {
        PharmacistView::of(store, self.pharmacist.actor(store, minute(at)).await).unwrap()
    }
}

fn note() -> Body {
    Body::Note(Note { text: format!("{PLANTED} note") })
}

fn screened() -> Body {
    Body::Screened(Screened {
        disposition: Disposition::Caution,
        document: format!("{{\"x\":\"{PLANTED}\"}}"),
    })
}

fn verdict() -> Body {
    Body::VerdictShown(VerdictShown {
        model: "verdict-1".to_owned(),
        document: format!("{{\"x\":\"{PLANTED}\"}}"),
    })
}

fn trial() -> Body {
    Body::TrialStarted(TrialStarted { commitment: Hash::of(b"sealed"), design: "{}".to_owned() })
}

fn unblinded() -> Body {
    Body::Unblinded(Unblinded { reason: format!("{PLANTED} reason"), by: "Dr Prescriber".to_owned() })
}

fn kinds(seen: &[Seen]) -> Vec<(Kind, bool)> {
    let kind = |seen: &Seen| match seen {
        Seen::Whole(stored) => (stored.entry.kind(), true),
        Seen::Masked(masked) => (masked.kind, false),
    };
    seen.iter().map(kind).collect()
}

fn is_refused<T: std::fmt::Debug>(result: Result<T, AccessError>) {
    let error = result.expect_err("refused");
    assert!(matches!(error, AccessError::Refused { .. }), "{error}");
}

async fn each_role_sees_its_kinds_only(site: &mut Site) {
    let store = site.with_courses(2).await;
    let clinic = clinic(&store).await;
    let patient = clinic.patient(&store, 1).await;
    let prescriber = clinic.prescriber(&store, 1).await;
    patient.append(course(1), &[clinic.patient.writes(course(1), 1, note())], minute(2)).await.unwrap();
    prescriber
        .append(course(1), &[clinic.prescriber.writes(course(1), 2, screened())], minute(2))
        .await
        .unwrap();
    let started = clinic.prescriber.writes(course(1), 3, trial());
    prescriber.append(course(1), &[started], minute(2)).await.unwrap();
    let kit = Body::KitOpened(KitOpened { kit: "K-17".to_owned() });
    patient.append(course(1), &[clinic.patient.writes(course(1), 4, kit)], minute(2)).await.unwrap();

    let all =
        [(Kind::Note, true), (Kind::Screened, true), (Kind::TrialStarted, true), (Kind::KitOpened, true)];
    assert_eq!(kinds(&patient.entries(course(1), minute(3)).await.unwrap()), all);
    assert_eq!(kinds(&prescriber.entries(course(1), minute(3)).await.unwrap()), all);
    let pharmacist = clinic.pharmacist(&store, 1).await;
    let seen = pharmacist.entries(course(1), minute(3)).await.unwrap();
    assert_eq!(kinds(&seen), [(Kind::TrialStarted, true), (Kind::KitOpened, true)]);
    assert!(!format!("{seen:?}").contains(PLANTED), "no diary, no screening");
    let admin = AdministratorView::of(&store, clinic.boss.clone()).unwrap();
    let lines = admin.courses(minute(3)).await.unwrap();
    assert!(!format!("{lines:?} {:?}", admin.trail(1_000, minute(3)).await.unwrap()).contains(PLANTED));

    is_refused(patient.entries(course(2), minute(3)).await);
    is_refused(prescriber.entries(course(2), minute(3)).await);
    is_refused(pharmacist.entries(course(2), minute(3)).await);
    is_refused(prescriber.entries(course(99), minute(3)).await);
    let stranger = PrescriberView::of(&store, clinic.stranger.actor(&store, minute(1)).await).unwrap();
    is_refused(stranger.entries(course(1), minute(3)).await);
    assert!(stranger.courses(minute(3)).await.unwrap().is_empty());
    assert_eq!(prescriber.courses(minute(3)).await.unwrap(), [course(1)]);
}

async fn nobody_writes_in_another_name_or_what_is_not_theirs(site: &mut Site) {
    let store = site.with_courses(2).await;
    let clinic = clinic(&store).await;
    let (patient, prescriber) = (clinic.patient(&store, 1).await, clinic.prescriber(&store, 1).await);
    let pharmacist = clinic.pharmacist(&store, 1).await;
    let own = clinic.patient.writes(course(1), 1, note());
    assert!(matches!(
        patient.append(course(1), std::slice::from_ref(&own), minute(2)).await.unwrap()[..],
        [Appended::New(_)]
    ));
    assert!(matches!(
        patient.append(course(1), &[own], minute(2)).await.unwrap()[..],
        [Appended::Known { .. }]
    ));

    for (author, role, of) in [
        (clinic.prescriber.account, Role::Patient, course(1)),
        (clinic.patient.account, Role::Prescriber, course(1)),
        (clinic.patient.account, Role::Patient, course(2)),
    ] {
        let forged = written_by(author, role, of, 5, note());
        let error = patient.append(course(1), &[forged], minute(2)).await.unwrap_err();
        assert!(matches!(error, AccessError::NotTheAuthor { .. }), "{error}");
    }
    is_refused(
        patient.append(course(1), &[clinic.patient.writes(course(1), 6, screened())], minute(2)).await,
    );
    is_refused(patient.append(course(1), &[clinic.patient.writes(course(1), 6, trial())], minute(2)).await);
    is_refused(
        patient.append(course(1), &[clinic.patient.writes(course(1), 6, unblinded())], minute(2)).await,
    );
    is_refused(
        prescriber.append(course(1), &[clinic.prescriber.writes(course(1), 6, note())], minute(2)).await,
    );
    is_refused(
        pharmacist.append(course(1), &[clinic.pharmacist.writes(course(1), 6, note())], minute(2)).await,
    );
    is_refused(
        pharmacist.append(course(1), &[clinic.pharmacist.writes(course(1), 6, screened())], minute(2)).await,
    );

    let replaces = clinic.patient.writes(course(1), 1, note()).id();
    let strike = |replaces| Body::Corrected(Corrected { replaces, with: None, reason: "typing".to_owned() });
    is_refused(
        prescriber
            .append(course(1), &[clinic.prescriber.writes(course(1), 7, strike(replaces))], minute(2))
            .await,
    );
    let missing = clinic.patient.writes(course(1), 55, note()).id();
    let nothing =
        patient.append(course(1), &[clinic.patient.writes(course(1), 8, strike(missing))], minute(2)).await;
    assert!(matches!(nothing, Err(AccessError::NothingToCorrect { .. })));
    patient
        .append(course(1), &[clinic.patient.writes(course(1), 7, strike(replaces))], minute(2))
        .await
        .unwrap();
    let both = [clinic.patient.writes(course(1), 9, note()), clinic.patient.writes(course(1), 6, screened())];
    is_refused(patient.append(course(1), &both, minute(2)).await);
    assert_eq!(store.entries(course(1)).await.unwrap().len(), 2, "all or none");
}

async fn a_verdict_is_masked_while_a_trial_is_blinded(site: &mut Site) {
    let store = site.with_courses(1).await;
    let clinic = clinic(&store).await;
    let (patient, prescriber) = (clinic.patient(&store, 1).await, clinic.prescriber(&store, 1).await);
    let by = |number, body| clinic.prescriber.writes(course(1), number, body);
    store.append(&[by(1, verdict()), by(2, trial()), by(3, verdict())], instant(0)).await.unwrap();
    let masked = [(Kind::VerdictShown, true), (Kind::TrialStarted, true), (Kind::VerdictShown, false)];
    for seen in [
        patient.entries(course(1), minute(2)).await.unwrap(),
        prescriber.entries(course(1), minute(2)).await.unwrap(),
    ] {
        assert_eq!(kinds(&seen), masked, "the verdict from before the trial stays");
        assert!(!format!("{:?}", seen[2]).contains(PLANTED));
    }
    let pharmacist = clinic.pharmacist(&store, 1).await;
    assert_eq!(kinds(&pharmacist.entries(course(1), minute(2)).await.unwrap()), [(Kind::TrialStarted, true)]);
    is_refused(prescriber.append(course(1), &[by(4, verdict())], minute(2)).await);

    prescriber.append(course(1), &[by(5, unblinded())], minute(2)).await.unwrap();
    let seen = patient.entries(course(1), minute(3)).await.unwrap();
    let open = [
        (Kind::VerdictShown, true),
        (Kind::TrialStarted, true),
        (Kind::VerdictShown, true),
        (Kind::Unblinded, false),
    ];
    assert_eq!(kinds(&seen), open, "everybody knows that it was opened, and not why");
    assert!(!format!("{:?}", seen[3]).contains(PLANTED));
}

async fn an_allocation_is_read_one_subject_at_a_time(site: &mut Site) {
    let store = site.with_courses(2).await;
    let clinic = clinic(&store).await;
    let commitments = [1, 2].map(|number: u8| Hash::of(&[number]));
    for (number, commitment) in (1..).zip(commitments) {
        let encrypted = format!("age {number}").into_bytes();
        let allocation =
            SealedAllocation { course: course(number), commitment, created: instant(0), encrypted };
        store.put_allocation(&allocation).await.unwrap();
    }
    let pharmacist = clinic.pharmacist(&store, 1).await;
    let read = pharmacist.allocation(course(1), commitments[0], minute(2)).await.unwrap();
    assert_eq!(read.encrypted, b"age 1");
    is_refused(pharmacist.allocation(course(2), commitments[1], minute(2)).await);
    is_refused(pharmacist.allocation(course(1), commitments[1], minute(2)).await);
    let stale = pharmacist.allocation(course(1), commitments[0], minute(30)).await.unwrap_err();
    assert!(matches!(stale, AccessError::StaleProof), "{stale}");
    let trail = pharmacist.own_trail(minute(3)).await.unwrap();
    assert!(trail.iter().any(|row| row.action == "read allocation" && row.outcome == "done"));
    assert!(trail.iter().all(|row| row.account == Some(clinic.pharmacist.account.uuid())));
}

async fn a_trial_is_opened_once_and_its_code_broken_by_a_prescriber(site: &mut Site) {
    let store = site.with_courses(2).await;
    let clinic = clinic(&store).await;
    let commitment = Hash::of(b"sealed");
    let encrypted = b"age".to_vec();
    let sealed = SealedAllocation { course: course(1), commitment, created: instant(0), encrypted };
    let by = |member: &Member, number: u64, body: Body| member.writes(course(1), number, body);
    let at = |minutes| clinic.prescriber(&store, minutes);

    let prescriber = at(1).await;
    let other = by(&clinic.prescriber, 1, note());
    let error = prescriber.start_trial(&sealed, &other, minute(1)).await.unwrap_err();
    assert!(matches!(error, AccessError::NotTheAuthor { .. }), "{error}");
    assert_eq!(
        store.allocation(commitment).await.unwrap(),
        None,
        "nothing is kept of a trial that did not start"
    );
    prescriber.start_trial(&sealed, &by(&clinic.prescriber, 2, trial()), minute(1)).await.unwrap();
    assert!(store.allocation(commitment).await.unwrap().is_some());

    // In an emergency: the record comes first, then the sealed bytes.
    let broken = by(&clinic.prescriber, 4, unblinded());
    let stale = prescriber.break_the_code(course(1), commitment, &broken, minute(30)).await.unwrap_err();
    assert!(matches!(stale, AccessError::StaleProof), "{stale}");
    assert!(
        store.entries(course(1)).await.unwrap().iter().all(|stored| stored.entry.kind() != Kind::Unblinded)
    );
    let stranger = PrescriberView::of(&store, clinic.stranger.actor(&store, minute(2)).await).unwrap();
    let foreign = by(&clinic.stranger, 5, unblinded());
    is_refused(stranger.break_the_code(course(1), commitment, &foreign, minute(2)).await);
    let read = prescriber.break_the_code(course(1), commitment, &broken, minute(3)).await.unwrap();
    assert!(read == sealed);

    // At the end: the pharmacist, once, also after a broken code.
    let pharmacist = clinic.pharmacist(&store, 10).await;
    let ended = by(&clinic.pharmacist, 6, unblinded());
    is_refused(pharmacist.open_at_the_end(course(2), commitment, &ended, minute(10)).await);
    let read = pharmacist.open_at_the_end(course(1), commitment, &ended, minute(10)).await.unwrap();
    assert!(read == sealed);
    let again = by(&clinic.pharmacist, 7, unblinded());
    let error = pharmacist.open_at_the_end(course(1), commitment, &again, minute(11)).await.unwrap_err();
    assert!(matches!(error, AccessError::AlreadyOpened), "{error}");

    let patient = clinic.patient(&store, 12).await;
    let seen = kinds(&patient.entries(course(1), minute(12)).await.unwrap());
    assert_eq!(seen, [(Kind::TrialStarted, true), (Kind::Unblinded, false), (Kind::Unblinded, false)]);
    let trail = patient.trail(course(1), minute(12)).await.unwrap();
    for action in ["append trial", "append unblinding", "open trial-key"] {
        assert!(trail.iter().any(|row| row.action == action && row.outcome == "done"), "{action}");
    }
}

async fn a_broken_glass_lasts_four_hours_and_everybody_is_told(site: &mut Site) {
    let store = site.with_courses(2).await;
    let clinic = clinic(&store).await;
    let token = clinic.stranger.sign_in(&store, minute(1)).await.session;
    let actor = authenticate(store.database(), &token, request(), minute(1)).await.unwrap();
    let stranger = PrescriberView::of(&store, actor).unwrap();
    is_refused(stranger.entries(course(1), minute(2)).await);
    let stale = stranger.break_glass(course(1), "unconscious", minute(20)).await.unwrap_err();
    assert!(matches!(stale, AccessError::StaleProof), "{stale}");
    let silent = stranger.break_glass(course(1), "  ", minute(2)).await.unwrap_err();
    assert!(matches!(silent, AccessError::NoReason), "{silent}");
    is_refused(stranger.break_glass(course(99), "unconscious", minute(2)).await);

    let reason = format!("{PLANTED}: unconscious in the emergency room");
    let broken = stranger.break_glass(course(1), &reason, minute(2)).await.unwrap();
    assert_eq!(broken.until, minute(2).saturating_add(GLASS_LASTS).unwrap());
    assert_eq!(broken.n_told, 4, "patient, prescriber, pharmacist, administrator");
    let second = SignedDuration::from_secs(1);
    let last = broken.until.saturating_sub(second).unwrap();
    stranger.entries(course(1), last).await.unwrap();
    is_refused(stranger.entries(course(1), broken.until).await);
    is_refused(stranger.entries(course(2), minute(3)).await);
    is_refused(stranger.give(course(1), clinic.stranger.account, Span::from(minute(3)), minute(3)).await);

    let patient = clinic.patient(&store, 3).await;
    let told = patient.notices().await.unwrap();
    assert_eq!((told[0].course, told[0].by), (course(1), clinic.stranger.account));
    let prescriber = clinic.prescriber(&store, 3).await;
    assert_eq!(prescriber.notices().await.unwrap().len(), 1);
    assert_eq!(prescriber.reason(course(1), broken.grant, minute(4)).await.unwrap(), reason);
    let trail = patient.trail(course(1), minute(4)).await.unwrap();
    let row = trail.iter().find(|row| row.action == "break-glass" && row.outcome == "done").unwrap();
    assert_eq!((row.why.as_str(), row.account), ("emergency", Some(clinic.stranger.account.uuid())));
    assert!(row.after.is_some());
    assert!(!format!("{trail:?}").contains(PLANTED), "the trail holds a hash, no words");
}

async fn a_researcher_gets_counts(site: &mut Site) {
    let store = site.with_courses(12).await;
    let clinic = clinic(&store).await;
    let researcher = join(&store, &clinic.boss, Role::Researcher, None, "researcher", minute(0)).await;
    let view = ResearcherView::of(&store, researcher.actor(&store, minute(1)).await).unwrap();
    let counts = view.counts(minute(2)).await.unwrap();
    assert_eq!(
        (counts.people, counts.courses, counts.courses_with),
        (Count::Exactly(12), Count::Exactly(12), None)
    );
    for number in 3..=12 {
        store.destroy_key(person(number), minute(2)).await.unwrap();
    }
    assert_eq!(view.counts(minute(3)).await.unwrap().courses, Count::Few);
}

async fn who_looked_stands_in_the_trail(site: &mut Site) {
    let store = site.with_courses(1).await;
    let clinic = clinic(&store).await;
    let (patient, prescriber) = (clinic.patient(&store, 1).await, clinic.prescriber(&store, 1).await);
    let written = clinic.patient.writes(course(1), 1, note());
    patient.append(course(1), std::slice::from_ref(&written), minute(2)).await.unwrap();
    prescriber.entries(course(1), minute(3)).await.unwrap();
    let stranger = PrescriberView::of(&store, clinic.stranger.actor(&store, minute(1)).await).unwrap();
    is_refused(stranger.entries(course(1), minute(3)).await);
    let trail = patient.trail(course(1), minute(4)).await.unwrap();
    let has = |account: &Member, action: &str, outcome: &str| {
        trail.iter().any(|row| {
            row.account == Some(account.account.uuid()) && row.action == action && row.outcome == outcome
        })
    };
    assert!(has(&clinic.prescriber, "read course", "done"), "who looked");
    assert!(has(&clinic.stranger, "read course", "refused"), "and who tried to");
    let row = trail.iter().find(|row| row.action == "append diary").unwrap();
    assert_eq!(row.subject, Some(written.id().uuid()));
    assert_eq!(row.after.as_deref(), Some(written.hash().as_bytes().as_slice()));
    let mine = prescriber.trail(course(1), minute(4)).await.unwrap();
    assert!(mine.len() > trail.len(), "looking at the trail is recorded too");
}

async fn a_patient_can_erase_all_of_it(site: &mut Site) {
    let store = site.with_courses(1).await;
    let clinic = clinic(&store).await;
    let patient = clinic.patient(&store, 1).await;
    patient.append(course(1), &[clinic.patient.writes(course(1), 1, note())], minute(2)).await.unwrap();
    let stale = patient.erase_me(course(1), minute(30)).await.unwrap_err();
    assert!(matches!(stale, AccessError::StaleProof), "{stale}");
    patient.erase_me(course(1), minute(3)).await.unwrap();
    assert!(matches!(store.entries(course(1)).await, Err(StoreError::Erased { .. })));
    let password = Password::typed(&clinic.patient.password);
    let asked = crate::accounts_people::credentials("patient", &password, None);
    assert!(accounts(&store).sign_in(&asked, &request(), minute(4)).await.is_err(), "the account is gone");
    let prescriber = clinic.prescriber(&store, 4).await;
    assert!(matches!(
        prescriber.entries(course(1), minute(5)).await,
        Err(AccessError::Store(StoreError::Erased { .. }))
    ));
    let admin = AdministratorView::of(&store, clinic.boss.clone()).unwrap();
    admin.verify_trail(&[], minute(5)).await.unwrap().expect("the trail is still whole");
}

async fn a_view_takes_only_its_role(site: &mut Site) {
    let store = site.with_courses(1).await;
    let clinic = clinic(&store).await;
    let actors = [
        clinic.boss.clone(),
        clinic.patient.actor(&store, minute(1)).await,
        clinic.prescriber.actor(&store, minute(1)).await,
        clinic.pharmacist.actor(&store, minute(1)).await,
    ];
    for actor in actors {
        let role = actor.role();
        let made = [
            (Role::Patient, PatientView::of(&store, actor.clone()).is_ok()),
            (Role::Prescriber, PrescriberView::of(&store, actor.clone()).is_ok()),
            (Role::Pharmacist, PharmacistView::of(&store, actor.clone()).is_ok()),
            (Role::Researcher, ResearcherView::of(&store, actor.clone()).is_ok()),
            (Role::Administrator, AdministratorView::of(&store, actor.clone()).is_ok()),
        ];
        for (of, is_made) in made {
            assert_eq!(is_made, of == role, "{role} in the view of {of}");
        }
    }
}
