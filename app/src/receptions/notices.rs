//! The mail to somebody who booked, when the day moves. As with petitions a lock screen learns nothing: neither whom one meets nor why.

use super::booking_pages::{FIND, slot_time};
use super::store::{bookings, sessions};
use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::notices::Mail;
use crate::portal::Portal;
use crate::words::Lang;

/// The mail, if the booking still stands and left an address.
pub async fn moved(tx: &mut Tx, portal: &Portal, booking_id: &str) -> Result<Option<Mail>> {
    let Some(booking) = bookings::by_id(tx, booking_id).await?.filter(|booking| booking.cancelled_at.is_none()) else { return Ok(None) };
    let person = bookings::person(tx, booking_id).await?;
    if person.is_locked {
        // Tried again until the key is back.
        return Err(AppError::Unavailable("the key of an address is not there".into()));
    }
    let Some(row) = sessions::by_id(tx, &booking.reception_id).await?.filter(|_| !person.email.is_empty()) else { return Ok(None) };
    let lang = Lang::from_code(&person.language);
    let address = format!("{}{}", portal.settings().public_url, lang.href(FIND));
    let body = [
        lang.t("notices.greeting").to_owned(),
        String::new(),
        lang.f("reception.notice.moved", &[("day", &lang.day_long(row.day)), ("time", &slot_time(&row, booking.slot))]),
        String::new(),
        lang.f("notices.look", &[("address", &address)]),
        String::new(),
        lang.t("notices.foot").to_owned(),
    ];
    Ok(Some(Mail { to: person.email, subject: lang.t("notices.subject").to_owned(), body: body.join("\n") }))
}
