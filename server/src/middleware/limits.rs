//! The gate: how much comes from where, before anything else looks at a request. What it decides by stands in `app::limits`.
//!
//! A form that is stopped comes back with every word: its fields go into the page that asks for the step or says how long to wait. Files
//! cannot be carried along; forms with files are not asked for the step, their bytes are counted where they are read.

use super::{Told, is_from_here, secure};
use app::error::AppError;
use app::limits::actions::{Asked, Entry, Sent, Visit, ask, enter};
use app::limits::memory::holding;
use app::limits::network::Origin;
use app::limits::pages::{Held, refused, refused_shortly, step};
use app::limits::table::{Class, STREAM_WAIT_SECONDS, class_of};
use app::limits::work::PASS_MINUTES;
use app::limits::{ANSWER, TOKEN, cookie_name};
use app::portal::Portal;
use app::ui::PageContext;
use app::ui::context::ClientAddress;
use app::words::Lang;
use axum::Form;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequest, FromRequestParts, MatchedPath, Request, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Bytes of a form that is kept for the case that it is stopped. What is longer is a form with files, or none of ours.
const FORM_BYTES_MAX: u64 = 512 * 1024;
const FORM_TYPE: &str = "application/x-www-form-urlencoded";

/// What of a request is needed once it has been handed on.
struct Seen {
    uri: Uri,
    lang: Lang,
    address: ClientAddress,
    is_form: bool,
    /// The body of a form without files.
    body: Option<Bytes>,
}

/// Lets a request in, asks for the step, or turns it away.
pub async fn gate(State(portal): State<Portal>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let Some(class) = class_of(request.method(), route, request.uri().query().unwrap_or_default()) else { return next.run(request).await };
    if !request.method().is_safe() && !is_from_here(request.headers()) {
        return from_elsewhere(&portal, class, request, next).await;
    }
    let told = Told::of(&request);
    let (mut request, seen) = match look(request).await {
        Ok(looked) => looked,
        Err(status) => return told.turned_away(&portal, status.into_response(), &AppError::TooLarge),
    };
    let fields = fields(seen.body.clone()).await;
    let visit = visit(&portal, class, &request, &seen, &fields);
    match enter(&portal, &visit).await {
        Ok(Entry::Open { has_pass, cookie }) => {
            request.extensions_mut().insert(Origin { has_pass, ..visit.origin });
            if let Some(body) = fields.body_without_step() {
                *request.body_mut() = Body::from(body);
                request.headers_mut().remove(header::CONTENT_LENGTH);
            }
            let response = if class == Class::Stream { stream(&portal, &visit, request, next).await } else { next.run(request).await };
            let response = stopped_inside(&portal, &visit, &seen, &fields, response).await;
            match cookie {
                Some(cookie) => app::device::keep(response, portal.settings(), &cookie_name(class), &cookie, PASS_MINUTES * 60),
                None => response,
            }
        }
        Ok(Entry::Step(asked)) => ask_for_step(&portal, class, &seen, &fields, &asked).await,
        Ok(Entry::Refused(seconds)) => {
            metrics::counter!("nghedan_refused_total", "class" => class.code()).increment(1);
            told.turned_away(&portal, refused_shortly(seen.lang, seconds), &AppError::TooMany { retry_after_seconds: seconds })
        }
        Err(error) => {
            tracing::error!(%error, "a step could not be taken");
            secure(&portal, error.status().into_response())
        }
    }
}

/// Another site's form is refused further in. It must not become a page of ours on the way: the page's script would send it as our own.
async fn from_elsewhere(portal: &Portal, class: Class, request: Request, next: Next) -> Response {
    let origin = request.extensions().get::<Origin>().copied().unwrap_or_default();
    match portal.limits().take_hard(class, &origin, portal.now().timestamp_micros()) {
        Err(seconds) if !origin.is_unlimited => {
            let lang = request.extensions().get::<Lang>().copied().unwrap_or_default();
            Told::of(&request).turned_away(portal, refused_shortly(lang, seconds), &AppError::TooMany { retry_after_seconds: seconds })
        }
        _ => next.run(request).await,
    }
}

/// Takes what is needed later, and the body of a form without files.
async fn look(request: Request) -> Result<(Request, Seen), StatusCode> {
    let (parts, body) = request.into_parts();
    let number = |name| parts.headers.get(name).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    let is_urlencoded = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).is_some_and(|kind| kind.starts_with(FORM_TYPE));
    let is_small = number(header::CONTENT_LENGTH).is_none_or(|length| length <= FORM_BYTES_MAX);
    let mut seen = Seen {
        uri: parts.uri.clone(),
        lang: parts.extensions.get::<Lang>().copied().unwrap_or_default(),
        address: parts.extensions.get::<ClientAddress>().cloned().unwrap_or_default(),
        is_form: !parts.method.is_safe(),
        body: None,
    };
    if !seen.is_form || !(is_small && (is_urlencoded || number(header::CONTENT_LENGTH) == Some(0))) {
        // A form without a body has a length of nothing, or says neither length nor kind.
        let is_empty = seen.is_form && is_small && !parts.headers.contains_key(header::CONTENT_TYPE);
        seen.body = is_empty.then(Bytes::new);
        return Ok((Request::from_parts(parts, body), seen));
    }
    let limit = usize::try_from(FORM_BYTES_MAX).unwrap_or(usize::MAX);
    match to_bytes(body, limit).await {
        Ok(bytes) => {
            seen.body = Some(bytes.clone());
            Ok((Request::from_parts(parts, Body::from(bytes)), seen))
        }
        // Longer than it said, or broken off.
        Err(_) => Err(StatusCode::PAYLOAD_TOO_LARGE),
    }
}

/// The fields of a form, in their order. Read only where something is to be found in them, or where the form is stopped.
async fn fields(body: Option<Bytes>) -> Fields {
    let Some(body) = body else { return Fields::None };
    if !body.windows(TOKEN.len()).any(|part| part == TOKEN.as_bytes()) {
        return Fields::Unread(body);
    }
    Fields::Read(pairs(body.clone()).await, body)
}

/// A form's fields, as far as anybody needed them.
enum Fields {
    /// No form, or one with files.
    None,
    /// Nobody has looked yet.
    Unread(Bytes),
    /// In their order, and as they came.
    Read(Vec<(String, String)>, Bytes),
}

impl Fields {
    async fn own(&self) -> Option<Vec<(String, String)>> {
        let all = match self {
            Self::None => return None,
            Self::Unread(body) => pairs(body.clone()).await,
            Self::Read(pairs, _) => pairs.clone(),
        };
        // The step's own fields are made anew.
        Some(all.into_iter().filter(|(name, _)| name != TOKEN && name != ANSWER).collect())
    }

    /// The form as if there had been no step: nobody else has to know its fields. None where there are none of them.
    fn body_without_step(&self) -> Option<Vec<u8>> {
        let Self::Read(_, body) = self else { return None };
        let is_own = |field: &&[u8]| {
            let name = field.split(|byte| *byte == b'=').next().unwrap_or_default();
            name != TOKEN.as_bytes() && name != ANSWER.as_bytes()
        };
        Some(body.split(|byte| *byte == b'&').filter(is_own).collect::<Vec<_>>().join(&b'&'))
    }

    fn sent(&self) -> Option<Sent> {
        let Self::Read(pairs, _) = self else { return None };
        let value = |wanted: &str| pairs.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.clone());
        Some(Sent { token: value(TOKEN)?, answer: value(ANSWER).unwrap_or_default() })
    }
}

async fn pairs(body: Bytes) -> Vec<(String, String)> {
    let mut request = Request::new(Body::from(body));
    *request.method_mut() = axum::http::Method::POST;
    request.headers_mut().insert(header::CONTENT_TYPE, axum::http::HeaderValue::from_static(FORM_TYPE));
    // What cannot be read the form's own page refuses.
    Form::<Vec<(String, String)>>::from_request(request, &()).await.map(|Form(pairs)| pairs).unwrap_or_default()
}

fn visit(portal: &Portal, class: Class, request: &Request, seen: &Seen, fields: &Fields) -> Visit {
    Visit {
        class,
        origin: request.extensions().get::<Origin>().copied().unwrap_or_default(),
        cookie: cookie(request.headers(), &cookie_name(class)),
        sent: fields.sent(),
        can_step: !seen.is_form || seen.body.is_some(),
        now: portal.now(),
    }
}

/// The value of a cookie; of what it must look like its reader judges.
fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let pairs = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(';'));
    pairs.filter_map(|pair| pair.trim().split_once('=')).find(|(known, _)| *known == name).map(|(_, value)| value.to_owned())
}

/// A page that stays open takes a place for as long as it is.
async fn stream(portal: &Portal, visit: &Visit, request: Request, next: Next) -> Response {
    match portal.limits().open_stream(&visit.origin) {
        Some(place) => holding(next.run(request).await, place),
        None => AppError::TooMany { retry_after_seconds: STREAM_WAIT_SECONDS }.into_response(),
    }
}

/// Requests that came in and were too much for what they ask: too many guesses, too many from one address.
async fn stopped_inside(portal: &Portal, visit: &Visit, seen: &Seen, fields: &Fields, response: Response) -> Response {
    match response.extensions().get::<AppError>() {
        Some(AppError::StepNeeded) => ask_for_step(portal, visit.class, seen, fields, &ask(portal, visit)).await,
        Some(AppError::TooMany { retry_after_seconds }) => {
            let seconds = *retry_after_seconds;
            let (context, own) = (context(portal, seen).await, fields.own().await);
            secure(portal, refused(&context, seconds, held(seen, own.as_deref())))
        }
        _ => response,
    }
}

async fn ask_for_step(portal: &Portal, class: Class, seen: &Seen, fields: &Fields, asked: &Asked) -> Response {
    metrics::counter!("nghedan_steps_total", "class" => class.code()).increment(1);
    let (context, own) = (context(portal, seen).await, fields.own().await);
    secure(portal, step(&context, asked, held(seen, own.as_deref())))
}

fn held<'a>(seen: &Seen, own: Option<&'a [(String, String)]>) -> Held<'a> {
    match own {
        Some(fields) if seen.is_form => Held::Form(fields),
        _ if seen.is_form => Held::Lost,
        _ => Held::Page,
    }
}

/// What a page needs to know; made only where one is shown.
async fn context(portal: &Portal, seen: &Seen) -> PageContext {
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = seen.uri.clone();
    request.extensions_mut().insert(seen.lang);
    request.extensions_mut().insert(seen.address.clone());
    let (mut parts, _) = request.into_parts();
    let Ok(context) = PageContext::from_request_parts(&mut parts, portal).await;
    context
}
