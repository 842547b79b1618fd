//! The picture signs: one stroke weight, drawn in the colour of the text beside them.
//!
//! Every sign is decoration (`aria-hidden`): the words next to it, or the `aria-label` of a
//! button without words, carry the meaning. They are inline, so a page needs no icon file and
//! they follow light, dark and forced colours by themselves. Sizes come from `style/base.css`.

use leptos::prelude::*;

/// A sign, named by what it means on the portal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Icon {
    /// File something new.
    Plus,
    /// Look something up.
    Search,
    /// The public register.
    Register,
    /// Dialogue conferences.
    Dialogue,
    /// Add a photo.
    Camera,
    /// A document.
    Paper,
    /// A deadline.
    Clock,
    /// Done.
    Check,
    /// Look out.
    Warning,
    /// Sealed or private.
    Lock,
    /// A place.
    Pin,
    /// E-mail.
    Mail,
    /// Telephone.
    Phone,
    /// Print this page.
    Print,
    /// One step back.
    Back,
    /// One step on.
    Next,
    /// Close or take away.
    Close,
    /// Change a text.
    Edit,
    /// Send.
    Send,
    /// A person.
    User,
    /// A government body.
    Agency,
    /// A rating.
    Star,
    /// Save a file.
    Download,
    /// Remove.
    Trash,
    /// Narrow a list.
    Filter,
    /// Explanation.
    Help,
    /// More places.
    Menu,
    /// Light or dark.
    Sun,
    /// Look at hidden data.
    Eye,
    /// Answer.
    Reply,
    /// Pass to another agency.
    Forward,
    /// Report a problem.
    Flag,
    /// A date.
    Calendar,
}

impl Icon {
    /// The outline on the 24 × 24 grid.
    const fn path(self) -> &'static str {
        match self {
            Self::Plus => "M12 5v14M5 12h14",
            Self::Search => "M4.5 11a6.5 6.5 0 1 0 13 0 6.5 6.5 0 1 0-13 0M20 20l-4.4-4.4",
            Self::Register => "M5 4h14v16H5zM8.5 9h7M8.5 13h7M8.5 17h4",
            Self::Dialogue => "M4 5h11v8H8l-4 3.5zM18 9h2v10l-3.5-2.5H10",
            Self::Camera => "M4 8h3.5l1.5-2.5h6L16.5 8H20v11H4zM8.5 13a3.5 3.5 0 1 0 7 0 3.5 3.5 0 1 0-7 0",
            Self::Paper => "M6 3.5h8l4.5 4.5v12.5H6zM14 3.5V8h4.5M9 12.5h6.5M9 16.5h6.5",
            Self::Clock => "M3.5 12a8.5 8.5 0 1 0 17 0 8.5 8.5 0 1 0-17 0M12 7v5l3.5 2",
            Self::Check => "M4.5 12.5l5 5L19.5 7",
            Self::Warning => "M12 4L2.8 19.5h18.4zM12 10v4.5M12 17v.1",
            Self::Lock => "M5 10.5h14v10H5zM8 10.5V8a4 4 0 0 1 8 0v2.5M12 14.5v2",
            Self::Pin => "M12 21.5c4.5-4.8 7-8.2 7-11.5a7 7 0 0 0-14 0c0 3.3 2.5 6.7 7 11.5M9.5 10a2.5 2.5 0 1 0 5 0 2.5 2.5 0 1 0-5 0",
            Self::Mail => "M3.5 5.5h17v13h-17zM4 6.5l8 6.5 8-6.5",
            Self::Phone => "M5 3.5h4l2 5-2.5 2a12 12 0 0 0 5 5l2-2.5 5 2v4a1.5 1.5 0 0 1-1.6 1.5A17 17 0 0 1 3.5 5.1 1.5 1.5 0 0 1 5 3.5",
            Self::Print => "M7 9V3.5h10V9M7 17.5H4V9h16v8.5h-3M7 14h10v6.5H7z",
            Self::Back => "M15 5l-7 7 7 7",
            Self::Next => "M9 5l7 7-7 7",
            Self::Close => "M6 6l12 12M18 6L6 18",
            Self::Edit => "M4 20l1-4.5L16 4.5l3.5 3.5L8.5 19zM13.5 7l3.5 3.5",
            Self::Send => "M20.5 3.5L3.5 10.5l7 3 3 7zM20.5 3.5l-10 10",
            Self::User => "M8 8a4 4 0 1 0 8 0 4 4 0 1 0-8 0M4.5 20.5c.6-4 3.5-6 7.5-6s6.9 2 7.5 6",
            Self::Agency => "M3.5 9.5L12 4l8.5 5.5zM6 9.5V18M10 9.5V18M14 9.5V18M18 9.5V18M3.5 20.5h17M5 18h14",
            Self::Star => "M12 3.5l2.6 5.6 6.1.7-4.5 4.2 1.2 6.1-5.4-3-5.4 3 1.2-6.1-4.5-4.2 6.1-.7z",
            Self::Download => "M12 4v11M7 10.5l5 5 5-5M4.5 20h15",
            Self::Trash => "M4.5 6.5h15M9 6.5V4h6v2.5M6.5 6.5L7.5 20.5h9l1-14M10 10.5v6M14 10.5v6",
            Self::Filter => "M4 6.5h16M7 12h10M10 17.5h4",
            Self::Help => "M3.5 12a8.5 8.5 0 1 0 17 0 8.5 8.5 0 1 0-17 0M9.5 9.5a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.8M12 16.5v.1",
            Self::Menu => "M4 6.5h16M4 12h16M4 17.5h16",
            Self::Sun => {
                "M8 12a4 4 0 1 0 8 0 4 4 0 1 0-8 0M12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4"
            }
            Self::Eye => "M2.5 12C5 7.5 8 5.5 12 5.5s7 2 9.5 6.5c-2.5 4.5-5.5 6.5-9.5 6.5S5 16.5 2.5 12M9 12a3 3 0 1 0 6 0 3 3 0 1 0-6 0",
            Self::Reply => "M9.5 5.5L4 11l5.5 5.5M4 11h9.5c4 0 6.5 2.5 6.5 7.5",
            Self::Forward => "M14.5 5.5L20 11l-5.5 5.5M20 11h-9.5C6.5 11 4 13.5 4 18.5",
            Self::Flag => "M5.5 21V4M5.5 4.5h13l-3 4.5 3 4.5h-13",
            Self::Calendar => "M4 5.5h16v15H4zM4 10h16M8 3v4.5M16 3v4.5M8 14h.1M12 14h.1M16 14h.1M8 17h.1M12 17h.1",
        }
    }
}

/// Draws a sign at the size of the text around it.
pub fn icon(icon: Icon) -> impl IntoView + use<> {
    view! {
        <svg
            class="icon"
            viewBox="0 0 24 24"
            fill="none"
            stroke="currentColor"
            stroke-width="1.8"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
        >
            <path d=icon.path() />
        </svg>
    }
}

/// The voice: a small speech bubble, filled, on the 32 × 32 grid.
const LOGO_VOICE: &str = "M2.8 13.2a4.5 4.5 0 1 1 3.6 4.4L2.9 20l.8-4.2a4.5 4.5 0 0 1-.9-2.6";
/// The two arcs that listen to it.
const LOGO_ARCS: &str = "M15.5 8.8a7.5 7.5 0 0 1 0 10M17.2 3.5a12.5 12.5 0 0 1 7.3 18.2c-1.6 2.8-3 6-6.5 6.3";

/// Draws the brand mark: a voice and two listening arcs, the outer one closing like an ear.
pub fn logo() -> impl IntoView + use<> {
    view! {
        <svg
            class="logo"
            viewBox="0 0 32 32"
            fill="none"
            stroke="currentColor"
            stroke-width="3"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
        >
            <path d=LOGO_VOICE fill="currentColor" stroke="none" />
            <path d=LOGO_ARCS />
        </svg>
    }
}
