//! The one table of limits: which kind of request a route is, and how much of it comes through.
//!
//! Figures of 27 November 2026. What they are made for:
//! - *A carrier puts thousands of phones behind one IPv4 address* (carrier-grade NAT, usual in Viet Nam), a village shares a coffee shop's
//!   line, thirty officials of a commune one office line, five hundred people at a dialogue one hall's Wi-Fi. So an address may do much
//!   ([`Terms::free`]), and beyond that nobody is turned away: they are asked for one step (see [`super::work`]), which lets *their device*
//!   go on in a bucket of its own ([`Terms::pass`]), however busy the address is.
//! - *Who floods from one address* pays for every device they pretend to be with work or waiting, and above [`Terms::hard`] gets a few bytes
//!   that cost us nothing. What this server does on two cores stands beside each figure.
//! - *Who has many addresses* is not stopped by counting addresses. Guesses at codes and passwords are counted in the database for all
//!   processes together (`accounts::actions::Limit`), and passwords by account too.
//!
//! Counters live in the memory of each process: with several processes behind one proxy each lets as much through.

use super::rules::Rate;
use axum::http::Method;

/// An IPv6 /48 may do so many times what one /64 may: a school or a company is one.
pub const COARSE_FACTOR: i64 = 8;
/// Live pages that one address may have open at once: a hall of five hundred phones and a hall's screen, twice.
pub const STREAMS_OF_NETWORK_MAX: u32 = 1_200;
/// Live pages that one process keeps open for addresses with limits, together. A connection takes some 20 kB.
pub const STREAMS_MAX: u32 = 20_000;
/// How long somebody is told to wait whose live page does not fit, in seconds. The page itself goes on without it.
pub const STREAM_WAIT_SECONDS: u64 = 30;
/// Kibibytes of photos and papers from one address: 2 GiB at once, then 4 GiB an hour. A flood brings some hundred petitions of five photos
/// of three megabytes from one carrier's address in an hour; a disk of 100 GB lasts a day against one address that sends without end.
pub const UPLOAD: Rate = Rate::new(4 * 1024 * 1024, 3_600, 2 * 1024 * 1024);
/// Mails to one recipient in [`MAIL_WINDOW_HOURS`], whoever asked for them: enough for somebody who follows a whole commune, too few to fill a
/// stranger's letter box. What is over comes later and is not lost.
pub const MAILS_MAX: i64 = 30;
/// How long mails to one recipient are counted together, in hours.
pub const MAIL_WINDOW_HOURS: i64 = 24;

/// Kinds of requests that are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// Pages that must be rendered. Those in memory are answered before anything is counted.
    Read,
    /// Lists with a search or a filter.
    Search,
    /// A secret code or link.
    Code,
    /// Signing in, or showing an old password.
    SignIn,
    /// The screens of a petition that is being written, with its photos.
    Draft,
    /// Sending a petition.
    Filing,
    /// What somebody with a code writes and presses.
    Message,
    /// What a crowd does at the same time: joining, asking and supporting questions, registering, booking, saying whether a promise was kept.
    Crowd,
    /// Whatever makes the portal send a mail to an address somebody typed.
    Contact,
    /// The officials' workspace.
    Desk,
    /// Tables to take away.
    Export,
    /// A page that changes while it is looked at. Not counted by time but by how many are open.
    Stream,
}

/// How much of a class comes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// From one network without any question.
    pub free: Rate,
    /// From one device that has done the step.
    pub pass: Rate,
    /// From one network in all, steps or not; above, the answer is short.
    pub hard: Rate,
}

impl Class {
    /// All.
    pub const ALL: [Self; 12] = [
        Self::Read,
        Self::Search,
        Self::Code,
        Self::SignIn,
        Self::Draft,
        Self::Filing,
        Self::Message,
        Self::Crowd,
        Self::Contact,
        Self::Desk,
        Self::Export,
        Self::Stream,
    ];

    /// Its letters in a cookie's name; also its number in what is signed.
    pub fn code(self) -> &'static str {
        match self {
            Self::Read => "xem",
            Self::Search => "tim",
            Self::Code => "ma",
            Self::SignIn => "vao",
            Self::Draft => "nhap",
            Self::Filing => "gui",
            Self::Message => "nhan",
            Self::Crowd => "dong",
            Self::Contact => "thu",
            Self::Desk => "ban",
            Self::Export => "xuat",
            Self::Stream => "song",
        }
    }

    /// Its place among all: one byte of what is signed.
    pub fn number(self) -> u8 {
        Self::ALL.iter().position(|class| *class == self).and_then(|place| u8::try_from(place).ok()).unwrap_or(u8::MAX)
    }

    /// The class of that number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }

    /// What comes through.
    pub fn terms(self) -> Terms {
        let terms = |free, pass, hard| Terms { free, pass, hard };
        match self {
            // Two thousand phones behind one address, five pages each within ten minutes, are 17 a second. Rendering makes 700 a second.
            Self::Read => terms(Rate::new(40, 1, 1_200), Rate::new(2, 1, 120), Rate::new(300, 1, 3_000)),
            // A search takes some four milliseconds with a million cases.
            Self::Search => terms(Rate::new(10, 1, 300), Rate::new(1, 1, 60), Rate::new(60, 1, 600)),
            // Somebody types a code once, wrongly three times. After a notice to a whole village a hundred look at once.
            Self::Code => terms(Rate::new(1, 2, 120), Rate::new(1, 20, 10), Rate::new(4, 1, 300)),
            // Thirty officials at half past seven, each mistyping once. A password takes 20 milliseconds and 19 MiB.
            Self::SignIn => terms(Rate::new(1, 3, 90), Rate::new(1, 20, 10), Rate::new(3, 1, 200)),
            // Ten presses for a petition with photos, and a question every other second while typing.
            Self::Draft => terms(Rate::new(10, 1, 600), Rate::new(1, 1, 90), Rate::new(60, 1, 1_500)),
            // A commune has a handful a day; after a flood a carrier's address brings a hundred in an hour, sixty of them in one minute.
            Self::Filing => terms(Rate::new(1, 20, 60), Rate::new(1, 120, 3), Rate::new(1, 2, 400)),
            Self::Message => terms(Rate::new(1, 3, 150), Rate::new(1, 15, 12), Rate::new(2, 1, 500)),
            // A hall of five hundred presses "I want to know that too" within a minute, for several questions.
            Self::Crowd => terms(Rate::new(10, 1, 1_500), Rate::new(1, 5, 20), Rate::new(60, 1, 3_000)),
            // Each is a mail to somebody; by recipient see MAILS_MAX.
            Self::Contact => terms(Rate::new(1, 15, 60), Rate::new(1, 120, 3), Rate::new(1, 2, 200)),
            // Thirty officials who click once a second, and pages that say every half minute that they are still open.
            Self::Desk => terms(Rate::new(40, 1, 1_200), Rate::new(4, 1, 240), Rate::new(150, 1, 2_000)),
            // A table of ten thousand rows takes a second.
            Self::Export => terms(Rate::new(1, 10, 30), Rate::new(1, 30, 5), Rate::new(1, 2, 100)),
            // By how many are open, STREAMS_OF_NETWORK_MAX; these only keep connecting and leaving within bounds.
            Self::Stream => terms(Rate::new(100, 1, 4_000), Rate::new(1, 1, 60), Rate::new(400, 1, 8_000)),
        }
    }
}

/// Every form the public sends. Those of the officials' workspace are [`Class::Desk`].
const FORMS: [(&str, Class); 52] = [
    ("/gui", Class::Draft),
    ("/gui/o-dau", Class::Draft),
    ("/gui/kiem-tra", Class::Filing),
    ("/gui/don-moi", Class::Draft),
    ("/gui/xoa", Class::Draft),
    ("/gui/tuong-tu", Class::Draft),
    ("/tra-cuu", Class::Code),
    ("/tra-cuu/thoat", Class::Message),
    ("/tra-cuu/don/giay-to", Class::Message),
    ("/tra-cuu/don/tin-nhan", Class::Message),
    ("/tra-cuu/don/rut", Class::Message),
    ("/tra-cuu/don/danh-gia", Class::Message),
    ("/tra-cuu/don/da-xong", Class::Message),
    ("/tra-cuu/don/chua-xong", Class::Message),
    ("/tra-cuu/don/khieu-nai-tiep", Class::Message),
    ("/tra-cuu/don/phan", Class::Message),
    ("/tra-cuu/don/email", Class::Contact),
    ("/tra-cuu/du-lieu/tai", Class::Message),
    ("/tra-cuu/du-lieu/sua", Class::Contact),
    ("/tra-cuu/du-lieu/xoa", Class::Message),
    ("/tra-cuu/du-lieu/ma", Class::Code),
    ("/tra-cuu/cung/email", Class::Contact),
    ("/tra-cuu/cung/roi", Class::Message),
    ("/dang-nhap", Class::SignIn),
    ("/dang-nhap/buoc-hai", Class::SignIn),
    ("/dang-nhap/danh-ba", Class::SignIn),
    ("/dang-nhap/khoa", Class::SignIn),
    ("/dang-nhap/thach-thuc", Class::SignIn),
    ("/dang-xuat", Class::Message),
    ("/gui/tu-trang-cua-toi", Class::Draft),
    ("/toi/vao", Class::Contact),
    ("/toi/ma", Class::Code),
    ("/toi/lien-he", Class::Contact),
    ("/toi/bo", Class::Message),
    ("/toi/don", Class::Message),
    ("/toi/dinh-danh", Class::SignIn),
    ("/toi/dong", Class::Message),
    ("/toi/nhan", Class::Message),
    ("/toi/phien", Class::Message),
    ("/toi/thoat", Class::Message),
    ("/toi/thong-tin", Class::Message),
    ("/cong-khai/{number}/cung", Class::Crowd),
    ("/cong-khai/{number}/cung/quen", Class::Message),
    ("/loi-hua/{number}/y-kien", Class::Crowd),
    ("/theo-doi-loi-hua", Class::Contact),
    ("/tiep-dan/{number}/hen", Class::Crowd),
    ("/tiep-dan/lich-hen", Class::Code),
    ("/doi-thoai/{number}/dang-ky", Class::Crowd),
    ("/doi-thoai/dang-ky", Class::Code),
    ("/doi-thoai/{number}/hoi", Class::Crowd),
    ("/doi-thoai/{number}/cau-hoi/{id}", Class::Crowd),
    ("/doi-thoai/cau-hoi", Class::Code),
];
/// Forms that are classed elsewhere, and pages behind secret links: both methods.
const LINKS: [(&str, Class); 3] =
    [("/doi-thoai/cau-hoi/lien-he/{code}", Class::Code), ("/theo-doi-loi-hua/{code}", Class::Code), ("/can-bo/mat-khau", Class::SignIn)];
/// Tables to take away.
const EXPORTS: [&str; 2] = ["/can-bo/danh-sach.csv", "/can-bo/tiep-dan/so.xlsx"];
/// Answered from memory, or for the operator: not counted. The step itself only checks a signature.
const UNCOUNTED: [&str; 6] = ["/assets/", "/icons/", "/healthz", "/readyz", "/metrics", super::STEP_PATH];

/// The class of a request to a route (its pattern, not its address). None: it is not counted.
pub fn class_of(method: &Method, route: &str, query: &str) -> Option<Class> {
    if UNCOUNTED.iter().any(|known| route.starts_with(known)) {
        return None;
    }
    let is_reading = method.is_safe();
    let linked = LINKS.iter().find(|(known, class)| *known == route && !(is_reading && *class == Class::SignIn));
    if let Some((_, class)) = linked {
        return Some(*class);
    }
    if is_reading {
        return Some(if route.ends_with("/dong") {
            Class::Stream
        } else if EXPORTS.contains(&route) {
            Class::Export
        } else if route.starts_with("/can-bo") {
            Class::Desk
        } else if query.is_empty() {
            Class::Read
        } else {
            Class::Search
        });
    }
    Some(match FORMS.iter().find(|(known, _)| *known == route) {
        Some((_, class)) => *class,
        None if route.starts_with("/can-bo") => Class::Desk,
        None => Class::Message,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_form_of_the_public_has_a_class_and_no_class_a_form_that_is_gone() {
        let forms: BTreeSet<&str> = crate::routes::all().table.iter().filter(|route| route.method == Method::POST).map(|route| route.path).collect();
        let known: BTreeSet<&str> = FORMS.iter().chain(&LINKS).map(|(path, _)| *path).collect();
        let missing: Vec<_> = forms.iter().filter(|path| !path.starts_with("/can-bo") && **path != super::super::STEP_PATH && !known.contains(*path)).collect();
        assert!(missing.is_empty(), "say in FORMS what these are: {missing:?}");
        let gone: Vec<_> = known.iter().filter(|path| !forms.contains(*path)).collect();
        assert!(gone.is_empty(), "no such form: {gone:?}");
    }

    #[test]
    fn reading_is_told_from_searching_and_from_what_stays_open() {
        let of = |path, query| class_of(&Method::GET, path, query);
        assert_eq!(of("/cong-khai", ""), Some(Class::Read));
        assert_eq!(of("/cong-khai", "q=nuoc"), Some(Class::Search));
        assert_eq!(of("/doi-thoai/{number}/truc-tiep/dong", ""), Some(Class::Stream));
        assert_eq!(of("/can-bo/danh-sach.csv", "q=x"), Some(Class::Export));
        assert_eq!(of("/can-bo", "q=x"), Some(Class::Desk));
        assert_eq!(of("/can-bo/mat-khau", ""), Some(Class::Desk));
        assert_eq!(class_of(&Method::POST, "/can-bo/mat-khau", ""), Some(Class::SignIn));
        assert_eq!(of("/theo-doi-loi-hua/{code}", ""), Some(Class::Code));
        assert_eq!(of("/assets/{name}", ""), None);
        assert_eq!(class_of(&Method::HEAD, "/", ""), Some(Class::Read));
    }

    #[test]
    fn a_device_with_a_pass_gets_less_than_an_address_and_an_address_less_than_all() {
        for class in Class::ALL {
            let Terms { free, pass, hard } = class.terms();
            assert!(pass.burst <= free.burst && pass.every >= free.every, "{class:?}");
            assert!(hard.burst > free.burst && hard.every < free.every, "{class:?}");
            assert_eq!(Class::from_number(class.number()), Some(class));
        }
        assert_eq!(Class::from_number(99), None);
    }

    /// The figures say what they are for; whoever changes one sees whom it concerns.
    #[test]
    fn crowds_behind_one_address_come_through_without_a_step() {
        let fits = |rate: Rate, at_once: i64, seconds: i64| at_once <= rate.burst + seconds * super::super::rules::SECOND / rate.every;
        assert!(fits(Class::Read.terms().free, 10_000, 600), "two thousand phones, five pages in ten minutes");
        assert!(fits(Class::SignIn.terms().free, 60, 0), "thirty officials in the same minute, each once wrongly");
        assert!(fits(Class::Crowd.terms().free, 1_500, 60), "five hundred people in a hall support three questions");
        assert!(fits(Class::Filing.terms().free, 200, 3_600), "two hundred petitions of one carrier's address in an hour");
        const { assert!(STREAMS_OF_NETWORK_MAX >= 1_000, "five hundred people, two devices each") }
    }
}
