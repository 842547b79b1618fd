//! What stands around a list of cases: the choices of the filter, saved filters, who has what open, what one was reminded of.

use super::filtered;
use super::place::{Place, Scope};
use super::queue::{Count, List};
use super::store::saved::{self, SavedFilter};
use super::store::viewers::{self, Viewer};
use crate::accounts::store::{Colleague, handlers_of};
use crate::actor::Official;
use crate::db::Tx;
use crate::error::Result;
use crate::letters::store::Letter;
use crate::permissions::queue_scope;
use crate::petitions::store::marks::{self, Nudge, Tag};
use crate::ui::PageContext;

/// What stands around a list.
#[derive(Default)]
pub struct Surroundings {
    /// The authority.
    pub body_id: String,
    /// Its tags.
    pub tags: Vec<Tag>,
    /// Who handles cases there.
    pub handlers: Vec<Colleague>,
    /// Places kept under a name.
    pub saved: Vec<SavedFilter>,
    /// Who has which case open.
    pub viewers: Vec<Viewer>,
    /// What was put before whoever looks and is not read.
    pub nudges: Vec<Nudge>,
    /// Letters outside a step of the law that wait for whoever looks to sign.
    pub to_sign: Vec<Letter>,
    /// How many cases fit the filter, where there is one.
    pub fitting: Option<Count>,
    /// Requests about own data that wait for whoever looks, and how many of them are late.
    pub own_data: (i64, i64),
    /// Questions of other agencies that wait for whoever looks, and how many of them are late.
    pub asked: (i64, i64),
}

impl Surroundings {
    /// Those of a place for an official.
    pub async fn load(tx: &mut Tx, context: &PageContext, official: &Official, place: &Place, list: &List) -> Result<Self> {
        let Some(holding) = official.holdings.first() else { return Ok(Self::default()) };
        let body_id = holding.body_id.clone();
        Ok(Self {
            tags: marks::tags_of(tx, &body_id).await?,
            handlers: handlers_of(tx, &body_id, context.today).await?,
            saved: saved::of_person(tx, &official.account_id, &holding.agency_id).await?,
            viewers: viewers::of_body(tx, &body_id, context.now).await?,
            nudges: marks::unread(tx, &official.account_id).await?,
            to_sign: crate::letters::own::to_sign(tx, &context.actor).await?,
            fitting: fitting(tx, context, official, place, list).await?,
            own_data: crate::retention::waiting(tx, context, &body_id).await?,
            asked: super::coordination_pages::counts(tx, context).await?,
            body_id,
        })
    }

    /// Name of a tag.
    pub fn tag_name(&self, tag_id: &str) -> Option<&str> {
        self.tags.iter().find(|tag| tag.id == tag_id).map(|tag| tag.name.as_str())
    }

    /// Name of somebody who handles cases.
    pub fn handler_name(&self, account_id: &str) -> Option<&str> {
        self.handlers.iter().find(|person| person.account_id == account_id).map(|person| person.display_name.as_str())
    }
}

async fn fitting(tx: &mut Tx, context: &PageContext, official: &Official, place: &Place, list: &List) -> Result<Option<Count>> {
    if !place.text.is_empty() || place.scope == Scope::Nudges || place.filter.parts().is_empty() {
        return Ok(None);
    }
    if list.fitting.is_some() {
        return Ok(list.fitting);
    }
    // The first page is all of them, or all of what was looked through: nothing more to count.
    if place.cursor.is_none() && (list.next.is_none() || list.is_cut) {
        return Ok(Some(Count { n: i64::try_from(list.rows.len()).unwrap_or(i64::MAX), is_capped: list.is_cut }));
    }
    filtered::count(tx, &queue_scope(official), official, place, context.today).await.map(Some)
}
