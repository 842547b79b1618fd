//! Who may do what: the one place. Every route, action and list asks here.
//!
//! Five roles, each held at an agency for a span of days:
//! *intake* receives and assigns; a *handler* asks, notes and drafts; an *approver* lets answers and public texts out, never
//! their own; the *head* may do all of it for the authority; an *administrator* manages sign-ins and sees no case at all.
//!
//! A case is seen by the authority that has it now. A denunciation is seen by fewer: intake, head, approver, and of the
//! handlers only the one it was given to. What somebody may not see does not exist for them: 404, never 403.
//!
//! Example: Nông Thị B. is a handler at the economy unit of Phủ Thông commune. She sees a road report that lies with her
//! unit; she does not see a denunciation her colleague handles, nor anything of the neighbouring commune.

use crate::actor::{Actor, Official};
use crate::error::AppError;
use crate::petitions::rules::{Case, Kind};
use serde::{Deserialize, Serialize};

/// What somebody does at an agency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type)]
#[sqlx(type_name = "TEXT", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Tiếp nhận: receives, sorts, assigns, forwards.
    Intake,
    /// Xử lý: asks, notes, drafts.
    Handler,
    /// Duyệt: the second person.
    Approver,
    /// Người đứng đầu.
    Head,
    /// Quản trị: sign-ins and roles, no cases.
    Administrator,
}

impl Role {
    /// All roles, in the order they are shown.
    pub const ALL: [Self; 5] = [Self::Intake, Self::Handler, Self::Approver, Self::Head, Self::Administrator];

    /// Key of its name in the catalogues.
    pub fn key(self) -> &'static str {
        match self {
            Self::Intake => "role.intake",
            Self::Handler => "role.handler",
            Self::Approver => "role.approver",
            Self::Head => "role.head",
            Self::Administrator => "role.administrator",
        }
    }

    /// As it stands in the database and in forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Intake => "intake",
            Self::Handler => "handler",
            Self::Approver => "approver",
            Self::Head => "head",
            Self::Administrator => "administrator",
        }
    }

    /// The role of that code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }
}

/// Something that somebody wants to do.
#[derive(Clone, Copy, Debug)]
pub enum Action<'a> {
    /// File a petition, look at what is public.
    UsePortal,
    /// Open the officials' workspace.
    UseDesk,
    /// See a case: original text, papers, history.
    See(&'a Case),
    /// See who the citizen is. Asked for with a reason that enters the history.
    SeeIdentity(&'a Case),
    /// Acknowledge, sort anew, give to a unit or a person, hand to another authority.
    Triage(&'a Case),
    /// Ask the citizen, draft an answer, propose a public text.
    Handle(&'a Case),
    /// Write an internal note.
    Note(&'a Case),
    /// Let an answer out or send it back. The drafter must be somebody else.
    ApproveAnswer(&'a Case, &'a str),
    /// Let a public text out. The proposer must be somebody else.
    ApprovePublicText(&'a Case, &'a str),
    /// Close or reopen.
    Close(&'a Case),
    /// Draft, change or throw away an official letter.
    DraftLetter(&'a Case),
    /// Sign an official letter. The drafter must be somebody else.
    SignLetter(&'a Case, &'a str),
    /// The citizen's side of a case: follow, write, add papers, withdraw, rate.
    Follow(&'a Case),
    /// Manage sign-ins and roles of an authority.
    ManageAccounts(&'a str),
    /// See the days off with their sources, and who changed them.
    SeeCalendar,
    /// Change days off. They are the same for all, so only the administrator of the province's own authority may.
    ManageCalendar(&'a str),
    /// See the templates of letters.
    SeeLetterTemplates,
    /// Change templates of letters. They are the same for all, so only the administrator of the province's own authority may.
    ManageLetterTemplates(&'a str),
    /// Compute open clocks anew: the portal itself, after such a change.
    MoveDeadlines,
}

/// Whether `actor` may do `action`.
///
/// # Errors
/// [`AppError::NotFound`] where the actor may not know of the thing, [`AppError::SignInNeeded`] where nobody is signed in,
/// [`AppError::CodeNeeded`] where the citizen's code was not given, [`AppError::Forbidden`] where the thing is visible but the act is not theirs.
pub fn check(actor: &Actor, action: Action<'_>) -> Result<(), AppError> {
    match action {
        Action::UsePortal => Ok(()),
        Action::UseDesk => official(actor).map(|_| ()),
        Action::See(case) => seen(actor, case).map(|_| ()),
        Action::Note(case) => seen(actor, case).map(|_| ()),
        Action::SeeIdentity(case) => allow(actor, case, &[Role::Intake, Role::Head], true),
        Action::Triage(case) => allow(actor, case, &[Role::Intake, Role::Head], false),
        Action::Handle(case) => allow(actor, case, &[Role::Head], true),
        Action::Close(case) | Action::DraftLetter(case) => allow(actor, case, &[Role::Intake, Role::Head], true),
        Action::ApproveAnswer(case, author) | Action::ApprovePublicText(case, author) | Action::SignLetter(case, author) => {
            allow(actor, case, &[Role::Approver, Role::Head], false)?;
            if official(actor)?.account_id == author { Err(AppError::Forbidden("second_person")) } else { Ok(()) }
        }
        Action::Follow(case) => match actor {
            Actor::Citizen { case_id } if *case_id == case.id => Ok(()),
            _ => Err(AppError::CodeNeeded),
        },
        Action::ManageAccounts(body_id) => {
            if official(actor)?.holds(Role::Administrator, body_id) {
                Ok(())
            } else {
                Err(AppError::NotFound)
            }
        }
        Action::SeeCalendar | Action::SeeLetterTemplates => {
            let manages = official(actor)?.holdings.iter().any(|holding| holding.role == Role::Administrator);
            if manages { Ok(()) } else { Err(AppError::NotFound) }
        }
        Action::ManageCalendar(province_body_id) | Action::ManageLetterTemplates(province_body_id) => {
            check(actor, Action::SeeCalendar)?;
            if official(actor)?.holds(Role::Administrator, province_body_id) { Ok(()) } else { Err(AppError::Forbidden("role")) }
        }
        Action::MoveDeadlines => {
            if matches!(actor, Actor::System) {
                Ok(())
            } else {
                Err(AppError::NotFound)
            }
        }
    }
}

fn official(actor: &Actor) -> Result<&Official, AppError> {
    actor.official().ok_or(AppError::SignInNeeded)
}

/// The official, if the case exists for them.
fn seen<'a>(actor: &'a Actor, case: &Case) -> Result<&'a Official, AppError> {
    let official = official(actor)?;
    if sees(official, case) { Ok(official) } else { Err(AppError::NotFound) }
}

fn sees(official: &Official, case: &Case) -> bool {
    official.holdings.iter().filter(|holding| holding.body_id == case.body_id).any(|holding| match holding.role {
        Role::Intake | Role::Head | Role::Approver => true,
        Role::Handler => {
            let given_to_me = case.handler_id.as_deref() == Some(official.account_id.as_str());
            let in_my_unit = case.unit_id.as_deref() == Some(holding.agency_id.as_str());
            given_to_me || (in_my_unit && case.kind != Kind::Denunciation)
        }
        Role::Administrator => false,
    })
}

/// Allowed for the given roles at the case's authority, and for its handlers if `handlers` says so.
fn allow(actor: &Actor, case: &Case, roles: &[Role], handlers: bool) -> Result<(), AppError> {
    let official = seen(actor, case)?;
    let by_role = roles.iter().any(|role| official.holds(*role, &case.body_id));
    if by_role || (handlers && handles(official, case)) { Ok(()) } else { Err(AppError::Forbidden("role")) }
}

/// Whether the case lies with this person: given by name, or to the unit and to nobody by name.
fn handles(official: &Official, case: &Case) -> bool {
    match &case.handler_id {
        Some(handler) => *handler == official.account_id && official.holds(Role::Handler, &case.body_id),
        None => official.holdings.iter().any(|holding| holding.role == Role::Handler && case.unit_id.as_deref() == Some(holding.agency_id.as_str())),
    }
}

/// The part of a queue an official may list, for the WHERE of a statement. The same decision as `sees`, asked once for many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QueueScope {
    /// All cases of the authority.
    Body(String),
    /// Only those of a unit (without denunciations) and those given to the person.
    Unit {
        /// The authority.
        body_id: String,
        /// The unit the role is held at.
        unit_id: String,
        /// The person.
        account_id: String,
    },
    /// Nothing: an administrator.
    Nothing,
}

/// What of the queue `official` may see at the authority they work at.
pub fn queue_scope(official: &Official) -> QueueScope {
    let wide = official.holdings.iter().find(|h| matches!(h.role, Role::Intake | Role::Head | Role::Approver));
    if let Some(holding) = wide {
        return QueueScope::Body(holding.body_id.clone());
    }
    match official.holdings.iter().find(|holding| holding.role == Role::Handler) {
        Some(holding) => QueueScope::Unit { body_id: holding.body_id.clone(), unit_id: holding.agency_id.clone(), account_id: official.account_id.clone() },
        None => QueueScope::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actor::Holding;
    use crate::petitions::rules::tests::case;

    fn holder(account: &str, role: Role, agency: &str, body: &str) -> Actor {
        let holding = Holding { role, agency_id: agency.into(), agency_name: agency.into(), body_id: body.into() };
        Actor::Official(Official { account_id: account.into(), name: account.into(), holdings: vec![holding] })
    }

    /// Role × action on a report that lies with unit "roads" of "phu-thong" and handler "ha"; + allowed, f forbidden, . does not exist.
    #[test]
    fn the_table_of_roles_and_actions() {
        let case = case(Kind::Report, "phu-thong", Some("roads"), Some("ha"));
        let actors = [
            ("intake", holder("an", Role::Intake, "phu-thong", "phu-thong")),
            ("handler", holder("ha", Role::Handler, "roads", "phu-thong")),
            ("colleague", holder("bi", Role::Handler, "roads", "phu-thong")),
            ("other unit", holder("cu", Role::Handler, "culture", "phu-thong")),
            ("approver", holder("du", Role::Approver, "phu-thong", "phu-thong")),
            ("head", holder("em", Role::Head, "phu-thong", "phu-thong")),
            ("admin", holder("gi", Role::Administrator, "phu-thong", "phu-thong")),
            ("elsewhere", holder("hu", Role::Head, "cho-don", "cho-don")),
        ];
        let actions: [(&str, Action<'_>); 10] = [
            ("see", Action::See(&case)),
            ("identity", Action::SeeIdentity(&case)),
            ("triage", Action::Triage(&case)),
            ("handle", Action::Handle(&case)),
            ("note", Action::Note(&case)),
            ("approve", Action::ApproveAnswer(&case, "ha")),
            ("release", Action::ApprovePublicText(&case, "em")),
            ("close", Action::Close(&case)),
            ("draft", Action::DraftLetter(&case)),
            ("sign", Action::SignLetter(&case, "ha")),
        ];
        let mut table = String::new();
        for (name, actor) in &actors {
            let row: String = actions
                .iter()
                .map(|(_, action)| match check(actor, *action) {
                    Ok(()) => '+',
                    Err(AppError::Forbidden(_)) => 'f',
                    Err(_) => '.',
                })
                .collect();
            table.push_str(&format!("{name:<11}{row}\n"));
        }
        //                 see, identity, triage, handle, note, approve, release, close, draft a letter, sign it
        let expected = "\
intake     +++f+ff++f
handler    ++f++ff++f
colleague  +fff+fffff
other unit ..........
approver   +fff+++ff+
head       +++++"
            .to_owned()
            + "+f+++\n\
admin      ..........
elsewhere  ..........
";
        assert_eq!(table, expected, "columns: {:?}", actions.map(|(name, _)| name));
    }

    #[test]
    fn a_denunciation_exists_only_for_the_handler_it_was_given_to() {
        let case = case(Kind::Denunciation, "phu-thong", Some("roads"), Some("ha"));
        assert!(check(&holder("ha", Role::Handler, "roads", "phu-thong"), Action::See(&case)).is_ok());
        let colleague = check(&holder("bi", Role::Handler, "roads", "phu-thong"), Action::See(&case));
        assert!(matches!(colleague, Err(AppError::NotFound)), "and not even its existence is told");
    }

    #[test]
    fn nobody_approves_what_they_wrote() {
        let case = case(Kind::Report, "phu-thong", Some("roads"), Some("em"));
        let head = holder("em", Role::Head, "phu-thong", "phu-thong");
        assert!(check(&head, Action::ApproveAnswer(&case, "em")).is_err());
        assert!(check(&head, Action::ApproveAnswer(&case, "ha")).is_ok());
    }

    #[test]
    fn a_citizen_follows_one_case_and_no_other() {
        let mine = case(Kind::Report, "phu-thong", None, None);
        let actor = Actor::Citizen { case_id: mine.id.clone() };
        assert!(check(&actor, Action::Follow(&mine)).is_ok());
        let mut other = mine.clone();
        other.id = "another".into();
        assert!(check(&actor, Action::Follow(&other)).is_err());
        assert!(check(&Actor::Visitor, Action::Follow(&mine)).is_err());
    }
}
