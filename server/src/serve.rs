//! Opening the portal and serving it until it is told to stop.

use crate::config::{ServeArgs, StoreArgs};
use crate::mail::Mailer;
use crate::middleware::TrustedProxies;
use crate::{assets, health, key, router, worker};
use app::agencies::import;
use app::clock::Clock;
use app::db::Db;
use app::demo;
use app::error::{AppError, Result};
use app::id::Random;
use app::papers::files::Files;
use app::petitions::reindex;
use app::portal::{Outside, Parts, Portal, Settings};
use app::record::sealing::{self, Begun};
use app::vault::rotation;
use std::net::SocketAddr;
use std::os::unix::fs::DirBuilderExt;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// The data folder is its owner's alone: petitions, mails and keys lie in it.
const OWNER_ONLY: u32 = 0o700;

/// Opens database, files and directory. A new database gets the areas, agencies, days off, legal periods, rules of routing
/// and templates of letters that are built in.
pub async fn open(store: &StoreArgs, settings: Settings, clock: Clock) -> Result<Portal> {
    open_with(store, settings, clock, Outside::default()).await
}

/// The same with what lies outside the portal.
pub async fn open_with(store: &StoreArgs, settings: Settings, clock: Clock, outside: Outside) -> Result<Portal> {
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(OWNER_ONLY)
        .create(&store.data)
        .map_err(|error| AppError::config(format!("the data folder {}: {error}", store.data.display())))?;
    let random = Random::system();
    let keeper = store.keeper();
    let (vault, marks_key) = (keeper.identities(&random).await?, keeper.marks(&random).await?);
    let record_mark = key::record_mark(&store.data)?;
    let db = Db::open(&store.database_url(), key::of_database(vault, &marks_key)).await?;
    let sealed = rotation::seal_what_is_open(&db, &marks_key).await?;
    if sealed > 0 {
        tracing::info!(rows = sealed, "what was written before it was sealed is sealed");
    }
    let recoded = app::codes::recode(&db).await?;
    if recoded > 0 {
        tracing::info!(codes = recoded, "codes from before there was a key are stored with it");
    }
    let filled = reindex::fill(&db).await?;
    if filled > 0 {
        tracing::info!(rows = filled, "the word indexes were filled anew");
    }
    let files = Files::open(store.files.as_deref().unwrap_or_default(), &store.data.join("papers"))
        .map_err(|error| AppError::config(format!("the store of photos and papers: {error}")))?;
    let portal = Portal::open_with(Parts { db, clock, random, files, settings, assets: assets::load(), marks_key, record_mark }, outside).await?;
    let papers = app::papers::sealed::seal_from_before(&portal).await?;
    if papers > 0 {
        tracing::info!(papers, "papers of denunciations from before they were sealed are sealed");
    }
    match sealing::begin(&portal).await? {
        Begun::First(entries) if entries > 0 => tracing::info!(entries, "entries from before the record was chained have their hashes"),
        Begun::First(_) | Begun::GoesOn => {}
        Begun::Differs => tell_record_differs(),
    }
    let is_new = portal.directory().bodies().next().is_none();
    let lacks_rules = portal.directory().deadline_rules().is_empty();
    let lacks_routing = portal.directory().routing().competence.is_empty();
    let lacks_escalation = portal.directory().escalation_rules().is_empty();
    let lacks_receptions = portal.directory().reception_rules().days.is_empty();
    let lacks_retention = portal.directory().retention_rules().is_empty();
    let lacks_templates = !app::letters::store::has_templates(&mut portal.db().look().await?).await?;
    if is_new || lacks_rules || lacks_routing || lacks_escalation || lacks_receptions || lacks_retention || lacks_templates {
        let mut missing = import::Files::built_in();
        if !is_new {
            // A database from before there were such rows gets them, and keeps everything else as it is.
            let some = |lacks: bool, text: String| if lacks { text } else { String::new() };
            missing = import::Files {
                deadline_rules: some(lacks_rules, missing.deadline_rules),
                competence_rules: some(lacks_routing, missing.competence_rules),
                subjects: some(lacks_routing, missing.subjects),
                routing_rules: some(lacks_routing, missing.routing_rules),
                escalation_rules: some(lacks_escalation, missing.escalation_rules),
                reception_rules: some(lacks_receptions, missing.reception_rules),
                retention_rules: some(lacks_retention, missing.retention_rules),
                letter_templates: if lacks_templates { missing.letter_templates } else { Vec::new() },
                ..import::Files::default()
            };
        }
        let mut tx = portal.db().write().await?;
        import::run(&mut tx, &missing).await?;
        tx.commit().await?;
        portal.reload_directory().await?;
    }
    Ok(portal)
}

/// Says once what an operator must look into.
pub fn tell_record_differs() {
    tracing::error!(
        "the database has not the record that this data folder has seen (record.mark): no page of it is closed. `nghedan audit verify` tells more; \
         after putting the database back from a copy, `nghedan audit accept` goes on from there"
    );
}

/// Serves until SIGINT or SIGTERM; what was accepted is finished.
pub async fn run(args: &ServeArgs) -> Result<()> {
    if let Some(problem) = args.problems().into_iter().next() {
        return Err(AppError::config(problem));
    }
    let listener = TcpListener::bind(args.listen).await.map_err(|error| AppError::config(format!("listening on {}: {error}", args.listen)))?;
    let address = listener.local_addr().map_err(AppError::config)?;
    health::count();
    let outside = args.outside();
    let settings = Settings { identity: args.identity.providers(&outside.outgoing)?, ..args.settings(address) };
    let portal = open_with(&args.store, settings, args.clock(), outside).await?;
    let mailer = Mailer::open(args.smtp.as_deref(), &args.mail_from, &args.store.data.join("mail"))?;
    if args.demo {
        crate::cli::fill_demo(&portal, 1, args.demo_cases).await?;
    } else if let Some(login) = demo::open_sign_in(&portal).await? {
        return Err(AppError::config(format!(
            "the account {login:?} of the demo is open, with a password everybody knows: serve with --demo, or take another data folder"
        )));
    }
    let router = router::build(&portal, TrustedProxies(args.trusted_proxies.clone().into()));
    let stop = CancellationToken::new();
    let working = tokio::spawn(worker::run(portal.clone(), mailer, stop.clone()));
    tokio::spawn(stop_on_signal(stop.clone()));
    println!("listening on http://{address}");
    if args.demo {
        crate::cli::print_sign_ins();
    }
    let (rooms, told) = (portal.rooms().clone(), stop.clone());
    let stopping = async move {
        told.cancelled().await;
        // Whoever looks at a page that changes keeps a connection that never ends by itself; browsers come back.
        rooms.close();
    };
    axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>()).with_graceful_shutdown(stopping).await.map_err(AppError::internal)?;
    stop.cancel();
    working.await.map_err(AppError::internal)?;
    sealing::rest(&portal).await?;
    portal.db().close().await;
    tracing::info!("stopped");
    Ok(())
}

async fn stop_on_signal(stop: CancellationToken) {
    let (interrupt, terminate) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()));
    match (interrupt, terminate) {
        (Ok(mut interrupt), Ok(mut terminate)) => {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            tracing::info!("stopping: finishing what was accepted");
            stop.cancel();
        }
        (Err(error), _) | (_, Err(error)) => tracing::error!(%error, "signals cannot be heard; stop the process by other means"),
    }
}
