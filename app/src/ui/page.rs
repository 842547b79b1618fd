//! The document around every page.
//!
//! A page is loaded first and rendered after, as a whole: nothing is streamed, no script puts anything in its place, and the
//! status is known before the first byte. (This is what leptos calls `SsrMode::Async`, without a client-side router: routes are
//! axum's.) Islands work as usual; a page that has one names it, and only then a script is loaded.

use super::context::PageContext;
use super::icons::{Icon, icon, logo};
use super::response::CachePolicy;
use crate::actor::Actor;
use crate::permissions::{Action, check};
use crate::words::Lang;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hydration_context::SsrSharedContext;
use leptos::prelude::*;
use leptos::tachys::html::attribute::custom::CustomAttribute;
use std::sync::Arc;

/// The place in the navigation a page belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// Filing.
    File,
    /// Following by code.
    Follow,
    /// The public register.
    Register,
    /// Dialogue conferences.
    Dialogues,
    /// The officials' pages of dialogues.
    DeskDialogues,
    /// Agencies.
    Agencies,
    /// The officials' workspace.
    Desk,
    /// Managing sign-ins.
    Accounts,
    /// Days off.
    DaysOff,
    /// Legal periods.
    Periods,
    /// Templates of letters.
    LetterTemplates,
    /// Rules of routing.
    Routing,
    /// The leader's figures.
    Lead,
    /// Ready-made answers.
    Canned,
    /// Commitments, at the desk.
    Commitments,
    /// Citizen reception at the desk.
    Receptions,
    /// None of them.
    Other,
}

/// A page before it is rendered.
pub struct Page<'a> {
    context: &'a PageContext,
    title: String,
    description: String,
    section: Section,
    status: StatusCode,
    policy: CachePolicy,
    is_indexed: bool,
    has_islands: bool,
    is_live: bool,
    is_step: bool,
    asks_passkeys: bool,
    has_covering: bool,
    is_screen: bool,
    is_desk: bool,
    reload_seconds: Option<u32>,
    main_class: &'static str,
}

impl<'a> Page<'a> {
    /// A page of that title. Private and not indexed until [`Page::public`] says otherwise.
    pub fn new(context: &'a PageContext, section: Section, title: impl Into<String>) -> Self {
        Self {
            context,
            title: title.into(),
            description: String::new(),
            section,
            status: StatusCode::OK,
            policy: CachePolicy::Private,
            is_indexed: false,
            has_islands: false,
            is_live: false,
            is_step: false,
            asks_passkeys: context.proof.may_ask_for_passkey(),
            has_covering: false,
            is_screen: false,
            is_desk: false,
            reload_seconds: None,
            main_class: "wrap page stack-l",
        }
    }

    /// The same for everybody: may be cached and found by search engines under this description.
    pub fn public(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self.policy = CachePolicy::Public;
        self.is_indexed = true;
        self
    }

    /// Found by search engines, and never kept: it shows what changes by the minute.
    pub fn fresh(mut self) -> Self {
        self.policy = CachePolicy::Private;
        self
    }

    /// The HTTP status, if it is not 200.
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// The page has islands: load the script that wakes them.
    pub fn islands(mut self) -> Self {
        self.has_islands = true;
        self
    }

    /// Parts of the page change while it is looked at: load the small script that puts the new ones in their places.
    pub fn live(mut self) -> Self {
        self.is_live = true;
        self
    }

    /// The step that bursts lead to: load the small script that does its work.
    pub fn step(mut self) -> Self {
        self.is_step = true;
        self
    }

    /// The page may ask a device for a passkey: load the small script that does, whether or not a form asks for a fresh proof.
    pub fn passkeys(mut self) -> Self {
        self.asks_passkeys = true;
        self
    }

    /// Rectangles are drawn over a picture: load the small script for it. Without it cells of a grid are ticked.
    pub fn covering(mut self) -> Self {
        self.has_covering = true;
        self
    }

    /// Without scripts the browser loads the page anew after so many seconds. Not for pages on which somebody types.
    pub fn reloaded_every(mut self, seconds: u32) -> Self {
        self.reload_seconds = Some(seconds);
        self
    }

    /// A page of the officials' workspace that has no place of its own in its navigation.
    pub fn desk(mut self) -> Self {
        self.is_desk = true;
        self
    }

    /// For a wall: nothing around the content, no way to anywhere.
    pub fn screen(mut self) -> Self {
        self.is_screen = true;
        self
    }

    /// Other classes of `main` than those of a citizen's page. Empty for the desk's panes, which bring their own `main`.
    pub fn main_class(mut self, class: &'static str) -> Self {
        self.main_class = class;
        self
    }

    /// Renders the page around its content. The closure runs inside a leptos owner, as islands need one.
    pub fn render(self, content: impl FnOnce() -> AnyView) -> Response {
        let (status, policy) = (self.status, self.policy);
        let html = render_html(move || self.document(content()));
        let mut response = (status, html).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        response.extensions_mut().insert(policy);
        response
    }

    fn document(self, content: AnyView) -> AnyView {
        let lang = self.context.lang;
        let is_desk = self.is_desk
            || matches!(
                self.section,
                Section::Desk
                    | Section::Accounts
                    | Section::DaysOff
                    | Section::Periods
                    | Section::LetterTemplates
                    | Section::Routing
                    | Section::Lead
                    | Section::Canned
                    | Section::DeskDialogues
                    | Section::Commitments
                    | Section::Receptions
            );
        let body = if self.main_class.is_empty() { content } else { view! { <main id="main" class=self.main_class tabindex="-1">{content}</main> }.into_any() };
        if self.is_screen {
            return view! { <html lang=lang.code()><head>{self.head()}{self.files()}</head><body class="screen">{body}</body></html> }.into_any();
        }
        view! {
            <html lang=lang.code()>
                <head>{self.head()}{self.files()}</head>
                <body class=is_desk.then_some("desk")>
                    <a class="skip" href="#main">{lang.t("frame.skip")}</a>
                    {if is_desk { desk_top(self.context, self.section) } else { top(self.context, self.section) }}
                    {body}
                    {(!is_desk).then(|| view! { {footer(self.context)} {tabs(lang, self.section)} })}
                </body>
            </html>
        }
        .into_any()
    }

    /// The built files the page needs.
    fn files(&self) -> AnyView {
        let assets = self.context.portal.assets();
        let script = |wanted: bool, name: &'static str| (wanted && assets.has(name)).then(|| view! { <script type="module" src=assets.href(name)></script> });
        let reload = self.reload_seconds.map(|seconds| view! { <noscript><meta http-equiv="refresh" content=seconds.to_string() /></noscript> });
        view! {
            <link rel="stylesheet" href=assets.href("app.css") />
            {script(self.has_islands, "islands.js")}
            {script(self.is_live, "live.js")}
            {script(self.is_step, "step.js")}
            {script(self.asks_passkeys, "passkeys.js")}
            {script(self.has_covering, "cover.js")}
            {reload}
        }
        .into_any()
    }

    fn head(&self) -> AnyView {
        let lang = self.context.lang;
        let settings = self.context.portal.settings();
        let title = if self.context.path == "/" { self.title.clone() } else { format!("{} · Nghe Dân", self.title) };
        let address = |lang: Lang| format!("{}{}", settings.public_url, lang.href(&self.context.path));
        let shared = self.is_indexed.then(|| {
            view! {
                <meta name="description" content=self.description.clone() />
                <link rel="canonical" href=address(lang) />
                <link rel="alternate" hreflang="vi" href=address(Lang::Vi) />
                <link rel="alternate" hreflang="en" href=address(Lang::En) />
                {meta("property", "og:type", "website")}
                {meta("property", "og:title", self.title.clone())}
                {meta("property", "og:description", self.description.clone())}
                {meta("property", "og:url", address(lang))}
                {meta("property", "og:image", format!("{}/icons/og.png", settings.public_url))}
                {meta("property", "og:site_name", "Nghe Dân")}
            }
        });
        view! {
            <meta charset="utf-8" />
            <meta name="viewport" content="width=device-width, initial-scale=1" />
            <title>{title}</title>
            <meta name="color-scheme" content="light dark" />
            {theme_color("#ffffff", "(prefers-color-scheme: light)")}
            {theme_color("#1b201d", "(prefers-color-scheme: dark)")}
            {(!self.is_indexed).then(|| view! { <meta name="robots" content="noindex" /> })}
            {shared}
            <link rel="icon" type="image/svg+xml" href="/icons/favicon.svg" />
            <link rel="apple-touch-icon" href="/icons/apple-touch-icon.png" />
            <link rel="manifest" href="/icons/site.webmanifest" />
        }
        .into_any()
    }
}

/// A meta element whose attributes leptos has no names for.
fn meta(key: &'static str, name: &'static str, content: impl Into<String>) -> AnyView {
    leptos::html::meta().attr(key, name).attr("content", content.into()).into_any()
}

/// The colour of the browser's frame in one of the two colour schemes.
fn theme_color(color: &'static str, media: &'static str) -> AnyView {
    leptos::html::meta().attr("name", "theme-color").attr("content", color).attr("media", media).into_any()
}

/// Renders a view to HTML with the document type before it.
fn render_html(view: impl FnOnce() -> AnyView) -> String {
    format!("<!DOCTYPE html>{}", render_part(view))
}

/// Renders a part of a page, outside of any request: for those who look at it already.
pub fn render_part(view: impl FnOnce() -> AnyView) -> String {
    let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
    let html = owner.with(|| view().to_html());
    owner.cleanup();
    html
}

/// Places in the bar at the bottom of a phone.
const TABS: usize = 4;

/// The places of the portal. The bar at the bottom of a phone has room for the first [`TABS`].
const PLACES: [(Section, &str, &str, Icon); 5] = [
    (Section::File, "/gui", "nav.file", Icon::Plus),
    (Section::Follow, "/tra-cuu", "nav.follow", Icon::Search),
    (Section::Register, "/cong-khai", "nav.register", Icon::Register),
    (Section::Dialogues, "/doi-thoai", "dialogues.nav", Icon::Dialogue),
    (Section::Agencies, "/co-quan", "nav.agencies", Icon::Agency),
];

fn current(here: Section, place: Section) -> Option<&'static str> {
    (here == place).then_some("page")
}

fn brand(context: &PageContext, href: &'static str) -> AnyView {
    let province = context.portal.settings().province_code.clone();
    let name = context.directory.area_name(&province).to_owned();
    view! { <a class="brand" href=context.lang.href(href)>{logo()}<span>"Nghe Dân"<small>{name}</small></span></a> }.into_any()
}

fn language_link(context: &PageContext) -> AnyView {
    let other = context.lang.other();
    view! { <a class="lang" href=context.other_language_href() hreflang=other.code() lang=other.code()>{other.t("frame.language")}</a> }.into_any()
}

fn top(context: &PageContext, section: Section) -> AnyView {
    let lang = context.lang;
    let links = PLACES.map(|(place, path, key, _)| view! { <a href=lang.href(path) aria-current=current(section, place)>{lang.t(key)}</a> });
    let demo = context.portal.settings().is_demo.then(|| view! { <p class="demo-line small"><span class="wrap wide">{lang.t("frame.demo")}</span></p> });
    view! {
        <header class="top">
            <div class="wrap wide">
                {brand(context, "/")}
                <nav aria-label=lang.t("frame.main")>{links.into_iter().collect::<Vec<_>>()}</nav>
                {language_link(context)}
            </div>
            {demo}
        </header>
    }
    .into_any()
}

fn desk_top(context: &PageContext, section: Section) -> AnyView {
    let lang = context.lang;
    let who = match &context.actor {
        Actor::Official(official) => {
            let holding = official.holdings.first();
            let role = holding.map(|holding| format!("{} · {}", holding.agency_name, lang.t(holding.role.key())));
            let sees_routing = crate::routing::sees(context);
            let manages = official.holdings.iter().any(|holding| holding.role == crate::permissions::Role::Administrator);
            let body_id = official.body_id().unwrap_or_default();
            let leads = check(&context.actor, Action::Lead(body_id)).is_ok();
            let reads = check(&context.actor, Action::SeeDeeds(body_id)).is_ok();
            let decides = check(&context.actor, Action::SeeOwnDataRequests(body_id)).is_ok();
            let keeps = crate::retention::plans::keeper(&context.portal).is_some_and(|keeper| check(&context.actor, Action::SeeRetention(&keeper)).is_ok());
            let meets = check(&context.actor, Action::SeeDialogues(body_id)).is_ok();
            let receives = crate::receptions::sees(context);
            let answers = crate::dialogues::questions::answers(official);
            let handles = check(&context.actor, Action::SeeDeskWords(body_id)).is_ok();
            view! {
                <nav aria-label=lang.t("frame.main")>
                    <a href=lang.href("/can-bo") aria-current=current(section, Section::Desk)>{lang.t("nav.desk")}</a>
                    {leads.then(|| view! { <a href=lang.href("/can-bo/lanh-dao") aria-current=current(section, Section::Lead)>{lang.t("nav.lead")}</a> })}
                    {handles.then(|| view! { <a href=lang.href(crate::commitments::desk_pages::PATH) aria-current=current(section, Section::Commitments)>{lang.t("commitments.title")}</a> })}
                    {receives.then(|| view! { <a href=lang.href("/can-bo/tiep-dan") aria-current=current(section, Section::Receptions)>{lang.t("reception.nav")}</a> })}
                    {handles.then(|| view! { <a href=lang.href("/can-bo/cau-mau") aria-current=current(section, Section::Canned)>{lang.t("nav.canned")}</a> })}
                    {meets.then(|| view! { <a href=lang.href("/can-bo/doi-thoai") aria-current=current(section, Section::DeskDialogues)>{lang.t("dialogues.nav")}</a> })}
                    {answers.then(|| view! { <a href=lang.href(crate::dialogues::questions::ANSWERS)>{lang.t("questions.answers.nav")}</a> })}
                    {manages.then(|| view! { <a href=lang.href("/can-bo/tai-khoan") aria-current=current(section, Section::Accounts)>{lang.t("nav.accounts")}</a> })}
                    {manages.then(|| view! { <a href=lang.href("/can-bo/lich-nghi") aria-current=current(section, Section::DaysOff)>{lang.t("nav.days_off")}</a> })}
                    {manages.then(|| view! { <a href=lang.href("/can-bo/thoi-han") aria-current=current(section, Section::Periods)>{lang.t("nav.periods")}</a> })}
                    {manages.then(|| view! { <a href=lang.href("/can-bo/mau-van-ban") aria-current=current(section, Section::LetterTemplates)>{lang.t("nav.letter_templates")}</a> })}
                    {sees_routing.then(|| view! { <a href=lang.href("/can-bo/quy-tac") aria-current=current(section, Section::Routing)>{lang.t("routing.nav")}</a> })}
                    <a href=lang.href("/cong-khai")>{lang.t("nav.register")}</a>
                </nav>
                <details class="menu push">
                    <summary class="btn btn-quiet btn-s">{icon(Icon::User)}<span>{official.name.clone()}</span></summary>
                    <ul>
                        <li><span class="small muted">{role}</span></li>
                        {reads.then(|| view! { <li><a href=lang.href("/can-bo/nhat-ky")>{lang.t("record.deeds.title")}</a></li> })}
                        <li><a href=lang.href("/can-bo/bao-mat")>{lang.t("signin.title")}</a></li>
                        <li><a href=lang.href("/can-bo/phien")>{lang.t("signin.sessions.title")}</a></li>
                        {decides.then(|| view! { <li><a href=lang.href(crate::retention::REQUESTS)>{lang.t("retention.desk.title")}</a></li> })}
                        {keeps.then(|| view! { <li><a href=lang.href(crate::retention::PLANS)>{lang.t("retention.plans.title")}</a></li> })}
                        <li><a href=lang.href("/can-bo/mat-khau")>{lang.t("nav.password")}</a></li>
                        <li><form method="post" action=lang.href("/dang-xuat")><button>{lang.t("nav.sign_out")}</button></form></li>
                    </ul>
                </details>
            }
            .into_any()
        }
        _ => ().into_any(),
    };
    let must = context.proof.add_until.map(|day| {
        let words = lang.f("signin.must_line", &[("day", &lang.day_short(day))]);
        view! { <p class="demo-line small"><span class="wrap wide"><a href=lang.href("/can-bo/bao-mat")>{words}</a></span></p> }
    });
    view! { <header class="top"><div class="wrap full">{brand(context, "/can-bo")}{who}{language_link(context)}</div>{must}</header> }.into_any()
}

fn footer(context: &PageContext) -> AnyView {
    let lang = context.lang;
    view! {
        <footer class="site">
            <div class="wrap wide">
                <nav aria-label=lang.t("frame.foot")>
                    <a href=lang.href("/co-quan")>{lang.t("nav.agencies")}</a>
                    <a href=lang.href(crate::commitments::PATH)>{lang.t("commitments.title")}</a>
                    <a href=lang.href("/tiep-dan")>{lang.t("reception.title")}</a>
                    <a href=lang.href("/huong-dan")>{lang.t("nav.guide")}</a>
                    <a href=lang.href("/thoi-han")>{lang.t("nav.deadlines")}</a>
                    <a href=lang.href("/rieng-tu")>{lang.t("nav.privacy")}</a>
                    <a href=lang.href("/dau-so")>{lang.t("record.title")}</a>
                    <a href=lang.href("/dang-nhap")>{lang.t("nav.sign_in")}</a>
                </nav>
                <p>{lang.t("frame.emergency")}</p>
            </div>
        </footer>
    }
    .into_any()
}

fn tabs(lang: Lang, section: Section) -> AnyView {
    let links = PLACES.into_iter().take(TABS).map(|(place, path, key, picture)| {
        view! { <a href=lang.href(path) aria-current=current(section, place)>{icon(picture)}{lang.t(key)}</a> }
    });
    view! { <nav class="tabs no-print" aria-label=lang.t("frame.main")>{links.collect::<Vec<_>>()}</nav> }.into_any()
}
