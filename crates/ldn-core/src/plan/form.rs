//! The JSON form of a plan: read after print is the same plan, and the same plan is always the same bytes.

use jiff::civil::Date;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

use super::{
    DayPart, Fulfilled, Hold, Override, Plan, PlanId, PlanParts, PlanRules, Proposed, Review, Signature,
    Step, TimeOfDay,
};
use crate::Dose;
use crate::dose::milligrams;

/// The only version of the form so far.
const SCHEMA: u32 = 1;

/// Bytes of the hash that make the name: enough that two plans of one course never share it.
const ID_BYTES: usize = 8;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    schema: u32,
    /// Written for the reader's convenience, checked when read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<PlanId>,
    protocol: String,
    version: u32,
    parent: Option<PlanId>,
    reason: String,
    made_on: Date,
    valid_until: Date,
    signed: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    signature: Option<Signature>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    blinded: bool,
    steps: Vec<StepForm>,
    holds: Vec<Hold>,
    review: Vec<Review>,
    judge_on: Option<Date>,
    rules: PlanRules,
    #[serde(default)]
    fulfils: Vec<Fulfilled>,
    #[serde(default)]
    overrides: Vec<Override>,
    #[serde(default)]
    proposed: Vec<Proposed>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StepForm {
    from: Date,
    to: Option<Date>,
    #[serde(with = "milligrams")]
    dose_mg: Dose,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at: Option<TimeOfDay>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    split: Option<Vec<PartForm>>,
    why: String,
    source: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PartForm {
    at: TimeOfDay,
    #[serde(with = "milligrams")]
    dose_mg: Dose,
}

/// Returns the beginning of the SHA-256 of the plan without its signature, so that signing does not rename it.
pub(super) fn id_of(plan: &Plan) -> PlanId {
    let form = Form { id: None, signed: false, signature: None, ..Form::from_parts(&plan.parts, None) };
    let bytes = serde_json::to_vec(&form).expect("a plan of strings, dates and numbers always serialises");
    let hash = Sha256::digest(bytes);
    PlanId(hash.iter().take(ID_BYTES).map(|byte| format!("{byte:02x}")).collect())
}

impl Form {
    fn from_parts(parts: &PlanParts, id: Option<PlanId>) -> Form {
        let parts = parts.clone();
        Form {
            schema: SCHEMA,
            id,
            protocol: parts.protocol,
            version: parts.version,
            parent: parts.parent,
            reason: parts.reason,
            made_on: parts.made_on,
            valid_until: parts.valid_until,
            signed: parts.signature.is_some(),
            signature: parts.signature,
            blinded: parts.blinded,
            steps: parts.steps.into_iter().map(StepForm::from).collect(),
            holds: parts.holds,
            review: parts.review,
            judge_on: parts.judge_on,
            rules: parts.rules,
            fulfils: parts.fulfils,
            overrides: parts.overrides,
            proposed: parts.proposed,
        }
    }

    fn into_plan(self) -> Result<Plan, String> {
        if self.schema != SCHEMA {
            return Err(format!("schema: {} is not known; expected {SCHEMA}", self.schema));
        }
        if self.signed != self.signature.is_some() {
            return Err("signed: expected true with a signature and false without one".to_owned());
        }
        let steps = self.steps.into_iter().enumerate().map(|(index, step)| step.into_step(index));
        let plan = Plan::new(PlanParts {
            protocol: self.protocol,
            version: self.version,
            parent: self.parent,
            reason: self.reason,
            made_on: self.made_on,
            valid_until: self.valid_until,
            signature: self.signature,
            blinded: self.blinded,
            steps: steps.collect::<Result<_, _>>()?,
            holds: self.holds,
            review: self.review,
            judge_on: self.judge_on,
            rules: self.rules,
            fulfils: self.fulfils,
            overrides: self.overrides,
            proposed: self.proposed,
        })
        .map_err(|error| error.to_string())?;
        match self.id {
            Some(id) if id != plan.id() => Err(format!(
                "id: {id} is not the name of this content ({}); it was changed after it was made",
                plan.id()
            )),
            _ => Ok(plan),
        }
    }
}

impl From<Step> for StepForm {
    fn from(step: Step) -> StepForm {
        let dose_mg = step.dose();
        let (at, split) = match step.parts.as_slice() {
            [whole] => (Some(whole.at), None),
            parts => {
                (None, Some(parts.iter().map(|part| PartForm { at: part.at, dose_mg: part.dose }).collect()))
            }
        };
        StepForm { from: step.from, to: step.to, dose_mg, at, split, why: step.why, source: step.source }
    }
}

impl StepForm {
    fn into_step(self, index: usize) -> Result<Step, String> {
        let parts = match (self.at, self.split) {
            (Some(at), None) => vec![DayPart { at, dose: self.dose_mg }],
            (None, Some(split)) => {
                split.into_iter().map(|part| DayPart { at: part.at, dose: part.dose_mg }).collect()
            }
            _ => return Err(format!("steps[{index}]: expected either `at` or `split`")),
        };
        let step = Step { from: self.from, to: self.to, parts, why: self.why, source: self.source };
        let total = step.parts.iter().try_fold(Dose::ZERO, |sum, part| sum.checked_add(part.dose));
        if total != Some(self.dose_mg) {
            return Err(format!("steps[{index}].dose_mg: expected the sum of `split`"));
        }
        Ok(step)
    }
}

impl Serialize for Plan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Form::from_parts(&self.parts, Some(self.id())).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Plan {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Plan, D::Error> {
        Form::deserialize(deserializer)?.into_plan().map_err(D::Error::custom)
    }
}
