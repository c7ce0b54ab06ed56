//! Many diaries on all cores.

use rayon::prelude::*;

/// Maps every item on all cores, in order: results stand where their items stood, whatever the number of threads.
///
/// `done` is called after each item, from any thread, for a progress bar.
pub fn map<T: Sync, R: Send>(items: &[T], judge: impl Fn(&T) -> R + Sync, done: impl Fn() + Sync) -> Vec<R> {
    items
        .par_iter()
        .map(|item| {
            let result = judge(item);
            done();
            result
        })
        .collect()
}
