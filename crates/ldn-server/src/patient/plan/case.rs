//! What the pages of a plan are made from.

use std::borrow::Cow;

use jiff::civil::Date;
use ldn_core::course::{Course, HeldDays};
use ldn_core::plan::{DayPlan, Plan};

use crate::patient::Desk;
use crate::patient::desk::{PlanOnDesk, is_stopped, plan_of, plan_on};
use crate::words::Words;

/// A course on a day, in the words of its reader.
#[derive(Clone, Copy)]
pub(crate) struct Case<'a> {
    pub(crate) course: &'a Course,
    pub(crate) today: Date,
    pub(crate) words: Words,
}

impl<'a> Case<'a> {
    pub(crate) fn of(desk: &'a Desk) -> Case<'a> {
        Case { course: &desk.course, today: desk.today, words: desk.signed_in.visitor.look.words() }
    }

    /// Returns the plan that the person follows, signed or as entered.
    pub(crate) fn plan(self) -> Option<PlanOnDesk<'a>> {
        plan_of(self.course, self.today)
    }

    /// Returns the plan for a paper, and whether a newer one has replaced it: papers for emergencies are needed also of a
    /// plan that has ended.
    pub(crate) fn plan_for_paper(self) -> Option<(Cow<'a, Plan>, bool)> {
        let (plan, superseded) = match self.plan() {
            Some(PlanOnDesk { plan, .. }) => (plan, false),
            None => (&self.course.plans().signed().last()?.plan, true),
        };
        Some((self.masked(plan), superseded))
    }

    /// Returns the plan as a blinded one while a trial runs, so that no paper prints a dose.
    fn masked(self, plan: &'a Plan) -> Cow<'a, Plan> {
        if plan.parts().blinded || !self.course.is_blinded() {
            return Cow::Borrowed(plan);
        }
        let mut parts = plan.parts().clone();
        parts.blinded = true;
        // No rule of a plan speaks about this field, so what was a plan stays one.
        Plan::new(parts).map_or(Cow::Borrowed(plan), Cow::Owned)
    }

    /// Returns what the plan says about a day, holds included.
    pub(crate) fn on(self, day: Date) -> DayPlan<'a> {
        plan_on(self.course, self.today, day)
    }

    /// Returns true if nothing may depend on the arm of a trial.
    pub(crate) fn is_blinded(self) -> bool {
        self.course.is_blinded() || self.plan().is_some_and(|on_desk| on_desk.plan.parts().blinded)
    }

    /// Returns true if a screening forbids a dose and no prescriber has signed since.
    pub(crate) fn is_stopped(self) -> bool {
        is_stopped(self.course, self.today)
    }

    /// Returns the holds that were recorded beside the plan and have not ended, in the order of recording.
    pub(crate) fn holds_beside(self) -> impl Iterator<Item = &'a HeldDays> {
        let ended = move |held: &&HeldDays| {
            held.hold.to.is_some_and(|to| to < self.today)
                || held.lifted_on.is_some_and(|day| day <= self.today)
        };
        self.course.plans().holds().iter().filter(move |held| !ended(held))
    }
}
