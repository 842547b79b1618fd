//! How alike two cases are, and why: shared contact, place and words. Pure.
//!
//! Words are compared folded (without marks), common ones left out. What a shared word is worth depends on how rare it is among
//! the cases of the authority; the reasons name words as they are written in the case at hand.

use crate::petitions::recognition::Sign;
use crate::text::{fold, words_of};
use std::collections::{BTreeMap, BTreeSet};

/// Words of a text that are compared; a long letter is known by its first ones.
const WORDS_MAX: usize = 40;
/// Words that are looked up in the index.
pub const PROBES_MAX: usize = 14;
/// Words named in a reason.
const WORDS_TOLD: usize = 6;
/// Fewer shared words tell nothing.
const WORDS_SHARED_MIN: usize = 3;
/// Share of the rare words of a text, in percent, from which another text is like it.
const COVERAGE_MIN: i64 = 40;
/// The same of one that happened around the corner.
const COVERAGE_NEAR_MIN: i64 = 20;
/// Around the corner, in metres: what an official would call the same place.
const NEAR_METRES: i64 = 300;
/// In the neighbourhood, in metres.
const NEIGHBOURHOOD_METRES: i64 = 1_000;

/// Vietnamese words so common that sharing them means nothing, folded.
const COMMON: &[&str] = &[
    "va", "cua", "la", "toi", "chung", "co", "khong", "duoc", "cho", "tai", "trong", "tren", "duoi", "nay", "do", "da", "dang", "se", "thi", "ma", "voi",
    "cac", "nhung", "mot", "hai", "ba", "nam", "thang", "ngay", "tu", "den", "ve", "o", "ra", "vao", "len", "xuong", "khi", "neu", "vi", "nen", "de", "bi",
    "rat", "qua", "nhu", "theo", "cung", "con", "chua", "gi", "nao", "ai", "ong", "anh", "chi", "em", "nha", "nguoi", "dan", "xin", "mong", "de", "nghi",
    "kinh", "gui", "uy", "ban", "nhan", "xa", "phuong", "thon", "ho", "gia", "dinh", "viec", "lam", "lai", "nhieu", "luc", "roi", "hon", "sau", "truoc", "doi",
    "cap", "moi", "may", "di", "the", "hay", "hoac", "nua", "day", "sang", "toan",
];

/// The words of a text that say what it is about, folded, each with its place and how it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words(BTreeMap<String, (usize, String)>);

impl Words {
    /// The words of these texts, the first ones first.
    pub fn of(texts: &[&str]) -> Self {
        let mut words = BTreeMap::new();
        for word in texts.iter().flat_map(|text| words_of(text)) {
            if words.len() == WORDS_MAX {
                break;
            }
            let folded = fold(&word);
            let tells = folded.chars().count() >= 2 && !COMMON.contains(&folded.as_str()) && !folded.chars().all(|c| c.is_ascii_digit());
            if tells {
                let place = words.len();
                words.entry(folded).or_insert_with(|| (place, word.to_lowercase()));
            }
        }
        Self(words)
    }

    /// Whether there is nothing to compare.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The words to look up: those of the title before those of the text, long ones before short ones.
    pub fn probes(&self, title: &str) -> Vec<String> {
        let of_title: BTreeSet<String> = words_of(&fold(title)).collect();
        let mut words: Vec<&String> = self.0.keys().collect();
        words.sort_by_key(|word| (!of_title.contains(*word), std::cmp::Reverse(word.chars().count()), (*word).clone()));
        words.into_iter().take(PROBES_MAX).cloned().collect()
    }
}

/// How many cases have each word, as far as was counted.
pub type Rarity = BTreeMap<String, usize>;

/// What a shared word is worth: a word nobody else uses sixteen times as much as one in every case. In sixteenths.
fn worth(rarity: &Rarity, word: &str, counted_max: usize) -> i64 {
    match rarity.get(word) {
        None => 3,
        Some(n) if *n >= counted_max => 1,
        Some(n) => match n {
            0..=2 => 16,
            3..=9 => 11,
            10..=39 => 7,
            40..=119 => 4,
            _ => 2,
        },
    }
}

/// A case as it is compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// What it is about.
    pub words: Words,
    /// Where it happened.
    pub area_code: String,
    /// The place in words.
    pub place: String,
    /// The place on the map, in millionths of a degree.
    pub point: Option<(i64, i64)>,
}

/// Why a case is like another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The sender left the same phone, e-mail or ID number.
    Contact(Sign),
    /// So many metres apart.
    Near(i64),
    /// The same place in words.
    Place(String),
    /// The same commune.
    Area,
    /// So many words in common, some of them.
    Words(usize, Vec<String>),
}

/// How alike, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Likeness {
    /// The higher the more alike.
    pub score: i64,
    /// The weightiest first.
    pub reasons: Vec<Reason>,
}

/// How like `this` another case is; none if it is not.
///
/// `shared` are the signs of the sender both have; `rarity` is counted up to `counted_max`.
pub fn compare(this: &Compared, other: &Compared, shared: &BTreeSet<Sign>, rarity: &Rarity, counted_max: usize) -> Option<Likeness> {
    let common: Vec<(&String, &(usize, String))> = this.words.0.iter().filter(|(word, _)| other.words.0.contains_key(*word)).collect();
    let weight = |word: &str| worth(rarity, word, counted_max);
    let all: i64 = this.words.0.keys().map(|word| weight(word)).sum();
    let same: i64 = common.iter().map(|(word, _)| weight(word)).sum();
    let coverage = if all > 0 { same * 100 / all } else { 0 };
    let metres = this.point.zip(other.point).map(|(a, b)| metres_between(a, b)).filter(|metres| *metres <= NEIGHBOURHOOD_METRES);
    let is_near = metres.is_some_and(|metres| metres <= NEAR_METRES);
    let has_words = common.len() >= WORDS_SHARED_MIN;
    let is_alike = !shared.is_empty() || (has_words && coverage >= COVERAGE_MIN) || (is_near && coverage >= COVERAGE_NEAR_MIN);
    if !is_alike {
        return None;
    }
    let mut reasons: Vec<Reason> = shared.iter().map(|sign| Reason::Contact(*sign)).collect();
    let mut score = coverage + i64::try_from(shared.len().min(2)).unwrap_or(0) * 40;
    if has_words {
        let mut told = common.clone();
        // Of equally rare ones those of the title, which comes first.
        told.sort_by_key(|(word, (place, _))| (std::cmp::Reverse(weight(word)), *place));
        reasons.push(Reason::Words(common.len(), told.into_iter().take(WORDS_TOLD).map(|(_, (_, written))| written.clone()).collect()));
    }
    let same_area = this.area_code == other.area_code;
    if let Some(metres) = metres {
        score += if is_near { 30 } else { 10 };
        reasons.push(Reason::Near(metres));
    } else if same_area && !this.place.is_empty() && fold(&this.place) == fold(&other.place) {
        score += 15;
        reasons.push(Reason::Place(this.place.clone()));
    } else if same_area {
        score += 5;
        reasons.push(Reason::Area);
    }
    Some(Likeness { score, reasons })
}

/// Metres between two places, well enough within a province.
fn metres_between(a: (i64, i64), b: (i64, i64)) -> i64 {
    /// Metres of a millionth of a degree from south to north.
    const METRES_PER_E6: f64 = 0.111_32;
    #[expect(clippy::cast_precision_loss, reason = "degrees in millionths stay far below 2^52")]
    let (north, east, at) = ((a.0 - b.0) as f64, (a.1 - b.1) as f64, a.0 as f64 / 1e6);
    let east = east * at.to_radians().cos();
    #[expect(clippy::cast_possible_truncation, reason = "at most half the earth's girth in metres")]
    let metres = (north.hypot(east) * METRES_PER_E6).round() as i64;
    metres
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn compared(title: &str, body: &str) -> Compared {
        Compared { words: Words::of(&[title, body]), area_code: "01969".into(), ..Compared::default() }
    }

    fn likeness(a: &Compared, b: &Compared) -> Option<Likeness> {
        compare(a, b, &BTreeSet::new(), &Rarity::new(), 100)
    }

    #[test]
    fn the_same_matter_in_other_words_is_found_and_another_is_not() {
        let this = compared("Cống trước nhà văn hóa bị tắc", "Nước ngập đường mỗi khi mưa, cống tắc ba tuần nay.");
        let again = compared("Tắc cống gần nhà văn hoá thôn", "Mưa là ngập, nước tràn ra đường vì cống tắc.");
        let other = compared("Đèn đường không sáng", "Đèn đường trước trường học hỏng từ tháng trước.");
        let found = likeness(&this, &again).expect("alike");
        assert!(matches!(&found.reasons[0], Reason::Words(n, words) if *n >= 5 && words.iter().any(|word| word == "cống")), "{:?}", found.reasons);
        assert_eq!(likeness(&this, &other), None);
    }

    #[test]
    fn a_shared_phone_is_enough_and_comes_first() {
        let (a, b) = (compared("Cống tắc", ""), compared("Đèn hỏng", ""));
        let found = compare(&a, &b, &BTreeSet::from([Sign::Phone]), &Rarity::new(), 100).expect("alike");
        assert_eq!(found.reasons[0], Reason::Contact(Sign::Phone));
    }

    #[test]
    fn around_the_corner_fewer_words_are_enough() {
        let mut a = compared("Ổ gà sâu giữa đường liên xã", "Xe máy ngã nhiều lần, ổ gà đọng nước");
        let mut b = compared("Ổ gà nguy hiểm", "Học sinh đi xe đạp ngã");
        assert_eq!(likeness(&a, &b), None, "too little in common far apart");
        a.point = Some((22_155_000, 105_834_000));
        b.point = Some((22_156_000, 105_834_500));
        let found = likeness(&a, &b).expect("alike");
        assert!(found.reasons.iter().any(|reason| matches!(reason, Reason::Near(metres) if (100..=140).contains(metres))), "{:?}", found.reasons);
    }

    #[test]
    fn a_rare_word_weighs_more_than_common_ones() {
        let this = compared("Cầu tràn Nà Lẹng ngập nước", "");
        let rare = compared("Nà Lẹng: cầu hỏng", "");
        let common = compared("Cầu ngập nước", "");
        let rarity = Rarity::from([("leng".to_owned(), 1), ("cau".to_owned(), 100), ("nuoc".to_owned(), 100), ("ngap".to_owned(), 100)]);
        let score = |other: &Compared| compare(&this, other, &BTreeSet::new(), &rarity, 100).map_or(0, |found| found.score);
        assert!(score(&rare) > score(&common), "{} against {}", score(&rare), score(&common));
    }

    #[test]
    fn words_to_look_up_begin_with_the_title() {
        let words = Words::of(&["Cống tắc", "Một bức thư rất dài kể nhiều chuyện khác nhau nghiêm trọng"]);
        assert_eq!(words.probes("Cống tắc")[..2], ["cong".to_owned(), "tac".to_owned()]);
        assert!(Words::of(&["của và là tôi 12 345"]).is_empty());
    }

    proptest! {
        #[test]
        fn a_text_is_never_less_like_itself_than_like_another(a in "[a-zđôư ]{10,80}", b in "[a-zđôư ]{10,80}") {
            let (a, b) = (compared(&a, ""), compared(&b, ""));
            if let (Some(itself), Some(other)) = (likeness(&a, &a), likeness(&a, &b)) {
                prop_assert!(itself.score >= other.score);
            }
        }
    }
}
