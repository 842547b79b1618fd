//! The last day for complaining, as the complainant and the official see it: a computed fact, and who decides.

use super::PageContext;
use crate::deadlines::telling;
use crate::procedures::limitation::Limitation;
use leptos::prelude::*;

/// Who looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// Whoever is about to complain: today counts, and they may send all the same.
    Complainant,
    /// An official, by the day the complaint came.
    Official,
}

/// The fact with its computation. `came_on`: the day of the complaint. Nothing where the table does not have the rule.
pub fn limitation(context: &PageContext, limitation: &Limitation, came_on: chrono::NaiveDate, reader: Reader) -> AnyView {
    let lang = context.lang;
    let Ok((rule, computed)) = limitation.computed(context.directory.deadline_rules(), context.directory.calendar()) else { return ().into_any() };
    let is_late = came_on > computed.last_day;
    let args = [("known", lang.day_short(limitation.known_on)), ("day", lang.day_long(computed.last_day)), ("came", lang.day_short(came_on))];
    let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let fact = match (reader, is_late) {
        (Reader::Complainant, false) => lang.f("limitation.citizen.in_time", &args),
        (Reader::Complainant, true) => lang.f("limitation.citizen.late", &args),
        (Reader::Official, false) => lang.f("limitation.official.in_time", &args),
        (Reader::Official, true) => lang.f("limitation.official.late", &args),
    };
    let obstacle = limitation.obstacle_from.zip(limitation.obstacle_to).map(|(from, to)| {
        let words = lang.f("limitation.obstacle", &[("from", &lang.day_short(from)), ("to", &lang.day_short(to)), ("why", &limitation.obstacle)]);
        view! { <p>{words}</p> }
    });
    let lines: Vec<_> = telling::lines(lang, rule, &computed).into_iter().map(|line| view! { <li>{line}</li> }).collect();
    view! {
        <div class=if is_late { "notice warn" } else { "notice info" } id="thoi-hieu">
            <div class="stack-s">
                <b>{fact}</b>
                {obstacle}
                {is_late.then(|| view! { <p>{lang.t(if reader == Reader::Official { "limitation.official.decides" } else { "limitation.citizen.still" })}</p> })}
                <details class="small"><summary>{lang.t("procedure.clock.how")}</summary><ul>{lines}</ul></details>
            </div>
        </div>
    }
    .into_any()
}
