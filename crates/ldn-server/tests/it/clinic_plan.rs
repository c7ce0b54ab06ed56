//! A new patient from the first question to the order.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use ldn_core::ids::CourseId;
use ldn_core::journal::{Body, Content, Role};
use ldn_store::audit::RequestId;
use ldn_store::session::Actor;
use ldn_store::view::AdministratorView;

use crate::clinic::Clinic;
use crate::journal::{TODAY, instant_on};
use crate::people::join;
use crate::support::Page;

/// Answers in which nothing is found; a question that is not here stays unanswered.
const ORDINARY: [(&str, &[(&str, &str)]); 17] = [
    ("birth", &[("birth_day", "2"), ("birth_month", "3"), ("birth_year", "1979")]),
    ("sex", &[("sex", "female")]),
    ("indication", &[("indication", "fibromyalgia")]),
    ("opioids", &[("opioids_last_90_days", "no")]),
    ("suicidal-thoughts", &[("suicidal_thoughts_now", "no")]),
    ("suicide-attempt", &[("past_suicide_attempt", "no")]),
    ("depression", &[("depression_treated", "no")]),
    ("liver", &[("liver_disease", "no")]),
    ("kidneys", &[("kidney_disease", "no")]),
    ("pregnancy", &[("pregnancy", "no")]),
    ("contraception", &[("contraception", "yes")]),
    ("alcohol", &[("alcohol", "none")]),
    ("asked-for", &[("requested_dose", "4.5 mg"), ("form", "capsule"), ("release", "immediate")]),
    ("sensitive", &[("sensitive_to_medicines", "no")]),
    ("driving", &[("drives", "no")]),
    ("drug-tests", &[("drug_tested", "no")]),
    ("complete", &[("lists_complete", "yes")]),
];

/// A patient of the clinic under way.
struct Patient<'c> {
    clinic: &'c Clinic,
    base: String,
}

impl<'c> Patient<'c> {
    /// Adds a patient and gives the ordinary answers, but for those given here.
    async fn ordinary(clinic: &'c Clinic, other: &[(&str, &[(&str, &str)])]) -> Patient<'c> {
        let patient = Patient::new(clinic).await;
        for (slug, fields) in ORDINARY {
            let given = other.iter().find(|(named, _)| *named == slug).map_or(fields, |(_, given)| given);
            patient.answer(slug, given).await;
        }
        patient
    }

    async fn new(clinic: &'c Clinic) -> Patient<'c> {
        let added = clinic.post("/clinic/new", &[("patient", "Bea Ruiz")]).await;
        let base = added.location().strip_suffix("/intake/birth").expect("the first question").to_owned();
        Patient { clinic, base }
    }

    async fn answer(&self, slug: &str, fields: &[(&str, &str)]) {
        let fields: Vec<_> = fields.iter().copied().chain([("button", "continue")]).collect();
        let saved = self.post(&format!("/intake/{slug}"), &fields).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{slug}: {}", saved.text);
    }

    async fn medicine(&self, name: &str, last: &str) -> Page {
        let fields = [
            ("name", name),
            ("use", "daily"),
            ("release", "immediate"),
            ("last_taken_day", last),
            ("last_taken_month", "5"),
            ("last_taken_year", "2026"),
            ("button", "add"),
        ];
        self.post("/intake/medicines", &fields).await
    }

    async fn get(&self, page: &str) -> Page {
        self.clinic.get(&format!("{}{page}", self.base)).await
    }

    async fn post(&self, page: &str, fields: &[(&str, &str)]) -> Page {
        self.clinic.post(&format!("{}{page}", self.base), fields).await
    }

    fn course(&self) -> CourseId {
        self.base.rsplit('/').next().unwrap().parse().unwrap()
    }

    async fn kinds(&self) -> Vec<String> {
        let entries = self.clinic.place.store.entries(self.course()).await.unwrap();
        entries.iter().map(|stored| stored.entry.kind().word().to_owned()).collect()
    }

    /// Proposes the common protocol and returns the page of the proposal.
    async fn propose(&self, fields: &[(&str, &str)]) -> Page {
        let start = [("start_day", "2"), ("start_month", "6"), ("start_year", "2026")];
        let all: Vec<_> = start.iter().chain(fields).copied().collect();
        self.post("/plan/fibromyalgia-common", &all).await
    }
}

#[tokio::test]
async fn every_question_is_a_page_and_is_saved_at_once() {
    let clinic = Clinic::open().await;
    let patient = Patient::new(&clinic).await;
    let check = patient.get("/intake").await;
    let slugs: BTreeSet<&str> =
        check.text.split("/intake/").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(slugs.len() >= 28, "{} questions", slugs.len());
    for slug in &slugs {
        let page = patient.get(&format!("/intake/{slug}")).await;
        assert_eq!(page.status, StatusCode::OK, "{slug}");
        page.says(&["Bea Ruiz", "Question ", "Continue"]);
    }
    patient.answer("birth", &[("birth_year", "1979")]).await;
    let next = patient.post("/intake/sex", &[("sex", "male"), ("button", "continue")]).await;
    assert!(next.location().ends_with("/intake/indication"), "{}", next.location());
    assert_eq!(patient.kinds().await, ["intake", "intake"]);
    let check = patient.get("/intake").await;
    check.says(&["1979", "Male", "were not asked yet"]);
    check.hides(&["Is conception reliably prevented?"]);
    // The same answer again writes nothing.
    patient.answer("sex", &[("sex", "male")]).await;
    assert_eq!(patient.kinds().await.len(), 2);
}

#[tokio::test]
async fn what_cannot_be_is_said_at_its_field_and_not_saved() {
    let clinic = Clinic::open().await;
    let patient = Patient::new(&clinic).await;
    let dose = patient.post("/intake/asked-for", &[("requested_dose", "4.5"), ("button", "continue")]).await;
    assert_eq!(dose.status, StatusCode::UNPROCESSABLE_ENTITY);
    dose.says(&["<title>Error:", "UN-01", "href=\"#requested_dose\"", "value=\"4.5\""]);
    let born = patient
        .post("/intake/birth", &[("birth_day", "31"), ("birth_month", "2"), ("birth_year", "1979")])
        .await;
    born.says(&["<title>Error:", "href=\"#birth_day\""]);
    let nobody = clinic.post("/clinic/new", &[("patient", " ")]).await;
    assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(patient.kinds().await, [""; 0]);
}

#[tokio::test]
async fn somebody_on_tramadol_is_refused_with_the_way_out() {
    let clinic = Clinic::open().await;
    let patient = Patient::ordinary(&clinic, &[("opioids", &[("opioids_last_90_days", "yes")])]).await;
    patient.medicine("Ultram 50 mg", "31").await;
    patient.get("/intake/medicines").await.says(&["Recognised: tramadol, an opioid"]);
    let screening = patient.get("/screening").await;
    screening.says(&[
        "Refused: no plan under these circumstances",
        "The way out:",
        "Screen again on",
        "OP-07",
        "Ultram 50 mg (recognised as tramadol)",
        "What would change it:",
        "Not before",
        "Not checked",
    ]);
    patient.get("/plan").await.says(&["No plan can be made now", "contraindicated by OP-07"]);
    let refused = patient.propose(&[]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!patient.kinds().await.contains(&"plan-proposed".to_owned()));
}

#[tokio::test]
async fn an_ordinary_patient_is_screened_planned_signed_and_ordered_for() {
    let clinic = Clinic::open().await;
    let pharmacist = join(&clinic.place.store, Role::Pharmacist, None).await;
    let patient = Patient::ordinary(&clinic, &[]).await;
    let recorded = patient.post("/screening", &[]).await;
    assert!(recorded.location().ends_with("/plan"), "{}", recorded.location());
    patient.get("/plan").await.says(&[
        "Fit as they stand",
        "T01",
        "Shown only: their sources leave too much open",
    ]);
    patient.get("/plan/fibromyalgia-common").await.says(&["First dose", "1.5 mg (stated)"]);
    let proposed = patient.propose(&[]).await;
    assert_eq!(proposed.status, StatusCode::SEE_OTHER, "{}", proposed.text);
    let preview = proposed.location().strip_prefix(&patient.base).unwrap().to_owned();
    let page = patient.get(&preview).await;
    page.says(&[
        "1.5 mg at bedtime",
        "What 30 days take to make",
        "Capsules",
        "signs this plan for Bea Ruiz",
        "<svg",
    ]);
    let signed = patient.post(&preview, &[]).await;
    assert!(signed.location().ends_with("/order?done=signed"), "{}", signed.location());
    assert_eq!(patient.post(&preview, &[]).await.status, StatusCode::CONFLICT, "signed once");
    let form = patient.get("/order?done=signed").await;
    form.says(&["Signed. The plan counts from today", "fibromyalgia", "1979"]);
    let strengths = hidden_choice(&form);
    let account = pharmacist.account.to_string();
    let fields = [
        ("days", "30"),
        ("strengths", strengths.as_str()),
        ("birth_day", "2"),
        ("birth_month", "3"),
        ("birth_year", "1979"),
        ("condition", "fibromyalgia"),
        ("no_allergies", "yes"),
        ("no_avoid", "yes"),
        ("salt", "hydrochloride"),
        ("filler", "microcrystalline cellulose"),
        ("capsule_size", "any"),
        ("capsule_colour", "any"),
        ("licence", "12345"),
        ("prescriber_address", "2 Mill Lane"),
        ("pharmacist", account.as_str()),
    ];
    let incomplete = patient.post("/order", &fields).await;
    assert_eq!(incomplete.status, StatusCode::UNPROCESSABLE_ENTITY);
    incomplete.says(&["href=\"#patient_address\"", "address"]);
    let whole: Vec<_> = fields.iter().copied().chain([("patient_address", "1 Quiet Street")]).collect();
    let ordered = patient.post("/order", &whole).await;
    assert!(ordered.location().ends_with("/order?done=ordered"), "{}", ordered.text);
    patient.get("/order?done=ordered").await.says(&["Bea Ruiz", "1 Quiet Street", "naltrexone"]);
    let entries = clinic.place.store.entries(patient.course()).await.unwrap();
    let Body::Ordered(order) = entries.last().unwrap().entry.body() else { panic!("an order") };
    assert!(order.contents.iter().all(|content| matches!(content, Content::Units { .. })));
    let kinds = patient.kinds().await;
    assert_eq!(kinds[kinds.len() - 5..], ["screened", "screened", "plan-proposed", "plan-signed", "ordered"]);
    // The pharmacist may see the order now, and nobody gave the diary away.
    let now = instant_on(TODAY);
    let operator = Actor::local_operator(RequestId::new("test"), now);
    let grants = AdministratorView::of(&clinic.place.store, operator)
        .unwrap()
        .grants(patient.course(), now)
        .await
        .unwrap();
    assert!(grants.iter().any(|grant| grant.account == pharmacist.account && grant.is_in_force(now)));
}

/// The strengths that the form offers first.
fn hidden_choice(page: &Page) -> String {
    let rest = page.text.split("name=\"strengths\" id=\"strengths\" value=\"").nth(1).expect("strengths");
    rest.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn going_against_a_finding_takes_a_reason_and_the_risk_read_once_more() {
    let clinic = Clinic::open().await;
    let patient =
        Patient::ordinary(&clinic, &[("suicide-attempt", &[("past_suicide_attempt", "yes")])]).await;
    patient.get("/screening").await.says(&[
        "Needs your decision",
        "PS-01b",
        "A named prescriber with a reason may go against it.",
    ]);
    let without = patient.propose(&[]).await;
    assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
    without.says(&["PS-01b needs your decision"]);
    let reason = ("override_PS-01b", "safety plan agreed with her sister");
    let risk = "A past suicide attempt without current thoughts: agree a safety plan first";
    let asked = patient.propose(&[reason]).await;
    assert_eq!(asked.status, StatusCode::OK);
    asked.says(&["You are about to go against a finding", risk, "safety plan agreed with her sister"]);
    let unread = patient.propose(&[reason, ("confirming", "yes")]).await;
    assert_eq!(unread.status, StatusCode::UNPROCESSABLE_ENTITY);
    unread.says(&["Every decision has to be confirmed."]);
    assert!(!patient.kinds().await.contains(&"plan-proposed".to_owned()));
    let proposed = patient.propose(&[reason, ("confirming", "yes"), ("confirmed_PS-01b", "yes")]).await;
    assert_eq!(proposed.status, StatusCode::SEE_OTHER, "{}", proposed.text);
    let preview = proposed.location().strip_prefix(&patient.base).unwrap().to_owned();
    patient.get(&preview).await.says(&["PS-01b", "safety plan agreed with her sister"]);
    // A contraindication takes no reason at all.
    patient.medicine("methadone", "31").await;
    let forbidden = patient
        .propose(&[("override_OP-01", "I know"), ("confirming", "yes"), ("confirmed_OP-01", "yes")])
        .await;
    assert_eq!(forbidden.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_name_that_nobody_knows_is_asked_about_and_answered() {
    let clinic = Clinic::open().await;
    let patient = Patient::ordinary(&clinic, &[]).await;
    patient.medicine("Zorbletrax", "31").await;
    patient.medicine("sertralin", "31").await;
    let screening = patient.get("/screening").await;
    screening.says(&["Zorbletrax", "An unknown name counts as an opioid", "It is sertraline"]);
    patient.post("/screening/name", &[("name", "Zorbletrax"), ("meant", "no-opioid")]).await;
    patient.post("/screening/name", &[("name", "sertralin"), ("meant", "sertraline")]).await;
    let screening = patient.get("/screening").await;
    screening.hides(&["An unknown name counts as an opioid"]);
    let kinds = patient.kinds().await;
    assert_eq!(kinds.iter().filter(|kind| *kind == "medicine").count(), 3);
    let other = patient.post("/screening/name", &[("name", "never listed"), ("meant", "no-opioid")]).await;
    assert_eq!(other.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_is_learned_after_the_proposal_stops_the_signature() {
    let clinic = Clinic::open().await;
    let patient = Patient::ordinary(&clinic, &[]).await;
    let proposed = patient.propose(&[]).await;
    let preview = proposed.location().strip_prefix(&patient.base).unwrap().to_owned();
    patient.medicine("ibuprofen", "31").await;
    let refused = patient.post(&preview, &[]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    refused.says(&["Something was learned since this plan was proposed."]);
    assert!(!patient.kinds().await.contains(&"plan-signed".to_owned()));
}

#[tokio::test]
async fn an_invitation_is_shown_once_and_belongs_to_the_patient() {
    let clinic = Clinic::open().await;
    let patient = Patient::new(&clinic).await;
    let made = patient.post("/invite", &[]).await;
    made.says(&["/invitation/", "It works once"]);
    patient.get("/invite").await.hides(&["/invitation/"]);
}

#[tokio::test]
async fn letters_are_written_for_the_anaesthetist_and_the_general_practitioner() {
    let mut clinic = Clinic::open().await;
    clinic.place.born(1980).await;
    let letters = clinic.case("/letters");
    clinic.get(&letters).await.hides(&["Write this letter"]);
    clinic.place.signed(TODAY, crate::journal::titration(TODAY)).await;
    clinic.get(&letters).await.says(&["For the anaesthetist", "For the general practitioner"]);
    let day = [("operation_day", "20"), ("operation_month", "7"), ("operation_year", "2026")];
    let operation = clinic.post(&letters, &[&day[..], &[("letter", "operation")]].concat()).await;
    operation.says(&["To the anaesthetist", "from 17 July 2026 through 20 July 2026", "Ana Prieto"]);
    let short =
        clinic.post(&letters, &[&day[..], &[("letter", "operation"), ("hours", "24")]].concat()).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    let general = clinic.post(&letters, &[("letter", "practitioner")]).await;
    general.says(&[
        "To the general practitioner",
        "An opioid is in use while LDN is being taken",
        "up to 4.5 mg a day",
    ]);
}

#[tokio::test]
async fn evidence_is_searched_and_shown_with_who_disagrees_and_a_forest_plot() {
    let clinic = Clinic::open().await;
    clinic.get("/evidence").await.says(&["Pooled", "Where sources disagree"]);
    clinic.get("/evidence?q=fibromyalgia+pain").await.says(&["/evidence/fm-pain-reduction"]);
    let claim = clinic.get("/evidence/fm-pain-reduction").await;
    claim.says(&["Verdict", "Best source", "Checked", "Carried by", "Said by", "<svg", "Pooled ("]);
    assert_eq!(clinic.get("/evidence/nothing-like-this").await.status, StatusCode::NOT_FOUND);
    let library = ldn_evidence::Library::shipped();
    let ids = library
        .outcomes()
        .map(|found| &found.id)
        .chain(library.conflicts().into_iter().map(|found| &found.id))
        .chain(library.trials().map(|found| &found.id))
        .chain(library.meta_analyses().map(|found| &found.id))
        .chain(library.sources().map(|found| &found.id).take(20))
        .chain(library.claims().map(|found| &found.id).take(40));
    for id in ids {
        assert_eq!(clinic.get(&format!("/evidence/{id}")).await.status, StatusCode::OK, "{id}");
    }
}
