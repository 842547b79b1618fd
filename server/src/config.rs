//! Settings: flags, each also an environment variable, read into one struct and checked before anything starts.

use crate::key::Keeper;
use crate::key::service::KeyService;
use crate::key::transit::Transit;
use app::accounts::second::rules::Policy;
use app::clock::Clock;
use app::deadlines::rules::{self, Pause};
use app::error::{AppError, Result as AppResult};
use app::identity::{Provider, ProviderSettings, Providers};
use app::limits::network::Cidr;
use app::outgoing::Outgoing;
use app::papers::scanning::{Scanner, Socket, WhenAway};
use app::portal::{Outside, Settings};
use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

/// The command line.
#[derive(Debug, Parser)]
#[command(name = "nghedan", version, about = "Nghe Dân: a public portal for petitions, answers and promises")]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the portal until told to stop.
    Serve(ServeArgs),
    /// Bring the database's tables up to date and stop.
    Migrate(StoreArgs),
    /// Read areas, agencies and days off from the CSV files of a folder (or the ones built in).
    Import(ImportArgs),
    /// Fill an empty database with invented cases.
    Demo(DemoArgs),
    /// Make the first administrator of an agency; the password is read from the standard input.
    CreateAdmin(CreateAdminArgs),
    /// Check the settings and the database without starting.
    Check(ServeArgs),
    /// Compute a legal deadline: the last day, then how it comes about.
    Due(DueArgs),
    /// Look whether the record is as it was written.
    Audit(AuditArgs),
    /// The keys of people's names and addresses.
    Keys(KeysArgs),
    /// What has been kept for as long as it may be: count it, delete it.
    Retention(RetentionArgs),
    /// Draw the pages of the PDF on the standard input: what the portal starts for itself, within limits.
    #[command(hide = true)]
    Rasterise(RasteriseArgs),
}

/// What to draw.
#[derive(Clone, Debug, Args)]
pub struct RasteriseArgs {
    /// One page, counted from zero. Without it, all.
    pub page: Option<u16>,
}

/// Where data are kept.
#[derive(Clone, Debug, Args)]
pub struct StoreArgs {
    /// Folder of everything the portal keeps; made if it is missing.
    #[arg(long, env = "NGHEDAN_DATA", default_value = "nghedan-data")]
    pub data: PathBuf,
    /// Database: `sqlite:PATH` or `postgres://…`, or `@FILE` that holds it. Without it, a SQLite file in the data folder.
    #[arg(long, env = "NGHEDAN_DATABASE", hide_env_values = true, value_parser = or_of_file)]
    pub database: Option<String>,
    /// Photos and papers: `s3://BUCKET/PREFIX` with the usual AWS_… variables. Without it, a folder in the data folder.
    #[arg(long, env = "NGHEDAN_FILES")]
    pub files: Option<String>,
    /// Code of the province the portal serves.
    #[arg(long, env = "NGHEDAN_PROVINCE", default_value = "19")]
    pub province: String,
    /// Private addresses or ranges, apart by commas, that the portal may send requests to (an identity provider or a key service of one's own).
    #[arg(long, env = "NGHEDAN_ALLOW_OUTGOING", value_delimiter = ',')]
    pub allow_outgoing: Vec<Cidr>,
    /// Who holds the keys closed.
    #[command(flatten)]
    pub key_service: KeyServiceArgs,
}

/// A key service. Without one, the data folder holds the keys as they are.
#[derive(Clone, Debug, Default, Args)]
pub struct KeyServiceArgs {
    /// Key service that seals the keys of the data folder: the transit engine of OpenBao or HashiCorp Vault, `https://HOST:8200/v1/transit`.
    #[arg(long = "key-service", env = "NGHEDAN_KEY_SERVICE", requires = "token_file")]
    pub url: Option<String>,
    /// Name of the key there.
    #[arg(long = "key-service-key", env = "NGHEDAN_KEY_SERVICE_KEY", default_value = "nghedan")]
    pub key: String,
    /// File with the token that may encrypt and decrypt with it. Read anew each time.
    #[arg(long = "key-service-token-file", env = "NGHEDAN_KEY_SERVICE_TOKEN_FILE")]
    pub token_file: Option<PathBuf>,
}

/// Whether officials must have a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SecondFactor {
    /// All must, after two weeks.
    Required,
    /// Whoever wants one may have one.
    Offered,
}

/// How to serve.
#[derive(Clone, Debug, Args)]
pub struct ServeArgs {
    /// Where data are kept.
    #[command(flatten)]
    pub store: StoreArgs,
    /// Address and port to listen on; port 0 takes a free one.
    #[arg(long, env = "NGHEDAN_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Fill an empty database with invented cases first, and say on every page that they are invented.
    #[arg(long, env = "NGHEDAN_DEMO")]
    pub demo: bool,
    /// How many invented cases `--demo` makes.
    #[arg(long, env = "NGHEDAN_DEMO_CASES", default_value_t = 2_000)]
    pub demo_cases: u64,
    /// With `--demo` only: how many days the portal's clock is ahead of the machine's, to see what comes after days of waiting.
    #[arg(long, env = "NGHEDAN_DEMO_DAYS_AHEAD", default_value_t = 0)]
    pub demo_days_ahead: u16,
    /// Address people reach the portal under, for links in mails and QR codes. Without it, the address listened on.
    #[arg(long, env = "NGHEDAN_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// Whether officials must have a second factor beside the password. Without it: `offered` with `--demo`, else `required`.
    #[arg(long, env = "NGHEDAN_SECOND_FACTOR")]
    pub second_factor: Option<SecondFactor>,
    /// Mail server: `smtp://…` or `smtps://USER:PASSWORD@HOST`, or `@FILE` that holds it. Without it, mails are written into a folder of the data folder.
    #[arg(long, env = "NGHEDAN_SMTP", hide_env_values = true, value_parser = or_of_file)]
    pub smtp: Option<String>,
    /// Sender of mails.
    #[arg(long, env = "NGHEDAN_MAIL_FROM", default_value = "Nghe Dân <khong-tra-loi@nghedan.example>")]
    pub mail_from: String,
    /// Proxies whose `X-Forwarded-For` is believed, as addresses or ranges, apart by commas.
    #[arg(long, env = "NGHEDAN_TRUSTED_PROXIES", value_delimiter = ',')]
    pub trusted_proxies: Vec<Cidr>,
    /// Addresses or ranges, apart by commas, that may ask as much as they like: a load test, a monitor. Guesses at codes and passwords are counted all the same.
    #[arg(long, env = "NGHEDAN_UNLIMITED_FROM", value_delimiter = ',')]
    pub unlimited_from: Vec<Cidr>,
    /// Virus scanner: `unix:/run/clamav/clamd.ctl` or `tcp:HOST:PORT`. Without it, files are not scanned.
    #[arg(long, env = "NGHEDAN_CLAMD")]
    pub clamd: Option<Socket>,
    /// What becomes of files while the scanner is away: `keep` (handed to nobody but the sender until scanned) or `refuse`.
    #[arg(long, env = "NGHEDAN_CLAMD_AWAY", default_value = "keep")]
    pub clamd_away: WhenAway,
    /// Who else may say who somebody is.
    #[command(flatten)]
    pub identity: IdentityArgs,
    /// What to log, in the form of `tracing`'s filters.
    #[arg(long, env = "NGHEDAN_LOG", default_value = "info,sqlx=warn")]
    pub log: String,
    /// Log as JSON lines; so it is anyway where nobody looks at a terminal.
    #[arg(long, env = "NGHEDAN_LOG_JSON")]
    pub log_json: bool,
}

/// Providers of OpenID Connect. None of them is needed: officials sign in locally, citizens need nothing.
#[derive(Clone, Debug, Default, Args)]
pub struct IdentityArgs {
    /// Staff directory through which officials may sign in: its OpenID Connect issuer, `https://…`. Register there to come back to
    /// PUBLIC_URL/dang-nhap/danh-ba/ve.
    #[arg(long, env = "NGHEDAN_STAFF_OIDC", requires = "staff_oidc_client")]
    pub staff_oidc: Option<String>,
    /// The portal's client id at the staff directory.
    #[arg(long, env = "NGHEDAN_STAFF_OIDC_CLIENT")]
    pub staff_oidc_client: Option<String>,
    /// File with the portal's secret at the staff directory. Without it, a client without a secret.
    #[arg(long, env = "NGHEDAN_STAFF_OIDC_SECRET_FILE")]
    pub staff_oidc_secret_file: Option<PathBuf>,
    /// National identity that proves citizens' names and ID numbers: its OpenID Connect issuer. Register there to come back to
    /// PUBLIC_URL/toi/dinh-danh/ve.
    #[arg(long, env = "NGHEDAN_CITIZEN_OIDC", requires = "citizen_oidc_client")]
    pub citizen_oidc: Option<String>,
    /// The portal's client id there.
    #[arg(long, env = "NGHEDAN_CITIZEN_OIDC_CLIENT")]
    pub citizen_oidc_client: Option<String>,
    /// File with the portal's secret there. Without it, a client without a secret.
    #[arg(long, env = "NGHEDAN_CITIZEN_OIDC_SECRET_FILE")]
    pub citizen_oidc_secret_file: Option<PathBuf>,
    /// The claim that holds a citizen's ID number.
    #[arg(long, env = "NGHEDAN_CITIZEN_OIDC_ID_CLAIM", default_value = "id_number")]
    pub citizen_oidc_id_claim: String,
    /// Levels of assurance (`acr`) of which one is needed, apart by commas. Without it any will do; the one told is kept.
    #[arg(long, env = "NGHEDAN_CITIZEN_OIDC_LEVELS", value_delimiter = ',')]
    pub citizen_oidc_levels: Vec<String>,
    /// What to ask the national identity for besides `openid`, apart by commas.
    #[arg(long, env = "NGHEDAN_CITIZEN_OIDC_SCOPES", value_delimiter = ',', default_value = "profile")]
    pub citizen_oidc_scopes: Vec<String>,
}

impl IdentityArgs {
    /// The providers of these settings. Nothing is asked of them yet.
    ///
    /// # Errors
    /// [`AppError::Config`]: an address that is none or not encrypted, a secret that cannot be read.
    pub fn providers(&self, outgoing: &Outgoing) -> AppResult<Providers> {
        let staff = match &self.staff_oidc {
            None => None,
            Some(issuer) => Some(provider(
                "--staff-oidc",
                ProviderSettings {
                    issuer: issuer.clone(),
                    client_id: self.staff_oidc_client.clone().unwrap_or_default(),
                    client_secret: secret(self.staff_oidc_secret_file.as_ref())?,
                    scopes: vec!["profile".to_owned(), "email".to_owned()],
                    ..ProviderSettings::default()
                },
                outgoing,
            )?),
        };
        let citizens = match &self.citizen_oidc {
            None => None,
            Some(issuer) => Some(provider(
                "--citizen-oidc",
                ProviderSettings {
                    issuer: issuer.clone(),
                    client_id: self.citizen_oidc_client.clone().unwrap_or_default(),
                    client_secret: secret(self.citizen_oidc_secret_file.as_ref())?,
                    scopes: self.citizen_oidc_scopes.clone(),
                    id_claim: self.citizen_oidc_id_claim.clone(),
                    levels: self.citizen_oidc_levels.clone(),
                    asks_anew: true,
                },
                outgoing,
            )?),
        };
        Ok(Providers { staff, citizens })
    }
}

fn provider(flag: &str, settings: ProviderSettings, outgoing: &Outgoing) -> AppResult<Provider> {
    Provider::new(settings, outgoing.clone()).map_err(|error| AppError::config(format!("{flag}: {error}")))
}

fn secret(file: Option<&PathBuf>) -> AppResult<Option<String>> {
    let Some(file) = file else { return Ok(None) };
    let text = std::fs::read_to_string(file).map_err(|error| AppError::config(format!("the secret {}: {error}", file.display())))?;
    match text.trim() {
        "" => Err(AppError::config(format!("the secret {} is empty", file.display()))),
        secret => Ok(Some(secret.to_owned())),
    }
}

/// What to import.
#[derive(Clone, Debug, Args)]
pub struct ImportArgs {
    /// Where data are kept.
    #[command(flatten)]
    pub store: StoreArgs,
    /// Folder with areas.csv, area_succession.csv, agencies.csv, agency_succession.csv, holidays.csv, deadline_rules.csv. Without it, the ones built in.
    pub folder: Option<PathBuf>,
}

/// What to invent.
#[derive(Clone, Debug, Args)]
pub struct DemoArgs {
    /// Where data are kept.
    #[command(flatten)]
    pub store: StoreArgs,
    /// The same seed makes the same data.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// How many cases.
    #[arg(long, default_value_t = 2_000)]
    pub cases: u64,
}

/// Whom to make administrator.
#[derive(Clone, Debug, Args)]
pub struct CreateAdminArgs {
    /// Where data are kept.
    #[command(flatten)]
    pub store: StoreArgs,
    /// Name to sign in with.
    #[arg(long)]
    pub login: String,
    /// Name colleagues see.
    #[arg(long)]
    pub name: String,
    /// Code of the agency, as in agencies.csv.
    #[arg(long)]
    pub agency: String,
}

/// What to do with the keys.
#[derive(Clone, Debug, Args)]
pub struct KeysArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: KeysCommand,
}

/// The commands of the keys.
#[derive(Clone, Debug, Subcommand)]
pub enum KeysCommand {
    /// Say which keys there are and how much each of them opens.
    Status(StoreArgs),
    /// Make a new key and seal everything with it, while the portal runs. Cut off in the middle, the next call goes on.
    Rotate(StoreArgs),
    /// Take the keys out of the file that open nothing any more.
    Retire(StoreArgs),
    /// Have the key service seal the files of keys: afterwards they open nothing without it.
    Seal(StoreArgs),
    /// Write the files as the keys are, for a portal without a key service.
    Unseal(StoreArgs),
}

/// What to do about what has been kept long enough.
#[derive(Clone, Debug, Args)]
pub struct RetentionArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: RetentionCommand,
}

/// The commands of retention.
#[derive(Clone, Debug, Subcommand)]
pub enum RetentionCommand {
    /// Count what is due for deletion by rule and authority, and what is held back. Deletes nothing.
    Plan(RetentionPlanArgs),
    /// Delete what the plan that was let out has counted, in portions, beside a running portal. Cut off in the middle, the next call goes on.
    Run(StoreArgs),
}

/// What `retention plan` needs.
#[derive(Clone, Debug, Args)]
pub struct RetentionPlanArgs {
    /// Where data are kept.
    #[command(flatten)]
    pub store: StoreArgs,
    /// Count what will be due on this day, as YYYY-MM-DD, instead of today.
    #[arg(long)]
    pub on: Option<NaiveDate>,
    /// Keep the plan, so that an administrator or the head of the province's authority may let it out at /can-bo/luu-giu.
    #[arg(long, conflicts_with = "on")]
    pub keep: bool,
}

/// What to do with the record.
#[derive(Clone, Debug, Args)]
pub struct AuditArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: AuditCommand,
}

/// The commands of the record.
#[derive(Clone, Debug, Subcommand)]
pub enum AuditCommand {
    /// Read every entry, page and anchor, and name each that was changed, taken out or put elsewhere. Ends with 1 if there is one.
    Verify(VerifyArgs),
    /// After the database was put back from a copy: take what it has for the record from here on, and write that down.
    Accept(StoreArgs),
}

/// What to verify.
#[derive(Clone, Debug, Args)]
pub struct VerifyArgs {
    /// A copy of `/dau-so.txt` that was kept elsewhere: each of its days must still be so.
    #[arg(long)]
    pub anchors: Option<PathBuf>,
    /// Be content with pages that were sealed with a key that is no longer there: nothing can be told of them.
    #[arg(long)]
    pub other_keys: bool,
    /// Where data are kept.
    #[command(flatten)]
    pub store: StoreArgs,
}

/// Which deadline.
#[derive(Clone, Debug, Args)]
pub struct DueArgs {
    /// Code of the rule: R1, K2, T5, D1 …
    pub rule: String,
    /// Day of the event, as YYYY-MM-DD; for rules that count backwards the day of the session.
    #[arg(long)]
    pub from: NaiveDate,
    /// The place is far and hard to reach.
    #[arg(long)]
    pub remote: bool,
    /// The matter is complex; given twice, especially complex.
    #[arg(long, action = clap::ArgAction::Count)]
    pub complex: u8,
    /// Days on which the matter was suspended, both among them, as YYYY-MM-DD..YYYY-MM-DD. May be given several times.
    #[arg(long, value_name = "FROM..TO", value_parser = pause)]
    pub paused: Vec<Pause>,
    /// Language of the reasons: vi or en.
    #[arg(long, default_value = "vi")]
    pub lang: String,
    /// Where data are kept. Without a database there, the rules and days off that are built in are used.
    #[command(flatten)]
    pub store: StoreArgs,
}

/// What stands in the file after an `@`, so that a password needs to be in no environment; else the text itself.
fn or_of_file(text: &str) -> Result<String, String> {
    let Some(file) = text.strip_prefix('@') else { return Ok(text.to_owned()) };
    let held = std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
    if held.trim().is_empty() { Err(format!("{file} is empty")) } else { Ok(held.trim().to_owned()) }
}

fn pause(text: &str) -> Result<Pause, String> {
    rules::pause(text).ok_or_else(|| "write two days as YYYY-MM-DD..YYYY-MM-DD".to_owned())
}

impl StoreArgs {
    /// The keeper of the data folder's keys. Nothing is asked of a key service yet.
    pub fn keeper(&self) -> Keeper {
        let KeyServiceArgs { url, key, token_file } = self.key_service.clone();
        let service = url.zip(token_file).map(|(url, token_file)| Arc::new(Transit { url, key, token_file, allowed: self.allow_outgoing.clone() }));
        Keeper::new(&self.data, service.map(|service| service as Arc<dyn KeyService>))
    }

    /// Whether there is a database already. Of one on a server nothing is known until it is asked.
    pub fn has_database(&self) -> bool {
        self.database.is_some() || self.data.join("nghedan.db").is_file()
    }

    /// The database's address.
    pub fn database_url(&self) -> String {
        self.database.clone().unwrap_or_else(|| format!("sqlite:{}", self.data.join("nghedan.db").display()))
    }
}

/// Whether an address `scheme://[user[:password]@]host[:port]/…` leads to this machine: its loopback, or a socket (a host that is a path, or none).
fn is_this_machine(url: &str) -> bool {
    let Some((_, rest)) = url.split_once("://") else { return false };
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = host.strip_prefix('[').and_then(|host| host.split(']').next()).unwrap_or_else(|| host.split(':').next().unwrap_or_default());
    let is_socket = host.is_empty() || host.to_ascii_lowercase().starts_with("%2f");
    // A host among the parameters is taken before the one in front.
    let other = rest.split(['?', '&']).find_map(|pair| pair.strip_prefix("host="));
    match other {
        Some(host) => host.starts_with('/') || host.to_ascii_lowercase().starts_with("%2f"),
        None => is_socket || host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback()),
    }
}

impl ServeArgs {
    /// The settings pages need, once the address listened on is known.
    pub fn settings(&self, listening_on: SocketAddr) -> Settings {
        let public_url = self.public_url.clone().unwrap_or_else(|| format!("http://{listening_on}"));
        Settings {
            secure_cookies: public_url.starts_with("https://"),
            public_url: public_url.trim_end_matches('/').to_owned(),
            province_code: self.store.province.clone(),
            is_demo: self.demo,
            identity: Providers::default(),
            second_factor: self.policy(),
        }
    }

    /// What lies outside the portal.
    pub fn outside(&self) -> Outside {
        Outside {
            unlimited: self.unlimited_from.clone().into(),
            scanner: self.clamd.clone().map(|socket| Scanner { socket, when_away: self.clamd_away }),
            outgoing: Outgoing::new(self.store.allow_outgoing.clone()),
        }
    }

    /// A demo is there to be looked at: everybody gets in with the password it prints.
    fn policy(&self) -> Policy {
        match self.second_factor {
            Some(SecondFactor::Required) => Policy::Required,
            Some(SecondFactor::Offered) => Policy::Offered,
            None if self.demo => Policy::Offered,
            None => Policy::Required,
        }
    }

    /// The clock the portal runs by.
    pub fn clock(&self) -> Clock {
        if self.demo_days_ahead == 0 { Clock::system() } else { Clock::ahead(self.demo_days_ahead) }
    }

    /// What is wrong with the settings, in words for the operator.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        if self.demo_days_ahead > 0 && !self.demo {
            problems.push("--demo-days-ahead goes with --demo only: real deadlines run by the real day".to_owned());
        }
        if let Some(url) = &self.public_url
            && !(url.starts_with("https://") || url.starts_with("http://"))
        {
            problems.push(format!("--public-url must begin with https:// or http://, not {url:?}"));
        }
        if self.public_url.as_ref().is_some_and(|url| url.starts_with("http://") && !self.demo && !is_this_machine(url)) {
            problems.push("--public-url must begin with https://: over http anybody on the way reads codes and petitions (a --demo may)".to_owned());
        }
        let has_proxy = !self.trusted_proxies.is_empty() && self.public_url.as_ref().is_some_and(|url| url.starts_with("https://"));
        if !(self.listen.ip().is_loopback() || self.demo || has_proxy) {
            problems.push(
                "--listen: an address others reach needs a proxy with TLS in front of it, named by --trusted-proxies, and its https:// address as --public-url"
                    .to_owned(),
            );
        }
        if let Some(Socket::Tcp(place)) = &self.clamd
            && !is_this_machine(&format!("tcp://{place}"))
        {
            problems
                .push("--clamd: a scanner elsewhere gets files in the clear; run it on this machine, or reach it through a tunnel that ends here".to_owned());
        }
        if let Some(url) = &self.store.database
            && url.starts_with("postgres")
            && !(is_this_machine(url) || url.contains("sslmode=verify-full"))
        {
            problems.push("--database: a server elsewhere needs ?sslmode=verify-full, or anybody on the way reads along".to_owned());
        }
        if self.smtp.as_ref().is_some_and(|url| url.starts_with("smtp://") && !url.contains("tls=required") && !is_this_machine(url)) {
            problems.push("--smtp: a server elsewhere needs smtps:// or smtp://…?tls=required, or anybody on the way reads along".to_owned());
        }
        if let Some(smtp) = &self.smtp
            && !(smtp.starts_with("smtp://") || smtp.starts_with("smtps://"))
        {
            problems.push("--smtp must begin with smtp:// or smtps://".to_owned());
        }
        if let Err(error) = self.identity.providers(&self.outside().outgoing) {
            problems.push(error.to_string());
        }
        if self.mail_from.parse::<lettre::message::Mailbox>().is_err() {
            problems.push(format!("--mail-from is no mail address: {:?}", self.mail_from));
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn serve(arguments: &[&str]) -> ServeArgs {
        match Cli::try_parse_from(["nghedan", "serve"].iter().chain(arguments)).map(|cli| cli.command) {
            Ok(Command::Serve(args)) => args,
            other => panic!("not understood: {other:?}"),
        }
    }

    fn problems_of(arguments: &[&str]) -> Vec<String> {
        serve(arguments).problems()
    }

    #[test]
    fn a_second_factor_is_asked_for_in_earnest_and_offered_in_a_demo() {
        assert_eq!(serve(&[]).policy(), Policy::Required);
        assert_eq!(serve(&["--demo"]).policy(), Policy::Offered);
        assert_eq!(serve(&["--demo", "--second-factor", "required"]).policy(), Policy::Required);
        assert_eq!(serve(&["--second-factor", "offered"]).policy(), Policy::Offered);
    }

    #[test]
    fn nothing_goes_over_the_net_in_the_clear() {
        let clear = [
            ["--public-url", "http://nghedan.example"],
            ["--database", "postgres://portal@db.example/nghedan"],
            ["--database", "postgres://portal@localhost/nghedan?host=db.example"],
            ["--database", "postgres://portal@db.example/nghedan?sslmode=require"],
            ["--smtp", "smtp://mail.example:587"],
            ["--clamd", "tcp:10.0.0.5:3310"],
            ["--clamd", "tcp:scanner.example:3310"],
            ["--listen", "0.0.0.0:8080"],
            ["--listen", "[::]:8080"],
        ];
        for arguments in clear {
            let problems = problems_of(&arguments);
            assert!(problems.len() == 1 && problems[0].starts_with(arguments[0]), "{arguments:?}: {problems:?}");
        }
        let safe = [
            ["--public-url", "https://nghedan.example"],
            ["--public-url", "http://127.0.0.1:8080"],
            ["--database", "postgres://portal:x@db.example/nghedan?sslmode=verify-full"],
            ["--database", "postgres://portal@localhost/nghedan"],
            ["--database", "postgresql://portal@[::1]:5432/nghedan"],
            ["--database", "postgres:///nghedan?host=/run/postgresql"],
            ["--database", "postgres://portal@%2Frun%2Fpostgresql/nghedan"],
            ["--smtp", "smtps://user:p@ss@mail.example"],
            ["--smtp", "smtp://mail.example?tls=required"],
            ["--smtp", "smtp://localhost:25"],
            ["--clamd", "tcp:[::1]:3310"],
            ["--clamd", "tcp:localhost:3310"],
            ["--clamd", "unix:/run/clamav/clamd.ctl"],
            ["--listen", "[::1]:8080"],
        ];
        for arguments in safe {
            assert_eq!(problems_of(&arguments), Vec::<String>::new(), "{arguments:?}");
        }
        assert_eq!(problems_of(&["--demo", "--public-url", "http://demo.example"]), Vec::<String>::new());
        assert_eq!(problems_of(&["--demo", "--listen", "0.0.0.0:8080"]), Vec::<String>::new());
        let behind = ["--listen", "10.0.0.4:8080", "--public-url", "https://nghedan.example", "--trusted-proxies", "10.0.0.3"];
        assert_eq!(problems_of(&behind), Vec::<String>::new());
        assert_eq!(problems_of(&behind[..4]).len(), 1, "a proxy nobody named");
    }

    #[test]
    fn a_provider_is_encrypted_and_has_a_client_and_a_readable_secret() {
        let staff = ["--staff-oidc", "https://danh-ba.example", "--staff-oidc-client", "nghedan"];
        assert_eq!(problems_of(&staff), Vec::<String>::new());
        assert!(Cli::try_parse_from([&["nghedan", "serve"], &staff[..2]].concat()).is_err(), "without a client");
        let plain = problems_of(&["--citizen-oidc", "http://dinh-danh.example", "--citizen-oidc-client", "nghedan"]);
        assert!(plain.len() == 1 && plain[0].contains("--citizen-oidc"), "{plain:?}");
        let missing = problems_of(&[&staff[..], &["--staff-oidc-secret-file", "/there/is/none"]].concat());
        assert!(missing.len() == 1 && missing[0].contains("/there/is/none"), "{missing:?}");
    }

    #[test]
    fn ranges_and_sockets_are_read_and_mistakes_are_named() {
        let args =
            match Cli::try_parse_from(["nghedan", "serve", "--unlimited-from", "127.0.0.1,10.0.0.0/8", "--clamd", "tcp:[::1]:3310"]).map(|cli| cli.command) {
                Ok(Command::Serve(args)) => args,
                other => panic!("not understood: {other:?}"),
            };
        assert_eq!(args.outside().unlimited.len(), 2);
        assert_eq!(args.outside().scanner.map(|scanner| scanner.when_away), Some(WhenAway::Keep));
        for wrong in [["--trusted-proxies", "proxy.example"], ["--unlimited-from", "10.1.2.3/8"], ["--clamd", "/run/clamd.ctl"], ["--clamd-away", "maybe"]] {
            assert!(Cli::try_parse_from(["nghedan", "serve"].iter().chain(&wrong)).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_password_may_stand_in_a_file_instead() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("smtp");
        std::fs::write(&file, "smtps://user:secret@mail.example\n").expect("written");
        let given = format!("@{}", file.display());
        assert_eq!(serve(&["--smtp", &given]).smtp.as_deref(), Some("smtps://user:secret@mail.example"));
        std::fs::write(&file, "\n").expect("written");
        assert!(Cli::try_parse_from(["nghedan", "serve", "--smtp", &given]).is_err(), "an empty file is no address");
        assert!(Cli::try_parse_from(["nghedan", "serve", "--database", "@/there/is/none"]).is_err());
    }

    #[test]
    fn a_key_service_needs_its_token() {
        let named = ["--key-service", "https://bao.example:8200/v1/transit"];
        assert!(Cli::try_parse_from(["nghedan", "serve"].iter().chain(&named)).is_err());
        assert_eq!(problems_of(&[&named[..], &["--key-service-token-file", "token"]].concat()), Vec::<String>::new());
    }

    #[test]
    fn only_a_demo_is_ahead_of_its_time() {
        assert_eq!(problems_of(&["--demo", "--demo-days-ahead", "5"]), Vec::<String>::new());
        let problems = problems_of(&["--demo-days-ahead", "5"]);
        assert!(problems.len() == 1 && problems[0].contains("--demo-days-ahead"), "{problems:?}");
    }
}
