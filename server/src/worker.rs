//! Does what the outbox holds, watches for changes other processes made, and clears away what has expired.

use crate::mail::Mailer;
use app::accounts::actions::Limit;
use app::error::{AppError, Result};
use app::limits::table::{MAIL_WINDOW_HOURS, MAILS_MAX};
use app::notices::Mail;
use app::outbox::{self, Claimed, Job};
use app::portal::Portal;
use app::record::sealing::{self, Turn};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Pause between two looks at an empty outbox.
const IDLE: Duration = Duration::from_secs(1);
/// Pause after a failure of the worker itself.
const TROUBLE: Duration = Duration::from_secs(10);
/// Looks between two clearings: an hour of idle ones.
const LOOKS_PER_CLEARING: u64 = 3_600;

/// Whether it was told that the record differs: once is enough.
static RECORD_DIFFERS: AtomicBool = AtomicBool::new(false);

/// Works until told to stop; a job begun is finished.
pub async fn run(portal: Portal, mailer: Mailer, stop: CancellationToken) {
    let mut looks: u64 = 0;
    while !stop.is_cancelled() {
        let wait = match turn(&portal, &mailer, looks).await {
            Ok(true) => continue,
            Ok(false) => IDLE,
            Err(error) => {
                tracing::error!(%error, "the worker stumbled");
                TROUBLE
            }
        };
        looks += 1;
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
}

async fn turn(portal: &Portal, mailer: &Mailer, looks: u64) -> Result<bool> {
    let did = run_one(portal, mailer).await?;
    let did = app::petitions::recognition::catch_up(portal).await? > 0 || did;
    let did = app::papers::scanning::catch_up(portal).await? > 0 || did;
    app::publishing::cache::follow_changes(portal).await?;
    // A command may have added a key.
    portal.db().vault().reload();
    if portal.directory().today() != app::clock::day(portal.now()) {
        portal.reload_directory().await?;
    }
    // After the directory has come to today: who stands above whom is that of the day.
    let did = app::petitions::escalating::walk(portal).await? || did;
    let did = app::commitments::late::walk(portal).await? || did;
    let did = close_record_page(portal).await? || did;
    let did = app::retention::plans::turn(portal).await? || did;
    if looks.is_multiple_of(LOOKS_PER_CLEARING) && !did {
        clear(portal).await?;
    }
    Ok(did)
}

/// Closes a page of the record if it is time; true if there may be more. A record that differs is told once, and stands in the metrics.
async fn close_record_page(portal: &Portal) -> Result<bool> {
    let turn = sealing::turn(portal).await?;
    let differs = turn == Turn::Differs;
    metrics::gauge!("nghedan_record_differs").set(f64::from(u8::from(differs)));
    if differs && !RECORD_DIFFERS.swap(differs, Ordering::Relaxed) {
        crate::serve::tell_record_differs();
    }
    Ok(turn == Turn::GoesOn)
}

async fn clear(portal: &Portal) -> Result<()> {
    let mut tx = portal.db().write().await?;
    app::accounts::store::forget_expired(&mut tx, portal.now()).await?;
    app::limits::actions::forget_ended(&mut tx, portal.now()).await?;
    outbox::forget_old(&mut tx, portal.now()).await?;
    app::accounts::directory::forget_old(&mut tx, portal.now()).await?;
    app::citizens::forget_old(&mut tx, portal.now()).await?;
    app::desk::presence::forget_ended(&mut tx, portal.now()).await?;
    app::commitments::following::forget_unconfirmed(&mut tx, portal).await?;
    app::dialogues::attendance::forget_old(&mut tx, portal).await?;
    app::dialogues::questions::actions::forget_unconfirmed(&mut tx, portal).await?;
    app::retention::requests::forget_old(&mut tx, portal).await?;
    tx.commit().await?;
    app::filing::actions::forget_expired_drafts(portal).await?;
    Ok(())
}

/// Does one job, if one is due. True if there was one.
pub async fn run_one(portal: &Portal, mailer: &Mailer) -> Result<bool> {
    let mut tx = portal.db().write().await?;
    let claimed = outbox::claim(&mut tx, portal.now()).await?;
    tx.commit().await?;
    let Some(claimed) = claimed else { return Ok(false) };
    // The job runs outside any transaction: mail may take its time.
    let outcome = work(portal, mailer, &claimed).await;
    let mut tx = portal.db().write().await?;
    match outcome {
        Ok(()) => outbox::done(&mut tx, &claimed.id, portal.now()).await?,
        // The recipient has had many today: later, and no failure.
        Err(AppError::TooMany { retry_after_seconds }) => {
            let wait = i64::try_from(retry_after_seconds).unwrap_or(i64::MAX);
            outbox::put_off(&mut tx, &claimed.id, portal.now() + chrono::Duration::seconds(wait)).await?;
        }
        Err(error) => {
            let error = outbox::without_addresses(&error.to_string());
            tracing::warn!(job = %claimed.id, attempts = claimed.attempts + 1, %error, "a job failed");
            outbox::failed(&mut tx, &claimed, &error, portal.now()).await?;
        }
    }
    tx.commit().await?;
    Ok(true)
}

async fn work(portal: &Portal, mailer: &Mailer, claimed: &Claimed) -> Result<()> {
    match &claimed.job {
        Job::Notice { case_id, event } => {
            let mut tx = portal.db().read().await?;
            let mail = app::notices::mail(&mut tx, portal, case_id, event).await?;
            drop(tx);
            send(portal, mailer, mail).await?;
            app::relations::notices::fan_out(portal, case_id, event).await
        }
        Job::SignerNotice { signer_id, event } => {
            let mut tx = portal.db().read().await?;
            let mail = app::relations::notices::mail(&mut tx, portal, signer_id, event).await?;
            drop(tx);
            send(portal, mailer, mail).await
        }
        Job::ReceptionMoved { booking_id } => {
            let mut tx = portal.db().read().await?;
            let mail = app::receptions::notices::moved(&mut tx, portal, booking_id).await?;
            drop(tx);
            send(portal, mailer, mail).await
        }
        Job::TellJoined { case_id } => app::relations::joining::tell(portal, case_id).await,
        Job::DeletePaper { paper_id } => app::papers::delete_bytes(portal, paper_id).await,
        Job::SealPapers { case_id } => app::papers::sealed::seal_open(portal, case_id).await.map(drop),
        Job::MoveDeadlines { change_id } => app::petitions::reschedule::run(portal, change_id).await,
        Job::MovePeriods { change_id } => app::petitions::reschedule::run_period(portal, change_id).await,
        Job::AnnounceDialogue { dialogue_id } => app::dialogues::actions::announce_timed(portal, dialogue_id).await,
        Job::Attendance { task } => send(portal, mailer, app::dialogues::attendance::notices::run(portal, task).await?).await,
        Job::CommitmentNews { commitment_id, is_of_body, after } => app::commitments::following::fan_out(portal, commitment_id, *is_of_body, after).await,
        Job::FollowerNotice { follower_id, commitment_id } => {
            let mail = app::commitments::following::news(&mut portal.db().read().await?, portal, follower_id, commitment_id).await?;
            send(portal, mailer, mail).await
        }
        Job::FollowerConfirm { follower_id } => {
            let mail = app::commitments::following::link(&mut portal.db().read().await?, portal, follower_id).await?;
            send(portal, mailer, mail).await
        }
        Job::QuestionNews { question_id } => {
            let mail = app::dialogues::questions::mails::news(&mut portal.db().read().await?, portal, question_id).await?;
            send(portal, mailer, mail).await
        }
        Job::QuestionConfirm { dialogue_id, device } => {
            let mail = app::dialogues::questions::mails::link(&mut portal.db().read().await?, portal, dialogue_id, device).await?;
            send(portal, mailer, mail).await
        }
        Job::DialogueAnswers { dialogue_id, after_question, after_contact } => {
            app::dialogues::questions::mails::fan_out(portal, dialogue_id, *after_question, after_contact).await
        }
        Job::SupporterNews { dialogue_id, device } => {
            let mail = app::dialogues::questions::mails::supporter_news(&mut portal.db().read().await?, portal, dialogue_id, device).await?;
            send(portal, mailer, mail).await
        }
        Job::CitizenCode { code_id } => {
            let mail = app::citizens::mail(&mut portal.db().read().await?, portal, code_id).await?;
            send(portal, mailer, mail).await
        }
        Job::DataAnswer { request_id } => {
            let mail = app::retention::requests::mail(&mut portal.db().read().await?, portal, request_id).await?;
            send(portal, mailer, mail).await?;
            app::retention::requests::told(portal, request_id).await
        }
        Job::TellVoices { commitment_id } => app::commitments::voices::tell(portal, commitment_id).await,
    }
}

/// Sends a mail, if there still is somebody to tell.
///
/// # Errors
/// [`AppError::TooMany`] where the recipient has had as many as anybody gets in a day: whoever types a stranger's address into many forms
/// does not fill that stranger's letter box. Else what the mailer says.
async fn send(portal: &Portal, mailer: &Mailer, mail: Option<Mail>) -> Result<()> {
    let Some(mail) = mail else { return Ok(()) };
    let limit = Limit::new("mail", &[&mail.to.to_lowercase()], MAILS_MAX).within(chrono::Duration::hours(MAIL_WINDOW_HOURS));
    limit.check(portal).await?;
    mailer.send(&mail).await?;
    limit.failed(portal).await
}
