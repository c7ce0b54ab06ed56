//! From the files to the formulary: ids, names and what they refer to, with every problem of every file at once.

use std::collections::{BTreeMap, BTreeSet};

use ldn_core::data::{Problems, Status, id_of};

use super::formulary::{Ending, Endings, FormOf, Formulary};
use super::index::{AskAt, Index, NameAt, Slot, Word};
use super::load::{Files, GroupFile, OpioidFile, Product, Raw, Section, StemsFile, WordsFile};
use super::text::{Words, is_number};
use super::{Form, Medicine, Opioid, Release};

/// Reads and joins the files.
pub(super) fn assemble(files: Files<'_>) -> Result<Formulary, Problems> {
    let mut problems = Problems::new();
    let raw = Raw::read(files, &mut problems);
    let medicines = medicines(&raw, &mut problems);
    let mut builder = Builder::new(&medicines, problems);
    raw.opioids.iter().for_each(|(file, opioids)| builder.opioids(file, opioids));
    raw.groups.iter().for_each(|(file, group)| builder.group(file, group));
    match &raw.words {
        Some((file, words)) => builder.words(file, words),
        None => builder.problems.value("medicines/words.toml", "", "", "the file"),
    }
    let endings = match &raw.stems {
        Some((file, stems)) => builder.endings(file, stems),
        None => Endings::default(),
    };
    builder.check_hidden_opioids();
    let Builder { slots, forms, problems, hooks, .. } = builder;
    let hooks = hooks.into_iter().collect();
    let slots = slots.into_iter().map(|(key, (slot, _))| Slot { key, ..slot }).collect();
    problems.or(Formulary::of(medicines, forms, Index::of(slots), endings, hooks))
}

/// All medicines by id.
fn medicines(raw: &Raw, problems: &mut Problems) -> Vec<Medicine> {
    let mut by_id = BTreeMap::new();
    let mut add = |file: &str, medicine: Medicine| {
        check_record(file, &medicine, problems);
        let id = medicine.id.clone();
        if by_id.insert(id.clone(), medicine).is_some() {
            problems.value(file, "id", id, "an id that no other medicine has");
        }
    };
    for (file, opioids) in &raw.opioids {
        let ingredient = opioids.product.first().map_or("", |product| &product.id);
        for product in &opioids.product {
            // The first product is the ingredient; others in its file are its forms only if they say which.
            let of = if product.forms.is_empty() { &product.id } else { ingredient };
            add(file, opioid_record(product, of));
        }
    }
    for (file, group) in &raw.groups {
        group.section.iter().for_each(|section| {
            ordinary_records(group, section).for_each(|medicine| add(file, medicine));
        });
    }
    if let Some((file, stems)) = &raw.stems {
        stem_records(stems).for_each(|medicine| add(file, medicine));
    }
    by_id.into_values().collect()
}

fn check_record(file: &str, medicine: &Medicine, problems: &mut Problems) {
    if !is_kebab(&medicine.id) {
        problems.value(file, "id", &medicine.id, "small letters, digits and hyphens");
    }
    for class in medicine.classes.iter().filter(|class| !is_kebab(class)) {
        problems.value(file, &format!("{}.classes", medicine.id), class, "small letters, digits and hyphens");
    }
    let Some(opioid) = &medicine.opioid else { return };
    if medicine.classes.is_empty() {
        problems.value(file, &format!("{}.classes", medicine.id), "[]", "a class that a rule names");
    }
    if opioid.extended_release_days.is_some_and(|days| days < opioid.opioid_free_days) {
        let key = format!("{}.opioid_free.extended_release_days", medicine.id);
        problems.value(file, &key, "less than days", "at least the days of immediate release");
    }
}

fn is_kebab(id: &str) -> bool {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !id.is_empty()
        && id.chars().all(allowed)
        && !id.starts_with('-')
        && !id.ends_with('-')
        && !id.contains("--")
}

fn opioid_record(product: &Product, ingredient: &str) -> Medicine {
    let free = &product.opioid_free;
    Medicine {
        id: product.id.clone(),
        name: product.name.clone(),
        ingredient: ingredient.to_owned(),
        classes: product.classes.clone(),
        opioid: Some(Opioid {
            kind: product.kind,
            opioid_free_days_source: free.source.clone(),
            opioid_free_days: free.days,
            extended_release_days: free.extended_release_days,
            misuse_days: free.misuse_days,
            opioid_free_dossier: free.dossier.clone(),
            basis: free.basis.clone(),
            patch: free.patch,
            depot: free.depot,
            no_date: free.no_date,
            half_life: with_hours(&free.half_life_h),
            active_metabolite: free.active_metabolite_h.clone(),
        }),
        status: product.status,
        checked: product.checked.clone(),
        sources: product.sources.clone(),
        read_in: product.read_in.clone(),
        atc: product.atc.clone(),
        rxcui: product.rxcui,
        note: product.note.clone(),
    }
}

/// A half-life in hours with its unit, unless it is told in words.
fn with_hours(half_life: &str) -> String {
    let is_figure = half_life.starts_with(|c: char| c.is_ascii_digit());
    if is_figure { format!("{half_life} h") } else { half_life.to_owned() }
}

fn ordinary_records(group: &GroupFile, section: &Section) -> impl Iterator<Item = Medicine> {
    section.medicines.iter().map(|ordinary| {
        let id = ordinary.id.clone().unwrap_or_else(|| slug(&ordinary.name));
        let ingredient = ordinary.form_of.clone().unwrap_or_else(|| id.clone());
        ordinary_record(id, ingredient, &ordinary.name, &section.classes, group.status)
    })
}

fn stem_records(file: &StemsFile) -> impl Iterator<Item = Medicine> {
    file.stem
        .iter()
        .map(|stem| ordinary_record(stem.id.clone(), stem.id.clone(), &stem.name, &stem.classes, file.status))
}

/// A medicine that is no opioid, known in general only.
fn ordinary_record(
    id: String,
    ingredient: String,
    name: &str,
    classes: &[String],
    status: Status,
) -> Medicine {
    Medicine {
        id,
        name: name.to_owned(),
        ingredient,
        classes: classes.to_vec(),
        opioid: None,
        status,
        checked: String::new(),
        sources: Vec::new(),
        read_in: "general knowledge".to_owned(),
        atc: Vec::new(),
        rxcui: None,
        note: None,
    }
}

/// The id that a name stands for: `St John's wort` is `st-johns-wort`.
fn slug(name: &str) -> String {
    let plain: String = name.to_lowercase().chars().filter(|c| *c != '\'').collect();
    let words = plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

/// The keys as they are collected, each with the file that brought it.
struct Builder<'a> {
    ids: BTreeMap<&'a str, usize>,
    medicines: &'a [Medicine],
    slots: BTreeMap<String, (Slot, String)>,
    forms: Vec<FormOf>,
    hooks: BTreeSet<String>,
    /// Names of ordinary medicines and words, each with its file.
    harmless: Vec<(String, String)>,
    problems: Problems,
}

impl<'a> Builder<'a> {
    fn new(medicines: &'a [Medicine], problems: Problems) -> Builder<'a> {
        Builder {
            ids: medicines.iter().enumerate().map(|(at, medicine)| (medicine.id.as_str(), at)).collect(),
            medicines,
            slots: BTreeMap::new(),
            forms: Vec::new(),
            hooks: BTreeSet::new(),
            harmless: Vec::new(),
            problems,
        }
    }

    fn opioids(&mut self, file: &str, opioids: &OpioidFile) {
        let Some(first) = opioids.product.first() else {
            return self.problems.value(file, "product", "[]", "at least one");
        };
        if !id_of(file).eq(&first.id) && id_of(file) != "other-opioids" && id_of(file) != "nitazenes" {
            self.problems.value(file, "product[0].id", &first.id, "the file's own name");
        }
        for product in &opioids.product {
            let Some(&medicine) = self.ids.get(product.id.as_str()) else { continue };
            self.forms(file, medicine, &first.id, &product.forms);
            for name in &product.names {
                self.name(file, &name.name, medicine, &name.with, (name.release, name.status));
            }
            product.ask.iter().for_each(|ask| self.ask(file, &ask.name, ask.or.as_deref(), medicine));
            for alone in &product.alone {
                if let Some(slot) = self.slot(file, alone) {
                    slot.alone.push(medicine);
                }
            }
        }
    }

    fn group(&mut self, file: &str, group: &GroupFile) {
        if group.title.trim().is_empty() {
            self.problems.value(file, "title", &group.title, "what the medicines have in common");
        }
        for section in &group.section {
            let known: Vec<&String> = section.medicines.iter().flat_map(|ordinary| &ordinary.also).collect();
            for brand in section.with.keys().filter(|brand| !known.contains(brand)) {
                self.problems.value(file, "with", brand, "a name of the section");
            }
            for ordinary in &section.medicines {
                let id = ordinary.id.clone().unwrap_or_else(|| slug(&ordinary.name));
                let Some(&medicine) = self.ids.get(id.as_str()) else { continue };
                if let Some(base) = &ordinary.form_of {
                    self.forms(file, medicine, base, &ordinary.forms);
                }
                ordinary.ask.iter().for_each(|name| self.ask(file, name, None, medicine));
                for name in std::iter::once(&ordinary.name).chain(&ordinary.also) {
                    let with = section.with.get(name).map_or(&[][..], Vec::as_slice);
                    self.name(file, name, medicine, with, (None, group.status));
                }
            }
        }
    }

    fn words(&mut self, file: &str, words: &WordsFile) {
        let forms =
            words.forms.iter().flat_map(|(form, all)| all.iter().map(|word| (word, None, Some(*form))));
        let released = [(&words.extended, Release::Extended), (&words.immediate, Release::Immediate)];
        let released = released
            .into_iter()
            .flat_map(|(all, release)| all.iter().map(move |word| (word, Some(release), None)));
        for (text, release, form) in
            forms.chain(released).chain(words.plain.all().map(|word| (word, None, None)))
        {
            self.word(file, text, release, form);
        }
    }

    fn endings(&mut self, file: &str, stems: &StemsFile) -> Endings {
        let ordinary: Vec<_> = stems.stem.iter().map(|stem| (&stem.ending, &stem.id, false)).collect();
        let opioid = stems.opioid.iter().map(|stem| (&stem.ending, &stem.ask, true));
        let mut all = Vec::new();
        for (ending, id, is_opioid) in ordinary.into_iter().chain(opioid) {
            if let Some(medicine) = self.id(file, "stem", id) {
                all.push(Ending { ending: ending.clone(), medicine, opioid: is_opioid });
            }
        }
        Endings { shortest: stems.shortest, all }
    }

    fn forms(&mut self, file: &str, medicine: usize, base: &str, forms: &[Form]) {
        if let Some(base) = self.id(file, "form_of", base) {
            self.forms.extend(forms.iter().map(|&form| FormOf { base, form, medicine }));
        }
    }

    fn name(
        &mut self,
        file: &str,
        name: &str,
        medicine: usize,
        with: &[String],
        (release, status): (Option<Release>, Status),
    ) {
        let with = with.iter().filter_map(|id| self.id(file, &format!("{name}.with"), id)).collect();
        let opioid = self.medicines[medicine].opioid.is_some();
        let words = Words::of(name);
        let phrase = self.medicines[medicine].is_refused_opioid() && words.len() > 1;
        if phrase {
            let long =
                (0..words.len()).map(|at| words.word(at)).filter(|word| word.len() > 1 && !is_number(word));
            self.hooks.extend(long.map(str::to_owned));
        }
        if !opioid {
            self.harmless.push((file.to_owned(), name.to_owned()));
        }
        let Some(slot) = self.slot(file, name) else { return };
        let is_free = slot.name.is_none() && slot.ask.is_empty();
        slot.name.get_or_insert(NameAt { medicine, with, release, status, opioid, phrase });
        if !is_free {
            self.taken(file, name);
        }
    }

    fn ask(&mut self, file: &str, name: &str, or: Option<&str>, medicine: usize) {
        let or = or.and_then(|id| self.id(file, &format!("{name}.or"), id));
        let Some(slot) = self.slot(file, name) else { return };
        slot.ask.push(AskAt { medicine, or });
        if slot.name.is_some() {
            self.taken(file, name);
        }
    }

    fn word(&mut self, file: &str, text: &str, release: Option<Release>, form: Option<Form>) {
        self.harmless.push((file.to_owned(), text.to_owned()));
        let Some(slot) = self.slot(file, text) else { return };
        let is_free = slot.name.is_none() && slot.ask.is_empty() && slot.word.is_none();
        slot.word.get_or_insert(Word { release, form });
        if !is_free {
            self.taken(file, text);
        }
    }

    /// The slot of a text, made if it is new; `None` with a problem if nothing of the text can be compared.
    fn slot(&mut self, file: &str, text: &str) -> Option<&mut Slot> {
        let words = Words::of(text);
        if words.len() == 0 {
            self.problems.value(file, "name", text, "letters or digits");
            return None;
        }
        let key = words.key(0, words.len());
        Some(&mut self.slots.entry(key).or_insert_with(|| (Slot::default(), file.to_owned())).0)
    }

    /// Notes that a name cannot mean two things.
    fn taken(&mut self, file: &str, name: &str) {
        let words = Words::of(name);
        let first = self.slots.get(&words.key(0, words.len()));
        let first = first.map_or(String::new(), |(_, file)| format!(" and not in {file} already"));
        self.problems.value(file, "name", name, format_args!("a name that stands once{first}"));
    }

    fn id(&mut self, file: &str, key: &str, id: &str) -> Option<usize> {
        let found = self.ids.get(id).copied();
        if found.is_none() {
            self.problems.value(file, key, id, "the id of a medicine");
        }
        found
    }

    /// No name of an ordinary medicine, and no phrase, may contain the whole name of an opioid: it would hide it.
    fn check_hidden_opioids(&mut self) {
        let is_opioid = |key: &str| {
            self.slots.get(key).and_then(|(slot, _)| slot.name.as_ref()).is_some_and(|name| name.opioid)
        };
        let mut hidden = Vec::new();
        for (file, name) in &self.harmless {
            let words = Words::of(name);
            let runs = (0..words.len()).flat_map(|from| (from + 1..=words.len()).map(move |to| (from, to)));
            hidden.extend(
                runs.map(|(from, to)| words.key(from, to))
                    .find(|run| is_opioid(run))
                    .map(|run| (file.clone(), name.clone(), run)),
            );
        }
        for (file, name, run) in hidden {
            self.problems.value(
                &file,
                "name",
                name,
                format_args!("a name that does not contain the opioid {run}"),
            );
        }
    }
}
