//! The databases that are measured: invented cases, written once and kept.

use crate::{Options, broken};
use app::clock::Clock;
use app::db::Db;
use app::demo;
use app::error::Result;
use app::id::Random;
use app::limits::network::Cidr;
use app::papers::files::Files;
use app::portal::{Outside, Parts, Portal, Settings};
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, StatusCode, header};
use server::config::{KeyServiceArgs, StoreArgs};
use server::key::Keeper;
use server::middleware::TrustedProxies;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Instant;
use tokio::net::TcpListener;
use tower::ServiceExt;

/// A data folder as `nghedan --data` takes it.
#[derive(Clone, Debug)]
pub struct Folder {
    /// Where it is.
    pub path: PathBuf,
    /// How many cases were put in.
    pub cases: u64,
}

/// What an in-process request gave.
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as it was sent.
    pub body: axum::body::Bytes,
}

fn settings() -> Settings {
    Settings {
        public_url: "http://127.0.0.1".to_owned(),
        province_code: "19".to_owned(),
        secure_cookies: false,
        is_demo: true,
        identity: app::identity::Providers::default(),
        second_factor: Default::default(),
    }
}

fn store(path: &Path) -> StoreArgs {
    StoreArgs {
        data: path.to_owned(),
        database: None,
        files: None,
        province: "19".to_owned(),
        allow_outgoing: Vec::new(),
        key_service: KeyServiceArgs::default(),
    }
}

/// The folder with so many invented cases; made if there is none. A folder that was not finished is made anew.
pub async fn database(options: &Options, cases: u64) -> Result<Folder> {
    let path = options.data.join(format!("cases-{cases}"));
    let mark = path.join("complete");
    if mark.is_file() {
        return Ok(Folder { path, cases });
    }
    if path.exists() {
        std::fs::remove_dir_all(&path).map_err(broken)?;
    }
    eprintln!("writing {cases} invented cases …");
    let started = Instant::now();
    let portal = server::serve::open(&store(&path), settings(), Clock::system()).await?;
    let today = app::clock::day(portal.now());
    let report = demo::fill(portal.db(), &portal.directory(), demo::Options { seed: 1, cases, today }).await?;
    portal.db().close().await;
    eprintln!("  {} cases, {} open, {} public, in {:.1} s", report.cases, report.open, report.released, started.elapsed().as_secs_f64());
    std::fs::write(mark, "").map_err(broken)?;
    Ok(Folder { path, cases })
}

impl Folder {
    /// The database file.
    pub fn file(&self) -> PathBuf {
        self.path.join("nghedan.db")
    }

    /// A portal on it, as the server would open it; all that is asked of it comes from this machine.
    pub async fn portal(&self) -> Result<Portal> {
        server::serve::open_with(&store(&self.path), settings(), Clock::system(), load_from_here()).await
    }
}

/// A portal on a copy of a database, in a folder of its own.
pub async fn copy(of: &Folder, to: &Path) -> Result<Portal> {
    if to.exists() {
        std::fs::remove_dir_all(to).map_err(broken)?;
    }
    std::fs::create_dir_all(to).map_err(broken)?;
    let file = to.join("nghedan.db");
    std::fs::copy(of.file(), &file).map_err(broken)?;
    // With the keys of the original: without them no code leads to a case.
    let random = Random::system();
    let keeper = Keeper::new(&of.path, None);
    let (vault, marks_key) = (keeper.identities(&random).await?, keeper.marks(&random).await?);
    let db = Db::open(&format!("sqlite:{}", file.display()), server::key::of_database(vault, &marks_key)).await?;
    let parts = Parts {
        db,
        clock: Clock::system(),
        random,
        files: Files::in_memory(),
        settings: settings(),
        assets: server::assets::load(),
        marks_key,
        record_mark: app::record::mark::Mark::default(),
    };
    Portal::open_with(parts, load_from_here()).await
}

/// No limits for the load: it comes from one address.
fn load_from_here() -> Outside {
    Outside { unlimited: this_machine().into(), ..Outside::default() }
}

/// Where all the load comes from: any address of the loopback.
pub fn this_machine() -> [Cidr; 1] {
    [Cidr::new(IpAddr::from([127, 0, 0, 0]), 8)]
}

/// The portal's router.
pub fn router(portal: &Portal) -> Router {
    server::router::build(portal, TrustedProxies::default())
}

/// Serves a router on a free port of the loopback until the program ends.
pub async fn serve(router: Router) -> Result<SocketAddr> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(broken)?;
    let address = listener.local_addr().map_err(broken)?;
    tokio::spawn(async move {
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        if let Err(error) = axum::serve(listener, service).await {
            eprintln!("serving: {error}");
        }
    });
    Ok(address)
}

/// Asks the router without a network between.
pub async fn ask(router: &Router, request: axum::http::request::Builder, body: Body) -> Result<Answer> {
    ask_from(1, router, request, body).await
}

/// The same from one of many addresses of the loopback: what one address may ask, no setting makes more.
pub async fn ask_from(n: u16, router: &Router, request: axum::http::request::Builder, body: Body) -> Result<Answer> {
    let [high, low] = n.to_be_bytes();
    let request = request.header(header::HOST, "127.0.0.1").header("sec-fetch-site", "same-origin");
    let request: Request<Body> = request.extension(ConnectInfo(SocketAddr::from(([127, 0, high, low], 40_000)))).body(body).map_err(broken)?;
    let response = router.clone().oneshot(request).await.map_err(broken)?;
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.map_err(broken)?;
    Ok(Answer { status: parts.status, headers: parts.headers, body })
}
