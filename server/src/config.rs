//! Settings: flags, each also an environment variable, read into one struct and checked before anything starts.

use app::clock::Clock;
use app::deadlines::rules::Pause;
use app::portal::Settings;
use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand};
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

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
}

/// Where data are kept.
#[derive(Clone, Debug, Args)]
pub struct StoreArgs {
    /// Folder of everything the portal keeps; made if it is missing.
    #[arg(long, env = "NGHEDAN_DATA", default_value = "nghedan-data")]
    pub data: PathBuf,
    /// Database: `sqlite:PATH` or `postgres://…`. Without it, a SQLite file in the data folder.
    #[arg(long, env = "NGHEDAN_DATABASE", hide_env_values = true)]
    pub database: Option<String>,
    /// Photos and papers: `s3://BUCKET/PREFIX` with the usual AWS_… variables. Without it, a folder in the data folder.
    #[arg(long, env = "NGHEDAN_FILES")]
    pub files: Option<String>,
    /// Code of the province the portal serves.
    #[arg(long, env = "NGHEDAN_PROVINCE", default_value = "19")]
    pub province: String,
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
    /// Mail server: `smtp://…` or `smtps://USER:PASSWORD@HOST`. Without it, mails are written into a folder of the data folder.
    #[arg(long, env = "NGHEDAN_SMTP", hide_env_values = true)]
    pub smtp: Option<String>,
    /// Sender of mails.
    #[arg(long, env = "NGHEDAN_MAIL_FROM", default_value = "Nghe Dân <khong-tra-loi@nghedan.example>")]
    pub mail_from: String,
    /// Proxies whose `X-Forwarded-For` is believed, apart by commas.
    #[arg(long, env = "NGHEDAN_TRUSTED_PROXIES", value_delimiter = ',')]
    pub trusted_proxies: Vec<IpAddr>,
    /// What to log, in the form of `tracing`'s filters.
    #[arg(long, env = "NGHEDAN_LOG", default_value = "info,sqlx=warn")]
    pub log: String,
    /// Log as JSON lines.
    #[arg(long, env = "NGHEDAN_LOG_JSON")]
    pub log_json: bool,
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
}

/// What to verify.
#[derive(Clone, Debug, Args)]
pub struct VerifyArgs {
    /// A copy of `/dau-so.txt` that was kept elsewhere: each of its days must still be so.
    #[arg(long)]
    pub anchors: Option<PathBuf>,
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

fn pause(text: &str) -> Result<Pause, String> {
    let days = text.split_once("..").and_then(|(from, to)| Some((from.trim().parse().ok()?, to.trim().parse().ok()?)));
    days.ok_or_else(|| "write two days as YYYY-MM-DD..YYYY-MM-DD".to_owned())
}

impl StoreArgs {
    /// Whether there is a database already. Of one on a server nothing is known until it is asked.
    pub fn has_database(&self) -> bool {
        self.database.is_some() || self.data.join("nghedan.db").is_file()
    }

    /// The database's address.
    pub fn database_url(&self) -> String {
        self.database.clone().unwrap_or_else(|| format!("sqlite:{}", self.data.join("nghedan.db").display()))
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
        if let Some(smtp) = &self.smtp
            && !(smtp.starts_with("smtp://") || smtp.starts_with("smtps://"))
        {
            problems.push("--smtp must begin with smtp:// or smtps://".to_owned());
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

    fn problems_of(arguments: &[&str]) -> Vec<String> {
        match Cli::try_parse_from(["nghedan", "serve"].iter().chain(arguments)).map(|cli| cli.command) {
            Ok(Command::Serve(args)) => args.problems(),
            other => panic!("not understood: {other:?}"),
        }
    }

    #[test]
    fn only_a_demo_is_ahead_of_its_time() {
        assert_eq!(problems_of(&["--demo", "--demo-days-ahead", "5"]), Vec::<String>::new());
        let problems = problems_of(&["--demo-days-ahead", "5"]);
        assert!(problems.len() == 1 && problems[0].contains("--demo-days-ahead"), "{problems:?}");
    }
}
