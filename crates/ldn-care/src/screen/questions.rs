//! What could not be judged, as questions, ranked by what they decide.

mod answers;
mod labs;
mod medicines;

use super::answer::Question;
use super::facts::Facts;
use super::rule::Severity;

/// A question, and how grave what it decides is.
struct Asked {
    question: Question,
    decides: Severity,
}

/// The questions so far.
#[derive(Default)]
struct Questions(Vec<Asked>);

impl Questions {
    /// Asks something that a plan has to wait for.
    fn block(&mut self, at: impl Into<String>, decides: Severity, why: impl Into<String>) {
        self.push(at.into(), decides, why.into(), true);
    }

    /// Asks something that a plan need not wait for.
    fn ask(&mut self, at: impl Into<String>, decides: Severity, why: impl Into<String>) {
        self.push(at.into(), decides, why.into(), false);
    }

    fn push(&mut self, at: String, decides: Severity, why: String, blocks: bool) {
        self.0.push(Asked { question: Question { at, why, blocks }, decides });
    }
}

/// Returns every open question: those that block first, then by the gravity of what they decide.
pub(super) fn ask(facts: &Facts<'_>) -> Vec<Question> {
    let mut questions = Questions::default();
    answers::ask(facts, &mut questions);
    labs::ask(facts, &mut questions);
    medicines::ask(facts, &mut questions);
    let mut asked = questions.0;
    asked.sort_by_key(|asked| std::cmp::Reverse((asked.question.blocks, asked.decides)));
    asked.into_iter().map(|asked| asked.question).collect()
}
