//! What happens around every request: id, log line, address, limits, origin check, session, actor, error pages, headers.

mod address;
mod limits;

pub use address::{TrustedProxies, client_address};
pub use limits::gate;

use crate::security_log::{self, Answered};
use app::accounts::second::proof::{self, Proof};
use app::accounts::session::{ACCOUNT, CASE, visit_lasts, visitor_of, work_lasts};
use app::actor::Actor;
use app::error::AppError;
use app::portal::Portal;
use app::publishing::cache::CachedPage;
use app::ui::context::{ClientAddress, OperationId};
use app::ui::{CachePolicy, Page, PageContext, Section, see_other};
use app::words::Lang;
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;
use std::sync::{Arc, OnceLock};
use std::time::Instant;
use tower_sessions::Session;

/// A rendered public page larger than this is served but not kept, in bytes.
const PAGE_BYTES_MAX: usize = 2 * 1024 * 1024;
/// Hex digits of an operation id are twice this.
const OPERATION_ID_BYTES: usize = 6;

const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; object-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; \
     font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// Gives every request an id and a log line; counts it. The line names the route, never the address with its ids.
pub async fn operation(State(portal): State<Portal>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = hex(&portal.random().bytes::<OPERATION_ID_BYTES>());
    request.extensions_mut().insert(OperationId(id.clone()));
    let asker = Asker::default();
    request.extensions_mut().insert(asker.clone());
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned());
    let mut response = next.run(request).await;
    let seconds = started.elapsed().as_secs_f64();
    let status = response.status().as_u16();
    let (kind, account) = asker.0.get_or_init(|| Asker::of(&Actor::Visitor));
    tracing::info!(operation_id = %id, %method, %route, status, actor = kind, account, duration_ms = seconds * 1_000.0, "request");
    metrics::counter!("nghedan_requests_total", "route" => route.clone(), "status" => status.to_string()).increment(1);
    metrics::histogram!("nghedan_request_seconds", "route" => route).record(seconds);
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    }
    response
}

/// Who asked, for the log line of a request: [`identify`] fills in the kind of visitor and the account of an official, whatever becomes of the
/// answer on its way out.
#[derive(Clone, Default)]
struct Asker(Arc<OnceLock<(&'static str, String)>>);

impl Asker {
    fn of(actor: &Actor) -> (&'static str, String) {
        (actor.kind(), actor.account_id().unwrap_or_default())
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Words an error for the visitor, and logs its cause with the operation id.
pub async fn present_errors(State(portal): State<Portal>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let is_get = parts.method == Method::GET || parts.method == Method::HEAD;
    let id = parts.extensions.get::<OperationId>().map(|id| id.0.clone()).unwrap_or_default();
    let Ok(context) = PageContext::from_request_parts(&mut parts, &portal).await;
    let response = next.run(Request::from_parts(parts, body)).await;
    let error = match response.extensions().get::<AppError>() {
        Some(error) => error.clone(),
        None if response.status() == StatusCode::METHOD_NOT_ALLOWED => AppError::NotFound,
        None => return response,
    };
    match &error {
        AppError::Internal(_) | AppError::Config(_) | AppError::Unavailable(_) | AppError::Locked => {
            tracing::error!(operation_id = %id, %error, "request failed")
        }
        _ => tracing::debug!(operation_id = %id, %error, "request refused"),
    }
    match error {
        AppError::SignInNeeded if is_get => see_other(&context.href(&format!("/dang-nhap?next={}", encode(&context.path)))),
        AppError::SignInNeeded => see_other(&context.href("/dang-nhap")),
        AppError::FactorNeeded => see_other(&context.href("/can-bo/bao-mat")),
        AppError::PasswordNeeded => see_other(&context.href("/can-bo/mat-khau")),
        AppError::CodeNeeded => see_other(&context.href("/tra-cuu")),
        // The gate words these: it has the form that must not be lost.
        AppError::TooMany { .. } | AppError::StepNeeded => response,
        error => error_page(&context, &error, &id),
    }
}

/// A path as a query value.
fn encode(path: &str) -> String {
    path.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// The page of an error: what happened, what to do, the operation id.
pub fn error_page(context: &PageContext, error: &AppError, operation_id: &str) -> Response {
    let lang = context.lang;
    let (title, text) = words(lang, error);
    let code = lang.f("error.code", &[("id", operation_id)]);
    let status = error.status();
    Page::new(context, Section::Other, title).status(status).main_class("wrap page error-page stack").render(move || {
        view! {
            <p class="error-code num">{status.as_u16().to_string()}</p>
            <h1>{title}</h1>
            <p class="lead-text">{text}</p>
            <div class="row">
                <a class="btn btn-main" href=lang.href("/")>{lang.t("error.home")}</a>
                <a class="btn" href=lang.href("/tra-cuu")>{lang.t("error.back_to_follow")}</a>
            </div>
            <p class="small muted num">{code}</p>
        }
        .into_any()
    })
}

fn words(lang: Lang, error: &AppError) -> (&'static str, &'static str) {
    match error.key() {
        "not_found" => (lang.t("error.not_found.title"), lang.t("error.not_found.text")),
        "forbidden" => (lang.t("error.forbidden.title"), lang.t("error.forbidden.text")),
        "cross_site" => (lang.t("error.cross_site.title"), lang.t("error.cross_site.text")),
        "conflict" => (lang.t("error.conflict.title"), lang.t("error.conflict.text")),
        "refused" => (lang.t("error.refused.title"), lang.t("error.refused.text")),
        "bad_request" => (lang.t("error.bad_request.title"), lang.t("error.bad_request.text")),
        "too_large" => (lang.t("error.too_large.title"), lang.t("error.too_large.text")),
        "not_scanned" => (lang.t("papers.waiting.title"), lang.t("papers.waiting.text")),
        "locked" => (lang.t("error.locked.title"), lang.t("error.locked.text")),
        "unavailable" => (lang.t("error.unavailable.title"), lang.t("error.unavailable.text")),
        _ => (lang.t("error.internal.title"), lang.t("error.internal.text")),
    }
}

/// Refuses unsafe requests that another site's page has caused.
///
/// Browsers say where a request comes from in `Sec-Fetch-Site`, older ones in `Origin` or `Referer`. A request that says
/// nothing at all is refused too: no browser with a form of ours sends one.
pub async fn same_origin(State(portal): State<Portal>, request: Request, next: Next) -> Response {
    if request.method().is_safe() || is_from_here(request.headers()) {
        return next.run(request).await;
    }
    let response = AppError::CrossSite.into_response();
    Told::of(&request).note(&portal, &Actor::Visitor, &response);
    response
}

fn is_from_here(headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text(HeaderName::from_static("sec-fetch-site")) {
        return matches!(site, "same-origin" | "none");
    }
    let Some(host) = text(header::HOST) else { return false };
    let host_of = |address: &str| address.split_once("://").map(|(_, rest)| rest.split('/').next().unwrap_or_default().to_owned());
    text(header::ORIGIN).or_else(|| text(header::REFERER)).and_then(host_of).is_some_and(|origin| origin.eq_ignore_ascii_case(host))
}

/// Turns the session into who is asking: an official at the desk, a code holder on the follow pages, a visitor elsewhere.
pub async fn identify(State(portal): State<Portal>, session: Session, mut request: Request, next: Next) -> Response {
    let (actor, proof) = match actor(&portal, &session, request.uri().path()).await {
        Ok(known) => known,
        Err(error) => return error.into_response(),
    };
    let told = Told::of(&request);
    request.extensions_mut().insert(actor.clone());
    request.extensions_mut().insert(proof);
    if let Some(asker) = request.extensions().get::<Asker>() {
        asker.0.get_or_init(|| Asker::of(&actor));
    }
    let response = next.run(request).await;
    told.note(&portal, &actor, &response);
    response
}

/// What the security log tells of a request once it is answered.
struct Told {
    operation_id: String,
    method: Method,
    route: String,
    address: String,
}

impl Told {
    fn of(request: &Request) -> Self {
        let extensions = request.extensions();
        Self {
            operation_id: extensions.get::<OperationId>().map(|id| id.0.clone()).unwrap_or_default(),
            method: request.method().clone(),
            route: extensions.get::<MatchedPath>().map(|path| path.as_str().to_owned()).unwrap_or_default(),
            address: extensions.get::<ClientAddress>().map(|address| address.0.clone()).unwrap_or_default(),
        }
    }

    fn note(&self, portal: &Portal, actor: &Actor, response: &Response) {
        let Self { operation_id, method, route, address } = self;
        let error = response.extensions().get::<AppError>();
        security_log::note(portal, &Answered { operation_id, method, route, address, actor, status: response.status(), error });
    }

    /// The answer of somebody whom the gate turns away before anybody has looked who it is, with the headers every answer has.
    fn turned_away(&self, portal: &Portal, mut response: Response, error: &AppError) -> Response {
        let kept = response.extensions_mut().insert(error.clone());
        self.note(portal, &Actor::Visitor, &response);
        // It is worded already.
        if kept.is_none() {
            response.extensions_mut().remove::<AppError>();
        }
        secure(portal, response)
    }
}

async fn actor(portal: &Portal, session: &Session, path: &str) -> Result<(Actor, Proof), AppError> {
    let nobody = || (Actor::Visitor, Proof::default());
    if path == app::citizens::PATH || path.starts_with("/toi/") {
        return Ok((app::citizens::session::actor(portal, session).await?, Proof::default()));
    }
    let key = if path.starts_with("/can-bo") || path == "/dang-xuat" {
        ACCOUNT
    } else if path.starts_with("/tra-cuu") {
        CASE
    } else {
        return Ok(nobody());
    };
    let Some(id) = session.get::<String>(key).await.map_err(AppError::internal)? else { return Ok(nobody()) };
    let now = portal.now();
    if key == CASE {
        return Ok(if visit_lasts(session, now).await? { (visitor_of(id), Proof::default()) } else { nobody() });
    }
    if !work_lasts(session, now).await? {
        return Ok(nobody());
    }
    let mut tx = portal.db().read().await?;
    let official = app::accounts::store::official(&mut tx, &id, app::clock::day(now)).await?;
    drop(tx);
    let Some(official) = official else { return Ok(nobody()) };
    let proof = proof::standing(portal, session, &official, path).await?;
    Ok((Actor::Official(official), proof))
}

/// The headers of a page that another layer than the routes' own shows.
fn secure(portal: &Portal, mut response: Response) -> Response {
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert_with(|| CachePolicy::Private.header());
    security(response.headers_mut(), portal.settings().secure_cookies);
    response
}

/// Security headers, and the cache policy the handler named. A stricter policy a handler set itself stays.
pub async fn finish(State(portal): State<Portal>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let policy = response.extensions().get::<CachePolicy>().copied().unwrap_or_default();
    let headers = response.headers_mut();
    headers.entry(header::CACHE_CONTROL).or_insert_with(|| policy.header());
    security(headers, portal.settings().secure_cookies);
    response
}

fn security(headers: &mut HeaderMap, is_https: bool) {
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("permissions-policy"), "geolocation=(self), camera=(), microphone=(), payment=()"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ];
    for (name, value) in fixed {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if is_https {
        headers.entry(header::STRICT_TRANSPORT_SECURITY).or_insert(HeaderValue::from_static("max-age=31536000; includeSubDomains"));
    }
}

/// After a form that changed something, the public pages it may have changed are rendered anew: nobody sees yesterday's answer.
pub async fn renew_public_pages(State(portal): State<Portal>, request: Request, next: Next) -> Response {
    // A draft or a filing changes nothing that is public.
    let is_form = !request.method().is_safe() && !request.uri().path().starts_with("/gui");
    let response = next.run(request).await;
    if is_form
        && response.status() == StatusCode::SEE_OTHER
        && let Err(error) = app::publishing::cache::follow_changes(&portal).await
    {
        // The change itself is kept and the worker looks again within a second.
        tracing::warn!(%error, "public pages were not renewed");
    }
    response
}

/// Keeps a rendered public page for those who come after.
pub async fn remember(State(portal): State<Portal>, request: Request, next: Next) -> Response {
    let address = request.extensions().get::<RequestedAddress>().map(|address| address.0.clone());
    let asked = request.headers().clone();
    let is_get = request.method() == Method::GET;
    let generation = portal.cache().generation();
    let response = next.run(request).await;
    let is_page = response.status() == StatusCode::OK && response.extensions().get::<CachePolicy>() == Some(&CachePolicy::Public);
    let Some(address) = address.filter(|_| is_get && is_page) else { return response };
    let (parts, body) = response.into_parts();
    match to_bytes(body, PAGE_BYTES_MAX).await {
        Ok(bytes) => {
            let page = Arc::new(CachedPage::new(parts.status, &parts.headers, bytes));
            portal.cache().put(address, generation, page.clone());
            page.respond(&asked)
        }
        Err(_) => Response::from_parts(parts, Body::empty()),
    }
}

/// The address as it came in, with its language prefix: the key of the page in memory.
#[derive(Clone, Debug)]
pub struct RequestedAddress(pub String);
