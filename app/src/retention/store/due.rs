//! What is due: one condition for each thing that plans delete, used to count it and to walk it, so that a run deletes what its plan counted.

use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::retention::rules::Reach;
use crate::retention::what::What;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use std::collections::HashMap;
use std::sync::LazyLock;

/// For which day and from when a plan is: a hold lifted after the plan was made holds back until the next one.
#[derive(Clone, Copy, Debug)]
pub struct Cut {
    /// The plan's day.
    pub day: NaiveDate,
    /// When it was made.
    pub made_at: DateTime<Utc>,
}

/// How much is due at an authority.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// The authority.
    pub body_id: String,
    /// How many.
    pub n: i64,
    /// The day the oldest counts from.
    pub oldest_on: Option<NaiveDate>,
}

/// The statements of one thing.
struct Sql {
    counts: String,
    held: String,
    next: String,
}

/// Where something stands and when it is due. Cases are compared by instants, all else by days.
struct Due {
    /// What identifies it.
    id: &'static str,
    /// Its authority.
    body: &'static str,
    /// From when its time counts.
    start: &'static str,
    /// The case it belongs to, for holds.
    case: &'static str,
    /// Tables and condition; `$1` is the day or instant it must lie before.
    from: &'static str,
}

/// A case that has ended for long enough; `$4` is the group of kinds.
macro_rules! ended {
    ($has:literal) => {
        concat!(
            "cases c
             WHERE c.is_open = FALSE AND c.changed_at < $1
               AND (CASE WHEN c.kind IN ('complaint', 'denunciation') THEN c.kind ELSE 'opinion' END) = $4
               AND (c.rights_until IS NULL OR c.rights_until < $2)
               AND NOT EXISTS (SELECT 1 FROM commitments m WHERE m.origin = 'case' AND m.origin_id = c.id AND m.state = 'open')
               AND NOT EXISTS (SELECT 1 FROM data_requests r WHERE r.case_id = c.id AND r.state = 'waiting')
               AND (",
            $has,
            ")"
        )
    };
}

const PEOPLE: Due = Due {
    id: "c.id",
    body: "c.body_id",
    start: "c.changed_at",
    case: "c.id",
    from: ended!(
        "EXISTS (SELECT 1 FROM sealed_people p WHERE p.owner_id = c.id)
         OR EXISTS (SELECT 1 FROM case_marks k WHERE k.case_id = c.id)
         OR EXISTS (SELECT 1 FROM case_signers s JOIN sealed_people p ON p.owner_id = s.id WHERE s.case_id = c.id)
         OR EXISTS (SELECT 1 FROM signer_marks k WHERE k.case_id = c.id)"
    ),
};

const WORDS: Due = Due {
    id: "c.id",
    body: "c.body_id",
    start: "c.changed_at",
    case: "c.id",
    from: ended!(
        "EXISTS (SELECT 1 FROM case_texts t WHERE t.case_id = c.id)
         OR EXISTS (SELECT 1 FROM messages t WHERE t.case_id = c.id)
         OR EXISTS (SELECT 1 FROM notes t WHERE t.case_id = c.id)
         OR EXISTS (SELECT 1 FROM split_originals t WHERE t.part_id = c.id)
         OR EXISTS (SELECT 1 FROM sealed_values t WHERE t.purpose IN ('words', 'working', 'rating', 'part') AND t.owner_id = c.id)
         OR EXISTS (SELECT 1 FROM redactions t WHERE t.case_id = c.id)
         OR EXISTS (SELECT 1 FROM public_papers t WHERE t.case_id = c.id AND (t.is_public = FALSE OR t.ended_at IS NOT NULL))
         OR EXISTS (SELECT 1 FROM papers t WHERE t.case_id = c.id AND NOT EXISTS (SELECT 1 FROM public_papers v WHERE v.stored_id = t.id))
         OR EXISTS (SELECT 1 FROM letters l JOIN letter_texts t ON t.letter_id = l.id WHERE l.case_id = c.id)"
    ),
};

const BOOKING: Due = Due {
    id: "b.id",
    body: "r.body_id",
    start: "r.day",
    case: "b.case_id",
    from: "reception_bookings b JOIN receptions r ON r.id = b.reception_id
           WHERE r.day < $1
             AND (EXISTS (SELECT 1 FROM sealed_values p WHERE p.purpose = 'booking' AND p.owner_id = b.id)
                  OR EXISTS (SELECT 1 FROM reception_booking_people p WHERE p.booking_id = b.id)
                  OR EXISTS (SELECT 1 FROM reception_booking_marks k WHERE k.booking_id = b.id))",
};

const VISIT: Due = Due {
    id: "v.id",
    body: "v.body_id",
    start: "v.day",
    case: "v.case_id",
    from: "reception_visits v
           WHERE v.day < $1
             AND (EXISTS (SELECT 1 FROM sealed_values p WHERE p.purpose IN ('visit', 'visit_papers') AND p.owner_id = v.id)
                  OR EXISTS (SELECT 1 FROM reception_visit_people p WHERE p.visit_id = v.id)
                  OR EXISTS (SELECT 1 FROM reception_papers p WHERE p.visit_id = v.id))",
};

const ASKER: Due = Due {
    id: "q.id",
    body: "d.body_id",
    start: "d.held_on",
    case: "q.case_id",
    from: "questions q JOIN dialogues d ON d.id = q.dialogue_id
           WHERE d.held_on < $1
             AND (q.village <> '' OR q.email <> '' OR q.body <> '' OR EXISTS (SELECT 1 FROM sealed_values p WHERE p.purpose = 'asker' AND p.owner_id = q.id))",
};

/// One thing is a dialogue with all its addresses.
const SUPPORTERS: Due = Due {
    id: "d.id",
    body: "d.body_id",
    start: "d.held_on",
    case: "CAST(NULL AS TEXT)",
    from: "dialogues d WHERE d.held_on < $1 AND EXISTS (SELECT 1 FROM question_contacts k WHERE k.dialogue_id = d.id)",
};

const FOLLOWERS: Due = Due {
    id: "f.id",
    body: "m.body_id",
    start: "m.ended_on",
    case: "CASE WHEN m.origin = 'case' THEN m.origin_id END",
    from: "commitment_followers f JOIN commitments m ON f.subject = 'c:' || m.id WHERE m.ended_on < $1",
};

fn due(what: What) -> Option<&'static Due> {
    Some(match what {
        What::PeopleOpinion | What::PeopleComplaint | What::PeopleDenunciation => &PEOPLE,
        What::WordsOpinion | What::WordsComplaint | What::WordsDenunciation => &WORDS,
        What::BookingPeople => &BOOKING,
        What::VisitPeople => &VISIT,
        What::Askers => &ASKER,
        What::Supporters => &SUPPORTERS,
        What::Followers => &FOLLOWERS,
        _ => return None,
    })
}

/// The texts, put together once from the constants above.
static STATEMENTS: LazyLock<HashMap<What, Sql>> = LazyLock::new(|| What::planned().filter_map(|what| Some((what, statements(what, due(what)?)))).collect());

fn statements(what: What, due: &Due) -> Sql {
    let Due { id, body, start, case, from } = due;
    let held = format!(
        "EXISTS (SELECT 1 FROM legal_holds h
                 WHERE h.case_id = {case} AND (h.lifted_at IS NULL OR h.lifted_at > $3) AND (h.until_on IS NULL OR h.until_on >= $2))"
    );
    let (after, limit) = if what.group().is_empty() { ("$4", "$5") } else { ("$5", "$6") };
    Sql {
        counts: format!("SELECT {body}, COUNT(*), MIN({start}) FROM {from} AND NOT {held} GROUP BY {body} ORDER BY {body}"),
        held: format!("SELECT {body}, COUNT(*), MIN({start}) FROM {from} AND {held} GROUP BY {body} ORDER BY {body}"),
        next: format!("SELECT {id}, {body} FROM {from} AND NOT {held} AND {id} > {after} ORDER BY {id} LIMIT {limit}"),
    }
}

fn sql(what: What) -> Result<&'static Sql> {
    STATEMENTS.get(&what).ok_or_else(|| AppError::internal(format!("{} is not deleted by plans", what.code())))
}

/// What is due of one thing, by authority: what a run would delete, and what is held back.
pub async fn counts(tx: &mut Tx, reach: Reach, cut: Cut) -> Result<(Vec<Count>, Vec<Count>)> {
    let sql = sql(reach.what)?;
    Ok((counted(tx, reach, cut, &sql.counts).await?, counted(tx, reach, cut, &sql.held).await?))
}

async fn counted(tx: &mut Tx, reach: Reach, cut: Cut, sql: &'static str) -> Result<Vec<Count>> {
    let count = |body_id, n, oldest_on| Count { body_id, n, oldest_on };
    if reach.what.group().is_empty() {
        let rows: Vec<(String, i64, Option<NaiveDate>)> = tx.all(sql, (reach.before, cut.day, cut.made_at)).await?;
        return Ok(rows.into_iter().map(|(body_id, n, oldest_on)| count(body_id, n, oldest_on)).collect());
    }
    let rows: Vec<(String, i64, Option<DateTime<Utc>>)> = tx.all(sql, (instant(reach), cut.day, cut.made_at, reach.what.group().to_owned())).await?;
    Ok(rows.into_iter().map(|(body_id, n, oldest)| count(body_id, n, oldest.map(crate::clock::day))).collect())
}

fn instant(reach: Reach) -> DateTime<Utc> {
    crate::clock::instant(reach.before, NaiveTime::MIN)
}

/// The next things that are due, behind an id: id and authority.
pub async fn next(tx: &mut Tx, reach: Reach, cut: Cut, after: &str, limit: i64) -> Result<Vec<(String, String)>> {
    let sql = &sql(reach.what)?.next;
    if reach.what.group().is_empty() {
        return tx.all(sql, (reach.before, cut.day, cut.made_at, after.to_owned(), limit)).await;
    }
    tx.all(sql, (instant(reach), cut.day, cut.made_at, reach.what.group().to_owned(), after.to_owned(), limit)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_plans_delete_has_its_statements() {
        for what in What::planned() {
            let sql = sql(what).expect("statements");
            assert!(sql.counts.contains("AND NOT EXISTS (SELECT 1 FROM legal_holds") && sql.next.contains("AND NOT EXISTS (SELECT 1 FROM legal_holds"));
            assert_eq!(sql.counts.replace("AND NOT EXISTS (SELECT 1 FROM legal_holds", "AND EXISTS (SELECT 1 FROM legal_holds"), sql.held);
        }
        assert!(super::sql(What::Cases).is_err());
    }
}
