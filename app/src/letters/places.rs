//! The places of a template that are filled from the case, and which reader may be told what. Pure.
//!
//! A place is written `{người gửi}`. Its names are Vietnamese words, because the people who change templates are not programmers.
//! Whatever can identify the sender is listed here once: a letter that reaches the person denounced, or another office in a
//! denunciation, cannot receive it (Law on Denunciation, Articles 8 and 29; NĐ 31/2019/NĐ-CP, form 06).

use std::fmt;

/// Something of the case that a letter can say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// The authority that writes.
    Agency,
    /// The authority above it.
    Superior,
    /// Who heads the authority: "Chủ tịch Ủy ban nhân dân xã Phủ Thông".
    Head,
    /// The day the letter is signed.
    Today,
    /// The last day of the clock that runs.
    Due,
    /// Whom the letter is written to, where that is not the sender.
    To,
    /// Where it happened.
    Area,
    /// The sender's name.
    Sender,
    /// The sender's address.
    SenderAddress,
    /// What the sender called the matter.
    Title,
    /// The day the petition came in.
    ReceivedOn,
    /// How many papers came with it.
    Papers,
    /// Number of the acceptance.
    AcceptedNumber,
    /// Day of the acceptance.
    AcceptedOn,
    /// Who is denounced.
    Accused,
    /// Whose decision or act is complained of.
    Respondent,
    /// The decision or act complained of.
    Contested,
    /// The authority that is competent.
    Competent,
    /// When the dialogue takes place.
    DialogueAt,
    /// Where.
    DialoguePlace,
    /// The new last day.
    ExtendedTo,
    /// How many days are added.
    ExtendedBy,
    /// Why.
    Reason,
    /// The decision of the first instance.
    FirstDecision,
    /// The conclusion on a denunciation.
    Conclusion,
    /// Last day of the reader's next right.
    LastDay,
    /// Length of the period it ends.
    Length,
}

/// For whose eyes a letter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// The sender: may be told everything about the own petition.
    Sender,
    /// An office or person who may know the sender: no denunciation.
    Other,
    /// Another office in a denunciation: never learns who denounced.
    SealedOffice,
    /// The person denounced: learns the matter, and nothing that leads to the denouncer.
    Denounced,
}

impl Place {
    /// All of them, in the order they are explained.
    pub const ALL: [Self; 27] = [
        Self::Agency,
        Self::Superior,
        Self::Head,
        Self::Today,
        Self::Due,
        Self::To,
        Self::Area,
        Self::Sender,
        Self::SenderAddress,
        Self::Title,
        Self::ReceivedOn,
        Self::Papers,
        Self::AcceptedNumber,
        Self::AcceptedOn,
        Self::Accused,
        Self::Respondent,
        Self::Contested,
        Self::Competent,
        Self::DialogueAt,
        Self::DialoguePlace,
        Self::ExtendedTo,
        Self::ExtendedBy,
        Self::Reason,
        Self::FirstDecision,
        Self::Conclusion,
        Self::LastDay,
        Self::Length,
    ];

    /// As it is written between braces.
    pub fn name(self) -> &'static str {
        match self {
            Self::Agency => "cơ quan",
            Self::Superior => "cơ quan cấp trên",
            Self::Head => "người đứng đầu",
            Self::Today => "ngày ký",
            Self::Due => "hạn giải quyết",
            Self::To => "nơi gửi",
            Self::Area => "địa bàn",
            Self::Sender => "người gửi",
            Self::SenderAddress => "địa chỉ người gửi",
            Self::Title => "tiêu đề đơn",
            Self::ReceivedOn => "ngày nhận đơn",
            Self::Papers => "số giấy tờ",
            Self::AcceptedNumber => "số thụ lý",
            Self::AcceptedOn => "ngày thụ lý",
            Self::Accused => "người bị tố cáo",
            Self::Respondent => "người bị khiếu nại",
            Self::Contested => "quyết định bị khiếu nại",
            Self::Competent => "cơ quan có thẩm quyền",
            Self::DialogueAt => "thời gian đối thoại",
            Self::DialoguePlace => "địa điểm đối thoại",
            Self::ExtendedTo => "gia hạn đến ngày",
            Self::ExtendedBy => "số ngày gia hạn",
            Self::Reason => "lý do",
            Self::FirstDecision => "quyết định lần đầu",
            Self::Conclusion => "kết luận tố cáo",
            Self::LastDay => "ngày cuối",
            Self::Length => "thời hạn",
        }
    }

    /// The place of a name, however it is spaced and capitalised.
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        Self::ALL.into_iter().find(|place| place.name() == name)
    }

    /// Whether it names the sender. Such a place stays a place in a draft, so that whoever drafts need not open the identity.
    pub fn is_identity(self) -> bool {
        matches!(self, Self::Sender | Self::SenderAddress)
    }

    /// Whether only the words about the next right can have it: it is known when the letter is issued.
    pub fn is_of_next_right(self) -> bool {
        matches!(self, Self::LastDay | Self::Length)
    }

    /// Whether a reader may be told it. For the denounced this is a list of what may be said, not of what may not: a place that is
    /// added later is forbidden until somebody decides otherwise.
    pub fn may_reach(self, reader: Reader) -> bool {
        match reader {
            Reader::Sender | Reader::Other => true,
            Reader::SealedOffice => !matches!(self, Self::Sender | Self::SenderAddress | Self::Title | Self::Papers),
            Reader::Denounced => matches!(
                self,
                Self::Agency
                    | Self::Superior
                    | Self::Head
                    | Self::Today
                    | Self::Due
                    | Self::To
                    | Self::AcceptedNumber
                    | Self::AcceptedOn
                    | Self::Accused
                    | Self::ExtendedTo
                    | Self::ExtendedBy
                    | Self::Conclusion
                    | Self::LastDay
                    | Self::Length
            ),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{}}}", self.name())
    }
}

/// What is wrong with the places of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No place has this name.
    Unknown(String),
    /// A brace is opened and not closed, or the other way round.
    Brace(String),
    /// The place would tell the reader who the sender is.
    Betrays(Place),
    /// The place is known only for the next right.
    TooEarly(Place),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(name) => write!(f, "{{{name}}} is no known place"),
            Self::Brace(near) => write!(f, "a brace without its pair near {near:?}"),
            Self::Betrays(place) => write!(f, "{place} would identify the sender to a reader who must not know"),
            Self::TooEarly(place) => write!(f, "{place} can stand only in the words about the next right"),
        }
    }
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Words as they are.
    Words(&'a str),
    /// A place.
    Place(Place),
}

/// Characters of a text shown around a lone brace.
const NEAR_CHARS: usize = 20;

/// Cuts a text into words and places.
///
/// # Errors
/// [`Fault::Unknown`], [`Fault::Brace`].
pub fn pieces(text: &str) -> Result<Vec<Piece<'_>>, Fault> {
    let mut pieces = Vec::new();
    let mut rest = text;
    let near = |text: &str| Fault::Brace(text.chars().take(NEAR_CHARS).collect());
    while let Some(at) = rest.find(['{', '}']) {
        let (words, from) = rest.split_at(at);
        if from.starts_with('}') {
            return Err(near(from));
        }
        if !words.is_empty() {
            pieces.push(Piece::Words(words));
        }
        let inner = from.get(1..).unwrap_or_default();
        let (name, after) = inner.split_once('}').ok_or_else(|| near(from))?;
        if name.contains('{') || name.contains('\n') {
            return Err(near(from));
        }
        pieces.push(Piece::Place(Place::from_name(name).ok_or_else(|| Fault::Unknown(name.trim().to_owned()))?));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Words(rest));
    }
    Ok(pieces)
}

/// Whether a text may stand in a letter to `reader`. `is_next_right` for the words about the next right.
///
/// # Errors
/// The first [`Fault`].
pub fn check(text: &str, reader: Reader, is_next_right: bool) -> Result<(), Fault> {
    for piece in pieces(text)? {
        if let Piece::Place(place) = piece {
            if !place.may_reach(reader) {
                return Err(Fault::Betrays(place));
            }
            if place.is_of_next_right() && !is_next_right {
                return Err(Fault::TooEarly(place));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_place_is_found_however_it_is_written() {
        assert_eq!(pieces("Gửi { Người  GỬI }!"), Ok(vec![Piece::Words("Gửi "), Piece::Place(Place::Sender), Piece::Words("!")]));
        assert_eq!(pieces("{sender}"), Err(Fault::Unknown("sender".into())));
        assert!(matches!(pieces("{người gửi"), Err(Fault::Brace(_))));
        assert!(matches!(pieces("người gửi}"), Err(Fault::Brace(_))));
        assert!(matches!(pieces("{người {gửi}"), Err(Fault::Brace(_))));
    }

    #[test]
    fn every_place_has_a_name_of_its_own_that_finds_it() {
        for place in Place::ALL {
            assert_eq!(Place::from_name(place.name()), Some(place));
        }
    }

    #[test]
    fn the_last_day_is_known_only_for_the_next_right() {
        assert_eq!(check("đến {ngày cuối}", Reader::Sender, false), Err(Fault::TooEarly(Place::LastDay)));
        assert_eq!(check("đến {ngày cuối}", Reader::Sender, true), Ok(()));
    }

    #[test]
    fn trap_34_nothing_that_leads_to_the_denouncer_may_reach_the_denounced() {
        for place in [Place::Sender, Place::SenderAddress, Place::Title, Place::ReceivedOn, Place::Papers, Place::Area, Place::Reason] {
            assert_eq!(check(&format!("a {place} b"), Reader::Denounced, false), Err(Fault::Betrays(place)));
        }
        for place in [Place::Sender, Place::SenderAddress, Place::Title] {
            assert_eq!(check(&place.to_string(), Reader::SealedOffice, false), Err(Fault::Betrays(place)));
        }
        assert_eq!(check("{người bị tố cáo}, {ngày thụ lý}", Reader::Denounced, false), Ok(()));
    }

    proptest! {
        #[test]
        fn cutting_loses_nothing(text in "[a-zăđ{} ]{0,60}") {
            if let Ok(pieces) = pieces(&text) {
                let back: String = pieces.iter().map(|piece| match piece { Piece::Words(words) => (*words).to_owned(), Piece::Place(place) => place.to_string() }).collect();
                prop_assert_eq!(back.split_whitespace().collect::<String>(), text.split_whitespace().collect::<String>());
            }
        }
    }
}
