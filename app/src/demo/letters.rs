//! A few official letters of the demo: signed ones on cases of the law, one that waits for its signature. Made by the portal's own
//! actions, in the name of the people of each authority with sign-ins.

use super::store;
use super::together::official_of;
use super::{SIGN_INS, world};
use crate::actor::Actor;
use crate::deadlines::rules::Circumstances;
use crate::error::{AppError, Result};
use crate::letters::actions::{Known, NewLetter, Signing, fault, prefill};
use crate::letters::markup::blanks;
use crate::letters::office::Authority;
use crate::letters::{own, store as letters};
use crate::permissions::Role;
use crate::petitions::actions::Act;
use crate::petitions::escalating::Seat;
use crate::petitions::rules::Case;
use crate::petitions::store::by_id;
use crate::portal::Portal;

/// What is written for open cases of a kind, at each authority: the letter, how many, whether it is signed.
const WRITTEN: [(&str, &str, i64, bool); 4] =
    [("complaint", "receipt", 2, true), ("complaint", "interim", 1, false), ("denunciation", "receipt", 1, true), ("recommendation", "interim", 1, true)];
/// What stands where the template has a blank.
const FILLED: &str = "ghi trong hồ sơ vụ việc";

/// Writes them. Does nothing where the demo is too small to have such cases.
pub async fn fill(portal: &Portal) -> Result<()> {
    let directory = portal.directory();
    for (code, slug, _) in SIGN_INS {
        let Some(body_id) = directory.body_by_code(code).map(|body| body.id.clone()) else { continue };
        let mut tx = portal.db().write().await?;
        let login = |role: Role| format!("{}.{slug}", world::login_word(role));
        let drafter = official_of(&mut tx, portal, &login(Role::Intake)).await?;
        let signer = official_of(&mut tx, portal, &login(Role::Head)).await?;
        let (Some(drafter), Some(signer)) = (drafter, signer) else { continue };
        for (kind, code, count, is_signed) in WRITTEN {
            for (id,) in store::open_of_kind(&mut tx, &body_id, kind, count).await? {
                let case = by_id(&mut tx, &id).await?.ok_or(AppError::NotFound)?;
                if case.is_suspended() {
                    continue;
                }
                let (drafting, signing) = (&drafter, is_signed.then_some(&signer));
                write(&mut Act { tx: &mut tx, portal, actor: drafting }, case, code, signing).await?;
            }
        }
        tx.commit().await?;
    }
    Ok(())
}

async fn write(act: &mut Act<'_>, case: Case, code: &str, signer: Option<&Actor>) -> Result<()> {
    let seat = Seat::of(case);
    let mut body = prefill(act, &seat.desk, code, &Known::new()).await?;
    let places: Vec<String> = blanks(&body).into_iter().map(str::to_owned).collect();
    for blank in places {
        body = body.replace(&format!("[{blank}]"), FILLED);
    }
    let new = NewLetter { template_code: code.to_owned(), body, ..NewLetter::default() };
    // Some invented senders name themselves in what they call the matter; an official would write it anew.
    if fault(act, &seat.desk, &new, true).await?.is_some() {
        return Ok(());
    }
    let id = act.portal.new_id();
    let letter = own::begin(act, &seat, &id, &new).await?;
    let case = own::put_before_signer(act, &seat, &letter).await?;
    let Some(signer) = signer else { return Ok(()) };
    let letter = letters::by_id(act.tx, &id).await?.ok_or(AppError::NotFound)?;
    let signing = Signing { authority: Authority::Head, post: String::new(), circumstances: Circumstances::default(), known: Known::new() };
    let mut act = Act { tx: act.tx, portal: act.portal, actor: signer };
    own::issue(&mut act, &Seat::of(case), &letter, &signing, str::to_owned).await.map(drop)
}
