//! The JSON form of a design: read after print is the same design, and the same design is always the same bytes.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Arms, Balance, Design, DesignParts};

/// The only version of the form so far.
const SCHEMA: u32 = 1;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    schema: u32,
    arms: Arms,
    blocks: u8,
    period_days: u16,
    kit_days: u16,
    jitter_kits: u8,
    run_in_days: u16,
    excluded_days: u16,
    max_run: u8,
    balance: Balance,
    dose: String,
    reference_dose: String,
}

impl Serialize for Design {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let parts = self.parts();
        let form = Form {
            schema: SCHEMA,
            arms: parts.arms,
            blocks: parts.blocks,
            period_days: parts.period_days,
            kit_days: parts.kit_days,
            jitter_kits: parts.jitter_kits,
            run_in_days: parts.run_in_days,
            excluded_days: parts.excluded_days,
            max_run: parts.max_run,
            balance: parts.balance,
            dose: parts.dose.to_string(),
            reference_dose: parts.reference_dose.to_string(),
        };
        form.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Design {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Design, D::Error> {
        let form = Form::deserialize(deserializer)?;
        if form.schema != SCHEMA {
            let text = format!("schema {} of a design; expected {SCHEMA}", form.schema);
            return Err(D::Error::custom(text));
        }
        let dose = |text: &str| text.parse().map_err(D::Error::custom);
        let parts = DesignParts {
            arms: form.arms,
            blocks: form.blocks,
            period_days: form.period_days,
            kit_days: form.kit_days,
            jitter_kits: form.jitter_kits,
            run_in_days: form.run_in_days,
            excluded_days: form.excluded_days,
            max_run: form.max_run,
            balance: form.balance,
            dose: dose(&form.dose)?,
            reference_dose: dose(&form.reference_dose)?,
        };
        Design::new(parts).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::three_pairs;
    use super::*;

    #[test]
    fn read_after_print_is_the_same_design() {
        let design = Design::new(three_pairs()).unwrap();
        let text = serde_json::to_string(&design).unwrap();
        assert_eq!(
            text,
            r#"{"schema":1,"arms":"two","blocks":3,"period_days":28,"kit_days":7,"jitter_kits":1,"run_in_days":14,"excluded_days":7,"max_run":2,"balance":"within-blocks","dose":"4.5 mg","reference_dose":"4.5 mg"}"#
        );
        assert_eq!(serde_json::from_str::<Design>(&text).unwrap(), design);
        for (from, to) in
            [("\"blocks\":3", "\"blocks\":0"), ("4.5 mg", "4.5"), ("\"schema\":1", "\"schema\":2")]
        {
            assert!(serde_json::from_str::<Design>(&text.replace(from, to)).is_err(), "{to}");
        }
        assert!(
            serde_json::from_str::<Design>(&text.replace("{\"schema", "{\"first\":\"L\",\"schema")).is_err()
        );
    }
}
