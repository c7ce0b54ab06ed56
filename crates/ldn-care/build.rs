//! Compiles the data files in.

/// The lists to make, each from its folders of `data/`.
const LISTS: [(&str, &[&str]); 5] = [
    ("attention_files.rs", &["attention"]),
    ("compounding_files.rs", &["compounding", "compounding/forms", "compounding/beyond-use"]),
    ("files.rs", &["medicines", "medicines/opioids", "medicines/groups"]),
    ("protocol_files.rs", &["protocols"]),
    ("screen_files.rs", &["screen", "screen/rules", "screen/terms"]),
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    ldn_embed::embed(&LISTS)
}
