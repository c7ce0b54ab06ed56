//! Who can open a backup, or the sealed allocation of a trial: age's X25519 keys.

use std::fmt;

use age::x25519::{Identity, Recipient};
use zeroize::Zeroizing;

use super::BackupError;

/// The public keys that a backup is encrypted to, each once.
#[derive(Clone)]
pub struct Recipients(Vec<Recipient>);

impl Recipients {
    /// Reads public keys, one a line; blank lines and lines that begin with `#` do not count, as in age's own files.
    ///
    /// # Errors
    /// [`BackupError::Recipient`], [`BackupError::SecretRecipient`]; the text is not repeated.
    pub fn read(lines: &str) -> Result<Recipients, BackupError> {
        let mut known = Vec::new();
        let mut recipients = Vec::new();
        for (line, text) in meaningful(lines) {
            if text.to_ascii_uppercase().starts_with("AGE-SECRET-KEY-") {
                return Err(BackupError::SecretRecipient { line });
            }
            let recipient: Recipient = text.parse().map_err(|_| BackupError::Recipient { line })?;
            let canonical = recipient.to_string();
            if !known.contains(&canonical) {
                known.push(canonical);
                recipients.push(recipient);
            }
        }
        Ok(Recipients(recipients))
    }

    /// Returns how many different keys there are.
    pub fn n_different(&self) -> usize {
        self.0.len()
    }

    /// Demands at least two different keys: with one, a lost key is a lost backup.
    ///
    /// # Errors
    /// [`BackupError::TooFewRecipients`].
    pub fn at_least_two(self) -> Result<Recipients, BackupError> {
        if self.n_different() < 2 {
            return Err(BackupError::TooFewRecipients { found: self.n_different() });
        }
        Ok(self)
    }

    pub(crate) fn as_dyn(&self) -> impl Iterator<Item = &dyn age::Recipient> {
        self.0.iter().map(|recipient| recipient as &dyn age::Recipient)
    }
}

impl fmt::Debug for Recipients {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(ToString::to_string)).finish()
    }
}

/// The secret keys that may open a backup. Debug prints none of it.
#[derive(Clone)]
pub struct Identities(Vec<Identity>);

impl Identities {
    /// Reads secret keys as `age-keygen` writes them.
    ///
    /// # Errors
    /// [`BackupError::Identity`], [`BackupError::NoIdentity`]; the text is not repeated.
    pub fn read(text: &Zeroizing<String>) -> Result<Identities, BackupError> {
        let read = |(line, text): (usize, &str)| text.parse().map_err(|_| BackupError::Identity { line });
        let identities = meaningful(text).map(read).collect::<Result<Vec<Identity>, _>>()?;
        if identities.is_empty() { Err(BackupError::NoIdentity) } else { Ok(Identities(identities)) }
    }

    pub(crate) fn as_dyn(&self) -> impl Iterator<Item = &dyn age::Identity> {
        self.0.iter().map(|identity| identity as &dyn age::Identity)
    }
}

impl fmt::Debug for Identities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identities(…)")
    }
}

/// Numbered lines that say something.
fn meaningful(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text.lines().enumerate().map(|(at, line)| (at + 1, line.trim()));
    lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use age::secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn two_different_keys_are_two() {
        let [one, other] =
            [Identity::generate(), Identity::generate()].map(|key| key.to_public().to_string());
        let keys = |lines: &[&str]| Recipients::read(&lines.join("\n"));
        assert_eq!(keys(&["# clinic", &one, "", &other]).unwrap().at_least_two().unwrap().n_different(), 2);
        let twice = keys(&[&one, &one]).unwrap().at_least_two().unwrap_err();
        assert!(matches!(twice, BackupError::TooFewRecipients { found: 1 }), "{twice}");
        assert!(matches!(keys(&[&one, "age1nonsense"]), Err(BackupError::Recipient { line: 2 })));
    }

    #[test]
    fn a_secret_key_is_refused_and_not_repeated() {
        let secret = Identity::generate().to_string().expose_secret().to_owned();
        let error = Recipients::read(&secret).unwrap_err();
        assert!(matches!(error, BackupError::SecretRecipient { line: 1 }));
        assert!(!error.to_string().contains(&secret));
        let broken = Identities::read(&Zeroizing::new(secret[..40].to_owned())).unwrap_err();
        assert!(!broken.to_string().contains(&secret[..40]));
        assert!(matches!(
            Identities::read(&Zeroizing::new("# nothing\n".to_owned())),
            Err(BackupError::NoIdentity)
        ));
        assert_eq!(format!("{:?}", Identities::read(&Zeroizing::new(secret)).unwrap()), "Identities(…)");
    }
}
