//! What many people look at while it changes: one look at the database and one rendering serve all of them.
//!
//! A *room* is something that is looked at: the live page of a dialogue in one language, say. The first who looks opens it and the last who
//! leaves closes it. In between it is looked at again every [`LOOK_EVERY`], by polling and not by being told: so two processes over one
//! database show the same, nothing that changes a page can forget to say so, and after a restart everything is there again. When the
//! room's bytes have changed, each connection is given the same bytes; whoever is slow misses what lies in between and gets the last.
//!
//! The bytes are those of server-sent events (WHATWG HTML, 9.2). Browsers come back by themselves after [`RETRY_MS`].

use crate::error::Result;
use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use bytes::Bytes;
use futures::stream::unfold;
use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// Between two looks of a room at the database.
pub const LOOK_EVERY: Duration = Duration::from_millis(250);
/// A room whose look failed waits this long.
const AFTER_FAILURE: Duration = Duration::from_secs(2);
/// A connection over which nothing was said is told that it is alive: proxies cut silent ones off.
const ALIVE_EVERY: Duration = Duration::from_secs(20);
/// After this many milliseconds a browser whose connection broke comes back.
const RETRY_MS: u32 = 1_500;

/// What a room shows.
#[async_trait::async_trait]
pub trait Scene: Send + 'static {
    /// The page's parts as they stand now, as HTML; none if nothing has changed since the last time it was asked.
    ///
    /// # Errors
    /// A database that fails: the room goes on with what it has and asks again.
    async fn look(&mut self) -> Result<Option<String>>;
}

/// All rooms of this process. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Rooms(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    rooms: HashMap<String, watch::Sender<Bytes>>,
    is_closed: bool,
}

impl Rooms {
    /// Joins a room; the first one brings what it shows.
    pub fn join<S: Scene>(&self, name: &str, scene: impl FnOnce() -> S) -> watch::Receiver<Bytes> {
        let mut state = self.state();
        if let Some(room) = state.rooms.get(name) {
            return room.subscribe();
        }
        let (sender, receiver) = watch::channel(Bytes::new());
        // After closing nobody is kept: the stream of a room that is not there ends.
        if !state.is_closed {
            state.rooms.insert(name.to_owned(), sender);
            tokio::spawn(keep(self.clone(), name.to_owned(), scene()));
        }
        receiver
    }

    /// How many look at anything.
    #[cfg(test)]
    fn viewers(&self) -> usize {
        self.state().rooms.values().map(watch::Sender::receiver_count).sum()
    }

    /// Lets everybody go, as the process is about to end: a connection that never ends would keep it from ending.
    pub fn close(&self) {
        let mut state = self.state();
        state.is_closed = true;
        state.rooms.clear();
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives a room new bytes. False once nobody looks any more, or the room was closed; then it is gone.
    fn show(&self, name: &str, frame: Option<Bytes>) -> bool {
        let mut state = self.state();
        let Some(room) = state.rooms.get(name) else { return false };
        if room.receiver_count() == 0 {
            state.rooms.remove(name);
            return false;
        }
        if let Some(frame) = frame {
            room.send_replace(frame);
        }
        true
    }
}

/// Looks at a room's scene until nobody looks at the room.
async fn keep(rooms: Rooms, name: String, mut scene: impl Scene) {
    let mut shown = String::new();
    loop {
        let (frame, wait) = match scene.look().await {
            Ok(html) => (html.filter(|html| *html != shown), LOOK_EVERY),
            Err(error) => {
                tracing::warn!(room = name, %error, "a room's look at the database failed");
                (None, AFTER_FAILURE)
            }
        };
        let frame = frame.map(|html| {
            let frame = event(&html);
            shown = html;
            frame
        });
        if !rooms.show(&name, frame) {
            return;
        }
        tokio::time::sleep(wait).await;
    }
}

/// HTML as one server-sent event: each of its lines is a line of data.
fn event(html: &str) -> Bytes {
    let mut text = String::with_capacity(html.len() + html.len() / 32 + 16);
    for line in html.lines() {
        text.push_str("data: ");
        text.push_str(line);
        text.push('\n');
    }
    text.push('\n');
    Bytes::from(text)
}

/// A room's bytes for one connection, as long as it lasts.
pub fn stream(receiver: watch::Receiver<Bytes>) -> Response {
    let hello = Bytes::from(format!("retry: {RETRY_MS}\n\n"));
    let frames = unfold((receiver, Some(hello)), |(mut receiver, hello)| async move {
        if let Some(hello) = hello {
            // What the room shows already is news to whoever comes in.
            receiver.mark_changed();
            return Some((Ok::<_, Infallible>(hello), (receiver, None)));
        }
        loop {
            match tokio::time::timeout(ALIVE_EVERY, receiver.changed()).await {
                Err(_) => return Some((Ok(Bytes::from_static(b":\n\n")), (receiver, None))),
                Ok(Err(_)) => return None,
                Ok(Ok(())) => {
                    let frame = receiver.borrow_and_update().clone();
                    if !frame.is_empty() {
                        return Some((Ok(frame), (receiver, None)));
                    }
                }
            }
        }
    });
    let mut response = Response::new(Body::from_stream(frames));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Proxies that collect an answer before they pass it on would hold it for ever.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::StreamExt;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// Shows what it is given; counts how often it was asked.
    struct Told {
        frames: watch::Receiver<String>,
        looks: Arc<AtomicUsize>,
    }

    #[async_trait::async_trait]
    impl Scene for Told {
        async fn look(&mut self) -> Result<Option<String>> {
            self.looks.fetch_add(1, Ordering::SeqCst);
            Ok(Some(self.frames.borrow().clone()))
        }
    }

    async fn next(frames: &mut (impl futures::Stream<Item = std::result::Result<Bytes, axum::Error>> + Unpin)) -> Option<String> {
        let frame = frames.next().await?.ok()?;
        Some(String::from_utf8_lossy(&frame).into_owned())
    }

    #[tokio::test]
    async fn everybody_gets_the_same_and_only_what_has_changed() {
        let (tell, frames) = watch::channel("<p>một</p>\n<p>hai</p>".to_owned());
        let looks = Arc::new(AtomicUsize::new(0));
        let (rooms, scene) = (Rooms::default(), || Told { frames: frames.clone(), looks: looks.clone() });
        let mut first = stream(rooms.join("room", scene)).into_body().into_data_stream();
        assert_eq!(next(&mut first).await.as_deref(), Some("retry: 1500\n\n"));
        assert_eq!(next(&mut first).await.as_deref(), Some("data: <p>một</p>\ndata: <p>hai</p>\n\n"));
        // Whoever comes later sees at once what the others see, and no second look is begun for them.
        let mut second = stream(rooms.join("room", scene)).into_body().into_data_stream();
        assert_eq!(rooms.viewers(), 2);
        next(&mut second).await;
        assert_eq!(next(&mut second).await.as_deref(), Some("data: <p>một</p>\ndata: <p>hai</p>\n\n"));
        // What stays the same is not sent again, however often it was looked at.
        while looks.load(Ordering::SeqCst) < 3 {
            tokio::task::yield_now().await;
        }
        tell.send_replace("<p>ba</p>".to_owned());
        let (one, two) = (next(&mut first).await, next(&mut second).await);
        assert_eq!((one.as_deref(), two.as_deref()), (Some("data: <p>ba</p>\n\n"), Some("data: <p>ba</p>\n\n")));
    }

    #[tokio::test]
    async fn a_room_nobody_looks_at_asks_nothing_and_a_closed_one_lets_everybody_go() {
        let (_tell, frames) = watch::channel("<p></p>".to_owned());
        let looks = Arc::new(AtomicUsize::new(0));
        let (rooms, scene) = (Rooms::default(), || Told { frames: frames.clone(), looks: looks.clone() });
        drop(rooms.join("room", scene));
        while !rooms.state().rooms.is_empty() {
            tokio::task::yield_now().await;
        }
        assert_eq!((looks.load(Ordering::SeqCst), rooms.viewers()), (1, 0));
        let mut body = stream(rooms.join("room", scene)).into_body().into_data_stream();
        next(&mut body).await;
        next(&mut body).await;
        rooms.close();
        assert_eq!(next(&mut body).await, None);
        let mut late = stream(rooms.join("room", scene)).into_body().into_data_stream();
        next(&mut late).await;
        assert_eq!(next(&mut late).await, None, "the process is about to end");
    }
}
