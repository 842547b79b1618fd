//! What can be opened, for which duty, and for how long. Pure.

use serde::{Deserialize, Serialize};

/// How long an opening lasts, in minutes: long enough to prepare a working text, short enough that a page left open closes itself.
pub const OPEN_MINUTES: i64 = 20;
/// Shortest reason, in characters: "ok" is none.
pub const REASON_CHARS_MIN: usize = 10;
/// Longest reason, in characters.
pub const REASON_CHARS_MAX: usize = 1_000;

/// What of a denunciation is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[sqlx(type_name = "TEXT", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Danh tính: who denounces, and how to reach them.
    Identity,
    /// Bản gốc: their own words, messages and papers.
    Original,
}

impl What {
    /// Both, in the order they are shown.
    pub const ALL: [Self; 2] = [Self::Identity, Self::Original];

    /// As it stands in the database and in forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Original => "original",
        }
    }

    /// The one of that code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|what| what.code() == code)
    }

    /// Key of its name in the catalogues.
    pub fn key(self) -> &'static str {
        match self {
            Self::Identity => "sealed.what.identity",
            Self::Original => "sealed.what.original",
        }
    }
}

/// For what somebody opens: the duties the Law on Denunciations 2018 (25/2018/QH14) gives, and no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[sqlx(type_name = "TEXT", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Duty {
    /// Kiểm tra, xác minh thông tin về người tố cáo: Article 24.
    VerifyIdentity,
    /// Xem xét điều kiện thụ lý: Articles 24 and 29.
    DecideAcceptance,
    /// Lược bỏ thông tin về người tố cáo trước khi giao xử lý: Article 56.
    PrepareWorking,
    /// Xác minh nội dung tố cáo: Article 31.
    VerifyContent,
    /// Thông báo, gửi kết luận cho người tố cáo: Articles 24, 29 and 40.
    NotifyDenouncer,
    /// Bảo vệ người tố cáo: Articles 47 to 58.
    ProtectDenouncer,
    /// Theo yêu cầu của cơ quan điều tra, cơ quan tiến hành tố tụng: Articles 25 and 26 of Circular 05/2021/TT-TTCP's procedure, Article 41 of the law.
    InvestigatingBody,
}

impl Duty {
    /// All of them, in the order they are shown.
    pub const ALL: [Self; 7] = [
        Self::VerifyIdentity,
        Self::DecideAcceptance,
        Self::PrepareWorking,
        Self::VerifyContent,
        Self::NotifyDenouncer,
        Self::ProtectDenouncer,
        Self::InvestigatingBody,
    ];

    /// As it stands in the database and in forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::VerifyIdentity => "verify_identity",
            Self::DecideAcceptance => "decide_acceptance",
            Self::PrepareWorking => "prepare_working",
            Self::VerifyContent => "verify_content",
            Self::NotifyDenouncer => "notify_denouncer",
            Self::ProtectDenouncer => "protect_denouncer",
            Self::InvestigatingBody => "investigating_body",
        }
    }

    /// The one of that code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|duty| duty.code() == code)
    }

    /// Key of its name in the catalogues.
    pub fn key(self) -> &'static str {
        match self {
            Self::VerifyIdentity => "sealed.duty.verify_identity",
            Self::DecideAcceptance => "sealed.duty.decide_acceptance",
            Self::PrepareWorking => "sealed.duty.prepare_working",
            Self::VerifyContent => "sealed.duty.verify_content",
            Self::NotifyDenouncer => "sealed.duty.notify_denouncer",
            Self::ProtectDenouncer => "sealed.duty.protect_denouncer",
            Self::InvestigatingBody => "sealed.duty.investigating_body",
        }
    }

    /// Whether the duty needs it: nobody opens words to learn an address, nor a name to shorten a text.
    pub fn allows(self, what: What) -> bool {
        match self {
            Self::VerifyIdentity | Self::NotifyDenouncer => what == What::Identity,
            Self::PrepareWorking => what == What::Original,
            Self::DecideAcceptance | Self::VerifyContent | Self::ProtectDenouncer | Self::InvestigatingBody => true,
        }
    }
}

/// How a paper of a denunciation stands to those who handle it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Handling {
    /// Kept behind the seal.
    #[default]
    Kept,
    /// Let through as it is.
    Whole,
    /// Let through as another paper: its redacted version.
    Redacted(String),
}

impl Handling {
    /// Of what stands in the database: nothing, `whole`, or the id of the redacted version.
    pub fn of(stored: &str) -> Self {
        match stored {
            "" => Self::Kept,
            "whole" => Self::Whole,
            id => Self::Redacted(id.to_owned()),
        }
    }

    /// As it stands in the database.
    pub fn stored(&self) -> &str {
        match self {
            Self::Kept => "",
            Self::Whole => "whole",
            Self::Redacted(id) => id,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_stored_form_and_every_duty_opens_something() {
        for duty in Duty::ALL {
            assert_eq!(serde_json::to_value(duty).expect("storable"), duty.code());
            assert_eq!(Duty::from_code(duty.code()), Some(duty));
            assert!(What::ALL.into_iter().any(|what| duty.allows(what)), "{duty:?}");
        }
        for what in What::ALL {
            assert_eq!(serde_json::to_value(what).expect("storable"), what.code());
            assert_eq!(What::from_code(what.code()), Some(what));
        }
        assert!(!Duty::PrepareWorking.allows(What::Identity) && !Duty::NotifyDenouncer.allows(What::Original));
        assert_eq!(Duty::from_code("curiosity"), None);
    }

    #[test]
    fn a_paper_is_kept_until_somebody_lets_it_through() {
        assert_eq!(Handling::default(), Handling::of(""));
        for handling in [Handling::Kept, Handling::Whole, Handling::Redacted("p".into())] {
            assert_eq!(Handling::of(handling.stored()), handling);
        }
    }
}
