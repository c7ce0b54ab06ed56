//! What the pharmacy makes it from: capsules, scored tablets, a liquid with its syringe.

use clap::Args;
use ldn_care::dispense::{Compounding, Liquid, Stock, StockError, check_volume};
use ldn_core::Dose;
use ldn_core::quantity::{Concentration, Volume};

use crate::error::Failure;

/// What the doses are made from.
#[derive(Debug, Args)]
pub(super) struct MakingArgs {
    /// Strengths, each with its unit: "0.5 mg, 1.5 mg", "3 mg tablet scored in halves"
    #[arg(long, value_name = "UNITS", required_unless_present_any = ["liquid", "choose_strengths", "new_details", "sheet"])]
    stock: Option<String>,

    /// A liquid by its concentration, such as "1 mg/mL"
    #[arg(long, value_name = "CONCENTRATION")]
    liquid: Option<Concentration>,

    /// The liquid holds a preservative, and keeps longer
    #[arg(long, requires = "liquid")]
    preserved: bool,

    /// How the liquid keeps, by the id of its beyond-use limit, such as liquid-study-refrigerated
    #[arg(long, value_name = "ID", requires = "liquid", conflicts_with = "preserved")]
    liquid_keeps: Option<String>,

    /// The smallest step of the syringe, such as "0.1 mL"
    #[arg(long, value_name = "VOLUME", requires = "liquid")]
    syringe: Option<Volume>,

    /// The volume of one bottle; filled to measure if not given
    #[arg(long, value_name = "VOLUME", requires = "liquid")]
    bottle: Option<Volume>,

    /// A dose and its volume as they stand on a prescription or label, such as "4.5 mg = 4.5 mL"; refused if they
    /// disagree
    #[arg(long = "check", value_name = "DOSE = VOLUME", requires = "liquid", value_parser = dose_and_volume)]
    checks: Vec<(Dose, Volume)>,

    /// How capsules and tablets keep, by the id of their beyond-use limit, such as capsule-study
    #[arg(long, value_name = "ID", requires = "stock")]
    keeps: Option<String>,

    /// Days from making to the first dose
    #[arg(long, value_name = "DAYS", default_value_t = 0)]
    lead_days: u32,

    /// The most days that one fill may last; as long as it keeps if not given
    #[arg(long, value_name = "DAYS")]
    fill_days: Option<u32>,
}

impl MakingArgs {
    /// Makes the stock, after every dose and volume that stand side by side have been found to be the same.
    pub(super) fn stock(&self, compounding: &Compounding) -> Result<Stock, Failure> {
        let units = match &self.stock {
            Some(text) => {
                Stock::read_units(text).map_err(|error| Failure::Usage(format!("--stock: {error}")))?
            }
            None => vec![],
        };
        let liquid = self.liquid.map(|concentration| self.liquid_of(concentration, compounding));
        if let Some(liquid) = &liquid {
            for (dose, volume) in &self.checks {
                check_volume(*dose, *volume, liquid.concentration).map_err(Failure::Volume)?;
            }
        }
        let mut stock = Stock::new(units, liquid, compounding).map_err(not_a_stock)?;
        if let Some(id) = &self.keeps {
            stock = stock.units_keeping(id, compounding).map_err(not_a_stock)?;
        }
        if let Some(days) = self.fill_days {
            stock = stock.with_fill_days(days).map_err(not_a_stock)?;
        }
        Ok(stock.with_lead_days(self.lead_days))
    }

    fn liquid_of(&self, concentration: Concentration, compounding: &Compounding) -> Liquid {
        let plain = Liquid::unpreserved(concentration, compounding);
        let keeps = match &self.liquid_keeps {
            Some(id) => id.clone(),
            None if self.preserved => "liquid-preserved".to_owned(),
            None => plain.keeps.clone(),
        };
        Liquid {
            syringe_step: self.syringe.unwrap_or(plain.syringe_step),
            bottle: self.bottle,
            keeps,
            ..plain
        }
    }
}

fn not_a_stock(error: StockError) -> Failure {
    Failure::Stock(Box::new(error))
}

/// Reads "4.5 mg = 4.5 mL".
fn dose_and_volume(text: &str) -> Result<(Dose, Volume), String> {
    let (dose, volume) = text.split_once('=').ok_or_else(|| {
        format!("`{text}` has no `=`; expected a dose and its volume such as \"4.5 mg = 4.5 mL\"")
    })?;
    let dose = dose.parse::<Dose>().map_err(|error| error.to_string())?;
    let volume = volume.parse::<Volume>().map_err(|error| error.to_string())?;
    Ok((dose, volume))
}
