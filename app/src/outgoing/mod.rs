//! The one client for whatever the portal asks of other servers: identity providers, key services, webhooks.
//!
//! Whoever may name a server (an administrator, a document that names the next address, a redirect) must not reach what only this machine
//! can: the database, the cloud's metadata, a router's page. So the client resolves names itself, connects to public addresses only and to
//! exactly those it has looked at (a second answer of the name server changes nothing), and looks again at each redirect. Private servers
//! that the operator runs are named with `--allow-outgoing CIDR`; only they may be asked without TLS.
//!
//! ```ignore
//! let request = http::Request::get("https://id.example/.well-known/openid-configuration").body(Vec::new())?;
//! let answer = portal.outgoing().send(request).await?;   // http::Response<Vec<u8>>
//! ```
//!
//! Not behind it, on purpose: the mail server and the S3 store. Only the operator names them, usually in a private network, and what they
//! answer is shown to nobody; S3's own client asks the cloud's metadata address for credentials. A proxy of the environment (`HTTPS_PROXY`)
//! is not used: it would resolve names for us.

mod addresses;

pub use addresses::is_public;

use crate::limits::network::Cidr;
use axum::http::{HeaderName, Method, Request, Response, StatusCode, header};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use std::error::Error;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::OnceCell;

/// A server must take the connection within this time.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// A request with its redirects and its whole answer must be over within this time.
const TOTAL_TIMEOUT: Duration = Duration::from_secs(20);
/// Redirects followed.
const REDIRECTS_MAX: usize = 3;
/// Bytes of an answer; a server that sends more is cut off.
pub const ANSWER_BYTES_MAX: usize = 1024 * 1024;
/// What goes along to another server when a redirect leads there: nothing that proves who we are.
const CARRIED: [HeaderName; 3] = [header::ACCEPT, header::ACCEPT_LANGUAGE, header::USER_AGENT];

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OutgoingError {
    /// The address is none, has another scheme than https, or names a user.
    #[error("no address to be asked: {0}")]
    Url(String),
    /// The server has no public address, and the operator did not allow it.
    #[error("{0} has no public address; an operator can allow it with --allow-outgoing")]
    Private(String),
    /// Without TLS only servers are asked that the operator allowed.
    #[error("{0} can only be asked with https")]
    NotEncrypted(String),
    /// Redirects without an end.
    #[error("too many redirects")]
    Redirects,
    /// More bytes than [`ANSWER_BYTES_MAX`].
    #[error("the answer is too large")]
    TooLarge,
    /// No answer within the time.
    #[error("no answer in time")]
    Timeout,
    /// The name is unknown, nobody listens, the connection broke, a certificate is wrong.
    #[error("{0}")]
    Failed(String),
}

type Looked = std::io::Result<Vec<IpAddr>>;
type Looking = Pin<Box<dyn Future<Output = Looked> + Send>>;
/// Asks a name server; another one in tests.
type Lookup = Arc<dyn Fn(String) -> Looking + Send + Sync>;

/// The client. Cheap to clone; made when it is first needed.
#[derive(Clone)]
pub struct Outgoing(Arc<Inner>);

struct Inner {
    allowed: Arc<[Cidr]>,
    lookup: Lookup,
    /// Goes to public and to allowed addresses.
    encrypted: OnceCell<Client>,
    /// Goes to allowed addresses only.
    plain: OnceCell<Client>,
}

impl std::fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outgoing").field("allowed", &self.0.allowed).finish_non_exhaustive()
    }
}

impl Default for Outgoing {
    fn default() -> Self {
        Self::new(Vec::new())
    }
}

impl Outgoing {
    /// A client that reaches public addresses and these.
    pub fn new(allowed: Vec<Cidr>) -> Self {
        Self::with_lookup(allowed, Arc::new(|name| Box::pin(async move { Ok(tokio::net::lookup_host((name, 0)).await?.map(|found| found.ip()).collect()) })))
    }

    fn with_lookup(allowed: Vec<Cidr>, lookup: Lookup) -> Self {
        Self(Arc::new(Inner { allowed: allowed.into(), lookup, encrypted: OnceCell::new(), plain: OnceCell::new() }))
    }

    /// Asks a server and reads its whole answer. Redirects of a GET are followed, those of anything else are the answer.
    ///
    /// # Errors
    /// [`OutgoingError`]; the answer of a server that says no (4xx, 5xx) is an answer.
    pub async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, OutgoingError> {
        tokio::time::timeout(TOTAL_TIMEOUT, self.follow(request)).await.map_err(|_| OutgoingError::Timeout)?
    }

    async fn follow(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, OutgoingError> {
        let (mut parts, body) = request.into_parts();
        let mut url = read(&parts.uri.to_string())?;
        for _ in 0..=REDIRECTS_MAX {
            let client = self.client(&url).await?;
            let sent = client.request(parts.method.clone(), url.clone()).headers(parts.headers.clone()).body(body.clone()).send().await;
            let answer = sent.map_err(|error| failed(&error, &url))?;
            let next = answer.headers().get(header::LOCATION).and_then(|to| to.to_str().ok());
            let (Some(next), true, true) = (next, is_redirect(answer.status()), parts.method == Method::GET) else { return whole(answer, &url).await };
            let next = url.join(next).map_err(|_| OutgoingError::Url("a redirect leads nowhere".to_owned()))?;
            let next = read(next.as_str())?;
            if next.origin() != url.origin() {
                let carried = CARRIED.into_iter().filter_map(|name| Some((name.clone(), parts.headers.get(&name)?.clone()))).collect();
                parts.headers = carried;
            }
            url = next;
        }
        Err(OutgoingError::Redirects)
    }

    /// The client for an address. An address written as numbers is looked at here: nobody resolves it.
    async fn client(&self, url: &Url) -> Result<&Client, OutgoingError> {
        let is_encrypted = url.scheme() == "https";
        let host = url.host_str().unwrap_or_default();
        if let Ok(address) = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>() {
            let is_allowed = is_among(&self.0.allowed, address);
            if !is_allowed && !is_public(address) {
                return Err(OutgoingError::Private(host.to_owned()));
            }
            if !is_allowed && !is_encrypted {
                return Err(OutgoingError::NotEncrypted(host.to_owned()));
            }
        }
        let cell = if is_encrypted { &self.0.encrypted } else { &self.0.plain };
        cell.get_or_try_init(|| async { self.build(is_encrypted) }).await
    }

    fn build(&self, is_encrypted: bool) -> Result<Client, OutgoingError> {
        // The client takes the process's cryptography and panics where there is none. The error says: there is one already.
        rustls::crypto::ring::default_provider().install_default().ok();
        let guard = Guard { allowed: self.0.allowed.clone(), takes_public: is_encrypted, lookup: self.0.lookup.clone() };
        let client = Client::builder().no_proxy().redirect(Policy::none()).connect_timeout(CONNECT_TIMEOUT).dns_resolver(Arc::new(guard));
        client.build().map_err(|error| OutgoingError::Failed(error.to_string()))
    }
}

fn is_among(ranges: &[Cidr], address: IpAddr) -> bool {
    ranges.iter().any(|range| range.contains(address))
}

fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// An address that can be asked. Its error names no path: that may hold a secret.
fn read(text: &str) -> Result<Url, OutgoingError> {
    let url: Url = text.parse().map_err(|_| OutgoingError::Url("not an address".to_owned()))?;
    let wrong = |why: &str| Err(OutgoingError::Url(why.to_owned()));
    match url.scheme() {
        "https" | "http" if url.host_str().is_none_or(str::is_empty) => wrong("no server"),
        "https" | "http" if !url.username().is_empty() || url.password().is_some() => wrong("a user in the address"),
        "https" | "http" => Ok(url),
        other => wrong(other),
    }
}

async fn whole(mut answer: reqwest::Response, url: &Url) -> Result<Response<Vec<u8>>, OutgoingError> {
    let mut body = Vec::new();
    while let Some(piece) = answer.chunk().await.map_err(|error| failed(&error, url))? {
        if body.len() + piece.len() > ANSWER_BYTES_MAX {
            return Err(OutgoingError::TooLarge);
        }
        body.extend_from_slice(&piece);
    }
    let mut response = Response::new(body);
    *response.status_mut() = answer.status();
    *response.headers_mut() = answer.headers().clone();
    Ok(response)
}

/// What the client says, without the address: its path may hold a secret.
fn failed(error: &reqwest::Error, url: &Url) -> OutgoingError {
    let host = url.host_str().unwrap_or_default().to_owned();
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    let mut last = String::new();
    while let Some(error) = cause {
        if let Some(shut) = error.downcast_ref::<Shut>() {
            return if shut.is_public { OutgoingError::NotEncrypted(host) } else { OutgoingError::Private(host) };
        }
        last = error.to_string();
        cause = error.source();
    }
    if error.is_timeout() { OutgoingError::Timeout } else { OutgoingError::Failed(format!("{host}: {last}")) }
}

/// Resolves names to addresses that may be asked, and to no others. The connection goes to what this gives.
struct Guard {
    allowed: Arc<[Cidr]>,
    takes_public: bool,
    lookup: Lookup,
}

/// A name has addresses, but none that may be asked.
#[derive(Debug, thiserror::Error)]
#[error("no address that may be asked")]
struct Shut {
    /// There is a public one, which may be asked with TLS only.
    is_public: bool,
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let (allowed, takes_public, looking) = (self.allowed.clone(), self.takes_public, (self.lookup)(name.as_str().to_owned()));
        Box::pin(async move {
            let found = looking.await?;
            let fit: Vec<SocketAddr> = found
                .iter()
                .filter(|address| is_among(&allowed, **address) || (takes_public && is_public(**address)))
                .map(|address| SocketAddr::new(*address, 0))
                .collect();
            if fit.is_empty() {
                return Err(Box::new(Shut { is_public: found.iter().any(|address| is_public(*address)) }) as Box<dyn Error + Send + Sync>);
            }
            Ok(Box::new(fit.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::response::Redirect;
    use axum::routing::{get, post};
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn names(known: &'static [(&'static str, &'static str)]) -> Lookup {
        Arc::new(move |name| {
            let found = known.iter().filter(|(known, _)| *known == name).map(|(_, address)| address.parse().expect("an address")).collect();
            Box::pin(async move { Ok(found) })
        })
    }

    fn here() -> Vec<Cidr> {
        vec!["127.0.0.1".parse().expect("a range")]
    }

    /// A server on the loopback; gives its port.
    async fn server(router: Router) -> u16 {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        tokio::spawn(async move { axum::serve(listener, router).await.expect("serving") });
        port
    }

    async fn ask(client: &Outgoing, url: &str) -> Result<Response<Vec<u8>>, OutgoingError> {
        client.send(Request::get(url).header(header::AUTHORIZATION, "secret").body(Vec::new()).expect("a request")).await
    }

    #[tokio::test]
    async fn a_private_server_is_asked_only_where_the_operator_allows_it() {
        let heard = Arc::new(AtomicUsize::new(0));
        let count = heard.clone();
        let port = server(Router::new().route("/", get(move || async move { count.fetch_add(1, Ordering::SeqCst).to_string() }))).await;
        let closed = Outgoing::default();
        for url in [
            format!("http://127.0.0.1:{port}/"),
            format!("https://127.0.0.1:{port}/"),
            format!("http://localhost:{port}/"),
            format!("https://localhost:{port}/"),
            format!("http://2130706433:{port}/"),
            format!("http://0x7f.1:{port}/"),
            format!("http://127.0.0.1.:{port}/"),
            format!("http://[::ffff:127.0.0.1]:{port}/"),
        ] {
            let refused = ask(&closed, &url).await;
            // A name server may know no "localhost"; what counts is that nobody was asked.
            assert!(matches!(refused, Err(OutgoingError::Private(_) | OutgoingError::Url(_) | OutgoingError::Failed(_))), "{url}: {refused:?}");
        }
        assert_eq!(heard.load(Ordering::SeqCst), 0);
        let open = Outgoing::new(here());
        assert_eq!(ask(&open, &format!("http://127.0.0.1:{port}/")).await.expect("an answer").body(), b"0");
        assert_eq!(ask(&open, &format!("http://127.0.0.1:{port}/nothing")).await.expect("an answer").status(), 404);
    }

    #[tokio::test]
    async fn a_name_of_a_private_address_is_as_private() {
        let port = server(Router::new().route("/", get(|| async { "here" }))).await;
        let known = &[("inside.example", "127.0.0.1"), ("cloud.example", "169.254.169.254"), ("six.example", "::ffff:10.0.0.1"), ("open.example", "8.8.8.8")];
        let closed = Outgoing::with_lookup(Vec::new(), names(known));
        for name in ["inside.example", "cloud.example", "six.example"] {
            for scheme in ["http", "https"] {
                assert_eq!(ask(&closed, &format!("{scheme}://{name}:{port}/")).await.expect_err("refused"), OutgoingError::Private(name.to_owned()));
            }
        }
        assert_eq!(ask(&closed, "http://open.example/").await.expect_err("refused"), OutgoingError::NotEncrypted("open.example".to_owned()));
        assert_eq!(ask(&closed, "http://8.8.8.8/").await.expect_err("refused"), OutgoingError::NotEncrypted("8.8.8.8".to_owned()));
        let open = Outgoing::with_lookup(here(), names(known));
        assert_eq!(ask(&open, &format!("http://inside.example:{port}/")).await.expect("an answer").body(), b"here");
        assert!(matches!(ask(&open, "http://cloud.example/").await, Err(OutgoingError::Private(_))), "one allowed address opens no other");
    }

    #[tokio::test]
    async fn a_name_is_looked_up_once_for_a_connection() {
        let port = server(Router::new().route("/", get(|| async { "here" }))).await;
        let asked = Arc::new(AtomicUsize::new(0));
        let count = asked.clone();
        // The first answer may be asked, every other leads elsewhere: who looked twice would go there.
        let lookup: Lookup = Arc::new(move |_| {
            let first = count.fetch_add(1, Ordering::SeqCst) == 0;
            Box::pin(async move { Ok(vec![if first { IpAddr::from([127, 0, 0, 1]) } else { IpAddr::from([127, 0, 0, 2]) }]) })
        });
        let client = Outgoing::with_lookup(here(), lookup);
        assert_eq!(ask(&client, &format!("http://twice.example:{port}/")).await.expect("an answer").body(), b"here");
        assert_eq!(asked.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn redirects_are_looked_at_like_first_addresses_and_have_an_end() {
        let routes = Router::new()
            .route("/private", get(|| async { Redirect::to("http://169.254.169.254/latest/meta-data/") }))
            .route("/named", get(|| async { Redirect::to("http://inside.example/") }))
            .route("/file", get(|| async { Redirect::to("file:///etc/passwd") }))
            .route("/round", get(|| async { Redirect::to("/round") }))
            .route("/once", get(|| async { Redirect::to("/here") }))
            .route("/post", post(|| async { Redirect::to("/here") }))
            .route("/here", get(|headers: axum::http::HeaderMap| async move { headers.contains_key(header::AUTHORIZATION).to_string() }));
        let port = server(routes).await;
        let elsewhere = server(Router::new().route("/", get(move || async move { Redirect::to(&format!("http://127.0.0.1:{port}/here")) }))).await;
        let client = Outgoing::with_lookup(here(), names(&[("inside.example", "10.0.0.1")]));
        let get = async |path: &str| ask(&client, &format!("http://127.0.0.1:{port}{path}")).await;
        assert_eq!(get("/private").await.expect_err("refused"), OutgoingError::Private("169.254.169.254".to_owned()));
        assert_eq!(get("/named").await.expect_err("refused"), OutgoingError::Private("inside.example".to_owned()));
        assert_eq!(get("/file").await.expect_err("refused"), OutgoingError::Url("file".to_owned()));
        assert_eq!(get("/round").await.expect_err("refused"), OutgoingError::Redirects);
        assert_eq!(get("/once").await.expect("an answer").body(), b"true", "the same server knows who asks");
        assert_eq!(ask(&client, &format!("http://127.0.0.1:{elsewhere}/")).await.expect("an answer").body(), b"false", "another one does not");
        let posted = client.send(Request::post(format!("http://127.0.0.1:{port}/post")).body(Vec::new()).expect("a request")).await;
        assert_eq!(posted.expect("an answer").status(), 303, "a form is not sent anywhere else");
    }

    #[tokio::test]
    async fn an_answer_without_end_is_cut_off() {
        let port =
            server(Router::new().route("/", get(|| async { vec![b'x'; ANSWER_BYTES_MAX + 1] })).route("/fits", get(|| async { vec![b'x'; ANSWER_BYTES_MAX] })))
                .await;
        let client = Outgoing::new(here());
        assert_eq!(ask(&client, &format!("http://127.0.0.1:{port}/")).await.expect_err("cut off"), OutgoingError::TooLarge);
        assert_eq!(ask(&client, &format!("http://127.0.0.1:{port}/fits")).await.expect("an answer").body().len(), ANSWER_BYTES_MAX);
    }

    #[tokio::test]
    async fn what_is_no_address_is_not_asked_and_an_error_tells_no_secret() {
        let client = Outgoing::default();
        for wrong in ["ftp://open.example/", "https://user:password@open.example/"] {
            assert!(matches!(ask(&client, wrong).await, Err(OutgoingError::Url(_))), "{wrong}");
        }
        let unknown = Outgoing::with_lookup(Vec::new(), Arc::new(|_| Box::pin(async { Err(std::io::Error::other("no such name")) })));
        let error = ask(&unknown, "https://unknown.example/hook/SECRET?token=SECRET").await.expect_err("unknown").to_string();
        assert!(error.contains("unknown.example") && !error.contains("SECRET"), "{error}");
    }
}
