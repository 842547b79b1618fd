//! "Soạn văn bản": any letter that fits a case, outside a step of the law.
//!
//! ```text
//! rules    which letters fit a case as it stands, and why not the rest (pure)   view    the part on the page of a case
//! pages    GET: the choice, a new letter, a draft as it will look               forms   POST: kept, put before the signer, signed,
//!                                                                                       sent back, thrown away
//! ```
//!
//! For reports and recommendations the page itself is the receipt and the answer: there every letter is an offer, never a duty. What
//! goes out with a step of the law is drafted there (`desk::law`), with the same fields.

pub mod forms;
pub mod pages;
pub mod rules;
pub mod view;
