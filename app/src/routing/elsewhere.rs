//! What the typed words sound like, where that is not what this portal is for: an emergency, or a matter with an address of its own.
//! Words as data (`data/elsewhere.csv`). Pure.
//!
//! It only tells: nobody is kept from sending. A false alarm costs one look at a notice, a missed one may cost a life, so that
//! emergencies are recognised generously.

use super::subjects::{Ready, Word};
use std::sync::OnceLock;

/// The words as the portal ships them.
const SHIPPED: &str = include_str!("../../../data/elsewhere.csv");
/// Other addresses shown at once: more are no help.
const ADDRESSES_MAX: usize = 2;

/// What something sounds like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Elsewhere {
    /// Fire, water, somebody trapped: 114.
    Fire,
    /// A crime that is going on: 113.
    Crime,
    /// A life in danger: 115.
    Life,
    /// A request for information (Law on Access to Information 104/2016/QH13).
    Information,
    /// A question about a procedure.
    Procedure,
    /// A dispute between people.
    Civil,
    /// A crime that is reported (Criminal Procedure Code, Articles 144, 145).
    Criminal,
    /// Courts, prosecution, enforcement of judgments.
    Judicial,
    /// Matters of the Party.
    Party,
}

impl Elsewhere {
    /// All of them; emergencies first.
    pub const ALL: [Self; 9] =
        [Self::Fire, Self::Crime, Self::Life, Self::Information, Self::Procedure, Self::Civil, Self::Criminal, Self::Judicial, Self::Party];

    /// As it stands in the data.
    pub fn code(self) -> &'static str {
        match self {
            Self::Fire => "fire",
            Self::Crime => "crime",
            Self::Life => "life",
            Self::Information => "information",
            Self::Procedure => "procedure",
            Self::Civil => "civil",
            Self::Criminal => "criminal",
            Self::Judicial => "judicial",
            Self::Party => "party",
        }
    }

    /// The number to call at once, with the key of whose it is; none where nothing burns.
    pub fn call(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Fire => Some(("114", "kinds.urgent.fire")),
            Self::Crime => Some(("113", "kinds.urgent.crime")),
            Self::Life => Some(("115", "kinds.urgent.life")),
            _ => None,
        }
    }

    /// Key of what it is, and of where it belongs; none for an emergency.
    pub fn address(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Fire | Self::Crime | Self::Life => None,
            Self::Information => Some(("kinds.elsewhere.information", "kinds.elsewhere.information_where")),
            Self::Procedure => Some(("kinds.elsewhere.procedure", "kinds.elsewhere.procedure_where")),
            Self::Civil => Some(("kinds.elsewhere.civil", "kinds.elsewhere.civil_where")),
            Self::Criminal => Some(("kinds.elsewhere.criminal", "kinds.elsewhere.criminal_where")),
            Self::Judicial => Some(("kinds.elsewhere.judicial", "kinds.elsewhere.judicial_where")),
            Self::Party => Some(("kinds.elsewhere.party", "kinds.elsewhere.party_where")),
        }
    }
}

/// What it is recognised by.
#[derive(Clone, Debug)]
pub struct Sign {
    what: Elsewhere,
    words: Vec<Word>,
}

/// Reads the data; a row that is not understood is left out (a test reads the shipped file whole).
pub fn read(csv: &str) -> Vec<Sign> {
    let sign = |line: &str| {
        let (code, words) = line.split_once(',')?;
        let what = Elsewhere::ALL.into_iter().find(|what| what.code() == code)?;
        Some(Sign { what, words: words.split(';').map(Word::new).collect() })
    };
    csv.lines().skip(1).filter_map(sign).collect()
}

/// The shipped words.
pub fn signs() -> &'static [Sign] {
    static SIGNS: OnceLock<Vec<Sign>> = OnceLock::new();
    SIGNS.get_or_init(|| read(SHIPPED))
}

/// What a petition of these words sounds like: every emergency, then at most [`ADDRESSES_MAX`] others.
pub fn recognised(signs: &[Sign], title: &str, body: &str) -> Vec<Elsewhere> {
    let ready = Ready::new(&[title, body]);
    let found = |what: &Elsewhere| signs.iter().any(|sign| sign.what == *what && sign.words.iter().any(|word| ready.has(word)));
    let (urgent, others): (Vec<_>, Vec<_>) = Elsewhere::ALL.into_iter().filter(found).partition(|what| what.call().is_some());
    urgent.into_iter().chain(others.into_iter().take(ADDRESSES_MAX)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(title: &str, body: &str) -> Vec<Elsewhere> {
        recognised(signs(), title, body)
    }

    #[test]
    fn every_row_of_the_data_is_understood() {
        let known: Vec<_> = signs().iter().map(|sign| sign.what).collect();
        assert_eq!(known, Elsewhere::ALL, "one row each");
        assert!(signs().iter().all(|sign| sign.words.iter().all(|word| word.written.trim() == word.written && !word.written.is_empty())));
    }

    #[test]
    fn emergencies_are_recognised_with_and_without_marks() {
        for (title, body, what) in [
            ("Chợ đang cháy", "Khói đen bốc cao.", Elsewhere::Fire),
            ("CHAY NHA o to 3", "nho xa den ngay", Elsewhere::Fire),
            ("Hàng xóm đang đánh vợ", "Chị ấy kêu cứu.", Elsewhere::Crime),
            ("Tai nạn ở ngã ba", "Có người bất tỉnh trên đường.", Elsewhere::Life),
        ] {
            assert_eq!(of(title, body), [what], "{title}");
        }
    }

    #[test]
    fn what_belongs_elsewhere_is_told_where_and_at_most_twice() {
        assert_eq!(of("Không đồng ý bản án", "Tòa án xử chưa đúng."), [Elsewhere::Judicial]);
        assert_eq!(of("Xin cung cấp thông tin quy hoạch", ""), [Elsewhere::Information]);
        assert_eq!(of("Cho hỏi thủ tục", "Ly hôn ở tòa án thì chi bộ có giúp không?").len(), ADDRESSES_MAX);
    }

    #[test]
    fn everyday_matters_are_no_emergency() {
        for (title, body) in [
            ("Cống trước nhà văn hóa bị tắc", "Nước chảy tràn ra đường từ hôm qua."),
            ("Đường vào trường sụt lún", "Xe máy đang chạy hay bị ngã."),
            ("Duong lien thon hong", "xe tai chay ca ngay, nguoi dan di lai kho"),
            ("Rác đốt khói", "Nhà bên đốt rác, khói vào nhà."),
        ] {
            assert!(of(title, body).iter().all(|what| what.call().is_none()), "{title}");
        }
    }
}
