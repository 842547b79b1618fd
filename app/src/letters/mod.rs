//! Official letters (văn bản).

pub mod actions;
pub mod docx;
pub mod html;
pub mod markup;
pub mod office;
pub mod pdf;
pub mod places;
pub mod sheet;
pub mod store;
pub mod templates;
pub mod values;
