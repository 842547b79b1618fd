//! Who may do what: the one place. Every route, action and list asks here.
//!
//! Five roles, each held at an agency for a span of days:
//! *intake* receives and assigns; a *handler* asks, notes and drafts; an *approver* lets answers and public texts out, never
//! their own; the *head* may do all of it for the authority; an *administrator* manages sign-ins and sees no case at all.
//!
//! A case is seen by the authority that has it now. A denunciation is seen by fewer: intake, head, approver, and of the
//! handlers only the one it was given to. What somebody may not see does not exist for them: 404, never 403.
//!
//! What is sealed of a denunciation nobody sees by a role: who denounces, their words, their papers. Intake and the head may *open* it for a
//! duty (`crate::sealed`); whoever handles it reads a prepared text.
//!
//! Another agency or unit that was asked for its part in a case (phối hợp, [`Coordination`]) reads the question and the words by an address of its
//! own, as long as the case is open and lies with whoever asked; the case itself does not exist for it, and of a denunciation nobody is asked.
//!
//! Whoever a case is about ([`is_about`]) – a person, everybody of a unit, and with a head everybody under them – neither sees it nor
//! is given it, whatever their role: it is in none of their lists and counts.
//!
//! Example: Nông Thị B. is a handler at the economy unit of Phủ Thông commune. She sees a road report that lies with her
//! unit; she does not see a denunciation her colleague handles, nor anything of the neighbouring commune.

use crate::actor::{Actor, Official};
use crate::commitments::rules::{Commitment, OriginKind};
use crate::error::AppError;
use crate::petitions::barred;
use crate::petitions::coordination::Coordination;
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
    /// Open what is sealed of a denunciation, for a duty, and prepare what its handlers work on: intake and the head.
    OpenSealed(&'a Case),
    /// See every opening at an authority: its head.
    SeeOpenings(&'a str),
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
    /// Take a paper back that is or was to be public: whoever handles the case, receives, approves or heads there.
    TakePaperBack(&'a Case),
    /// Link a case with others, keep the list of its signers.
    Relate(&'a Case),
    /// Take a part out of a case, which makes another.
    Split(&'a Case),
    /// Read that a denunciation was taken out of this case, or this case out of one.
    SeeSealedTrace(&'a Case),
    /// Join a released case as a signer.
    Join(&'a Case),
    /// The signer's side of a case: see how it goes, leave again.
    FollowAsSigner(&'a str),
    /// See an authority's figures of petitions, matters and people.
    SeeMatters(&'a str),
    /// Tell a case's record how many joined: the portal itself.
    TellJoined,
    /// Close or reopen.
    Close(&'a Case),
    /// Draft a step of the law with its letter; draft, change or throw away an official letter.
    DraftLetter(&'a Case),
    /// Sign a step and its letter. The drafter must be somebody else.
    SignLetter(&'a Case, &'a str),
    /// The citizen's side of a case: follow, write, add papers, withdraw, rate.
    Follow(&'a Case),
    /// A citizen's own account: its page, its contact, the cases kept in it.
    KeepOwnPage(&'a str),
    /// Keep a case in an account and open it from there. A denunciation is opened by its code alone.
    OpenFromOwnPage(&'a Case),
    /// Manage sign-ins and roles of an authority.
    ManageAccounts(&'a str),
    /// Read what officials of an authority did beside the cases' own record: its head and its administrators.
    SeeDeeds(&'a str),
    /// See the days off and the legal periods with their sources, and who changed them.
    SeeCalendar,
    /// Change days off and legal periods. They are the same for all, so only the administrator of the province's own authority may.
    ManageCalendar(&'a str),
    /// See the templates of letters.
    SeeLetterTemplates,
    /// Change templates of letters. They are the same for all, so only the administrator of the province's own authority may.
    ManageLetterTemplates(&'a str),
    /// Mark a case as complex, of many people, prolonged or publicly noted, or take a mark away.
    Mark(&'a Case),
    /// Put a case among those of a tag, or take it out.
    Tag(&'a Case),
    /// Remind whoever has a case in hand.
    Remind(&'a Case),
    /// See what is late of a case and remind those who have it, from the authority above it: whoever receives, approves or heads there.
    Supervise(&'a Case, &'a str),
    /// Ask another agency for its part in a case (phối hợp), and stop asking: whoever receives, handles or heads there. Never of a denunciation:
    /// who may know of one is named by name.
    Coordinate(&'a Case),
    /// The coordinating agency's side: read the question and the petition's words, never who sent it, and give an opinion, as long as the case is
    /// open and lies with whoever asked.
    TakePart(&'a Case, &'a Coordination),
    /// See what others ask an authority or its units for their opinion on: whoever handles cases there, of each what [`Action::TakePart`] allows.
    SeeAsked(&'a str),
    /// Report to the superior that demanded it.
    ReportAbove(&'a Case),
    /// Put a late step before those above: the portal itself.
    PutAbove,
    /// See what is late at an authority, and with whom.
    Lead(&'a str),
    /// Use an authority's ready-made answers and tags: whoever handles cases there.
    SeeDeskWords(&'a str),
    /// Change an authority's ready-made answers and tags.
    ManageDeskWords(&'a str),
    /// Compute open clocks anew: the portal itself, after such a change.
    MoveDeadlines,
    /// See an authority's dialogues, drafts among them: whoever receives, approves or heads there.
    SeeDialogues(&'a str),
    /// Plan and draft an authority's dialogues, record how they went.
    PrepareDialogue(&'a str),
    /// Write down at an authority's dialogue what is answered: as [`Action::PrepareDialogue`], and whoever handles cases there.
    WriteAtDialogue(&'a str),
    /// Send the notice of a dialogue out, put it off, cancel it, publish its result: whoever approves or heads there; at its hour the portal itself.
    AnnounceDialogue(&'a str),
    /// Keep who registered for an authority's dialogues, write somebody down, count at the door: whoever prepares them.
    KeepAttendance(&'a str),
    /// Read, open, refuse, link and seal the questions to an authority's dialogues, and set their agenda: whoever prepares dialogues there.
    ModerateQuestions(&'a str),
    /// Draft the answer to a question that was given to a unit of an authority: whoever moderates, and that unit's handlers.
    DraftQuestionAnswer(&'a str, &'a str),
    /// See the rules of routing and try petitions against them: officials of the province's own authority, and administrators.
    SeeRouting(&'a str),
    /// Add and end rules of routing: the administrator of the province's own authority.
    ManageRouting(&'a str),
    /// Write down and publish what was promised in the name of an authority's head: whoever works there.
    MakeCommitment(&'a str),
    /// See an authority's commitments at the desk, those that are not public too.
    SeeCommitments(&'a str),
    /// Add evidence to a commitment: its authority, and of the handlers those of the unit that owns it.
    ShowEvidence(&'a Commitment),
    /// Move a commitment's day, tell that it is done, drop it, take it up again. What a case promised is decided in the case.
    DecideCommitment(&'a Commitment),
    /// Let out what people concerned wrote about a commitment, or keep it in.
    ReleaseVoice(&'a Commitment),
    /// Tell those who follow a commitment that its day has passed: the portal itself.
    TellLateCommitments,
    /// See an authority's schedule of citizen reception, drafts among it, and its register: whoever receives, approves or heads there.
    SeeReceptions(&'a str),
    /// Keep both: draft, publish, record, enter visits.
    KeepReceptions(&'a str),
    /// Hold a case back from every deletion, and let it go again: the head.
    HoldCase(&'a Case),
    /// Decide what somebody asks about their own data: whoever may know who they are at the authority, handlers not among them.
    DecideOwnData(&'a Case),
    /// See that such requests wait at an authority.
    SeeOwnDataRequests(&'a str),
    /// See what is kept how long and the plans of deletion: administrators, and the head of the province's own authority.
    SeeRetention(&'a str),
    /// Make a plan of deletion: the administrator of the province's own authority.
    ManageRetention(&'a str),
    /// Let a plan out: an administrator or the head of the province's own authority, and not whoever made it.
    ReleaseRetention(&'a str, Option<&'a str>),
    /// Take a plan back before it has begun: an administrator or the head of the province's own authority.
    WithdrawRetention(&'a str),
    /// Delete what a plan that was let out has counted: the portal itself.
    RunRetention,
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
        // Of a denunciation it is opened for a duty, see below.
        Action::SeeIdentity(case) if case.kind == Kind::Denunciation => {
            seen(actor, case)?;
            Err(AppError::Forbidden("sealed"))
        }
        Action::SeeIdentity(case) => allow(actor, case, &[Role::Intake, Role::Head], true),
        Action::OpenSealed(case) if case.kind == Kind::Denunciation => allow(actor, case, &[Role::Intake, Role::Head], false),
        Action::OpenSealed(_) => Err(official(actor).err().unwrap_or(AppError::NotFound)),
        Action::SeeOpenings(body_id) => holds_one(actor, &[Role::Head], body_id).ok_or(AppError::NotFound),
        Action::Triage(case) => allow(actor, case, &[Role::Intake, Role::Head], false),
        Action::Handle(case) => allow(actor, case, &[Role::Head], true),
        Action::Relate(case) => allow(actor, case, &[Role::Intake, Role::Head], true),
        Action::Split(case) => allow(actor, case, &[Role::Intake, Role::Head], false),
        Action::SeeSealedTrace(case) => allow(actor, case, &[Role::Intake, Role::Approver, Role::Head], false),
        Action::Join(case) => {
            let may_join = matches!(case.kind, Kind::Report | Kind::Recommendation) && case.is_open;
            if may_join { Ok(()) } else { Err(AppError::NotFound) }
        }
        Action::FollowAsSigner(signer_id) => match actor {
            Actor::Signer { signer_id: mine } if mine == signer_id => Ok(()),
            _ => Err(AppError::CodeNeeded),
        },
        Action::SeeMatters(body_id) => {
            let official = official(actor)?;
            let sees_all = [Role::Intake, Role::Approver, Role::Head].into_iter().any(|role| official.holds(role, body_id));
            if sees_all { Ok(()) } else { Err(AppError::NotFound) }
        }
        Action::Close(case) | Action::DraftLetter(case) => allow(actor, case, &[Role::Intake, Role::Head], true),
        Action::ApproveAnswer(case, author) | Action::ApprovePublicText(case, author) | Action::SignLetter(case, author) => {
            allow(actor, case, &[Role::Approver, Role::Head], false)?;
            if official(actor)?.account_id == author { Err(AppError::Forbidden("second_person")) } else { Ok(()) }
        }
        Action::Follow(case) => match actor {
            Actor::Citizen { case_id } if *case_id == case.id => Ok(()),
            _ => Err(AppError::CodeNeeded),
        },
        Action::KeepOwnPage(citizen_id) => match actor {
            Actor::AccountHolder { citizen_id: own } if own == citizen_id => Ok(()),
            _ => Err(AppError::CodeNeeded),
        },
        Action::OpenFromOwnPage(case) => match actor {
            Actor::AccountHolder { .. } if case.kind != Kind::Denunciation => Ok(()),
            _ => Err(AppError::CodeNeeded),
        },
        Action::ManageAccounts(body_id) => {
            if official(actor)?.holds(Role::Administrator, body_id) {
                Ok(())
            } else {
                Err(AppError::NotFound)
            }
        }
        Action::SeeDeeds(body_id) => holds_one(actor, &[Role::Head, Role::Administrator], body_id).ok_or(AppError::NotFound),
        Action::SeeCalendar | Action::SeeLetterTemplates => {
            let manages = official(actor)?.holdings.iter().any(|holding| holding.role == Role::Administrator);
            if manages { Ok(()) } else { Err(AppError::NotFound) }
        }
        Action::ManageCalendar(province_body_id) | Action::ManageLetterTemplates(province_body_id) => {
            check(actor, Action::SeeCalendar)?;
            holds_one(actor, &[Role::Administrator], province_body_id).ok_or(AppError::Forbidden("role"))
        }
        Action::SeeRouting(province_body_id) => {
            let sees = |held: &crate::actor::Holding| held.body_id == province_body_id || held.role == Role::Administrator;
            if official(actor)?.holdings.iter().any(sees) { Ok(()) } else { Err(AppError::NotFound) }
        }
        Action::ManageRouting(province_body_id) => {
            check(actor, Action::SeeRouting(province_body_id))?;
            holds_one(actor, &[Role::Administrator], province_body_id).ok_or(AppError::Forbidden("role"))
        }
        Action::TakePaperBack(case) | Action::Mark(case) => allow(actor, case, &[Role::Intake, Role::Approver, Role::Head], true),
        Action::Tag(case) => seen(actor, case).map(|_| ()),
        Action::Remind(case) => allow(actor, case, &[Role::Intake, Role::Approver, Role::Head], false),
        Action::Supervise(case, above_id) => supervises(actor, case, above_id),
        Action::Coordinate(case) if case.kind == Kind::Denunciation => seen(actor, case).and(Err(AppError::Forbidden("sealed"))),
        Action::Coordinate(case) => allow(actor, case, &[Role::Intake, Role::Head], true),
        Action::TakePart(case, coordination) => {
            if takes_part(official(actor)?, case, coordination) {
                Ok(())
            } else {
                Err(AppError::NotFound)
            }
        }
        Action::ReportAbove(case) => allow(actor, case, &[Role::Intake, Role::Approver, Role::Head], true),
        Action::Lead(body_id) => holds_one(actor, &[Role::Approver, Role::Head], body_id).ok_or(AppError::NotFound),
        Action::SeeDeskWords(body_id) | Action::SeeAsked(body_id) => {
            holds_one(actor, &[Role::Intake, Role::Handler, Role::Approver, Role::Head], body_id).ok_or(AppError::NotFound)
        }
        Action::ManageDeskWords(body_id) => {
            check(actor, Action::SeeDeskWords(body_id))?;
            holds_one(actor, &[Role::Intake, Role::Approver, Role::Head], body_id).ok_or(AppError::Forbidden("role"))
        }
        Action::SeeDialogues(body_id) | Action::PrepareDialogue(body_id) | Action::KeepAttendance(body_id) => {
            holds_one(actor, &[Role::Intake, Role::Approver, Role::Head], body_id).ok_or(AppError::NotFound)
        }
        Action::WriteAtDialogue(body_id) => holds_one(actor, &[Role::Intake, Role::Handler, Role::Approver, Role::Head], body_id).ok_or(AppError::NotFound),
        Action::AnnounceDialogue(body_id) => {
            if matches!(actor, Actor::System) {
                return Ok(());
            }
            check(actor, Action::SeeDialogues(body_id))?;
            holds_one(actor, &[Role::Approver, Role::Head], body_id).ok_or(AppError::Forbidden("role"))
        }
        Action::ModerateQuestions(body_id) => check(actor, Action::PrepareDialogue(body_id)),
        Action::DraftQuestionAnswer(body_id, unit_id) => {
            let is_given = |held: &crate::actor::Holding| held.role == Role::Handler && held.body_id == body_id && held.agency_id == unit_id;
            if official(actor)?.holdings.iter().any(is_given) { Ok(()) } else { check(actor, Action::ModerateQuestions(body_id)) }
        }
        Action::MakeCommitment(body_id) | Action::SeeCommitments(body_id) => {
            check(actor, Action::UseDesk)?;
            holds_one(actor, &[Role::Intake, Role::Handler, Role::Approver, Role::Head], body_id).ok_or(AppError::NotFound)
        }
        Action::ShowEvidence(commitment) => {
            check(actor, Action::SeeCommitments(&commitment.body_id))?;
            let owns = |held: &crate::actor::Holding| held.role == Role::Handler && held.agency_id == commitment.owner_id;
            let is_owner = official(actor)?.holdings.iter().any(owns);
            if is_owner {
                Ok(())
            } else {
                holds_one(actor, &[Role::Intake, Role::Approver, Role::Head], &commitment.body_id).ok_or(AppError::Forbidden("role"))
            }
        }
        Action::DecideCommitment(commitment) => {
            check(actor, Action::SeeCommitments(&commitment.body_id))?;
            if commitment.origin == OriginKind::Case {
                return Err(AppError::Forbidden("decided_in_case"));
            }
            holds_one(actor, &[Role::Approver, Role::Head], &commitment.body_id).ok_or(AppError::Forbidden("role"))
        }
        Action::ReleaseVoice(commitment) => {
            check(actor, Action::SeeCommitments(&commitment.body_id))?;
            holds_one(actor, &[Role::Intake, Role::Approver, Role::Head], &commitment.body_id).ok_or(AppError::Forbidden("role"))
        }
        Action::SeeReceptions(body_id) => holds_one(actor, &[Role::Intake, Role::Approver, Role::Head], body_id).ok_or(AppError::NotFound),
        Action::KeepReceptions(body_id) => {
            check(actor, Action::SeeReceptions(body_id))?;
            holds_one(actor, &[Role::Intake, Role::Head], body_id).ok_or(AppError::Forbidden("role"))
        }
        Action::HoldCase(case) => allow(actor, case, &[Role::Head], false),
        Action::DecideOwnData(case) => allow(actor, case, &[Role::Intake, Role::Head], false),
        Action::SeeOwnDataRequests(body_id) => holds_one(actor, &[Role::Intake, Role::Head], body_id).ok_or(AppError::NotFound),
        Action::SeeRetention(province_body_id) => {
            let manages = official(actor)?.holdings.iter().any(|holding| holding.role == Role::Administrator);
            if manages { Ok(()) } else { holds_one(actor, &[Role::Head], province_body_id).ok_or(AppError::NotFound) }
        }
        Action::ManageRetention(province_body_id) => {
            if matches!(actor, Actor::System) {
                return Ok(());
            }
            check(actor, Action::SeeRetention(province_body_id))?;
            holds_one(actor, &[Role::Administrator], province_body_id).ok_or(AppError::Forbidden("role"))
        }
        Action::WithdrawRetention(province_body_id) => {
            check(actor, Action::SeeRetention(province_body_id))?;
            holds_one(actor, &[Role::Administrator, Role::Head], province_body_id).ok_or(AppError::Forbidden("role"))
        }
        Action::ReleaseRetention(province_body_id, made_by) => {
            check(actor, Action::WithdrawRetention(province_body_id))?;
            if made_by == Some(official(actor)?.account_id.as_str()) { Err(AppError::Forbidden("second_person")) } else { Ok(()) }
        }
        Action::MoveDeadlines | Action::TellJoined | Action::PutAbove | Action::TellLateCommitments | Action::RunRetention => {
            if matches!(actor, Actor::System) { Ok(()) } else { Err(AppError::NotFound) }
        }
    }
}

fn official(actor: &Actor) -> Result<&Official, AppError> {
    actor.official().ok_or(AppError::SignInNeeded)
}

/// From above, and not where the case is about whoever looks.
fn supervises(actor: &Actor, case: &Case, above_id: &str) -> Result<(), AppError> {
    if is_about(official(actor)?, case) {
        return Err(AppError::NotFound);
    }
    holds_one(actor, &[Role::Intake, Role::Approver, Role::Head], above_id).ok_or(AppError::NotFound)
}

/// Whether somebody works at an agency that was asked for its part in a case: its handlers, and those who lead its authority. Who leads the
/// authority that asked sees the case itself.
fn takes_part(official: &Official, case: &Case, coordination: &Coordination) -> bool {
    let is_asked = official.holdings.iter().any(|held| match held.role {
        Role::Intake | Role::Head | Role::Approver => held.body_id == coordination.body_id && coordination.body_id != coordination.of_body_id,
        Role::Handler => held.agency_id == coordination.agency_id,
        Role::Administrator => false,
    });
    is_asked && coordination.is_of(case) && case.kind != Kind::Denunciation && !is_about(official, case)
}

/// Something, if the official holds one of the roles at the authority.
fn holds_one(actor: &Actor, roles: &[Role], body_id: &str) -> Option<()> {
    let official = actor.official()?;
    roles.iter().any(|role| official.holds(*role, body_id)).then_some(())
}

/// The official, if the case exists for them.
fn seen<'a>(actor: &'a Actor, case: &Case) -> Result<&'a Official, AppError> {
    let official = official(actor)?;
    if sees(official, case) { Ok(official) } else { Err(AppError::NotFound) }
}

fn sees(official: &Official, case: &Case) -> bool {
    !is_about(official, case) && is_in_reach(official, case)
}

/// Whether a case is about this person, their unit or their authority, so that they must stay away from it. Lists ask this of every
/// row; reminders and notices to officials must ask it too.
pub fn is_about(official: &Official, case: &Case) -> bool {
    is_about_party(official, &case.barred)
}

/// The same for what stands on cases ([`Case::barred`]).
pub fn is_about_party(official: &Official, barred: &str) -> bool {
    !barred.is_empty()
        && (barred::has_account(barred, &official.account_id)
            || official.holdings.iter().any(|held| barred::has_unit(barred, &held.agency_id) || barred::has_body(barred, &held.body_id)))
}

/// A case as the authority above has it, once a late step was put before it: for the letters its people write. Never written back.
pub fn from_above(case: &Case, above_id: &str) -> Case {
    Case { body_id: above_id.to_owned(), unit_id: None, handler_id: None, ..case.clone() }
}

/// Whether somebody's roles reach a case, not asking whom it is about.
fn is_in_reach(official: &Official, case: &Case) -> bool {
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
pub mod tests {
    use super::*;
    use crate::actor::Holding;
    use crate::petitions::rules::tests::case;

    /// Somebody with one role.
    pub fn holder(account: &str, role: Role, agency: &str, body: &str) -> Actor {
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
        let actions: [(&str, Action<'_>); 13] = [
            ("see", Action::See(&case)),
            ("identity", Action::SeeIdentity(&case)),
            ("triage", Action::Triage(&case)),
            ("handle", Action::Handle(&case)),
            ("note", Action::Note(&case)),
            ("approve", Action::ApproveAnswer(&case, "ha")),
            ("release", Action::ApprovePublicText(&case, "em")),
            ("close", Action::Close(&case)),
            ("mark", Action::Mark(&case)),
            ("tag", Action::Tag(&case)),
            ("remind", Action::Remind(&case)),
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
        //                 see, identity, triage, handle, note, approve, release, close, mark, tag, remind, draft a letter, sign it
        let expected = "\
intake     +++f+ff+++++f
handler    ++f++ff+++f+f
colleague  +fff+ffff+fff
other unit .............
approver   +fff+++f+++f+
head       +++++"
            .to_owned()
            + "+f++++++\n\
admin      .............
elsewhere  .............
";
        assert_eq!(table, expected, "columns: {:?}", actions.map(|(name, _)| name));
    }

    #[test]
    fn what_is_sealed_is_opened_by_intake_and_head_and_by_nobody_for_being_given_the_case() {
        let sealed = case(Kind::Denunciation, "phu-thong", Some("roads"), Some("ha"));
        let report = case(Kind::Report, "phu-thong", Some("roads"), Some("ha"));
        let mut about_head = sealed.clone();
        about_head.barred = "a:em".to_owned();
        let actors = [
            ("intake", holder("an", Role::Intake, "phu-thong", "phu-thong")),
            ("handler", holder("ha", Role::Handler, "roads", "phu-thong")),
            ("colleague", holder("bi", Role::Handler, "roads", "phu-thong")),
            ("approver", holder("du", Role::Approver, "phu-thong", "phu-thong")),
            ("head", holder("em", Role::Head, "phu-thong", "phu-thong")),
            ("admin", holder("gi", Role::Administrator, "phu-thong", "phu-thong")),
            ("elsewhere", holder("hu", Role::Head, "cho-don", "cho-don")),
        ];
        let actions = [
            Action::OpenSealed(&sealed),
            Action::OpenSealed(&report),
            Action::OpenSealed(&about_head),
            Action::SeeIdentity(&sealed),
            Action::SeeOpenings("phu-thong"),
        ];
        let mut table = String::new();
        for (name, actor) in &actors {
            let row: String = actions
                .iter()
                .map(|action| match check(actor, *action) {
                    Ok(()) => '+',
                    Err(AppError::Forbidden(_)) => 'f',
                    Err(_) => '.',
                })
                .collect();
            table.push_str(&format!("{name:<10}{row}\n"));
        }
        //                 open: a denunciation, a report, one about the head; identity by role; the list of openings
        let expected = "\
intake    +.+f.
handler   f.ff.
colleague .....
approver  f.ff.
head      +..f+
admin     .....
elsewhere .....
";
        assert_eq!(table, expected);
    }

    /// Role × whom the case is about, on a report that lies with unit "roads" and handler "ha"; + sees, . does not exist.
    #[test]
    fn trap_25_whoever_a_case_is_about_does_not_see_it() {
        let actors = [
            ("intake", holder("an", Role::Intake, "phu-thong", "phu-thong")),
            ("handler", holder("ha", Role::Handler, "roads", "phu-thong")),
            ("colleague", holder("bi", Role::Handler, "roads", "phu-thong")),
            ("approver", holder("du", Role::Approver, "phu-thong", "phu-thong")),
            ("head", holder("em", Role::Head, "phu-thong", "phu-thong")),
            ("admin", holder("gi", Role::Administrator, "phu-thong", "phu-thong")),
            ("superior", holder("ti", Role::Head, "province", "province")),
        ];
        let about = ["", "a:ha", "a:an", "u:roads", "b:phu-thong", "b:province", "a:em b:phu-thong"];
        let mut table = String::new();
        for (name, actor) in &actors {
            let row: String = about
                .iter()
                .map(|barred| {
                    let mut case = case(Kind::Report, "phu-thong", Some("roads"), Some("ha"));
                    case.barred = (*barred).to_owned();
                    let actions = [Action::See(&case), Action::Note(&case), Action::Triage(&case), Action::Handle(&case), Action::SeeIdentity(&case)];
                    let sees = check(actor, actions[0]).is_ok();
                    let hides_all = actions.iter().all(|action| matches!(check(actor, *action), Err(AppError::NotFound)));
                    assert!(sees || hides_all, "{name}, {barred}: what is not seen does not exist for any action");
                    if sees { '+' } else { '.' }
                })
                .collect();
            table.push_str(&format!("{name:<10}{row}\n"));
        }
        let expected = "\
intake    ++.+.+.
handler   +.+..+.
colleague +++..+.
approver  ++++.+.
head      ++++.+.
admin     .......
superior  .......
";
        assert_eq!(table, expected, "columns: {about:?}");
    }

    #[test]
    fn a_denunciation_exists_only_for_the_handler_it_was_given_to() {
        let case = case(Kind::Denunciation, "phu-thong", Some("roads"), Some("ha"));
        assert!(check(&holder("ha", Role::Handler, "roads", "phu-thong"), Action::See(&case)).is_ok());
        let colleague = check(&holder("bi", Role::Handler, "roads", "phu-thong"), Action::See(&case));
        assert!(matches!(colleague, Err(AppError::NotFound)), "and not even its existence is told");
    }

    #[test]
    fn a_handler_links_what_lies_with_them_and_only_intake_and_head_split() {
        let case = case(Kind::Report, "phu-thong", Some("roads"), Some("ha"));
        let table: Vec<(bool, bool, bool)> = [
            holder("an", Role::Intake, "phu-thong", "phu-thong"),
            holder("ha", Role::Handler, "roads", "phu-thong"),
            holder("bi", Role::Handler, "roads", "phu-thong"),
            holder("du", Role::Approver, "phu-thong", "phu-thong"),
            holder("hu", Role::Head, "cho-don", "cho-don"),
        ]
        .iter()
        .map(|actor| {
            (check(actor, Action::Relate(&case)).is_ok(), check(actor, Action::Split(&case)).is_ok(), check(actor, Action::SeeSealedTrace(&case)).is_ok())
        })
        .collect();
        assert_eq!(table, [(true, true, true), (true, false, false), (false, false, false), (false, false, true), (false, false, false)]);
    }

    #[test]
    fn a_public_paper_is_taken_back_by_whoever_handles_the_case_or_decides_there() {
        let case = case(Kind::Report, "phu-thong", Some("roads"), Some("ha"));
        let may = |role, account: &str, agency: &str, body: &str| check(&holder(account, role, agency, body), Action::TakePaperBack(&case)).is_ok();
        assert!([Role::Intake, Role::Approver, Role::Head].into_iter().all(|role| may(role, "em", "phu-thong", "phu-thong")));
        assert!(may(Role::Handler, "ha", "roads", "phu-thong") && !may(Role::Handler, "bi", "roads", "phu-thong"));
        assert!(!may(Role::Administrator, "gi", "phu-thong", "phu-thong") && !may(Role::Head, "hu", "cho-don", "cho-don"));
    }

    #[test]
    fn one_who_joined_follows_as_themselves_and_nothing_else() {
        let signer = Actor::Signer { signer_id: "s".into() };
        let case = case(Kind::Report, "phu-thong", None, None);
        assert!(check(&signer, Action::FollowAsSigner("s")).is_ok());
        assert!(check(&signer, Action::FollowAsSigner("t")).is_err());
        assert!(check(&signer, Action::Follow(&case)).is_err(), "what the sender sees is the sender's");
        assert!(check(&signer, Action::See(&case)).is_err());
    }

    #[test]
    fn a_denunciation_a_complaint_and_what_is_answered_take_nobody_more() {
        for (kind, is_open, takes) in [
            (Kind::Report, true, true),
            (Kind::Recommendation, true, true),
            (Kind::Complaint, true, false),
            (Kind::Denunciation, true, false),
            (Kind::Report, false, false),
        ] {
            let mut case = case(kind, "phu-thong", None, None);
            case.is_open = is_open;
            assert_eq!(check(&Actor::Visitor, Action::Join(&case)).is_ok(), takes, "{kind:?}");
        }
    }

    /// Role × action on a commitment of unit "roads" of "phu-thong", from a dialogue and from a case; + allowed, f forbidden, . does not exist.
    #[test]
    fn who_may_do_what_to_a_commitment() {
        let of = |origin| crate::commitments::rules::tests::commitment(origin, "roads", "phu-thong");
        let (spoken, answered) = (of(OriginKind::Dialogue), of(OriginKind::Case));
        let actors = [
            ("intake", holder("an", Role::Intake, "phu-thong", "phu-thong")),
            ("handler", holder("ha", Role::Handler, "roads", "phu-thong")),
            ("other unit", holder("cu", Role::Handler, "culture", "phu-thong")),
            ("approver", holder("du", Role::Approver, "phu-thong", "phu-thong")),
            ("head", holder("em", Role::Head, "phu-thong", "phu-thong")),
            ("admin", holder("gi", Role::Administrator, "phu-thong", "phu-thong")),
            ("elsewhere", holder("hu", Role::Head, "cho-don", "cho-don")),
            ("visitor", Actor::Visitor),
        ];
        let actions = [
            Action::MakeCommitment("phu-thong"),
            Action::SeeCommitments("phu-thong"),
            Action::ShowEvidence(&spoken),
            Action::DecideCommitment(&spoken),
            Action::ReleaseVoice(&spoken),
            Action::ShowEvidence(&answered),
            Action::DecideCommitment(&answered),
            Action::TellLateCommitments,
        ];
        let mut table = String::new();
        for (name, actor) in &actors {
            let row: String = actions
                .iter()
                .map(|action| match check(actor, *action) {
                    Ok(()) => '+',
                    Err(AppError::Forbidden(_)) => 'f',
                    Err(_) => '.',
                })
                .collect();
            table.push_str(&format!("{name:<11}{row}\n"));
        }
        //                 make, see, evidence, decide, let words out; of a case: evidence, decide; tell that it is late
        let expected = "\
intake     +++f++f.
handler    +++ff+f.
other unit ++fffff.
approver   ++++++f.
head       ++++++f.
admin      ........
elsewhere  ........
visitor    ........
";
        assert_eq!(table, expected);
    }

    /// Names and contacts of those who registered for a dialogue; + allowed, . does not exist.
    #[test]
    fn who_keeps_the_attendance_of_a_dialogue() {
        let actors = [
            ("intake", holder("an", Role::Intake, "phu-thong", "phu-thong")),
            ("handler", holder("ha", Role::Handler, "roads", "phu-thong")),
            ("approver", holder("du", Role::Approver, "phu-thong", "phu-thong")),
            ("head", holder("em", Role::Head, "phu-thong", "phu-thong")),
            ("admin", holder("gi", Role::Administrator, "phu-thong", "phu-thong")),
            ("elsewhere", holder("hu", Role::Head, "cho-don", "cho-don")),
            ("province", holder("xa", Role::Head, "province", "province")),
            ("visitor", Actor::Visitor),
        ];
        let table: Vec<(&str, char)> = actors
            .iter()
            .map(|(name, actor)| match check(actor, Action::KeepAttendance("phu-thong")) {
                Ok(()) => (*name, '+'),
                Err(AppError::NotFound) => (*name, '.'),
                Err(_) => (*name, 'f'),
            })
            .collect();
        let may = ["intake", "approver", "head"];
        let expected: Vec<(&str, char)> = actors.iter().map(|(name, _)| (*name, if may.contains(name) { '+' } else { '.' })).collect();
        assert_eq!(table, expected);
    }

    /// Role × action on questions to a dialogue of "phu-thong", given to unit "roads" or to none; + allowed, f forbidden, . does not exist.
    #[test]
    fn who_moderates_questions_and_who_drafts_answers() {
        let actors = [
            ("intake", holder("an", Role::Intake, "phu-thong", "phu-thong")),
            ("handler", holder("ha", Role::Handler, "roads", "phu-thong")),
            ("other unit", holder("cu", Role::Handler, "culture", "phu-thong")),
            ("same name elsewhere", holder("ho", Role::Handler, "roads", "cho-don")),
            ("approver", holder("du", Role::Approver, "phu-thong", "phu-thong")),
            ("head", holder("em", Role::Head, "phu-thong", "phu-thong")),
            ("admin", holder("gi", Role::Administrator, "phu-thong", "phu-thong")),
            ("elsewhere", holder("hu", Role::Head, "cho-don", "cho-don")),
            ("visitor", Actor::Visitor),
        ];
        let actions = [Action::ModerateQuestions("phu-thong"), Action::DraftQuestionAnswer("phu-thong", "roads"), Action::DraftQuestionAnswer("phu-thong", "")];
        let sign = |actor: &Actor, action: Action<'_>| match check(actor, action) {
            Ok(()) => '+',
            Err(AppError::Forbidden(_)) => 'f',
            Err(_) => '.',
        };
        let table: Vec<String> =
            actors.iter().map(|(name, actor)| format!("{name}: {}", actions.map(|action| sign(actor, action)).iter().collect::<String>())).collect();
        let expected = [
            "intake: +++",
            "handler: .+.",
            "other unit: ...",
            "same name elsewhere: ...",
            "approver: +++",
            "head: +++",
            "admin: ...",
            "elsewhere: ...",
            "visitor: ...",
        ];
        assert_eq!(table, expected, "columns: moderate, draft for the unit, draft for none");
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
