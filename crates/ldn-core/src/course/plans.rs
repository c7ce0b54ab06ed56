//! The plans of a course: what was proposed, what was signed, what replaced what, and which days are held.

use jiff::civil::Date;

use super::{Course, Origin, Problem, ProblemKind, Recorded};
use crate::journal::{Disposition, PlanEnded, PlanSigned, Role, Screened};
use crate::plan::{AskBecause, DayPlan, Hold, Plan, PlanId, Signature};

/// The plans of a course and the days that are held.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plans {
    proposals: Vec<Recorded<Plan>>,
    signatures: Vec<Recorded<PlanSigned>>,
    ended: Vec<Recorded<PlanEnded>>,
    signed: Vec<SignedPlan>,
    holds: Vec<HeldDays>,
}

/// A plan that a prescriber signed.
#[derive(Clone, Debug, PartialEq)]
pub struct SignedPlan {
    /// Its name.
    pub id: PlanId,
    /// The plan with its signature.
    pub plan: Plan,
    /// Where it was proposed.
    pub proposed: Origin,
    /// Where it was signed.
    pub signed: Origin,
    /// The first day on which it counts.
    pub on: Date,
    /// The first day on which it counts no more because somebody ended it.
    pub ended_on: Option<Date>,
}

/// Days without LDN, whatever the plan says.
#[derive(Clone, Debug, PartialEq)]
pub struct HeldDays {
    /// Where the journal says so.
    pub origin: Origin,
    /// Which days, and why.
    pub hold: Hold,
    /// The first day on which an open hold counts no more: somebody screened again and a new plan was signed.
    pub lifted_on: Option<Date>,
}

/// Which plan counts on a day.
enum InForce<'course> {
    /// None yet.
    None,
    /// This one.
    One(&'course SignedPlan),
    /// Two of the same version: nobody can say which.
    Ambiguous,
}

impl Plans {
    pub(super) fn propose(&mut self, origin: Origin, plan: &Plan) {
        self.proposals.push(Recorded { origin, value: plan.clone() });
    }

    pub(super) fn sign(&mut self, origin: Origin, signed: &PlanSigned) {
        self.signatures.push(Recorded { origin, value: signed.clone() });
    }

    pub(super) fn hold(&mut self, origin: Origin, hold: &Hold) {
        self.holds.push(HeldDays { origin, hold: hold.clone(), lifted_on: None });
    }

    pub(super) fn end(&mut self, origin: Origin, ended: &PlanEnded) {
        self.ended.push(Recorded { origin, value: ended.clone() });
    }

    /// Brings signatures to their plans, ends plans and lifts holds; by names, so that it does not matter whose clock was
    /// behind.
    pub(super) fn resolve(&mut self, screenings: &[Recorded<Screened>], problems: &mut Vec<Problem>) {
        let ids: Vec<PlanId> = self.proposals.iter().map(|proposal| proposal.value.id()).collect();
        for signature in &self.signatures {
            match self.signed_plan(signature, &ids) {
                Ok(signed) if self.signed.iter().any(|known| known.id == signed.id) => {}
                Ok(signed) => self.signed.push(signed),
                Err(kind) => problems.push(Problem { entry: signature.origin.entry, kind }),
            }
        }
        self.end_plans(&ids, problems);
        self.report_rivals(problems);
        self.lift_holds(screenings);
    }

    fn signed_plan(
        &self,
        signature: &Recorded<PlanSigned>,
        ids: &[PlanId],
    ) -> Result<SignedPlan, ProblemKind> {
        let PlanSigned { plan: id, prescriber, on } = &signature.value;
        let role = signature.origin.role;
        if role != Role::Prescriber {
            return Err(ProblemKind::SignedByOther { role });
        }
        let index = ids
            .iter()
            .position(|known| known == id)
            .ok_or_else(|| ProblemKind::UnknownPlan { plan: id.clone() })?;
        let proposal = &self.proposals[index];
        Ok(SignedPlan {
            id: id.clone(),
            plan: proposal.value.clone().sign(Signature { prescriber: prescriber.clone(), on: *on }),
            proposed: proposal.origin,
            signed: signature.origin,
            on: *on,
            ended_on: None,
        })
    }

    fn end_plans(&mut self, ids: &[PlanId], problems: &mut Vec<Problem>) {
        for ended in &self.ended {
            let (id, day) = (&ended.value.plan, ended.origin.day);
            for signed in self.signed.iter_mut().filter(|signed| signed.id == *id) {
                signed.ended_on = Some(signed.ended_on.map_or(day, |known| known.min(day)));
            }
            if !ids.contains(id) {
                let kind = ProblemKind::UnknownPlan { plan: id.clone() };
                problems.push(Problem { entry: ended.origin.entry, kind });
            }
        }
    }

    fn report_rivals(&self, problems: &mut Vec<Problem>) {
        for (index, signed) in self.signed.iter().enumerate() {
            let version = signed.plan.parts().version;
            if self.signed[..index].iter().any(|earlier| earlier.plan.parts().version == version) {
                let kind = ProblemKind::TwoPlansOfOneVersion { version };
                problems.push(Problem { entry: signed.signed.entry, kind });
            }
        }
    }

    fn lift_holds(&mut self, screenings: &[Recorded<Screened>]) {
        for held in self.holds.iter_mut().filter(|held| held.hold.to.is_none()) {
            let lifts = |signed: &&SignedPlan| {
                let after = |origin: &Origin| {
                    held.origin.order() < origin.order() && origin.order() < signed.signed.order()
                };
                let screened = screenings.iter().any(|s| after(&s.origin) && allows(s.value.disposition));
                // Not by clocks alone: a plan made before the hold began cannot have known of it.
                screened && held.hold.from <= signed.plan.parts().made_on
            };
            held.lifted_on = self.signed.iter().filter(lifts).map(|signed| signed.on).min();
        }
    }

    /// Returns the proposed plans in the order of recording, signed ones included, without their signatures.
    pub fn proposals(&self) -> &[Recorded<Plan>] {
        &self.proposals
    }

    /// Returns the signed plans in the order of signing.
    pub fn signed(&self) -> &[SignedPlan] {
        &self.signed
    }

    /// Returns the holds in the order of recording.
    pub fn holds(&self) -> &[HeldDays] {
        &self.holds
    }

    /// Returns every word that a plan ended, in the order of recording; of a plan that was never signed it says that the
    /// proposal was declined.
    pub fn ended(&self) -> &[Recorded<PlanEnded>] {
        &self.ended
    }

    /// Returns the plan that counts on a day; `None` if none does, or nobody can say which.
    pub fn in_force(&self, date: Date) -> Option<&SignedPlan> {
        match self.counting(date) {
            InForce::One(signed) if signed.ended_on.is_none_or(|ended| date < ended) => Some(signed),
            _ => None,
        }
    }

    /// Returns a plan, its parent, the parent's parent and so on, as far as they were proposed.
    pub fn lineage(&self, id: &PlanId) -> Vec<&Recorded<Plan>> {
        let mut line: Vec<&Recorded<Plan>> = Vec::new();
        let mut next = Some(id.clone());
        // Versions fall along the line, so that no line is longer than the proposals.
        while let Some(proposal) = next.and_then(|id| self.proposals.iter().find(|p| p.value.id() == id)) {
            if line.len() == self.proposals.len() {
                break;
            }
            line.push(proposal);
            next = proposal.value.parts().parent.clone();
        }
        line
    }

    fn counting(&self, date: Date) -> InForce<'_> {
        let version = |signed: &SignedPlan| signed.plan.parts().version;
        let counting = || self.signed.iter().filter(|signed| signed.on <= date);
        let Some(newest) = counting().max_by_key(|signed| version(signed)) else {
            return InForce::None;
        };
        if counting().filter(|signed| version(signed) == version(newest)).count() > 1 {
            return InForce::Ambiguous;
        }
        InForce::One(newest)
    }

    fn hold_on(&self, date: Date) -> Option<&Hold> {
        let holds =
            |held: &&HeldDays| held.hold.contains(date) && held.lifted_on.is_none_or(|lifted| date < lifted);
        self.holds.iter().find(holds).map(|held| &held.hold)
    }

    fn on(&self, date: Date) -> DayPlan<'_> {
        if let Some(hold) = self.hold_on(date) {
            return DayPlan::Hold(hold);
        }
        match self.counting(date) {
            InForce::None => DayPlan::Nothing,
            InForce::Ambiguous => DayPlan::Ask(AskBecause::Superseded),
            InForce::One(signed) if signed.ended_on.is_some_and(|ended| ended <= date) => DayPlan::Nothing,
            InForce::One(signed) => match signed.plan.on(date) {
                // Between the signing of a plan and its first step the older one no longer speaks.
                DayPlan::Nothing if self.replaces_a_dose(signed, date) => {
                    DayPlan::Ask(AskBecause::Superseded)
                }
                said => said,
            },
        }
    }

    fn replaces_a_dose(&self, newest: &SignedPlan, date: Date) -> bool {
        self.signed.iter().any(|older| {
            older.id != newest.id
                && older.on <= date
                && older.ended_on.is_none_or(|ended| date < ended)
                && matches!(older.plan.on(date), DayPlan::Take(_))
        })
    }
}

impl Course {
    /// Returns what holds on a day: a hold before every plan, then the newest signed plan; where two signed plans claim
    /// the day, or the newest leaves open what an older one said, it says "ask".
    pub fn plan_on(&self, date: Date) -> DayPlan<'_> {
        self.plans.on(date)
    }

    /// Returns what a device that carries a certain plan may show for a day: only the plan that counts gives a dose.
    pub fn plan_on_device(&self, plan: &PlanId, date: Date) -> DayPlan<'_> {
        match self.plans.on(date) {
            DayPlan::Hold(hold) => DayPlan::Hold(hold),
            said if self.plans.in_force(date).is_some_and(|signed| signed.id == *plan) => said,
            _ => DayPlan::Ask(AskBecause::Superseded),
        }
    }
}

/// Returns true if a plan may follow a screening that ended so.
const fn allows(disposition: Disposition) -> bool {
    match disposition {
        Disposition::Emergency | Disposition::Refuse | Disposition::Incomplete => false,
        Disposition::PrescriberDecision | Disposition::Caution | Disposition::NoFinding => true,
    }
}
