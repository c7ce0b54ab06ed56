//! The fixed words of an intake.

/// A value that is one word out of a fixed list.
pub trait Word: Copy + 'static {
    /// Every word with what it stands for.
    const WORDS: &'static [(&'static str, Self)];
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$variant_doc])* $variant,)+ }

        impl $name {
            /// Returns the word that stands for it in an intake.
            pub const fn word(self) -> &'static str {
                match self { $($name::$variant => $word,)+ }
            }
        }

        impl Word for $name {
            const WORDS: &'static [(&'static str, $name)] = &[$(($word, $name::$variant),)+];
        }
    };
}

words! {
    /// A three-valued answer. Unknown is not no.
    Answer {
        /// Yes.
        Yes = "yes",
        /// No.
        No = "no",
        /// Not asked, not answered, or not known.
        #[default]
        Unknown = "unknown",
    }
}

words! {
    /// Sex.
    Sex {
        /// Female.
        Female = "female",
        /// Male.
        Male = "male",
        /// Neither.
        Other = "other",
        /// Not recorded.
        #[default]
        Unknown = "unknown",
    }
}

words! {
    /// Whether there is, or may soon be, a child to protect.
    Pregnancy {
        /// Not pregnant, not trying, not breastfeeding.
        No = "no",
        /// Pregnant.
        Pregnant = "pregnant",
        /// Trying to become pregnant.
        Trying = "trying",
        /// Breastfeeding.
        Breastfeeding = "breastfeeding",
        /// Cannot become pregnant.
        NotApplicable = "not-applicable",
        /// Not recorded.
        #[default]
        Unknown = "unknown",
    }
}

words! {
    /// Whether conception is reliably prevented.
    Contraception {
        /// Yes.
        Yes = "yes",
        /// No.
        No = "no",
        /// Not needed.
        NotApplicable = "not-applicable",
        /// Not recorded.
        #[default]
        Unknown = "unknown",
    }
}

words! {
    /// The form of LDN asked for.
    CourseForm {
        /// Capsule.
        Capsule = "capsule",
        /// Liquid to swallow.
        Liquid = "liquid",
        /// Tablet.
        Tablet = "tablet",
        /// Under the tongue.
        Sublingual = "sublingual",
        /// On the skin.
        Cream = "cream",
        /// Not recorded.
        #[default]
        Unknown = "unknown",
    }
}

words! {
    /// How fast a product lets its medicine go.
    Release {
        /// At once.
        Immediate = "immediate",
        /// Over hours or days.
        Extended = "extended",
        /// Not recorded.
        #[default]
        Unknown = "unknown",
    }
}

words! {
    /// How much alcohol.
    Alcohol {
        /// None.
        None = "none",
        /// Light.
        Light = "light",
        /// Heavy.
        Heavy = "heavy",
        /// Dependent.
        Dependent = "dependence",
        /// Withdrawal, now or lately.
        Withdrawal = "withdrawal",
        /// Not recorded.
        #[default]
        Unknown = "unknown",
    }
}

words! {
    /// Whether a condition is there now.
    ConditionStatus {
        /// It is.
        Active = "active",
        /// It was.
        Past = "past",
        /// Not recorded; counts as active.
        #[default]
        Unknown = "unknown",
    }
}

words! {
    /// How a medicine is used.
    Use {
        /// Every day.
        Daily = "daily",
        /// Every week.
        Weekly = "weekly",
        /// Every month.
        Monthly = "monthly",
        /// Now and then.
        AsNeeded = "as-needed",
        /// No more.
        Stopped = "stopped",
        /// Not yet.
        Planned = "planned",
        /// Not recorded; counts as used.
        #[default]
        Unknown = "unknown",
    }
}

words! {
    /// How a medicine enters the body.
    Route {
        /// Swallowed.
        Oral = "oral",
        /// Through the skin from a patch.
        Patch = "patch",
        /// Injected or infused.
        Injection = "injection",
        /// From an implant.
        Implant = "implant",
        /// Under the tongue.
        Sublingual = "sublingual",
        /// In the cheek.
        Buccal = "buccal",
        /// Through the nose.
        Nasal = "nasal",
        /// Breathed in.
        Inhaled = "inhaled",
        /// Through the rectum.
        Rectal = "rectal",
        /// On the skin.
        Topical = "topical",
        /// In the eye.
        Eye = "eye",
        /// In the ear.
        Ear = "ear",
        /// In the vagina.
        Vaginal = "vaginal",
        /// Beside the spinal cord.
        Spinal = "spinal",
        /// Another way.
        Other = "other",
        /// Not recorded.
        #[default]
        Unknown = "unknown",
    }
}
