//! The list of common passwords is what its rule makes.

#[path = "../../examples/common_passwords.rs"]
mod common_passwords;

use ldn_store::account::{Password, PasswordRefusal, n_common};

#[test]
fn the_file_is_what_the_rule_makes() {
    let file = include_str!("../../../../data/passwords/common.txt");
    let listed: Vec<&str> = file.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(listed, common_passwords::compile(), "run the example common_passwords again");
    assert_eq!(listed.len(), n_common());
    for password in listed {
        assert_eq!(Password::typed(password).check("name"), Err(PasswordRefusal::Common), "{password}");
    }
}
