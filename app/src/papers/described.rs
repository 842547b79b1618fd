//! Photos and papers with words for whoever cannot see them: what shows that a promise was kept, pictures of a dialogue.

use crate::ui::{Icon, icon};
use crate::words::Lang;
use chrono::{DateTime, Utc};
use leptos::prelude::*;

/// A photo or paper of which somebody said what it shows.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Described {
    /// Its id.
    pub id: String,
    /// `jpeg`, `png`, `webp` or `pdf`.
    pub kind: String,
    /// Size in bytes.
    pub bytes: i64,
    /// Width of a picture, in pixels.
    pub width: Option<i64>,
    /// Height of a picture, in pixels.
    pub height: Option<i64>,
    /// Whether there is a small picture.
    pub has_thumb: bool,
    /// What it shows.
    pub alt: String,
    /// When it came.
    pub at: DateTime<Utc>,
}

impl Described {
    /// Whether it can stand in a page as a picture.
    pub fn is_picture(&self) -> bool {
        self.kind != "pdf"
    }
}

/// Pictures to look at, and papers to open; `address` says where one is.
pub fn gallery(lang: Lang, shown: &[&Described], address: &dyn Fn(&Described) -> String) -> AnyView {
    let pictures: Vec<_> = shown.iter().filter(|paper| paper.is_picture()).map(|paper| picture(lang, paper, &address(paper))).collect();
    let papers: Vec<_> = shown
        .iter()
        .filter(|paper| !paper.is_picture())
        .map(|paper| view! { <li><a href=address(paper)>{icon(Icon::Paper)}{paper.alt.clone()}</a></li> })
        .collect();
    view! {
        {(!pictures.is_empty()).then(|| view! { <ul class="photo-grid">{pictures}</ul> })}
        {(!papers.is_empty()).then(|| view! { <ul class="bare">{papers}</ul> })}
    }
    .into_any()
}

/// A picture small enough for a list, and the way to the whole one.
fn picture(lang: Lang, paper: &Described, href: &str) -> AnyView {
    let (width, height) = (paper.width.map(|n| n.to_string()), paper.height.map(|n| n.to_string()));
    let alt = lang.f("papers.photo_of", &[("what", &paper.alt)]);
    view! { <li><a href=href.to_owned()><img src=format!("{href}?nho") alt=alt width=width height=height loading="lazy" /></a></li> }.into_any()
}
