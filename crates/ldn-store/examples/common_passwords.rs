//! Prints `data/passwords/common.txt`: passwords that people choose too often, made by rule and not copied from a list.
//!
//! `cargo run -p ldn-store --example common_passwords > data/passwords/common.txt`

/// First names, English words, places, teams and this product's own words: what people build passwords from.
const STEMS: &[&str] = &[
    "password",
    "passwort",
    "passw0rd",
    "p@ssword",
    "p@ssw0rd",
    "pa55word",
    "contrasena",
    "motdepasse",
    "secret",
    "welcome",
    "letmein",
    "login",
    "admin",
    "administrator",
    "master",
    "access",
    "default",
    "changeme",
    "guest",
    "user",
    "root",
    "test",
    "tester",
    "temp",
    "hello",
    "iloveyou",
    "loveyou",
    "iloveu",
    "love",
    "forever",
    "princess",
    "prince",
    "queen",
    "king",
    "angel",
    "dragon",
    "monkey",
    "tiger",
    "lion",
    "panther",
    "eagle",
    "falcon",
    "wolf",
    "horse",
    "pony",
    "kitten",
    "kitty",
    "cat",
    "puppy",
    "dog",
    "doggy",
    "bunny",
    "rabbit",
    "butterfly",
    "dolphin",
    "turtle",
    "sunshine",
    "sunflower",
    "flower",
    "rose",
    "lily",
    "daisy",
    "jasmine",
    "summer",
    "winter",
    "spring",
    "autumn",
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "monday",
    "friday",
    "sunday",
    "football",
    "baseball",
    "basketball",
    "soccer",
    "hockey",
    "tennis",
    "golf",
    "cricket",
    "rugby",
    "yankees",
    "cowboys",
    "steelers",
    "lakers",
    "arsenal",
    "chelsea",
    "liverpool",
    "barcelona",
    "realmadrid",
    "juventus",
    "batman",
    "superman",
    "spiderman",
    "starwars",
    "pokemon",
    "pikachu",
    "mario",
    "zelda",
    "matrix",
    "gandalf",
    "frodo",
    "hogwarts",
    "harrypotter",
    "merlin",
    "phoenix",
    "computer",
    "internet",
    "google",
    "facebook",
    "samsung",
    "apple",
    "windows",
    "microsoft",
    "linux",
    "server",
    "qwerty",
    "qwertz",
    "azerty",
    "asdf",
    "asdfgh",
    "zxcvbn",
    "zxcvbnm",
    "trustno1",
    "shadow",
    "hunter",
    "hunter2",
    "ranger",
    "killer",
    "ninja",
    "pirate",
    "soldier",
    "warrior",
    "cheese",
    "cookie",
    "chocolate",
    "banana",
    "orange",
    "cherry",
    "peach",
    "pepper",
    "ginger",
    "honey",
    "sugar",
    "candy",
    "coffee",
    "pizza",
    "whisky",
    "silver",
    "gold",
    "diamond",
    "purple",
    "yellow",
    "green",
    "blue",
    "black",
    "white",
    "rainbow",
    "freedom",
    "peace",
    "jesus",
    "heaven",
    "faith",
    "blessed",
    "family",
    "mother",
    "daddy",
    "mommy",
    "sister",
    "brother",
    "baby",
    "lover",
    "london",
    "paris",
    "berlin",
    "madrid",
    "rome",
    "newyork",
    "chicago",
    "dallas",
    "boston",
    "texas",
    "california",
    "america",
    "england",
    "germany",
    "france",
    "italia",
    "mexico",
    "canada",
    "australia",
    "michael",
    "jennifer",
    "jessica",
    "ashley",
    "amanda",
    "daniel",
    "david",
    "robert",
    "thomas",
    "william",
    "james",
    "john",
    "joseph",
    "andrew",
    "matthew",
    "anthony",
    "christopher",
    "nicholas",
    "alexander",
    "benjamin",
    "samantha",
    "elizabeth",
    "michelle",
    "stephanie",
    "nicole",
    "melissa",
    "victoria",
    "charlotte",
    "emma",
    "olivia",
    "sophie",
    "hannah",
    "sarah",
    "laura",
    "maria",
    "anna",
    "peter",
    "paul",
    "george",
    "charlie",
    "harley",
    "maggie",
    "buster",
    "bailey",
    "jordan",
    "taylor",
    "justin",
    "hospital",
    "clinic",
    "doctor",
    "nurse",
    "patient",
    "pharmacy",
    "medicine",
    "health",
    "naltrexone",
    "lowdose",
    "lowdosenaltrexone",
    "ldn",
    "diary",
    "painfree",
];

/// What people put behind a word to please a rule.
const ENDINGS: &[&str] = &[
    "", "1", "12", "123", "1234", "12345", "123456", "!", "1!", "123!", "00", "01", "007", "11", "69", "99",
    "2000", "2010", "2020", "2021", "2022", "2023", "2024", "2025", "2026",
];

/// Rows of keyboards and pads along which a finger walks.
const WALKS: &[&str] = &[
    "1234567890",
    "0987654321",
    "qwertyuiop",
    "poiuytrewq",
    "asdfghjkl",
    "lkjhgfdsa",
    "zxcvbnm",
    "mnbvcxz",
    "qwertzuiop",
    "yxcvbnm",
    "azertyuiop",
    "qsdfghjklm",
    "abcdefghijklmnopqrstuvwxyz",
    "1qaz2wsx3edc4rfv",
    "qazwsxedcrfv",
    "1q2w3e4r5t6y",
    "q1w2e3r4t5y6",
    "zaq12wsxcde3",
    "147258369",
    "159753456",
    "741852963",
    "789456123",
    "963852741",
    "123321123321",
    "112233445566",
    "102030405060",
    "123qweasdzxc",
    "qweasdzxc123",
];

/// The shortest password that an account may have, in characters: shorter ones need no list.
const SHORTEST: usize = 8;

/// All passwords of the list, sorted, in lower case, each once.
pub(crate) fn compile() -> Vec<String> {
    let mut list: Vec<String> =
        words().chain(doubled()).chain(walks()).chain(repeats()).chain(days()).collect();
    list.retain(|password| password.chars().count() >= SHORTEST);
    list.sort_unstable();
    list.dedup();
    list
}

/// Every word with every ending.
fn words() -> impl Iterator<Item = String> {
    STEMS.iter().flat_map(|stem| ENDINGS.iter().map(move |ending| format!("{stem}{ending}")))
}

/// Every word twice: "catcat", "testtest".
fn doubled() -> impl Iterator<Item = String> {
    STEMS.iter().map(|stem| format!("{stem}{stem}"))
}

/// Every run of eight or more keys along a walk, and every walk of four to seven keys written twice.
fn walks() -> impl Iterator<Item = String> {
    WALKS.iter().flat_map(|walk| {
        let runs = (SHORTEST..=walk.len()).flat_map(|length| windows(walk, length));
        let twice = (4..SHORTEST).flat_map(|length| windows(walk, length).map(|run| format!("{run}{run}")));
        runs.chain(twice).collect::<Vec<_>>()
    })
}

/// Every run of `length` keys; the walks are ASCII, so bytes are characters.
fn windows(walk: &str, length: usize) -> impl Iterator<Item = String> {
    (0..=walk.len().saturating_sub(length))
        .filter(move |_| length <= walk.len())
        .map(move |start| walk[start..start + length].to_string())
}

/// One character eight to twelve times, and two digits in turn.
fn repeats() -> impl Iterator<Item = String> {
    let one = ('0'..='9').chain('a'..='z').flat_map(|c| (8..=12).map(move |n| c.to_string().repeat(n)));
    let two = (0..100).flat_map(|n| (4..=5).map(move |times| format!("{n:02}").repeat(times)));
    one.chain(two)
}

/// The first of each month of the years 1950 to 2015, and some days that everybody knows, as eight digits.
fn days() -> impl Iterator<Item = String> {
    (1950..=2015).flat_map(|year| {
        (1..=12).flat_map(move |month| [format!("01{month:02}{year}"), format!("{year}{month:02}01")])
    })
}

#[expect(clippy::print_stdout, reason = "an example that prints a file")]
#[cfg_attr(test, expect(dead_code, reason = "the test only calls `compile`"))]
fn main() {
    println!("# Passwords that people choose too often, in lower case; the check ignores case.");
    println!(
        "# Made by rule by crates/ldn-store/examples/common_passwords.rs from words, names, keyboard walks,"
    );
    println!("# repeats and dates of our own choosing; no published list was copied. Status: judgement.");
    for password in compile() {
        println!("{password}");
    }
}
