//! What a petition must have before it can be sent, and how what people type is understood. Pure.

use crate::agencies::Directory;
use crate::deadlines::pages::day;
use crate::form::FormState;
use crate::petitions::rules::Kind;
use crate::petitions::store::parts::{CasePerson, CaseText};
use crate::procedures::limitation::Limitation;
use crate::words::Lang;

/// Longest title, in characters.
pub const TITLE_CHARS_MAX: usize = 200;
/// Longest account of what happened, in characters.
pub const BODY_CHARS_MAX: usize = 10_000;
/// Longest place in words, in characters.
pub const PLACE_CHARS_MAX: usize = 300;
/// Longest name of a person or office complained of, in characters.
pub const ABOUT_CHARS_MAX: usize = 300;
/// Longest name, in characters.
pub const NAME_CHARS_MAX: usize = 100;
/// Longest postal address, in characters.
pub const ADDRESS_CHARS_MAX: usize = 300;
/// Longest e-mail address (RFC 5321 allows no longer path).
pub const EMAIL_CHARS_MAX: usize = 254;
/// Longest typed phone number, with blanks and dots.
pub const PHONE_CHARS_MAX: usize = 40;
/// Longest typed day.
const DAY_CHARS_MAX: usize = 10;
/// Longest reason for not having complained earlier.
pub const OBSTACLE_CHARS_MAX: usize = 500;
/// Longest typed ID number.
const ID_CHARS_MAX: usize = 30;

/// The value of the field `told_as` for a tip without a name; any other is under one's name.
pub const TIP: &str = "tip";

/// The fields of the first screen.
pub const WHAT_FIELDS: [&str; 3] = ["kind", "title", "body"];
/// The fields of the second screen.
pub const WHOM_FIELDS: [&str; 19] = [
    "known_on",
    "obstacle_from",
    "obstacle_to",
    "obstacle",
    "area",
    "old_area",
    "place",
    "about",
    "about_who",
    "send_to",
    "latitude",
    "longitude",
    "told_as",
    "name",
    "address",
    "phone",
    "email",
    "id_number",
    "no_publish",
];

/// A screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// What happened.
    What,
    /// Where, and who tells.
    Whom,
    /// Look over and send.
    Check,
}

impl Step {
    /// Its address.
    pub fn path(self) -> &'static str {
        match self {
            Self::What => "/gui",
            Self::Whom => "/gui/o-dau",
            Self::Check => "/gui/kiem-tra",
        }
    }
}

/// The kind that was chosen, if one was.
pub fn kind(form: &FormState) -> Option<Kind> {
    Kind::from_code(form.value("kind"))
}

/// Whether a denunciation is sent as a tip without a name: information, not a denunciation (Law on Denunciations 2018, Article 25).
pub fn is_tip(form: &FormState, kind: Kind) -> bool {
    kind == Kind::Denunciation && form.value("told_as") == TIP
}

/// Checks the first screen; what is wrong stands in the form afterwards.
pub fn check_what(form: &mut FormState) {
    if kind(form).is_none() {
        form.wrong("kind", "filing.kind.missing");
    }
    form.required("title", "filing.title.missing", TITLE_CHARS_MAX);
    form.required("body", "filing.body.missing", BODY_CHARS_MAX);
}

/// Checks the second screen for a petition of that kind. `has_area` says whether a code is one of our areas.
pub fn check_whom(form: &mut FormState, kind: Kind, has_area: impl Fn(&str) -> bool) {
    if form.value("area").is_empty() {
        form.wrong("area", "filing.area.missing");
    } else if !has_area(form.value("area")) {
        form.wrong("area", "filing.area.unknown");
    }
    form.optional("place", PLACE_CHARS_MAX);
    form.optional("about", ABOUT_CHARS_MAX);
    if kind.asks_name() && !is_tip(form, kind) {
        form.required("name", "filing.name.missing", NAME_CHARS_MAX);
        form.required("address", "filing.address.missing", ADDRESS_CHARS_MAX);
    } else {
        form.optional("name", NAME_CHARS_MAX);
        form.optional("address", ADDRESS_CHARS_MAX);
    }
    if kind == Kind::Complaint {
        check_limitation(form);
    }
    if form.value("phone").is_empty() && kind == Kind::AdministrativeRule {
        form.wrong("phone", "kinds.rule.phone_missing");
    }
    phone_field(form, PHONE_CHARS_MAX);
    email_field(form, EMAIL_CHARS_MAX);
    let typed = form.optional("id_number", ID_CHARS_MAX);
    if kind.needs_identity() && !typed.is_empty() && id_number(&typed).is_none() {
        form.wrong("id_number", "filing.id_number.wrong");
    }
}

/// When the decision was known, and what kept somebody from complaining: all of it may be left out, but not half of it.
fn check_limitation(form: &mut FormState) {
    let mut days = [None; 3];
    for (place, field) in ["known_on", "obstacle_from", "obstacle_to"].into_iter().enumerate() {
        let typed = form.optional(field, DAY_CHARS_MAX);
        days[place] = day(&typed);
        if !typed.is_empty() && days[place].is_none() {
            form.wrong(field, "limitation.day_wrong");
        }
    }
    let reason = form.optional("obstacle", OBSTACLE_CHARS_MAX);
    let [known_on, from, to] = days;
    let has_obstacle = ["obstacle_from", "obstacle_to"].into_iter().any(|field| !form.value(field).is_empty()) || !reason.is_empty();
    if !has_obstacle || !form.is_valid() {
        return;
    }
    if known_on.is_none() {
        form.wrong("known_on", "limitation.known_missing");
    }
    match (from, to) {
        (Some(from), Some(to)) if to < from => form.wrong("obstacle_to", "limitation.reversed"),
        (Some(_), Some(_)) => {}
        (None, _) => form.wrong("obstacle_from", "limitation.obstacle_missing"),
        (_, None) => form.wrong("obstacle_to", "limitation.obstacle_missing"),
    }
    if reason.is_empty() {
        form.wrong("obstacle", "limitation.reason_missing");
    }
}

/// What a complainant stated about when they knew; none where nothing was, or for another kind.
pub fn limitation(form: &FormState, kind: Kind) -> Option<Limitation> {
    let known_on = day(form.value("known_on")).filter(|_| kind == Kind::Complaint)?;
    let obstacle = day(form.value("obstacle_from")).zip(day(form.value("obstacle_to")));
    Some(Limitation {
        known_on,
        obstacle_from: obstacle.map(|(from, _)| from),
        obstacle_to: obstacle.map(|(_, to)| to),
        obstacle: obstacle.map(|_| form.value("obstacle").to_owned()).unwrap_or_default(),
    })
}

/// Whether a code is a commune of the province this portal serves.
pub fn is_area(directory: &Directory, province_code: &str, code: &str) -> bool {
    directory.area(code).is_some_and(|area| area.parent_code.as_deref() == Some(province_code))
}

/// The first screen that is not complete; [`Step::Check`] if both are.
pub fn first_incomplete(saved: &FormState, has_area: impl Fn(&str) -> bool) -> Step {
    let mut form = FormState::from_pairs(saved.values().clone());
    check_what(&mut form);
    let Some(kind) = kind(&form).filter(|_| form.is_valid()) else { return Step::What };
    check_whom(&mut form, kind, has_area);
    if form.is_valid() { Step::Check } else { Step::Whom }
}

/// The phone number in the field `phone`, as it is kept; empty where none was typed or what was typed cannot be one, which the form then says.
pub fn phone_field(form: &mut FormState, chars_max: usize) -> String {
    let typed = form.optional("phone", chars_max);
    let read = phone(&typed);
    if !typed.is_empty() && read.is_none() {
        form.wrong("phone", "filing.phone.wrong");
    }
    read.unwrap_or_default()
}

/// The address in the field `email`, likewise.
pub fn email_field(form: &mut FormState, chars_max: usize) -> String {
    let typed = form.optional("email", chars_max);
    let read = email(&typed);
    if !typed.is_empty() && read.is_none() {
        form.wrong("email", "filing.email.wrong");
    }
    read.unwrap_or_default()
}

/// A phone number as it is kept: Vietnamese ones as ten or eleven digits that begin with 0, others with their `+`.
/// Blanks, dots, hyphens and brackets are fine. `None` if it cannot be one.
pub fn phone(typed: &str) -> Option<String> {
    let signs = typed.chars().filter(|c| !matches!(c, ' ' | '.' | '-' | '(' | ')' | '\u{2013}'));
    let compact: String = signs.collect();
    let (is_foreign, digits) = match compact.strip_prefix('+').or_else(|| compact.strip_prefix("00")) {
        Some(rest) => (true, rest),
        None => (false, compact.as_str()),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let national = match digits.strip_prefix("84") {
        // +84 912…, and the +84 (0)912… of business cards; a number without 0 or + that begins with 84 is one too.
        Some(rest) if is_foreign || rest.len() == 9 => format!("0{}", rest.trim_start_matches('0')),
        _ if is_foreign => return (8..=15).contains(&digits.len()).then(|| format!("+{digits}")),
        _ => digits.to_owned(),
    };
    let is_mobile = national.len() == 10 && matches!(national.as_bytes().get(1), Some(b'3' | b'5' | b'7' | b'8' | b'9'));
    let is_fixed = national.len() == 11 && national.starts_with("02");
    (national.starts_with('0') && (is_mobile || is_fixed)).then_some(national)
}

/// An e-mail address that mail can be sent to. Stricter than the standard, which allows quotes and comments nobody has; looser than a
/// look-up, which would keep somebody from sending while a name server sleeps. `None` if it cannot be one.
pub fn email(typed: &str) -> Option<String> {
    let (local, domain) = typed.rsplit_once('@')?;
    let is_local_sign = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&byte);
    let is_atom = |atom: &str| !atom.is_empty() && atom.bytes().all(is_local_sign);
    let is_label = |label: &str| {
        let is_sign = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        (1..=63).contains(&label.len()) && label.bytes().all(is_sign) && !label.starts_with('-') && !label.ends_with('-')
    };
    let has_top = domain.rsplit_once('.').is_some_and(|(_, top)| top.len() >= 2 && !top.bytes().all(|byte| byte.is_ascii_digit()));
    (local.len() <= 64 && local.split('.').all(is_atom) && domain.split('.').all(is_label) && has_top).then(|| typed.to_owned())
}

/// A citizen's ID number: twelve digits, or nine of an old card. `None` if it cannot be one.
pub fn id_number(typed: &str) -> Option<String> {
    let compact: String = typed.chars().filter(|c| !matches!(c, ' ' | '.' | '-')).collect();
    (matches!(compact.len(), 9 | 12) && compact.bytes().all(|byte| byte.is_ascii_digit())).then_some(compact)
}

/// A place on the map in millionths of a degree, if the phone gave one within or near Viet Nam; any other is left out.
pub fn position(form: &FormState) -> (Option<i64>, Option<i64>) {
    let micro = |field: &str, from: f64, to: f64| {
        let degrees: f64 = form.value(field).parse().ok()?;
        #[expect(clippy::cast_possible_truncation, reason = "within ±180 million")]
        (from..=to).contains(&degrees).then(|| (degrees * 1e6).round() as i64)
    };
    match (micro("latitude", 6.0, 24.0), micro("longitude", 101.0, 118.0)) {
        (Some(latitude), Some(longitude)) => (Some(latitude), Some(longitude)),
        _ => (None, None),
    }
}

/// The sender's words. Whom it is about only where the screen asks for it.
pub fn text(form: &FormState, kind: Kind) -> CaseText {
    let (latitude_e6, longitude_e6) = position(form);
    let value = |field: &str| form.value(field).to_owned();
    let about = if kind.names_somebody() { value("about") } else { String::new() };
    CaseText { title: value("title"), body: value("body"), place: value("place"), about, latitude_e6, longitude_e6, is_locked: false }
}

/// The sender. The ID number only where the law has a use for it: whoever changed their mind about the kind must not leave it behind.
pub fn person(form: &FormState, kind: Kind, lang: Lang) -> CasePerson {
    // Who chose to stay unnamed leaves no name behind, whatever was typed before.
    let is_tip = is_tip(form, kind);
    let value = |field: &str| if is_tip { String::new() } else { form.value(field).to_owned() };
    CasePerson {
        name: value("name"),
        phone: phone(form.value("phone")).unwrap_or_default(),
        email: email(form.value("email")).unwrap_or_default(),
        address: value("address"),
        id_number: if kind.needs_identity() && !is_tip { id_number(form.value("id_number")).unwrap_or_default() } else { String::new() },
        language: lang.code().to_owned(),
        is_locked: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn form(pairs: &[(&str, &str)]) -> FormState {
        FormState::from_pairs(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
    }

    #[test]
    fn phones_are_understood_however_they_are_written() {
        for (typed, kept) in [
            ("0912 345 678", "0912345678"),
            ("0912.345.678", "0912345678"),
            ("+84 912 345 678", "0912345678"),
            ("+84 (0)912-345-678", "0912345678"),
            ("84912345678", "0912345678"),
            ("0084912345678", "0912345678"),
            ("0209 3871 234", "02093871234"),
            ("+49 30 1234567", "+49301234567"),
        ] {
            assert_eq!(phone(typed).as_deref(), Some(kept), "{typed}");
        }
        for wrong in ["", "12345", "0112345678", "091234567", "09123456789", "số của tôi", "0912345678 hoặc 0912345679", "+1"] {
            assert_eq!(phone(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn mail_needs_somewhere_to_go() {
        assert_eq!(email("Tu@vi-du.vn").as_deref(), Some("Tu@vi-du.vn"));
        for wrong in [
            "tu",
            "tu@",
            "@vi-du.vn",
            "tu@localhost",
            "tu@vi-du.vn\nBcc: x@y.vn",
            "a b@vi-du.vn",
            "tu@[127.0.0.1]",
            "tu@127.0.0.1",
            "tu..x@vi-du.vn",
            "từ@vi-du.vn",
        ] {
            assert_eq!(email(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn trap_42_an_id_number_has_twelve_digits_or_the_nine_of_an_old_card() {
        assert_eq!(id_number("019 087 001 234").as_deref(), Some("019087001234"));
        assert_eq!(id_number("090123456").as_deref(), Some("090123456"));
        assert_eq!(id_number("0190870012"), None);
    }

    #[test]
    fn a_report_needs_no_name_and_a_complaint_does() {
        let mut saved = form(&[("kind", "report"), ("title", "Cống tắc"), ("body", "Từ hôm qua"), ("area", "01840")]);
        assert_eq!(first_incomplete(&saved, |_| true), Step::Check);
        assert_eq!(first_incomplete(&saved, |_| false), Step::Whom, "an area we do not serve");
        saved.set("kind", "complaint");
        assert_eq!(first_incomplete(&saved, |_| true), Step::Whom);
        saved.set("name", "Hoàng Văn Tú");
        saved.set("address", "Tổ 3");
        assert_eq!(first_incomplete(&saved, |_| true), Step::Check);
        saved.set("title", " ");
        assert_eq!(first_incomplete(&saved, |_| true), Step::What);
    }

    #[test]
    fn a_petition_about_administrative_rules_asks_for_name_address_and_telephone() {
        let mut saved = form(&[("kind", "administrative_rule"), ("title", "Thủ tục rườm rà"), ("body", "Ba lần nộp giấy"), ("area", "01840")]);
        for (field, value) in [("name", "Hoàng Văn Tú"), ("address", "Tổ 3"), ("phone", "0912345678")] {
            assert_eq!(first_incomplete(&saved, |_| true), Step::Whom, "{field} is asked for");
            saved.set(field, value);
        }
        assert_eq!(first_incomplete(&saved, |_| true), Step::Check);
        assert_eq!(person(&saved, Kind::AdministrativeRule, Lang::Vi).id_number, "", "but never for an ID number");
    }

    #[test]
    fn when_a_decision_was_known_may_be_left_out_but_an_obstacle_has_days_and_a_reason() {
        let complete = [("kind", "complaint"), ("title", "x"), ("body", "x"), ("area", "01840"), ("name", "Tú"), ("address", "Tổ 3")];
        let of = |more: &[(&str, &str)]| {
            let mut typed = form(&[&complete[..], more].concat());
            check_whom(&mut typed, Kind::Complaint, |_| true);
            let wrong: Vec<String> = typed.errors().iter().map(|error| error.field.to_owned()).collect();
            (wrong, limitation(&typed, Kind::Complaint))
        };
        assert_eq!(of(&[]), (vec![], None));
        let (wrong, stated) = of(&[("known_on", "20/8/2026")]);
        assert!(wrong.is_empty() && stated.is_some_and(|stated| stated.known_on.to_string() == "2026-08-20" && stated.obstacle_from.is_none()));
        assert_eq!(of(&[("known_on", "hôm kia")]).0, ["known_on"]);
        assert_eq!(of(&[("known_on", "20/8/2026"), ("obstacle_from", "1/9/2026")]).0, ["obstacle_to", "obstacle"]);
        assert_eq!(of(&[("known_on", "20/8/2026"), ("obstacle_from", "2/9/2026"), ("obstacle_to", "1/9/2026"), ("obstacle", "ốm")]).0, ["obstacle_to"]);
        assert_eq!(limitation(&form(&[("known_on", "20/8/2026")]), Kind::Report), None, "only a complaint has one");
    }

    #[test]
    fn an_id_number_does_not_stay_behind_when_the_kind_changes() {
        let typed = form(&[("id_number", "019087001234")]);
        assert_eq!(person(&typed, Kind::Report, Lang::Vi).id_number, "");
        assert_eq!(person(&typed, Kind::Denunciation, Lang::Vi).id_number, "019087001234");
    }

    #[test]
    fn a_tip_needs_no_name_and_keeps_none_and_only_a_denunciation_can_be_one() {
        let mut saved = form(&[("kind", "denunciation"), ("title", "x"), ("body", "x"), ("area", "01840"), ("told_as", TIP), ("id_number", "019087001234")]);
        assert_eq!(first_incomplete(&saved, |_| true), Step::Check);
        saved.set("name", "Hoàng Văn Tú");
        let kept = person(&saved, Kind::Denunciation, Lang::Vi);
        assert_eq!((kept.name.as_str(), kept.id_number.as_str()), ("", ""));
        saved.set("told_as", "name");
        assert_eq!(first_incomplete(&saved, |_| true), Step::Whom, "an address is missing");
        assert_eq!(person(&saved, Kind::Denunciation, Lang::Vi).name, "Hoàng Văn Tú");
        saved.set("kind", "complaint");
        saved.set("told_as", TIP);
        saved.set("name", "");
        assert_eq!(first_incomplete(&saved, |_| true), Step::Whom, "a complaint has a name");
    }

    #[test]
    fn a_place_is_two_numbers_within_the_country_or_none() {
        assert_eq!(position(&form(&[("latitude", "22.123456"), ("longitude", "105.8")])), (Some(22_123_456), Some(105_800_000)));
        for pair in [("22.1", ""), ("NaN", "105"), ("48.1", "105"), ("x", "y")] {
            assert_eq!(position(&form(&[("latitude", pair.0), ("longitude", pair.1)])), (None, None));
        }
    }

    proptest! {
        #[test]
        fn nothing_typed_makes_it_panic(text in ".{0,60}") {
            drop((phone(&text), email(&text), id_number(&text)));
        }
    }
}
