//! How a commitment looks in a list, and what such a list must load of each.

use super::PATH;
use super::rules::{Commitment, Event, State};
use super::standing::Standing;
use super::store::voices::{Sums, sums};
use super::store::{self, Entry, NumberedHead};
use crate::agencies::Directory;
use crate::db::Tx;
use crate::error::Result;
use crate::ui::PageContext;
use crate::words::Lang;
use chrono::NaiveDate;
use leptos::prelude::*;

/// Days before the last one in which a commitment is due soon.
pub const SOON_DAYS: i64 = 7;

/// A commitment with what a list shows of it.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The commitment.
    pub commitment: Commitment,
    /// In whose name.
    pub head: Option<NumberedHead>,
    /// The moves, oldest first: day before, day after, reason.
    pub moves: Vec<(NaiveDate, NaiveDate, String)>,
    /// What the people concerned say.
    pub sums: Sums,
}

/// The moves in a record.
pub(super) fn moves(record: &[Entry]) -> Vec<(NaiveDate, NaiveDate, String)> {
    let moved = |entry: &Entry| match &entry.event {
        Event::Moved { from, to, reason } => Some((*from, *to, reason.clone())),
        _ => None,
    };
    record.iter().filter_map(moved).collect()
}

/// Loads what a list shows of each; lists are a page long.
pub async fn load(tx: &mut Tx, commitments: Vec<Commitment>) -> Result<Vec<Listed>> {
    let mut listed = Vec::with_capacity(commitments.len());
    for commitment in commitments {
        let head = store::head_by_id(tx, &commitment.head_id).await?;
        let moves = if commitment.moves > 0 { moves(&store::record(tx, &commitment.id).await?) } else { Vec::new() };
        let sums = sums(tx, &commitment.id).await?;
        listed.push(Listed { commitment, head, moves, sums });
    }
    Ok(listed)
}

/// The class of the badge and its words: "Quá hạn 8 ngày". Days are calendar days: people were promised a date.
pub fn badge_words(lang: Lang, commitment: &Commitment, today: NaiveDate) -> (&'static str, String) {
    let standing = Standing::of(commitment, today);
    let left = (commitment.day - today).num_days();
    match (standing, commitment.ended_on) {
        (Standing::Late, _) => ("late", lang.n("commitments.badge.late_one", "commitments.badge.late_many", -left)),
        (Standing::Open, _) if left == 0 => ("soon", lang.t("commitments.badge.today").to_owned()),
        (Standing::Open, _) => {
            let class = if left <= SOON_DAYS { "soon" } else { "ok" };
            (class, lang.n("commitments.badge.left_one", "commitments.badge.left_many", left))
        }
        (Standing::DoneLate, Some(on)) => {
            let days = (on - commitment.day).num_days();
            ("late", lang.n("commitments.badge.done_late_one", "commitments.badge.done_late_many", days))
        }
        (Standing::Kept, _) => ("ok", lang.t("commitments.badge.kept").to_owned()),
        (Standing::KeptMoved, _) => ("ok", lang.t("commitments.badge.kept_moved").to_owned()),
        (Standing::DoneLate, None) => ("late", lang.t("commitments.standing.done_late").to_owned()),
        (Standing::Dropped, _) => ("plain", lang.t("commitments.standing.dropped").to_owned()),
    }
}

/// The badge.
pub fn badge(lang: Lang, commitment: &Commitment, today: NaiveDate) -> AnyView {
    let (class, words) = badge_words(lang, commitment, today);
    view! { <span class=format!("clock {class}")>{words}</span> }.into_any()
}

/// Whether some of the people concerned say that what is told as done is not.
pub fn is_disputed(commitment: &Commitment, sums: &Sums) -> bool {
    commitment.state == State::Done && sums.contradicted > 0
}

/// The short name of an agency with that of its authority where it is a unit: "Phòng Kinh tế, UBND xã Chợ Đồn".
pub fn owner_name(directory: &Directory, id: &str) -> String {
    match directory.agency(id) {
        Some(unit) if !unit.is_body() => match directory.agency(&unit.body_id) {
            Some(body) => format!("{}, {}", unit.short_name, body.short_name),
            None => unit.short_name.clone(),
        },
        Some(body) => body.short_name.clone(),
        None => id.to_owned(),
    }
}

/// The days as they were promised: every one before the last is struck through.
pub fn days(lang: Lang, commitment: &Commitment, moves: &[(NaiveDate, NaiveDate, String)]) -> AnyView {
    let before: Vec<_> = moves.iter().map(|(from, ..)| view! { <s class="num">{lang.day_short(*from)}</s>" → " }).collect();
    view! { {before}<b class="num">{lang.day_short(commitment.day)}</b> }.into_any()
}

/// "(dời một lần: chờ vật tư)".
fn moved_words(lang: Lang, moves: &[(NaiveDate, NaiveDate, String)]) -> Option<String> {
    let (.., reason) = moves.last()?;
    let n = i64::try_from(moves.len()).unwrap_or(i64::MAX);
    Some(lang.f(if n == 1 { "commitments.moved_one" } else { "commitments.moved_many" }, &[("n", &lang.number(n)), ("reason", reason)]))
}

/// What the people concerned say, in one line; none if nobody said anything.
pub fn said_words(lang: Lang, sums: &Sums) -> Option<String> {
    let mut parts = Vec::new();
    if sums.confirmed > 0 {
        parts.push(lang.n("commitments.confirmed_one", "commitments.confirmed_many", sums.confirmed));
    }
    if sums.contradicted > 0 {
        parts.push(lang.n("commitments.contradicted_one", "commitments.contradicted_many", sums.contradicted));
    }
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// One commitment in a list of them.
pub fn article(context: &PageContext, listed: &Listed) -> AnyView {
    let (lang, commitment) = (context.lang, &listed.commitment);
    let title = match commitment.path() {
        Some(path) => view! { <a href=lang.href(&path)>{commitment.text.clone()}</a> }.into_any(),
        None => commitment.text.clone().into_any(),
    };
    let moved = moved_words(lang, &listed.moves).map(|words| view! { " " <span class="muted">{words}</span> });
    let evidence = (commitment.evidences > 0).then(|| lang.n("commitments.evidence_one", "commitments.evidence_many", commitment.evidences));
    let line = evidence.into_iter().chain(said_words(lang, &listed.sums)).collect::<Vec<_>>().join(" · ");
    let line = (!line.is_empty()).then(|| view! { <p class="small muted num">{line}</p> });
    let disputed = is_disputed(commitment, &listed.sums).then(|| view! { <span class="tag late">{lang.t("commitments.disputed")}</span> });
    let what = if commitment.state == State::Open { "commitments.by" } else { "commitments.by_ended" };
    view! {
        <article class="promise">
            <div class="row between"><h3>{title}</h3>{badge(lang, commitment, context.today)}</div>
            <p class="small moved">
                {owner_name(&context.directory, &commitment.owner_id)}" · "{lang.t(what)}" "{days(lang, commitment, &listed.moves)}{moved}
            </p>
            {line}
            {disputed.map(|tag| view! { <p class="row small">{tag}</p> })}
        </article>
    }
    .into_any()
}

/// The address of a list narrowed by these pairs.
pub fn list_href(lang: Lang, pairs: &[(&'static str, String)]) -> String {
    lang.href(&crate::ui::address(PATH, pairs))
}
