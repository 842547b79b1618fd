//! How an authority stands on its letters: its name above the number, its mark within the number, the place, who signs. Pure.
//! NĐ 30/2020/NĐ-CP, Annex I.

use crate::agencies::{Agency, Directory};
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// An authority as its letters show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Office {
    /// The authority above, in capitals; none for a people's committee.
    pub superior: Option<String>,
    /// Its own name in capitals, a line each.
    pub lines: Vec<String>,
    /// Its name within a sentence.
    pub name: String,
    /// The name of the authority above within a sentence; empty if there is none.
    pub superior_name: String,
    /// Its mark in numbers: `UBND`, `SXD`.
    pub mark: String,
    /// The mark of the unit that writes: `KT`; `VP` where no unit has the case.
    pub unit_mark: String,
    /// The place of the date line: "Phủ Thông".
    pub place: String,
    /// How its head is called.
    pub posts: Posts,
}

/// What the head of an authority and the deputies are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posts {
    /// The collective for which the head can sign: "ỦY BAN NHÂN DÂN".
    pub collective: Option<&'static str>,
    /// "CHỦ TỊCH".
    pub head: &'static str,
    /// "PHÓ CHỦ TỊCH".
    pub deputy: &'static str,
    /// "Chủ tịch".
    pub head_words: &'static str,
}

/// By what authority somebody signs (NĐ 30/2020/NĐ-CP, Article 13).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[sqlx(type_name = "TEXT", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Authority {
    /// The head: "TM. ỦY BAN NHÂN DÂN / CHỦ TỊCH" where the committee acts, "CHỦ TỊCH" or "GIÁM ĐỐC" where the head does.
    Head,
    /// A deputy in the head's place: "KT. CHỦ TỊCH / PHÓ CHỦ TỊCH".
    Deputy,
    /// Somebody below by order of the head: "TL. CHỦ TỊCH / CHÁNH VĂN PHÒNG".
    ByOrder,
}

impl Authority {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Head, Self::Deputy, Self::ByOrder];

    /// As it stands in forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Head => "head",
            Self::Deputy => "deputy",
            Self::ByOrder => "by_order",
        }
    }

    /// The authority of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|authority| authority.code() == code)
    }

    /// Key of its words in the catalogues.
    pub fn key(self) -> &'static str {
        match self {
            Self::Head => "letters.authority.head",
            Self::Deputy => "letters.authority.deputy",
            Self::ByOrder => "letters.authority.by_order",
        }
    }
}

/// The authority `body_id` as it is in the directory; `unit_id` is the unit that has the case.
pub fn office(directory: &Directory, body_id: &str, unit_id: Option<&str>) -> Office {
    let Some(body) = directory.agency(body_id) else {
        return Office {
            superior: None,
            lines: vec![body_id.to_uppercase()],
            name: body_id.to_owned(),
            superior_name: String::new(),
            mark: String::new(),
            unit_mark: NO_UNIT.to_owned(),
            place: String::new(),
            posts: OTHER_POSTS,
        };
    };
    let posts = posts(body);
    let is_committee = posts.collective == Some(COMMITTEE);
    let above = body.parent_id.as_deref().and_then(|id| directory.agency(id));
    let superior = above.filter(|_| !is_committee).map(|agency| agency.name.to_uppercase());
    let capitals = if is_committee { body.name.to_uppercase() } else { body.short_name.to_uppercase() };
    let lines = match capitals.strip_prefix(COMMITTEE).map(str::trim).filter(|rest| is_committee && !rest.is_empty()) {
        Some(rest) => vec![COMMITTEE.to_owned(), rest.to_owned()],
        None => vec![capitals],
    };
    let unit = unit_id.and_then(|id| directory.agency(id)).filter(|unit| !unit.is_body());
    Office {
        superior,
        lines,
        name: body.name.clone(),
        superior_name: above.map(|agency| agency.name.clone()).unwrap_or_default(),
        mark: if is_committee { "UBND".to_owned() } else { last_of_code(body) },
        unit_mark: unit.map_or_else(|| NO_UNIT.to_owned(), last_of_code),
        place: directory.area(&body.area_code).map(|area| place_name(&area.full_name)).unwrap_or_default(),
        posts,
    }
}

const COMMITTEE: &str = "ỦY BAN NHÂN DÂN";
/// The office writes where no unit has the case.
const NO_UNIT: &str = "VP";
const COMMITTEE_POSTS: Posts = Posts { collective: Some(COMMITTEE), head: "CHỦ TỊCH", deputy: "PHÓ CHỦ TỊCH", head_words: "Chủ tịch" };
const DEPARTMENT_POSTS: Posts = Posts { collective: None, head: "GIÁM ĐỐC", deputy: "PHÓ GIÁM ĐỐC", head_words: "Giám đốc" };
const BUREAU_POSTS: Posts = Posts { collective: None, head: "CHÁNH VĂN PHÒNG", deputy: "PHÓ CHÁNH VĂN PHÒNG", head_words: "Chánh" };
const INSPECTORATE_POSTS: Posts = Posts { collective: None, head: "CHÁNH THANH TRA", deputy: "PHÓ CHÁNH THANH TRA", head_words: "Chánh" };
const BOARD_POSTS: Posts = Posts { collective: None, head: "TRƯỞNG BAN", deputy: "PHÓ TRƯỞNG BAN", head_words: "Trưởng" };
const FRONT_POSTS: Posts = Posts { collective: Some("BAN THƯỜNG TRỰC"), head: "CHỦ TỊCH", deputy: "PHÓ CHỦ TỊCH", head_words: "Chủ tịch" };
const OTHER_POSTS: Posts = Posts { collective: None, head: "THỦ TRƯỞNG", deputy: "PHÓ THỦ TRƯỞNG", head_words: "Thủ trưởng" };

fn posts(agency: &Agency) -> Posts {
    match agency.kind.as_str() {
        "province_committee" | "commune_committee" | "district_committee" => COMMITTEE_POSTS,
        "department" if agency.name.starts_with("Văn phòng") => BUREAU_POSTS,
        "department" => DEPARTMENT_POSTS,
        "inspectorate" => INSPECTORATE_POSTS,
        "citizen_reception" => BOARD_POSTS,
        "front" => FRONT_POSTS,
        _ => OTHER_POSTS,
    }
}

/// `19.SXD` → `SXD`.
fn last_of_code(agency: &Agency) -> String {
    agency.code.rsplit('.').next().unwrap_or_default().to_owned()
}

/// "Xã Phủ Thông" → "Phủ Thông"; a number keeps its type word ("Phường 2").
pub fn place_name(full_name: &str) -> String {
    let bare = ["Thành phố ", "Đặc khu ", "Phường ", "Tỉnh ", "Xã "].iter().find_map(|kind| full_name.strip_prefix(kind));
    bare.filter(|name| !name.starts_with(|first: char| first.is_ascii_digit())).unwrap_or(full_name).to_owned()
}

impl Office {
    /// "Chủ tịch Ủy ban nhân dân xã Phủ Thông".
    pub fn head_in_words(&self) -> String {
        format!("{} {}", self.posts.head_words, self.name)
    }

    /// "Phủ Thông, ngày 07 tháng 5 năm 2026"; without a day, with room for one.
    pub fn place_and_date(&self, day: Option<NaiveDate>) -> String {
        format!("{}, {}", self.place, day.map_or_else(|| format!("ngày {GAP} tháng {GAP} năm {GAP}"), date_words))
    }

    /// The number line of a letter. A letter without a kind of its own (công văn) carries authority and unit instead: "12/UBND-KT".
    pub fn number(&self, symbol: &str, number: Option<i64>) -> String {
        let number = number.map_or_else(|| GAP.to_owned(), |number| format!("{number:02}"));
        if symbol == LETTER_SYMBOL { format!("Số: {number}/{}-{}", self.mark, self.unit_mark) } else { format!("Số: {number}/{symbol}-{}", self.mark) }
    }

    /// The lines above the signature.
    pub fn signs(&self, authority: Authority, for_collective: bool, post: &str) -> Vec<String> {
        let mut lines = Vec::new();
        if let Some(collective) = self.posts.collective.filter(|_| for_collective && authority != Authority::ByOrder) {
            lines.push(format!("TM. {collective}"));
        }
        match authority {
            Authority::Head => lines.push(self.posts.head.to_owned()),
            Authority::Deputy => lines.extend([format!("KT. {}", self.posts.head), self.posts.deputy.to_owned()]),
            Authority::ByOrder => lines.extend([format!("TL. {}", self.posts.head), post.to_uppercase()]),
        }
        lines
    }
}

/// The symbol of a letter without a kind of its own (công văn).
pub const LETTER_SYMBOL: &str = "CV";
/// Room for a number or date that is not known yet.
const GAP: &str = "……";

/// "ngày 07 tháng 5 năm 2026": a zero before days up to 9 and months 1 and 2 (NĐ 30/2020/NĐ-CP, Annex I).
pub fn date_words(day: NaiveDate) -> String {
    let month = if day.month() < 3 { format!("{:02}", day.month()) } else { day.month().to_string() };
    format!("ngày {:02} tháng {month} năm {}", day.day(), day.year())
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// The committee of a commune.
    pub fn commune() -> Office {
        Office {
            superior: None,
            lines: vec![COMMITTEE.into(), "XÃ PHỦ THÔNG".into()],
            name: "Ủy ban nhân dân xã Phủ Thông".into(),
            superior_name: "Ủy ban nhân dân tỉnh Thái Nguyên".into(),
            mark: "UBND".into(),
            unit_mark: "KT".into(),
            place: "Phủ Thông".into(),
            posts: COMMITTEE_POSTS,
        }
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn a_zero_stands_before_small_days_and_the_first_two_months() {
        for (iso, words) in [
            ("2026-05-07", "ngày 07 tháng 5 năm 2026"),
            ("2026-02-10", "ngày 10 tháng 02 năm 2026"),
            ("2026-01-09", "ngày 09 tháng 01 năm 2026"),
            ("2026-10-31", "ngày 31 tháng 10 năm 2026"),
            ("2026-03-01", "ngày 01 tháng 3 năm 2026"),
        ] {
            assert_eq!(date_words(day(iso)), words);
        }
        assert_eq!(commune().place_and_date(Some(day("2026-05-07"))), "Phủ Thông, ngày 07 tháng 5 năm 2026");
    }

    #[test]
    fn a_number_names_kind_and_authority_and_a_plain_letter_the_unit() {
        assert_eq!(commune().number("TB", Some(12)), "Số: 12/TB-UBND");
        assert_eq!(commune().number("TB", Some(3)), "Số: 03/TB-UBND");
        assert_eq!(commune().number("CV", Some(112)), "Số: 112/UBND-KT");
        assert_eq!(commune().number("QĐ", None), "Số: ……/QĐ-UBND");
    }

    #[test]
    fn the_signature_says_for_whom_and_by_what_right() {
        let office = commune();
        assert_eq!(office.signs(Authority::Head, true, ""), ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"]);
        assert_eq!(office.signs(Authority::Head, false, ""), ["CHỦ TỊCH"]);
        assert_eq!(office.signs(Authority::Deputy, true, ""), ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]);
        assert_eq!(office.signs(Authority::ByOrder, true, "Chánh Văn phòng"), ["TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"]);
        let department = Office { posts: DEPARTMENT_POSTS, ..office };
        assert_eq!(department.signs(Authority::Deputy, true, ""), ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"], "a department has no collective");
    }

    #[test]
    fn trap_36_the_place_is_the_areas_name_without_its_type() {
        assert_eq!(place_name("Xã Phủ Thông"), "Phủ Thông");
        assert_eq!(place_name("Thành phố Huế"), "Huế");
        assert_eq!(place_name("Phường 2"), "Phường 2");
    }
}
