//! Official letters (văn bản).

pub mod docx;
pub mod html;
pub mod markup;
pub mod office;
pub mod pdf;
pub mod places;
pub mod sheet;
pub mod templates;
pub mod values;
