//! Marks of a case that leaders look for (plan KH 256, (4); domain.md 0.7 and 1.13). Pure.
//!
//! A mark is put and taken away with a written reason; both are events. "Complex" without a filed reason is void in law
//! (Law on Complaints, Article 28; Law on Denunciations, Article 30), so there is no way to set one without it.

use serde::{Deserialize, Serialize};

/// A mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// Phức tạp.
    Complex,
    /// Đông người.
    ManyPeople,
    /// Kéo dài.
    Prolonged,
    /// Dư luận quan tâm.
    PublicInterest,
    /// Quá hạn, đã báo cấp trên: put by the portal when a late step is put before the authority above, taken away by it when nothing
    /// is late any more.
    Escalated,
}

impl Flag {
    /// All marks, in the order they are shown.
    pub const ALL: [Self; 5] = [Self::Complex, Self::ManyPeople, Self::Prolonged, Self::PublicInterest, Self::Escalated];
    /// Those an official puts and takes away.
    pub const BY_HAND: [Self; 4] = [Self::Complex, Self::ManyPeople, Self::Prolonged, Self::PublicInterest];

    /// Its bit in `cases.flags`. Never changed: the column outlives the code.
    pub fn bit(self) -> i64 {
        match self {
            Self::Complex => 1,
            Self::ManyPeople => 2,
            Self::Prolonged => 4,
            Self::PublicInterest => 8,
            Self::Escalated => 16,
        }
    }

    /// As it stands in addresses and forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Complex => "phuc-tap",
            Self::ManyPeople => "dong-nguoi",
            Self::Prolonged => "keo-dai",
            Self::PublicInterest => "du-luan",
            Self::Escalated => "da-bao-cap-tren",
        }
    }

    /// The mark of that code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|flag| flag.code() == code)
    }

    /// Key of its name in the catalogues.
    pub fn key(self) -> &'static str {
        match self {
            Self::Complex => "flag.complex",
            Self::ManyPeople => "flag.many_people",
            Self::Prolonged => "flag.prolonged",
            Self::PublicInterest => "flag.public_interest",
            Self::Escalated => "flag.escalated",
        }
    }

    /// Whether it is among the bits of a case.
    pub fn is_in(self, flags: i64) -> bool {
        flags & self.bit() != 0
    }

    /// The marks among the bits of a case.
    pub fn of(flags: i64) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(move |flag| flag.is_in(flags))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mark_has_a_bit_and_a_code_of_its_own() {
        let all: i64 = Flag::ALL.iter().map(|flag| flag.bit()).sum();
        assert_eq!(Flag::of(all).collect::<Vec<_>>(), Flag::ALL);
        assert_eq!(all.count_ones(), 5, "no two share a bit");
        assert!(Flag::ALL.iter().all(|flag| Flag::from_code(flag.code()) == Some(*flag)));
    }
}
