//! What officials do with the pictures of a dialogue.

use super::store;
use crate::dialogues::actions::Act;
use crate::dialogues::rules::{Dialogue, State};
use crate::error::{AppError, Result};
use crate::outbox::{self, Job};
use crate::papers::upload::NewPaper;
use crate::permissions::{Action, check};
use crate::petitions::store::register::raise_version;
use chrono::{DateTime, Utc};

/// Whether a dialogue can have pictures: one that has begun and was not called off.
pub fn takes_pictures(dialogue: &Dialogue, now: DateTime<Utc>) -> bool {
    match dialogue.state {
        State::Draft | State::Cancelled => false,
        State::Announced => dialogue.facts.begins_at <= now,
        State::Held | State::Published => true,
    }
}

/// Adds a picture or paper with words for whoever cannot see it. Gives false if this form was sent before.
///
/// # Errors
/// [`AppError::NotFound`] for whoever may not, [`AppError::Conflict`] before the dialogue has begun.
pub async fn add(act: &mut Act<'_>, dialogue: &Dialogue, once: &str, paper: &NewPaper, alt: &str) -> Result<bool> {
    check(act.actor, Action::PrepareDialogue(&dialogue.body_id))?;
    if !takes_pictures(dialogue, act.portal.now()) {
        return Err(AppError::Conflict);
    }
    let is_new = store::insert(act.tx, &dialogue.id, once, paper, alt, act.actor.account_id()).await?;
    if is_new && dialogue.published_on.is_some() {
        raise_version(act.tx).await?;
    }
    Ok(is_new)
}

/// Takes one out for good, with a reason that stays. That it is out already is no error.
///
/// # Errors
/// [`AppError::NotFound`] for whoever may not.
pub async fn remove(act: &mut Act<'_>, dialogue: &Dialogue, id: &str, reason: &str) -> Result<()> {
    check(act.actor, Action::PrepareDialogue(&dialogue.body_id))?;
    let now = act.portal.now();
    if store::remove(act.tx, &dialogue.id, id, act.actor.account_id(), reason, now).await? {
        outbox::add(act.tx, act.portal.new_id(), &Job::DeletePaper { paper_id: id.to_owned() }, now)?;
        if dialogue.published_on.is_some() {
            raise_version(act.tx).await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialogues::rules::tests::announced;
    use chrono::Duration;

    #[test]
    fn there_is_nothing_to_see_before_it_has_begun_nor_of_what_was_called_off() {
        let dialogue = announced();
        let begins_at = dialogue.facts.begins_at;
        assert!(!takes_pictures(&dialogue, begins_at - Duration::seconds(1)));
        assert!(takes_pictures(&dialogue, begins_at));
        let cancelled = Dialogue { state: State::Cancelled, ..dialogue };
        assert!(!takes_pictures(&cancelled, begins_at));
    }
}
