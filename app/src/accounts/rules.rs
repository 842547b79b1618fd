//! Limits of signing in and of guessing codes, and what a password must be. Pure.

use chrono::Duration;

/// Failed sign-ins of one name from one address before a pause.
pub const SIGN_IN_FAILURES_MAX: i64 = 8;
/// Failed sign-ins from one address, whatever the names, before a pause.
pub const SIGN_IN_ADDRESS_FAILURES_MAX: i64 = 40;
/// Wrong case codes from one address before a pause.
pub const CODE_FAILURES_MAX: i64 = 20;
/// How long failures are counted together, and so the longest pause.
pub const FAILURE_WINDOW: Duration = Duration::minutes(15);
/// The shortest password, in characters. Length is what counts; no rule asks for signs or capitals.
pub const PASSWORD_CHARS_MIN: usize = 12;
/// The longest, so that hashing one stays cheap.
pub const PASSWORD_CHARS_MAX: usize = 200;
/// Hours without a request after which an official's session ends.
pub const DESK_SESSION_HOURS: i64 = 9;
/// Minutes without a request after which a citizen's visit by code ends: phones are lent and shared.
pub const CODE_SESSION_MINUTES: i64 = 60;
