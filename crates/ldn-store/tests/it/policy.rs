//! Nobody gets at what is not theirs: every role, operation and foreign course, against a table of its own.

use ldn_core::ids::CourseId;
use ldn_core::journal::Role;
use ldn_store::Store;
use ldn_store::grant::Span;
use ldn_store::policy::{Object, Operation, Reach, Shape, permit};
use ldn_store::session::Actor;
use ldn_store::view::{AccessError, AdministratorView, ask};

use crate::accounts_people::{Member, administrator, join, minute, request};
use crate::on_both_engines;
use crate::support::entries::{course, person};
use crate::support::site::Site;

on_both_engines! {
    foreign_courses_are_closed_to_every_role
}

/// What each role may do, written from the matrix of the reliability anchors and not from the program's table.
/// `object: operations` on the own or granted course; `~` masked, `#` number only, `+` counts; `site` reaches all.
const TABLE: &str = "
patient      course: read create@site end export verify
patient      diary: read append
patient      health-record: read append
patient      screening: read
patient      plan-proposal: read append
patient      plan: read
patient      order: read
patient      dispensing: read
patient      consent: read append
patient      trial: read
patient      kit-number: read# append#
patient      unblinding: read~
patient      verdict: read append
patient      blinded-verdict: read~
patient      audit-trail: read
patient      export-key: open
patient      grant: read
prescriber   course: read verify create@site
prescriber   diary: read
prescriber   health-record: read append
prescriber   screening: read append
prescriber   findings-on-order: read
prescriber   plan-proposal: read append
prescriber   plan: read append
prescriber   order: read append
prescriber   dispensing: read
prescriber   consent: read
prescriber   trial: read append
prescriber   kit-number: read#
prescriber   unblinding: read~ append
prescriber   verdict: read append
prescriber   blinded-verdict: read~
prescriber   audit-trail: read
prescriber   grant: read create end open@site
prescriber   account: create
pharmacist   course: read
pharmacist   findings-on-order: read
pharmacist   plan: read
pharmacist   order: read
pharmacist   dispensing: read append
pharmacist   trial: read
pharmacist   allocation: read@one
pharmacist   kit-number: read#
pharmacist   kit-content: read@one
pharmacist   unblinding: read~ append@one
pharmacist   audit-trail: read@self
pharmacist   trial-key: open@one
researcher   course: read@site+
researcher   diary: read@site+
researcher   screening: read@site+
researcher   kit-number: read@site+
researcher   blinded-verdict: read@site+
administrator course: read@site# create@site verify@site# end@site#
administrator account: read@site create@site end@site
administrator grant: read@site create@site end@site
administrator audit-trail: read@site verify@site
administrator backup-key: open@site
";

/// What the table of this file says.
fn expected(role: Role, object: Object, operation: Operation) -> Option<(Reach, Shape)> {
    let line = TABLE.lines().find_map(|line| {
        let (who, rest) = line.split_once(char::is_whitespace)?;
        let (what, operations) = rest.trim().split_once(": ")?;
        (who == role.word() && what == object.name()).then_some(operations)
    })?;
    let word = line.split(' ').find(|word| {
        let name: String = word.chars().take_while(char::is_ascii_lowercase).collect();
        name == operation.name()
    })?;
    let shape = match word.chars().last()? {
        '~' => Shape::Masked,
        '#' => Shape::NumberOnly,
        '+' => Shape::Counts,
        _ => Shape::Whole,
    };
    let reach = match (word.split_once('@').map(|(_, reach)| reach.trim_matches(['~', '#', '+'])), role) {
        (Some("site"), _) => Reach::Site,
        (Some("one"), _) => Reach::OneGrantedCourse,
        (Some("self"), _) => Reach::OwnActions,
        (Some(other), _) => panic!("{other}"),
        (None, Role::Patient) => Reach::OwnCourse,
        (None, _) => Reach::GrantedCourse,
    };
    Some((reach, shape))
}

#[test]
fn the_two_tables_agree() {
    let mut n_permitted = 0;
    for role in Role::ALL.iter().copied() {
        for object in Object::ALL.iter().copied() {
            for operation in Operation::ALL.iter().copied() {
                let found = permit(role, object, operation).map(|permit| (permit.reach, permit.shape));
                let wanted = expected(role, object, operation);
                assert_eq!(found, wanted, "{role} {} {}", operation.name(), object.name());
                n_permitted += usize::from(wanted.is_some());
            }
        }
    }
    let n_words =
        TABLE.lines().filter_map(|line| line.split_once(": ")).map(|(_, words)| words.split(' ').count());
    assert_eq!(n_permitted, n_words.sum::<usize>(), "every word of the table was met");
}

/// The course that is theirs.
const OWN: u64 = 1;
/// Never granted; granted until yesterday; granted from tomorrow; granted and ended; granted to a colleague; not there.
const FOREIGN: [u64; 6] = [2, 3, 4, 5, 6, 99];

async fn foreign_courses_are_closed_to_every_role(site: &mut Site) {
    let store = site.with_courses(6).await;
    let actors = clinic(&store).await;
    let (mut n_tried, mut n_permitted, mut n_foreign) = (0, 0, 0);
    for actor in &actors {
        for object in Object::ALL.iter().copied() {
            for operation in Operation::ALL.iter().copied() {
                let wanted = expected(actor.role(), object, operation);
                n_permitted += usize::from(own(&store, actor, object, operation, wanted).await);
                let reaches_all = wanted.is_some_and(|(reach, _)| reach == Reach::Site);
                // What no course permits is tried on one; what the own course permits, on every kind of foreign one.
                let n_courses = if wanted.is_some() { FOREIGN.len() } else { 1 };
                for number in FOREIGN.into_iter().take(if reaches_all { 0 } else { n_courses }) {
                    let got_in = try_it(&store, actor, object, operation, course(number)).await;
                    n_tried += 1;
                    n_foreign += usize::from(got_in);
                    assert!(!got_in, "{} {} {} {number}", actor.role(), operation.name(), object.name());
                }
            }
        }
    }
    println!(
        "{:?}: {n_foreign} successes of {n_tried} on foreign courses; {n_permitted} permitted on the own",
        site.engine
    );
    assert_eq!(n_foreign, 0);
    assert!(n_tried > 1_000, "{n_tried}");
    assert!(n_permitted > 70, "the test can see: {n_permitted}");
    refusals_are_in_the_trail(&store, n_tried).await;
}

/// On the own course exactly what the table says is permitted.
async fn own(
    store: &Store,
    actor: &Actor,
    object: Object,
    operation: Operation,
    wanted: Option<(Reach, Shape)>,
) -> bool {
    let asked = match wanted {
        Some((Reach::OwnActions, _)) => None,
        _ => Some(course(OWN)),
    };
    let answer = ask(store, actor, object, operation, asked, minute(4)).await;
    let found = answer.ok().map(|permit| (permit.reach, permit.shape));
    assert_eq!(found, wanted, "{} {} {}", actor.role(), operation.name(), object.name());
    found.is_some()
}

async fn try_it(
    store: &Store,
    actor: &Actor,
    object: Object,
    operation: Operation,
    course: CourseId,
) -> bool {
    match ask(store, actor, object, operation, Some(course), minute(4)).await {
        Ok(_) => true,
        Err(AccessError::Refused { .. }) => false,
        Err(error) => panic!("{error}"),
    }
}

async fn refusals_are_in_the_trail(store: &Store, n_at_least: usize) {
    let view = AdministratorView::of(store, Actor::local_operator(request(), minute(5))).unwrap();
    let rows = view.trail(100_000, minute(5)).await.unwrap();
    let n_refused = rows.iter().filter(|row| row.outcome == "refused").count();
    assert!(n_refused >= n_at_least, "{n_refused} of {n_at_least} refusals recorded");
    view.verify_trail(&[], minute(5)).await.unwrap().unwrap();
}

/// One actor per role, and the operator at the machine; each has course 1 and had, will have or lost others.
async fn clinic(store: &Store) -> Vec<Actor> {
    let admin = administrator(store, minute(0)).await;
    let boss = admin.actor(store, minute(1)).await;
    let patient = join(store, &boss, Role::Patient, Some(course(OWN)), "patient", minute(1)).await;
    assert_eq!(patient.person, person(OWN));
    let mut members = vec![patient];
    for role in [Role::Prescriber, Role::Pharmacist] {
        let member = join(store, &boss, role, None, role.word(), minute(1)).await;
        let colleague = join(store, &boss, role, None, &format!("other-{role}"), minute(1)).await;
        grants(store, &boss, &member, &colleague).await;
        members.push(member);
    }
    members.push(join(store, &boss, Role::Researcher, None, "researcher", minute(1)).await);
    let mut actors = vec![boss, Actor::local_operator(request(), minute(3))];
    for member in &members {
        actors.push(member.actor(store, minute(3)).await);
    }
    actors
}

async fn grants(store: &Store, boss: &Actor, member: &Member, colleague: &Member) {
    let view = AdministratorView::of(store, boss.clone()).unwrap();
    let now = minute(2);
    let past = Span { from: minute(-100), until: Some(minute(-50)) };
    let coming = Span { from: minute(1_440), until: None };
    view.give(course(OWN), member.account, Span::from(now), now).await.unwrap();
    view.give(course(3), member.account, past, now).await.unwrap();
    view.give(course(4), member.account, coming, now).await.unwrap();
    let ended = view.give(course(5), member.account, Span::from(now), now).await.unwrap();
    view.end_grant(course(5), ended, now).await.unwrap();
    view.give(course(6), colleague.account, Span::from(now), now).await.unwrap();
}
