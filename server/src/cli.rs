//! The commands beside `serve`.

use crate::config::{
    AuditCommand, Cli, Command, CreateAdminArgs, DemoArgs, DueArgs, ImportArgs, KeysCommand, RetentionCommand, RetentionPlanArgs, ServeArgs, StoreArgs,
    VerifyArgs,
};
use crate::{key, mail, serve};
use app::accounts::password;
use app::accounts::rules::Term;
use app::accounts::second::rules::Policy;
use app::actor::Actor;
use app::agencies::import;
use app::clock::Clock;
use app::db::Db;
use app::deadlines::rules::{self, Circumstances, Complexity, Refusal};
use app::deadlines::telling;
use app::demo;
use app::error::{AppError, Result};
use app::id::Random;
use app::identity::Providers;
use app::papers::kinds::PAPER_BYTES_MAX;
use app::permissions::Role;
use app::portal::{Portal, Settings};
use app::record::deeds::Deed;
use app::record::rules::RecordKey;
use app::record::sealing;
use app::record::verify::{self, Kept, Outside};
use app::redaction::raster;
use app::retention::plans;
use app::vault::Vault;
use app::vault::rotation;
use app::words::Lang;
use std::io::{BufRead, Read, Write};
use std::time::Duration;

/// After so long every running portal knows a new key: its worker looks each second.
const KEYS_SEEN_AFTER: Duration = Duration::from_secs(3);

/// Does what the command line says.
pub async fn run(cli: Cli) -> Result<()> {
    match cli.command {
        Command::Serve(args) => serve::run(&args).await,
        Command::Migrate(args) => {
            let portal = open(&args).await?;
            portal.db().close().await;
            println!("the database is up to date");
            Ok(())
        }
        Command::Import(args) => import_files(&args).await,
        Command::Demo(args) => demo(&args).await,
        Command::CreateAdmin(args) => create_admin(&args).await,
        Command::Check(args) => check(&args).await,
        Command::Due(args) => due(&args).await,
        Command::Rasterise(args) => rasterise(args.page),
        Command::Keys(args) => match args.command {
            KeysCommand::Status(store) => keys_status(&store).await,
            KeysCommand::Rotate(store) => rotate_keys(&store).await,
            KeysCommand::Retire(store) => retire_keys(&store).await,
            KeysCommand::Seal(store) => {
                store.keeper().rewrite(&Random::system(), true).await?;
                println!("the files of keys hold nothing any more that opens without the key service; take older copies of them away");
                Ok(())
            }
            KeysCommand::Unseal(store) => {
                store.keeper().rewrite(&Random::system(), false).await?;
                println!("the files hold the keys themselves; the key service is not needed any more");
                Ok(())
            }
        },
        Command::Retention(args) => match args.command {
            RetentionCommand::Plan(args) => plan_retention(&args).await,
            RetentionCommand::Run(store) => run_retention(&store).await,
        },
        Command::Audit(args) => match args.command {
            AuditCommand::Verify(args) => verify_record(&args).await,
            AuditCommand::Accept(store) => accept_record(&store).await,
        },
    }
}

/// Draws a PDF from the standard input to the standard output ([`app::redaction::raster`]).
fn rasterise(page: Option<u16>) -> Result<()> {
    let mut pdf = Vec::new();
    std::io::stdin().take(PAPER_BYTES_MAX).read_to_end(&mut pdf).map_err(AppError::internal)?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    raster::draw(pdf, page, &mut out).and_then(|()| out.flush()).map_err(AppError::internal)
}

async fn open(store: &StoreArgs) -> Result<Portal> {
    let settings = Settings {
        public_url: String::new(),
        province_code: store.province.clone(),
        secure_cookies: false,
        is_demo: false,
        identity: Providers::default(),
        second_factor: Policy::Offered,
    };
    serve::open(store, settings, Clock::system()).await
}

async fn import_files(args: &ImportArgs) -> Result<()> {
    let files = match &args.folder {
        Some(folder) => import::Files::from_folder(folder)?,
        None => import::Files::built_in(),
    };
    let portal = open(&args.store).await?;
    let counts = app::periods::import(&portal, &files).await?;
    portal.db().close().await;
    for (file, rows) in counts {
        println!("{file}: {rows} rows");
    }
    Ok(())
}

async fn demo(args: &DemoArgs) -> Result<()> {
    let portal = open(&args.store).await?;
    fill_demo(&portal, args.seed, args.cases).await?;
    portal.db().close().await;
    print_sign_ins();
    Ok(())
}

/// Fills an empty database; one that has cases stays as it is.
pub async fn fill_demo(portal: &Portal, seed: u64, cases: u64) -> Result<()> {
    if !demo::is_empty(portal.db()).await? {
        println!("the database has cases already: nothing was added");
        return Ok(());
    }
    let options = demo::Options { seed, cases, today: app::clock::day(portal.now()) };
    let report = demo::fill(portal.db(), &portal.directory(), options).await?;
    demo::together::fill(portal).await?;
    demo::letters::fill(portal).await?;
    demo::dialogues::fill(portal).await?;
    demo::questions::fill(portal).await?;
    demo::receptions::fill(portal).await?;
    demo::promises::fill(portal).await?;
    println!("demo: {} cases, {} waiting for an answer, {} public", report.cases, report.open, report.released);
    Ok(())
}

/// Prints whom one can sign in as.
pub fn print_sign_ins() {
    println!("sign-ins of the demo, all with the password \"{}\":", demo::PASSWORD);
    for sign_in in demo::sign_ins() {
        println!("  {:<28} {:<14} {}", sign_in.login, sign_in.role.code(), sign_in.agency);
    }
    println!("a citizen's case code to try: {}", demo::citizen_code().groups().join(" "));
}

/// Makes the first administrator. The password comes from the standard input, so that it stands in no shell's memory.
async fn create_admin(args: &CreateAdminArgs) -> Result<()> {
    let mut password = String::new();
    std::io::stdin().lock().read_line(&mut password).map_err(|error| AppError::config(format!("reading the password: {error}")))?;
    let password = password.trim_end_matches(['\r', '\n']).to_owned();
    let password = password::normal(&password);
    if let Some(objection) = password::objection(&password, &args.login) {
        return Err(AppError::config(format!("the password: {}", Lang::En.t(objection))));
    }
    let portal = open(&args.store).await?;
    let agency = portal.directory().body_by_code(&args.agency).map(|agency| agency.id.clone());
    let agency = agency.ok_or_else(|| AppError::config(format!("no agency has the code {:?}; see agencies.csv", args.agency)))?;
    let hash = password::hash(portal.random(), password).await?;
    let (id, now) = (portal.new_id(), portal.now());
    let mut tx = portal.db().write().await?;
    if !app::accounts::store::insert(&mut tx, &id, &app::text::fold(args.login.trim()), &args.name, &hash, now).await? {
        return Err(AppError::config(format!("the name {:?} is taken", args.login)));
    }
    app::accounts::store::insert_holding(&mut tx, &portal.new_id(), &id, &agency, Role::Administrator, Term::own(app::clock::day(now))).await?;
    tx.commit().await?;
    portal.db().close().await;
    println!("{} may sign in as {}", args.name, args.login);
    Ok(())
}

/// Checks settings, database and mail without serving.
async fn check(args: &ServeArgs) -> Result<()> {
    let problems = args.problems();
    for problem in &problems {
        println!("wrong: {problem}");
    }
    let portal = open(&args.store).await?;
    println!("database: answers, tables up to date, {} agencies", portal.directory().bodies().count());
    mail::Mailer::open(args.smtp.as_deref(), &args.mail_from, &args.store.data.join("mail"))?;
    println!("mail: {}", if args.smtp.is_some() { "to a server" } else { "into a folder" });
    if let Some(scanner) = args.outside().scanner {
        scanner.scan(b"nothing").await.map_err(|error| AppError::config(format!("the virus scanner: {error}")))?;
        println!("virus scanner: answers");
    }
    portal.db().close().await;
    if problems.is_empty() { Ok(()) } else { Err(AppError::config(format!("{} settings are wrong", problems.len()))) }
}

/// Which keys there are, and how many rows each opens. A key that is missing is named.
async fn keys_status(store: &StoreArgs) -> Result<()> {
    let portal = open(store).await?;
    let ring = portal.db().vault().ring();
    let counts = rotation::by_key(portal.db()).await?;
    portal.db().close().await;
    for name in ring.names() {
        let rows = counts.iter().find(|(known, _)| known == name).map_or(0, |(_, rows)| *rows);
        let seals = ring.sealing().is_some_and(|key| key.name == name);
        println!("{name}: opens {rows} sealed rows{}", if seals { ", seals new ones" } else { "" });
    }
    let missing: Vec<_> = counts.iter().filter(|(name, _)| ring.key(name).is_none()).collect();
    for (name, rows) in &missing {
        println!("MISSING {name}: {rows} sealed rows cannot be read until it is back in identity.keys");
    }
    if missing.is_empty() { Ok(()) } else { Err(AppError::config("a key is missing")) }
}

/// Makes a new key unless an earlier call was cut off, and wraps everything anew.
async fn rotate_keys(store: &StoreArgs) -> Result<()> {
    let portal = open(store).await?;
    let (vault, counts) = (portal.db().vault().clone(), rotation::by_key(portal.db()).await?);
    let ring = vault.ring();
    let is_cut_off = counts.iter().any(|(name, _)| ring.key(name).is_some() && ring.sealing().is_some_and(|key| key.name != *name));
    if !is_cut_off {
        store.keeper().put_identities(&ring.with(portal.random().bytes())).await?;
        vault.reload();
    }
    let mut rotated = rotation::rotate(portal.db()).await?;
    // A running portal seals with the old key until it has looked into the file.
    tokio::time::sleep(KEYS_SEEN_AFTER).await;
    let late = rotation::rotate(portal.db()).await?;
    rotated.done += late.done;
    portal.db().close().await;
    println!("{} rows are sealed with the new key", rotated.done);
    if late.unreadable > 0 {
        return Err(AppError::config(format!("{} rows cannot be read: their key is missing", late.unreadable)));
    }
    println!("keep a copy of identity.keys apart from the database; `nghedan keys retire` takes the old key out");
    Ok(())
}

/// Takes out what opens nothing any more.
async fn retire_keys(store: &StoreArgs) -> Result<()> {
    let portal = open(store).await?;
    let (ring, counts) = (portal.db().vault().ring(), rotation::by_key(portal.db()).await?);
    portal.db().close().await;
    let left = ring.only(&|name| counts.iter().any(|(known, _)| known == name));
    store.keeper().put_identities(&left).await?;
    println!("{} keys taken out, {} left", ring.names().count() - left.names().count(), left.names().count());
    Ok(())
}

/// Looks through the record as it lies there. Not as the server opens it: that gives hashes to what has none, and whoever took hashes away
/// would have them made anew by the very look that should find it.
async fn verify_record(args: &VerifyArgs) -> Result<()> {
    let kept = match &args.anchors {
        None => Vec::new(),
        Some(file) => {
            let text = std::fs::read_to_string(file).map_err(|error| AppError::config(format!("{}: {error}", file.display())))?;
            Kept::read(&text).map_err(|line| AppError::config(format!("{}: line {line} is no anchor (YYYY-MM-DD PAGE LINK)", file.display())))?
        }
    };
    if !args.store.has_database() {
        return Err(AppError::config(format!("there is no database at {}", args.store.database_url())));
    }
    let marks_key = args.store.keeper().marks(&Random::system()).await?;
    let key = RecordKey::of(&marks_key);
    let outside = Outside { seen: key::record_mark(&args.store.data)?.seen(), kept };
    let db = Db::open(&args.store.database_url(), key::of_database(Vault::locked(), &marks_key)).await?;
    let mut tx = db.read().await?;
    let report = verify::verify(&mut tx, &key, &outside).await?;
    drop(tx);
    db.close().await;
    println!("read: {} entries of cases, {} deeds, {} pages, {} anchors", report.entries, report.deeds, report.pages, report.anchors);
    println!("held against their marks: {} answers, public texts and letters", report.words);
    if report.loose > 0 {
        println!("on no page yet: {} (a running portal closes a page every few seconds)", report.loose);
    }
    if report.other_key > 0 {
        println!("sealed with a key that is not in this data folder: {} pages; of what is on them nothing can be told", report.other_key);
    }
    for finding in &report.findings {
        println!("WRONG: {finding}");
    }
    let found = report.findings.len() as u64 + report.more;
    if found > 0 {
        return Err(AppError::config(format!("the record is not as it was written: {found} findings")));
    }
    if report.other_key > 0 && !args.other_keys {
        return Err(AppError::config("a part of the record cannot be checked without its key; --other-keys is content with the rest"));
    }
    println!("the record is as it was written");
    Ok(())
}

/// Goes on from a database that was put back from a copy, and writes down that somebody said so.
async fn accept_record(store: &StoreArgs) -> Result<()> {
    let portal = open(store).await?;
    let (seen_page, found_page) = sealing::accept(&portal).await?;
    let keeper = portal.directory().body_for_area(&store.province).map(|body| body.id.clone()).unwrap_or_default();
    let deed = Deed::RecordAccepted { seen_page, found_page };
    app::record::actions::write_alone(&portal, &Actor::System, &keeper, &deed).await?;
    portal.db().close().await;
    let page = |page: Option<i64>| page.map_or("no page".to_owned(), |page| format!("page {page}"));
    println!("had seen {}; the record goes on behind {}", page(seen_page), page(found_page));
    Ok(())
}

/// Counts what is due, by rule and authority; keeps it as a plan if asked to.
async fn plan_retention(args: &RetentionPlanArgs) -> Result<()> {
    let portal = open(&args.store).await?;
    let day = args.on.unwrap_or_else(|| app::clock::day(portal.now()));
    let forecast = plans::forecast(&portal, day).await?;
    println!("due on {day}; nothing was deleted");
    println!("{:<20} {:>9} {:>9}  {:<10}  authority", "rule", "due", "held back", "oldest");
    for count in &forecast.counts {
        let oldest = count.oldest_on.map(|day| day.to_string()).unwrap_or_default();
        let agency = portal.directory().agency_name(&count.body_id).to_owned();
        println!("{:<20} {:>9} {:>9}  {oldest:<10}  {agency}", count.code, count.planned, count.held);
    }
    let held: i64 = forecast.counts.iter().map(|count| count.held).sum();
    println!("together: {} due, {held} held back", forecast.planned());
    if args.keep {
        match plans::make(&portal, &Actor::System).await? {
            Some(id) => println!("kept as plan {id}; somebody lets it out at /can-bo/luu-giu"),
            None => println!("nothing is due: no plan was kept"),
        }
    }
    portal.db().close().await;
    Ok(())
}

/// Works through the plan that was let out. Whoever calls this wants it now: the night the worker waits is not waited for.
async fn run_retention(store: &StoreArgs) -> Result<()> {
    let portal = open(store).await?;
    let mut deleted = 0;
    loop {
        match plans::portion(&portal).await? {
            None => {
                portal.db().close().await;
                return Err(AppError::config("no plan was let out; see `nghedan retention plan --keep` and /can-bo/luu-giu"));
            }
            Some((things, is_done)) => {
                deleted += things;
                if is_done {
                    break;
                }
            }
        }
    }
    portal.db().close().await;
    println!("{deleted} things deleted; photos and papers among them go with the running portal's next jobs");
    Ok(())
}

/// Prints the last day as YYYY-MM-DD, then the reasons.
async fn due(args: &DueArgs) -> Result<()> {
    let (rules, calendar) = if args.store.has_database() {
        let portal = open(&args.store).await?;
        let known = (portal.directory().deadline_rules().to_vec(), portal.directory().calendar().clone());
        portal.db().close().await;
        known
    } else {
        let files = import::Files::built_in();
        (import::deadline_rules(&files.deadline_rules)?, import::calendar(&files.holidays)?)
    };
    let complexity = match args.complex {
        0 => Complexity::Usual,
        1 => Complexity::Complex,
        _ => Complexity::Most,
    };
    let circumstances = Circumstances { is_remote: args.remote, complexity, pauses: args.paused.clone() };
    let lang = Lang::from_code(&args.lang);
    let code = args.rule.trim().to_uppercase();
    let refused = |refusal: Refusal| AppError::config(telling::refusal(lang, &refusal, &code, &telling::codes(&rules).join(", ")));
    let rule = rules::pick(&rules, &code, args.from, &circumstances).map_err(refused)?;
    let computed = rules::compute(rule, args.from, &circumstances, &calendar).map_err(refused)?;
    println!("{}", computed.last_day);
    for line in telling::lines(lang, rule, &computed) {
        println!("{line}");
    }
    Ok(())
}
