//! Words and looks: the page shell and the parts every page uses. No data access.

pub mod clock;
pub mod context;
pub mod fields;
pub mod flash;
pub mod icons;
pub mod kept;
pub mod limitation;
pub mod page;
pub mod pieces;
pub mod response;
pub mod table;

pub use clock::clock_badge;
pub use context::PageContext;
pub use fields::{check_box, choice, error_summary, select_field, text_area, text_field};
pub use flash::flash_line;
pub use icons::{Icon, icon, logo};
pub use page::{Page, Section};
pub use pieces::{address, breadcrumbs, empty, encoded, or_locked};
pub use response::{CachePolicy, left, see_other};
pub use table::table;
