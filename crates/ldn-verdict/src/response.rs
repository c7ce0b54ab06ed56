//! Did it work? One diary in, a posterior, its checks, a decision and its words out.

pub mod detail;
pub mod exact;
pub mod posterior;
pub mod prior;
pub mod series;
pub mod summary;
pub mod theta;
