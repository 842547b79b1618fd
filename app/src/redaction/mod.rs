//! Redaction: before a text of a case becomes public, what names a person is taken out of it.
//!
//! [`rules`] finds what may be personal and puts a mark in its place ("[đã ẩn: số điện thoại]"). It only suggests: a person decides about each.

pub mod rules;
