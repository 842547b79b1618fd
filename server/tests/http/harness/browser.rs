//! A browser without scripts: cookies, forms, answers to look into.

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, header};
use http_body_util::BodyExt;
use scraper::{Html, Selector};
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use tower::ServiceExt;

const BOUNDARY: &str = "a-boundary-no-text-contains";

/// A file to send along.
#[derive(Clone, Debug)]
pub struct Upload {
    /// The field.
    pub field: &'static str,
    /// The file's name.
    pub name: String,
    /// What the browser says it is.
    pub content_type: &'static str,
    /// What it is.
    pub bytes: Vec<u8>,
}

/// A small photo, as a phone would send it.
pub fn photo() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(40, 30).write_to(&mut bytes, image::ImageFormat::Jpeg).expect("a picture");
    bytes.into_inner()
}

/// A browser.
#[derive(Clone)]
pub struct Browser {
    router: Router,
    cookies: BTreeMap<String, String>,
    /// The address its requests come from.
    pub address: SocketAddr,
    /// What it sends as `Sec-Fetch-Site`.
    pub site: &'static str,
    /// What it says of itself as `User-Agent`.
    pub agent: &'static str,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as text.
    pub body: String,
    /// The body as it is.
    pub bytes: Vec<u8>,
}

impl Browser {
    /// A browser without cookies.
    pub fn new(router: Router) -> Self {
        Self { router, cookies: BTreeMap::new(), address: SocketAddr::from(([127, 0, 0, 1], 40_000)), site: "same-origin", agent: "test" }
    }

    /// A cookie's value.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    /// Puts a cookie in.
    pub fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    /// Throws all cookies away.
    pub fn forget_cookies(&mut self) {
        self.cookies.clear();
    }

    /// Opens a page.
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path), Body::empty()).await
    }

    /// Opens a page with more headers.
    pub async fn get_with(&mut self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::get(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request, Body::empty()).await
    }

    /// Looks at a stream that goes on.
    pub async fn look(&mut self, path: &str) -> News {
        let cookies = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        let request = Request::get(path).header(header::HOST, "nghedan.test").header(header::COOKIE, cookies).extension(ConnectInfo(self.address));
        let response = self.router.clone().oneshot(request.body(Body::empty()).expect("a request")).await.expect("the router never fails");
        assert_eq!(response.status(), 200, "{path}");
        News(response.into_body())
    }

    /// Sends a form.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = fields.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect::<Vec<_>>().join("&");
        self.send(Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded"), Body::from(body)).await
    }

    /// Sends a form with files.
    pub async fn post_files(&mut self, path: &str, fields: &[(&str, &str)], uploads: &[Upload]) -> Answer {
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend_from_slice(format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").as_bytes());
        }
        for upload in uploads {
            body.extend_from_slice(
                format!(
                    "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{}\"; filename=\"{}\"\r\nContent-Type: {}\r\n\r\n",
                    upload.field, upload.name, upload.content_type
                )
                .as_bytes(),
            );
            body.extend_from_slice(&upload.bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        let request = Request::post(path).header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"));
        self.send(request, Body::from(body)).await
    }

    async fn send(&mut self, request: axum::http::request::Builder, body: Body) -> Answer {
        let cookies = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        let request = request
            .header(header::HOST, "nghedan.test")
            .header("sec-fetch-site", self.site)
            .header(header::USER_AGENT, self.agent)
            .header(header::COOKIE, cookies)
            .extension(ConnectInfo(self.address))
            .body(body)
            .expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("the router never fails");
        let (parts, body) = response.into_parts();
        let is_stream = parts.headers.get(header::CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(b"text/event-stream"));
        let bytes = if is_stream { first_news(body).await } else { body.collect().await.expect("a body").to_bytes().to_vec() };
        self.keep_cookies(&parts.headers);
        let answer = Answer { status: parts.status.as_u16(), headers: parts.headers, body: String::from_utf8_lossy(&bytes).into_owned(), bytes };
        if answer.header("content-type").starts_with("text/html") {
            answer.names_everything_once();
        }
        answer
    }

    fn keep_cookies(&mut self, headers: &HeaderMap) {
        for cookie in headers.get_all(header::SET_COOKIE) {
            let text = cookie.to_str().expect("a readable cookie");
            let (name, rest) = text.split_once('=').expect("a named cookie");
            let value = rest.split(';').next().unwrap_or_default();
            let is_gone = value.is_empty() || text.to_lowercase().contains("max-age=0");
            if is_gone {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

/// A stream that is looked at.
pub struct News(Body);

impl News {
    /// Reads on until a frame holds these words, and gives that frame.
    pub async fn until(&mut self, words: &str) -> String {
        /// Whoever waits longer waits for ever: the test fails instead.
        const PATIENCE: std::time::Duration = std::time::Duration::from_secs(60);
        let mut last = String::new();
        let reading = async {
            while let Some(frame) = self.0.frame().await {
                let frame = String::from_utf8_lossy(&frame.expect("a frame").into_data().unwrap_or_default()).into_owned();
                // Besides news there are beats that only keep the line alive.
                if frame.contains("data:") {
                    last = frame;
                }
                if last.contains(words) {
                    return true;
                }
            }
            false
        };
        assert!(tokio::time::timeout(PATIENCE, reading).await.unwrap_or(false), "the stream never said {words}, but at last {last}");
        last
    }

    /// Whether the stream ends.
    pub async fn ends(mut self) -> bool {
        while let Some(frame) = self.0.frame().await {
            if frame.is_err() {
                return false;
            }
        }
        true
    }
}

/// The beginning of a stream that never ends by itself: the greeting and the first news.
async fn first_news(mut body: Body) -> Vec<u8> {
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        bytes.extend_from_slice(&frame.expect("a frame").into_data().unwrap_or_default());
        if bytes.windows(5).any(|part| part == b"data:") {
            break;
        }
    }
    bytes
}

fn encode(text: &str) -> String {
    text.bytes().map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

impl Answer {
    /// An id names one thing of a page: with two, labels, hints and links to a wrong field lead to the first of them. Every
    /// page a test opens is held to it, for forms stand more than once only where there is more than one of something.
    fn names_everything_once(&self) {
        let mut seen = BTreeSet::new();
        for id in self.body.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            // Somebody's text may look like an id; only the parsed page knows.
            let is_twice = !seen.insert(id) && self.attribute("[id]", "id").iter().filter(|name| *name == id).count() > 1;
            assert!(!is_twice, "two things are called {id} on the page \u{201c}{}\u{201d}", self.select("h1").join(" "));
        }
    }

    /// Where it sends the browser, if it does.
    pub fn location(&self) -> Option<String> {
        self.headers.get(header::LOCATION).map(|value| value.to_str().expect("a readable address").to_owned())
    }

    /// A header as text; empty if it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("a readable header"))
    }

    /// The texts of all elements of a CSS selector.
    pub fn select(&self, selector: &str) -> Vec<String> {
        let selector = Selector::parse(selector).expect("a selector");
        let texts = |element: scraper::ElementRef<'_>| element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ");
        Html::parse_document(&self.body).select(&selector).map(texts).collect()
    }

    /// An attribute of all elements of a CSS selector.
    pub fn attribute(&self, selector: &str, name: &str) -> Vec<String> {
        let selector = Selector::parse(selector).expect("a selector");
        Html::parse_document(&self.body).select(&selector).filter_map(|element| element.value().attr(name).map(str::to_owned)).collect()
    }

    /// Everything the page leads to or shows, read in one go: links, pictures, related pages.
    pub fn links(&self) -> Vec<String> {
        let selector = Selector::parse("a[href], link[href], img[src]").expect("a selector");
        let leads = |element: scraper::ElementRef<'_>| element.value().attr("href").or_else(|| element.value().attr("src")).map(str::to_owned);
        Html::parse_document(&self.body).select(&selector).filter_map(leads).collect()
    }

    /// What a field of a form holds: the value of an input, the text of a text area.
    pub fn field(&self, name: &str) -> String {
        let input = self.attribute(&format!("input[name=\"{name}\"]"), "value");
        if let Some(value) = input.into_iter().next() {
            return value;
        }
        let selector = Selector::parse(&format!("textarea[name=\"{name}\"]")).expect("a selector");
        Html::parse_document(&self.body).select(&selector).next().map(|area| area.text().collect::<String>()).unwrap_or_default()
    }

    /// All text a person sees.
    pub fn text(&self) -> String {
        self.select("body").join(" ")
    }

    /// Demands a status; prints the page if it is another.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "the page says: {}", self.text());
        self
    }
}
