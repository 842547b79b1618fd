//! Asks agencies for their part in a case, takes their opinion, stops asking. In the caller's transaction.

use super::actions::{Act, note_row, record};
use super::barred;
use super::coordination::{ASKED_PER_CASE_MAX, Coordinated, Coordination};
use super::marks::sees;
use super::rules::{Case, Event};
use super::store;
use super::store::coordinations;
use super::store::marks::{NudgeKind, insert_nudge};
use crate::accounts::store::staff_of;
use crate::actor::Official;
use crate::agencies::{Agency, Directory};
use crate::error::{AppError, Result};
use crate::permissions::{Action, check};
use chrono::NaiveDate;

/// Why an agency cannot be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAsked {
    /// It is not there today, has the case itself, or the case is about it. One answer for all: whom a case is about is nobody else's business.
    Nobody,
    /// It was asked and has not answered yet.
    Waiting,
    /// [`ASKED_PER_CASE_MAX`] have been asked.
    TooMany,
}

/// Who can be asked about a case: the other units of the authority that has it, then the other authorities.
pub fn who_can_be_asked<'a>(directory: &'a Directory, case: &'a Case, today: NaiveDate) -> impl Iterator<Item = &'a Agency> {
    let units = directory.units_of(&case.body_id).filter(|unit| case.unit_id.as_deref() != Some(unit.id.as_str()) && !barred::has_unit(&case.barred, &unit.id));
    let bodies = directory.bodies().filter(|body| body.id != case.body_id && !barred::has_body(&case.barred, &body.id));
    units.chain(bodies).filter(move |agency| agency.exists_on(today))
}

/// Asks an agency. What is asked stands in the case's record, too.
pub async fn ask(act: &mut Act<'_>, case: &Case, agency_id: &str, question: &str, answer_by: NaiveDate) -> Result<std::result::Result<Case, NotAsked>> {
    check(act.actor, Action::Coordinate(case))?;
    let (directory, today) = (act.portal.directory(), crate::clock::day(act.portal.now()));
    let Some(agency) = who_can_be_asked(&directory, case, today).find(|agency| agency.id == agency_id) else { return Ok(Err(NotAsked::Nobody)) };
    let known = coordinations::of_case(act.tx, &case.id).await?;
    if known.iter().any(|row| row.agency_id == agency_id && row.is_of(case) && row.is_waiting()) {
        return Ok(Err(NotAsked::Waiting));
    }
    if known.iter().filter(|row| row.ended_on.is_none()).count() >= ASKED_PER_CASE_MAX {
        return Ok(Err(NotAsked::TooMany));
    }
    let note_id = note_row(act, case, question).await?;
    let row = Coordination {
        id: act.portal.new_id(),
        case_id: case.id.clone(),
        agency_id: agency_id.to_owned(),
        body_id: agency.body_id.clone(),
        of_body_id: case.body_id.clone(),
        asked_by: act.actor.account_id().ok_or(AppError::SignInNeeded)?,
        asked_on: today,
        note_id: note_id.clone(),
        answer_by,
        opinion_id: None,
        answered_on: None,
        ended_on: None,
    };
    coordinations::insert(act.tx, &row).await?;
    record(act, case, &Event::Coordination(Coordinated::Asked { agency_id: row.agency_id, note_id, answer_by })).await.map(Ok)
}

/// What an agency was asked, with the case, for whoever works there.
///
/// # Errors
/// [`AppError::NotFound`] where there is none, or it is not theirs.
pub async fn part_of(tx: &mut crate::db::Tx, actor: &crate::actor::Actor, id: &str) -> Result<(Case, Coordination)> {
    let coordination = coordinations::by_id(tx, id).await?.ok_or(AppError::NotFound)?;
    let case = store::by_id(tx, &coordination.case_id).await?.ok_or(AppError::NotFound)?;
    check(actor, Action::TakePart(&case, &coordination))?;
    Ok((case, coordination))
}

/// Gives the agency's opinion; whoever asked, and has the case in hand, finds it put before them.
///
/// # Errors
/// [`AppError::Conflict`] if it was given, or nobody needs it any more.
pub async fn answer(act: &mut Act<'_>, (case, coordination): (&Case, &Coordination), opinion: &str) -> Result<Case> {
    check(act.actor, Action::TakePart(case, coordination))?;
    let by = act.actor.account_id().ok_or(AppError::SignInNeeded)?;
    let (now, today) = (act.portal.now(), crate::clock::day(act.portal.now()));
    let note_id = note_row(act, case, opinion).await?;
    if !coordinations::answered(act.tx, &coordination.id, &note_id, today).await? {
        return Err(AppError::Conflict);
    }
    let event = Coordinated::Answered { agency_id: coordination.agency_id.clone(), note_id: note_id.clone() };
    let after = record(act, case, &Event::Coordination(event)).await?;
    // Whoever asked may have moved on, or the case may be about them by now.
    let staff = staff_of(act.tx, &after.body_id, today).await?;
    let is_told = |person: &&Official| coordination.asked_by == person.account_id || after.handler_id.as_ref() == Some(&person.account_id);
    for person in staff.iter().filter(is_told).filter(|person| sees(person, &after)) {
        insert_nudge(act.tx, &note_id, &person.account_id, &after.id, NudgeKind::Mention, &by, now).await?;
    }
    Ok(after)
}

/// Stops asking.
///
/// # Errors
/// [`AppError::Conflict`] if the opinion was given, or nobody needed it any more.
pub async fn end(act: &mut Act<'_>, case: &Case, coordination: &Coordination) -> Result<Case> {
    check(act.actor, Action::Coordinate(case))?;
    if !coordination.is_of(case) || !coordinations::ended(act.tx, &coordination.id, crate::clock::day(act.portal.now())).await? {
        return Err(AppError::Conflict);
    }
    record(act, case, &Event::Coordination(Coordinated::Ended { agency_id: coordination.agency_id.clone() })).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actor::Actor;
    use crate::permissions::Role;
    use crate::permissions::tests::holder;
    use crate::petitions::coordination::tests::asked;
    use crate::petitions::rules::Kind;
    use crate::petitions::rules::tests::case;

    /// Role × what one may do about a report that lies with unit "roads" and handler "ha" of "phu-thong", and about a denunciation: ask others; take part
    /// where unit "culture" was asked, where "cho-don" was, and where the report has become a denunciation. + allowed, f forbidden, . does not exist.
    #[test]
    fn who_asks_and_who_takes_part() {
        let report = case(Kind::Report, "phu-thong", Some("roads"), Some("ha"));
        let sealed = case(Kind::Denunciation, "phu-thong", Some("roads"), Some("ha"));
        let (unit, body) = (asked(&report, "culture", "phu-thong"), asked(&report, "cho-don", "cho-don"));
        let of_sealed = asked(&sealed, "cho-don", "cho-don");
        let actions = [
            Action::Coordinate(&report),
            Action::Coordinate(&sealed),
            Action::TakePart(&report, &unit),
            Action::TakePart(&report, &body),
            Action::TakePart(&sealed, &of_sealed),
        ];
        let actors = [
            ("intake", holder("an", Role::Intake, "phu-thong", "phu-thong")),
            ("handler", holder("ha", Role::Handler, "roads", "phu-thong")),
            ("colleague", holder("bi", Role::Handler, "roads", "phu-thong")),
            ("asked unit", holder("cu", Role::Handler, "culture", "phu-thong")),
            ("approver", holder("du", Role::Approver, "phu-thong", "phu-thong")),
            ("head", holder("em", Role::Head, "phu-thong", "phu-thong")),
            ("admin", holder("gi", Role::Administrator, "phu-thong", "phu-thong")),
            ("asked head", holder("hu", Role::Head, "cho-don", "cho-don")),
            ("asked intake", holder("ho", Role::Intake, "cho-don", "cho-don")),
            ("unit there", holder("hi", Role::Handler, "cho-don-roads", "cho-don")),
            ("admin there", holder("he", Role::Administrator, "cho-don", "cho-don")),
        ];
        let mark = |actor: &Actor, action: Action<'_>| match check(actor, action) {
            Ok(()) => '+',
            Err(AppError::Forbidden(_)) => 'f',
            Err(_) => '.',
        };
        let table: Vec<String> =
            actors.iter().map(|(name, actor)| format!("{name}: {}", actions.map(|action| mark(actor, action)).iter().collect::<String>())).collect();
        let expected = [
            "intake: +f...",
            "handler: +f...",
            "colleague: f....",
            "asked unit: ..+..",
            "approver: ff...",
            "head: +f...",
            "admin: .....",
            "asked head: ...+.",
            "asked intake: ...+.",
            "unit there: .....",
            "admin there: .....",
        ];
        assert_eq!(table, expected);
    }

    #[test]
    fn whoever_a_case_is_about_takes_no_part() {
        let mut report = case(Kind::Report, "phu-thong", Some("roads"), Some("ha"));
        let unit = asked(&report, "culture", "phu-thong");
        let cu = holder("cu", Role::Handler, "culture", "phu-thong");
        for token in ["a:cu", "u:culture", "b:phu-thong"] {
            report.barred = token.to_owned();
            assert!(matches!(check(&cu, Action::TakePart(&report, &unit)), Err(AppError::NotFound)), "{token}");
        }
    }
}
