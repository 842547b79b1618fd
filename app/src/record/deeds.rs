//! What officials do beside the cases' own record: who signed in, saw something sealed, took a list away, changed rights or rules.

use crate::accounts::rules::Capacity;
use crate::permissions::Role;
use crate::sealed::rules::{Duty, What};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A deed. Ids and codes, never a person's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "deed", rename_all = "snake_case")]
pub enum Deed {
    /// Signed in.
    SignedIn,
    /// Changed the own password; all other sessions ended.
    PasswordChanged,
    /// Made an account.
    AccountMade {
        /// Whose.
        account_id: String,
    },
    /// Gave somebody a new first password.
    PasswordReset {
        /// Whose.
        account_id: String,
    },
    /// Bound an account to somebody of the staff directory.
    DirectoryBound {
        /// Whose.
        account_id: String,
    },
    /// Took an account's way through the staff directory away.
    DirectoryUnbound {
        /// Whose.
        account_id: String,
    },
    /// Closed an account.
    AccountClosed {
        /// Whose.
        account_id: String,
    },
    /// Opened a closed account again.
    AccountOpened {
        /// Whose.
        account_id: String,
    },
    /// Gave a role.
    RoleGiven {
        /// To whom.
        account_id: String,
        /// Which.
        role: Role,
        /// Where.
        agency_id: String,
        /// In what capacity.
        #[serde(default)]
        capacity: Capacity,
        /// First day.
        from: NaiveDate,
        /// Last day, if one is set.
        to: Option<NaiveDate>,
    },
    /// Set the last day of a role.
    RoleEnded {
        /// Whose.
        account_id: String,
        /// Which.
        role: Role,
        /// Where.
        agency_id: String,
        /// Last day.
        last_day: NaiveDate,
    },
    /// Opened the page of a sealed case: a denunciation. Once a day for each person and case.
    CaseSeen {
        /// Which.
        case_id: String,
    },
    /// Opened a paper of a sealed case. Once a day for each person and paper.
    PaperSeen {
        /// Of which case.
        case_id: String,
        /// Which paper.
        paper_id: String,
    },
    /// Opened what is sealed of a denunciation.
    SealOpened {
        /// Which.
        case_id: String,
        /// What of it.
        what: What,
        /// For which duty.
        duty: Duty,
    },
    /// Took a list of cases away as a file.
    ListTaken {
        /// How many cases are in it.
        rows: i64,
    },
    /// Took the register of receptions away as a file.
    RegisterTaken {
        /// How many visits are in it.
        rows: i64,
    },
    /// Changed a day off.
    DayOffChanged {
        /// Which day.
        day: NaiveDate,
    },
    /// Changed a legal period.
    PeriodChanged {
        /// Code of its rule.
        rule: String,
    },
    /// Saved a new version of a letter's template.
    TemplateChanged {
        /// Code of the letter.
        letter: String,
    },
    /// Added a rule of routing.
    RoutingAdded {
        /// The rule.
        rule_id: String,
    },
    /// Ended a rule of routing.
    RoutingEnded {
        /// The rule.
        rule_id: String,
    },
    /// Took a database that was put back from a copy for the record from there on.
    RecordAccepted {
        /// The last page this data folder had seen.
        seen_page: Option<i64>,
        /// The last page there was.
        found_page: Option<i64>,
    },
    /// Added a second factor.
    FactorAdded {
        /// What: `application` or `passkey`.
        factor: String,
    },
    /// Took one of their second factors away.
    FactorRemoved {
        /// What: `application` or `passkey`.
        factor: String,
    },
    /// Made new recovery codes.
    RecoveryMade,
    /// Used a recovery code.
    RecoveryUsed,
    /// Took all second factors of somebody away.
    FactorsReset {
        /// Whose.
        account_id: String,
    },
    /// Ended other sessions of their own.
    SessionsEnded {
        /// How many.
        sessions: i64,
    },
    /// Looked up what somebody may do.
    RightsSeen {
        /// Whose.
        account_id: String,
    },
    /// Held a case back from every deletion.
    HoldSet {
        /// Which case.
        case_id: String,
        /// The hold.
        hold_id: String,
        /// Its last day, if one is set.
        until: Option<NaiveDate>,
    },
    /// Lifted a hold.
    HoldLifted {
        /// Of which case.
        case_id: String,
        /// The hold.
        hold_id: String,
    },
    /// Made a plan of deletion.
    RetentionPlanned {
        /// Which.
        plan_id: String,
        /// How many things it would delete.
        things: i64,
    },
    /// Let a plan of deletion out.
    RetentionReleased {
        /// Which.
        plan_id: String,
    },
    /// Took a plan of deletion back.
    RetentionWithdrawn {
        /// Which.
        plan_id: String,
    },
    /// The portal deleted what a plan had counted.
    RetentionDone {
        /// Which.
        plan_id: String,
        /// How many things were deleted.
        things: i64,
    },
    /// Somebody took away everything that is held about them.
    DataTaken {
        /// Of which case.
        case_id: String,
    },
    /// Somebody asked to have their data corrected or deleted.
    DataAsked {
        /// Of which case.
        case_id: String,
        /// The request.
        request_id: String,
    },
    /// Somebody corrected their data.
    DataCorrected {
        /// Of which case.
        case_id: String,
        /// The request.
        request_id: String,
    },
    /// Decided on such a request.
    DataDecided {
        /// Of which case.
        case_id: String,
        /// The request.
        request_id: String,
        /// Whether it was granted.
        granted: bool,
    },
}

impl Deed {
    /// As it stands in the database and behind `deed.` in the catalogues.
    pub fn code(&self) -> &'static str {
        match self {
            Self::SignedIn => "signed_in",
            Self::PasswordChanged => "password_changed",
            Self::AccountMade { .. } => "account_made",
            Self::PasswordReset { .. } => "password_reset",
            Self::DirectoryBound { .. } => "directory_bound",
            Self::DirectoryUnbound { .. } => "directory_unbound",
            Self::AccountClosed { .. } => "account_closed",
            Self::AccountOpened { .. } => "account_opened",
            Self::RoleGiven { .. } => "role_given",
            Self::RoleEnded { .. } => "role_ended",
            Self::CaseSeen { .. } => "case_seen",
            Self::PaperSeen { .. } => "paper_seen",
            Self::SealOpened { .. } => "seal_opened",
            Self::ListTaken { .. } => "list_taken",
            Self::RegisterTaken { .. } => "register_taken",
            Self::DayOffChanged { .. } => "day_off_changed",
            Self::PeriodChanged { .. } => "period_changed",
            Self::TemplateChanged { .. } => "template_changed",
            Self::RoutingAdded { .. } => "routing_added",
            Self::RoutingEnded { .. } => "routing_ended",
            Self::RecordAccepted { .. } => "record_accepted",
            Self::FactorAdded { .. } => "factor_added",
            Self::FactorRemoved { .. } => "factor_removed",
            Self::RecoveryMade => "recovery_made",
            Self::RecoveryUsed => "recovery_used",
            Self::FactorsReset { .. } => "factors_reset",
            Self::SessionsEnded { .. } => "sessions_ended",
            Self::RightsSeen { .. } => "rights_seen",
            Self::HoldSet { .. } => "hold_set",
            Self::HoldLifted { .. } => "hold_lifted",
            Self::RetentionPlanned { .. } => "retention_planned",
            Self::RetentionReleased { .. } => "retention_released",
            Self::RetentionWithdrawn { .. } => "retention_withdrawn",
            Self::RetentionDone { .. } => "retention_done",
            Self::DataTaken { .. } => "data_taken",
            Self::DataAsked { .. } => "data_asked",
            Self::DataCorrected { .. } => "data_corrected",
            Self::DataDecided { .. } => "data_decided",
        }
    }

    /// The case it is about: whoever may not see that does not see the deed either.
    pub fn case_id(&self) -> Option<&str> {
        match self {
            Self::CaseSeen { case_id }
            | Self::PaperSeen { case_id, .. }
            | Self::HoldSet { case_id, .. }
            | Self::HoldLifted { case_id, .. }
            | Self::DataTaken { case_id }
            | Self::DataAsked { case_id, .. }
            | Self::DataCorrected { case_id, .. }
            | Self::DataDecided { case_id, .. } => Some(case_id),
            _ => None,
        }
    }

    /// What is written once a day for each person, not at every look.
    pub fn once_a_day(&self) -> Option<&str> {
        match self {
            Self::CaseSeen { case_id } => Some(case_id),
            Self::PaperSeen { paper_id, .. } => Some(paper_id),
            Self::RightsSeen { account_id } => Some(account_id),
            _ => None,
        }
    }

    /// Whose account it was done to.
    pub fn account_id(&self) -> Option<&str> {
        match self {
            Self::AccountMade { account_id }
            | Self::PasswordReset { account_id }
            | Self::DirectoryBound { account_id }
            | Self::DirectoryUnbound { account_id }
            | Self::AccountClosed { account_id }
            | Self::AccountOpened { account_id }
            | Self::RoleGiven { account_id, .. }
            | Self::RoleEnded { account_id, .. }
            | Self::FactorsReset { account_id }
            | Self::RightsSeen { account_id } => Some(account_id),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_is_that_of_the_stored_form() {
        let deeds = [
            Deed::SignedIn,
            Deed::ListTaken { rows: 3 },
            Deed::SealOpened { case_id: "c".into(), what: What::Original, duty: Duty::PrepareWorking },
            Deed::FactorAdded { factor: "passkey".into() },
            Deed::FactorsReset { account_id: "a".into() },
            Deed::RoleEnded { account_id: "a".into(), role: Role::Head, agency_id: "b".into(), last_day: NaiveDate::default() },
            Deed::PaperSeen { case_id: "c".into(), paper_id: "p".into() },
        ];
        for deed in deeds {
            let stored = serde_json::to_value(&deed).expect("storable");
            assert_eq!(stored["deed"], deed.code());
            assert_eq!(serde_json::from_value::<Deed>(stored).expect("readable"), deed);
        }
    }
}
