//! Sending mail: to a server, into a folder, or into memory for tests.

use app::error::AppError;
use app::notices::Mail;
use lettre::message::{Mailbox, header::ContentType};
use lettre::{AsyncFileTransport, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// Where mails go.
#[derive(Clone)]
pub enum Mailer {
    /// To a mail server.
    Smtp(AsyncSmtpTransport<Tokio1Executor>, Mailbox),
    /// One file a mail.
    Folder(AsyncFileTransport<Tokio1Executor>, Mailbox),
    /// Kept for a test to read.
    Memory(Arc<Mutex<Vec<Mail>>>),
}

impl Mailer {
    /// The mailer of these settings; the folder is made if it is missing.
    ///
    /// # Errors
    /// An address that is none, a folder that cannot be made.
    pub fn open(smtp: Option<&str>, from: &str, folder: &Path) -> Result<Self, AppError> {
        let from: Mailbox = from.parse().map_err(|error| AppError::config(format!("the sender of mails: {error}")))?;
        match smtp {
            Some(url) => {
                let transport =
                    AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(|error| AppError::config(format!("the mail server: {error}")))?.build();
                Ok(Self::Smtp(transport, from))
            }
            None => {
                std::fs::create_dir_all(folder).map_err(|error| AppError::config(format!("the mail folder {}: {error}", folder.display())))?;
                Ok(Self::Folder(AsyncFileTransport::new(folder), from))
            }
        }
    }

    /// A mailer that keeps everything in memory.
    pub fn memory() -> Self {
        Self::Memory(Arc::default())
    }

    /// What a memory mailer has been given.
    pub fn sent(&self) -> Vec<Mail> {
        match self {
            Self::Memory(mails) => mails.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            _ => Vec::new(),
        }
    }

    /// Sends a mail.
    ///
    /// # Errors
    /// What the transport says; the worker tries again.
    pub async fn send(&self, mail: &Mail) -> Result<(), AppError> {
        match self {
            Self::Smtp(transport, from) => transport.send(message(from, mail)?).await.map(|_| ()).map_err(|error| failed(&error)),
            Self::Folder(transport, from) => transport.send(message(from, mail)?).await.map(|_| ()).map_err(AppError::internal),
            Self::Memory(mails) => {
                mails.lock().unwrap_or_else(PoisonError::into_inner).push(mail.clone());
                Ok(())
            }
        }
    }
}

/// What went wrong, without the server's words: they name whom the mail was for, and this goes into the log and the outbox.
fn failed(error: &lettre::transport::smtp::Error) -> AppError {
    let code = error.status().map(|code| format!(" {code}")).unwrap_or_default();
    let kind = match error {
        error if error.is_timeout() => "the mail server took too long",
        error if error.is_permanent() => "the mail server refused",
        error if error.is_transient() => "the mail server refuses for now",
        error if error.is_tls() => "no safe connection to the mail server",
        _ => "the mail server cannot be reached",
    };
    AppError::internal(format!("{kind}{code}"))
}

fn message(from: &Mailbox, mail: &Mail) -> Result<Message, AppError> {
    let to: Mailbox = mail.to.parse().map_err(|_| AppError::internal("the citizen's mail address is none"))?;
    Message::builder()
        .from(from.clone())
        .to(to)
        .subject(mail.subject.clone())
        .header(ContentType::TEXT_PLAIN)
        .body(mail.body.clone())
        .map_err(AppError::internal)
}
