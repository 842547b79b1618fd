//! Notices to all who signed with the sender and left an address. As to the sender: a lock screen learns nothing from them.

use super::store::signers as store;
use crate::db::Tx;
use crate::error::Result;
use crate::notices::{Mail, news};
use crate::outbox::{self, Job};
use crate::petitions::store::{by_id, register};
use crate::portal::Portal;
use crate::words::Lang;

/// Signers told in one transaction.
const BATCH_SIGNERS: i64 = 200;

/// Puts a notice for each signer with an address into the outbox.
pub async fn fan_out(portal: &Portal, case_id: &str, event: &str) -> Result<()> {
    let has_group = store::has_group(&mut portal.db().look().await?, case_id).await?;
    if !has_group {
        return Ok(());
    }
    let mut after = 0;
    loop {
        let mut tx = portal.db().write().await?;
        let signers = store::with_email(&mut tx, case_id, after, BATCH_SIGNERS).await?;
        let Some((_, last)) = signers.last() else { return Ok(()) };
        after = *last;
        for (signer_id, _) in signers {
            outbox::add(&mut tx, portal.new_id(), &Job::SignerNotice { signer_id, event: event.to_owned() }, portal.now())?;
        }
        tx.commit().await?;
    }
}

/// The mail to one signer, if they are still there and left an address. One who joined looks with their code; one of a list on
/// paper has none: the register or whoever speaks for the group tells more.
pub async fn mail(tx: &mut Tx, portal: &Portal, signer_id: &str, event: &str) -> Result<Option<Mail>> {
    let Some(signer) = store::by_id(tx, signer_id).await?.filter(|signer| signer.left_at.is_none()) else { return Ok(None) };
    let person = store::person(tx, signer_id).await?;
    if person.email.is_empty() {
        return Ok(None);
    }
    let Some(case) = by_id(tx, &signer.case_id).await? else { return Ok(None) };
    let lang = Lang::from_code(&person.language);
    let base = &portal.settings().public_url;
    let look = if signer.origin == "joined" {
        lang.f("notices.look", &[("address", &format!("{base}{}", lang.href("/tra-cuu")))])
    } else {
        match register::by_case(tx, &case.id).await? {
            Some(row) => lang.f("relations.mail.public", &[("address", &format!("{base}{}", lang.href(&format!("/cong-khai/{}", row.number))))]),
            None => lang.t("relations.mail.ask").to_owned(),
        }
    };
    Ok(Some(news(lang, person.email, event, case.is_open.then_some(case.due_on), look)))
}
