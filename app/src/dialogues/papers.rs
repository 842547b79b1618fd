//! Minutes (biên bản) and the notice of conclusion (thông báo kết luận), drafted from what was recorded: on a page, as DOCX and as PDF.
//!
//! They are drafts without a number. The office edits and signs the DOCX, as it does with every paper; the portal keeps what was recorded, and
//! that is what everybody reads.

use super::live::board::{Board, Item};
use super::live::store::Live;
use super::rules::{Chair, Dialogue, State};
use super::{desk_pages, desk_path, promises};
use crate::agencies::Directory;
use crate::commitments::rules::Commitment;
use crate::dialogues::questions::rules::Stage;
use crate::error::{AppError, Result};
use crate::letters::office::{Authority, Office, date_words, office};
use crate::letters::sheet::{Block, BlockKind, Sheet};
use crate::letters::values::Run;
use crate::letters::{Format, file, html};
use crate::permissions::{Action, check};
use crate::ui::context::PageContext;
use crate::ui::icons::{Icon, icon};
use crate::ui::page::{Page, Section};
use crate::words::Lang;
use axum::extract::Path;
use axum::response::Response;
use chrono::NaiveDate;
use leptos::prelude::*;

/// Official papers are written in Vietnamese, whatever language the page around them has.
const LANG: Lang = Lang::Vi;

/// Which paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Paper {
    /// Biên bản.
    Minutes,
    /// Thông báo kết luận.
    Conclusion,
}

impl Paper {
    /// As it stands in addresses and file names.
    fn slug(self) -> &'static str {
        match self {
            Self::Minutes => "bien-ban",
            Self::Conclusion => "thong-bao-ket-luan",
        }
    }

    fn from_slug(slug: &str) -> Option<Self> {
        [Self::Minutes, Self::Conclusion].into_iter().find(|paper| paper.slug() == slug)
    }

    fn key(self) -> &'static str {
        match self {
            Self::Minutes => "dialogues.paper.minutes",
            Self::Conclusion => "dialogues.paper.conclusion",
        }
    }
}

/// Whether there is anything to write papers from.
pub(super) fn is_open(dialogue: &Dialogue, live: &Live) -> bool {
    matches!(dialogue.state, State::Held | State::Published) || live.has_begun()
}

/// The ways to the papers, on the desk page of a dialogue.
pub(super) fn links(context: &PageContext, dialogue: &Dialogue) -> AnyView {
    let lang = context.lang;
    let links = [Paper::Minutes, Paper::Conclusion].map(|paper| {
        view! { <a class="btn btn-s" href=lang.href(&path(dialogue, paper, ""))>{icon(Icon::Paper)}{lang.t(paper.key())}</a> }
    });
    view! { <section class="card stack-s"><h2 class="title-s">{lang.t("dialogues.papers")}</h2><p class="row">{links.into_iter().collect::<Vec<_>>()}</p></section> }.into_any()
}

fn path(dialogue: &Dialogue, paper: Paper, end: &str) -> String {
    format!("{}/van-ban/{}{end}", desk_path(&dialogue.id), paper.slug())
}

/// `GET /can-bo/doi-thoai/{dialogue}/van-ban/{file}`: a page, `….docx` or `….pdf`.
pub(super) async fn show(context: PageContext, Path((id, name)): Path<(String, String)>) -> Result<Response> {
    check(&context.actor, Action::UseDesk)?;
    let (slug, format) = Format::of(&name);
    let paper = Paper::from_slug(slug).ok_or(AppError::NotFound)?;
    let mut tx = context.portal.db().read().await?;
    let dialogue = desk_pages::seen(&mut tx, &context, &id).await?;
    let promised = promises::of(&mut tx, &dialogue).await?.into_iter().map(|listed| listed.commitment).collect::<Vec<_>>();
    let board = Board::load(&mut tx, dialogue).await?;
    drop(tx);
    if !is_open(&board.dialogue, &board.live) {
        return Err(AppError::NotFound);
    }
    let written = Written { directory: &context.directory, board: &board, promised: &promised, today: context.today };
    let sheet = match paper {
        Paper::Minutes => written.minutes(),
        Paper::Conclusion => written.conclusion(),
    };
    if format != Format::Page {
        return file(sheet, format, &format!("{}-{}", paper.slug(), board.dialogue.number)).await;
    }
    let (lang, dialogue) = (context.lang, &board.dialogue);
    let page = Page::new(&context, Section::DeskDialogues, lang.t(paper.key())).main_class("wrap wide page stack-l");
    Ok(page.render(|| {
        view! {
            <div class="stack no-print">
                <a class="back" href=lang.href(&desk_path(&dialogue.id))>{icon(Icon::Back)}{lang.t("live.stage.leave")}</a>
                <h1 class="title-s">{lang.t(paper.key())}</h1>
                <p class="small muted">{lang.t("dialogues.paper.how")}</p>
                <p class="row">
                    <a class="btn btn-s" href=lang.href(&path(dialogue, paper, ".docx"))>{icon(Icon::Download)}{lang.t("letters.docx")}</a>
                    <a class="btn btn-s" href=lang.href(&path(dialogue, paper, ".pdf"))>{icon(Icon::Download)}{lang.t("letters.pdf")}</a>
                </p>
            </div>
            {html::letter(&sheet)}
        }
        .into_any()
    }))
}

/// What the papers are written from.
struct Written<'a> {
    directory: &'a Directory,
    board: &'a Board,
    promised: &'a [Commitment],
    today: NaiveDate,
}

fn bold(text: impl Into<String>) -> Run {
    Run { text: text.into(), bold: true, ..Run::default() }
}

fn text(words: impl Into<String>) -> Block {
    Block { kind: BlockKind::Text, runs: vec![Run::plain(words)] }
}

fn head(words: &str) -> Block {
    Block { kind: BlockKind::Text, runs: vec![bold(words)] }
}

/// A sentence with its end: a promise may be typed without one, or end in a question.
fn ended(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '?', '!', '…']) { text.to_owned() } else { format!("{text}.") }
}

/// "Thời gian: …": nothing where there is nothing to say.
fn labelled(key: &'static str, words: &str) -> Option<Block> {
    (!words.trim().is_empty()).then(|| Block { kind: BlockKind::Text, runs: vec![bold(format!("{}: ", LANG.t(key))), Run::plain(words)] })
}

impl Written<'_> {
    fn dialogue(&self) -> &Dialogue {
        &self.board.dialogue
    }

    fn office(&self) -> Office {
        office(self.directory, &self.dialogue().body_id, None)
    }

    /// The post of whoever chaired, or is to.
    fn post(&self) -> &str {
        self.dialogue().holding.as_ref().map_or(&self.dialogue().facts.head_post, |holding| &holding.post)
    }

    /// Everything but title, text and signature, which differ.
    fn sheet(&self, symbol: &str, title: &str, about: String, body: Vec<Block>, signs: Vec<String>) -> Sheet {
        let office = self.office();
        Sheet {
            is_draft: true,
            superior: office.superior.clone(),
            agency: office.lines.clone(),
            number: office.number(symbol, None),
            place_and_date: office.place_and_date(None),
            day: self.today,
            title: title.to_owned(),
            about: vec![Run::plain(about)],
            opens: Vec::new(),
            body,
            signs,
            signer: String::new(),
            recipients: vec![vec![Run::plain(LANG.t("dialogues.paper.recipients"))], vec![Run::plain(LANG.t("dialogues.paper.archive"))]],
        }
    }

    /// When, where, who.
    fn opening(&self) -> Vec<Block> {
        let facts = &self.dialogue().facts;
        let holding = self.dialogue().holding.as_ref();
        let people = holding.map(|holding| LANG.f("dialogues.paper.people", &[("n", &LANG.number(holding.people))])).unwrap_or_default();
        let others: Vec<&str> = facts.others.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        [
            labelled("dialogues.paper.time", &super::desk_views::when(LANG, facts.begins_at, facts.ends_at)),
            labelled("dialogues.place", if facts.place.is_empty() { &facts.online_address } else { &facts.place }),
            labelled("dialogues.paper.chair", self.post()),
            labelled("dialogues.paper.others", &others.join("; ")),
            labelled("dialogues.paper.came", &people),
            labelled("dialogues.paper.about", &facts.about),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn minutes(&self) -> Sheet {
        let mut body = self.opening();
        body.push(head(LANG.t("dialogues.paper.questions")));
        let mut spoken: Vec<&Item> = self.board.on.iter().chain(&self.board.done).chain(&self.board.out).collect();
        spoken.sort_by_key(|item| (item.question.stage_at, item.question.number));
        if spoken.is_empty() {
            body.push(text(LANG.t("dialogues.paper.none_spoken")));
        }
        for item in spoken {
            body.extend(spoken_blocks(item));
        }
        let left = i64::try_from(self.board.queue.len()).unwrap_or(0);
        if left > 0 {
            body.push(text(LANG.n("live.record.left_one", "live.record.left_many", left)));
        }
        self.tasks(&mut body);
        body.push(text(LANG.t("dialogues.paper.read_back")));
        body.push(text(LANG.t("dialogues.paper.secretary")));
        let about = LANG.f("dialogues.paper.minutes.about", &[("title", &self.dialogue().facts.title)]);
        self.sheet("BB", LANG.t("dialogues.paper.minutes.title"), about, body, vec![LANG.t("dialogues.paper.minutes.signs").to_owned()])
    }

    fn conclusion(&self) -> Sheet {
        let day = date_words(self.dialogue().facts.day());
        let begin = day.replacen("ngày", "Ngày", 1);
        let opening = LANG.f(
            "dialogues.paper.conclusion.opening",
            &[("day", &begin), ("office", &self.office().name), ("title", &self.dialogue().facts.title), ("post", self.post())],
        );
        let mut body = vec![text(opening), head(LANG.t("dialogues.paper.result"))];
        let done = &self.board.done;
        let later: Vec<&Item> = done.iter().filter(|item| item.question.stage == Stage::Later).collect();
        let n = |n: usize| LANG.number(i64::try_from(n).unwrap_or(0));
        let counts = LANG.f("dialogues.paper.counts", &[("all", &n(done.len())), ("answered", &n(self.board.answered())), ("later", &n(later.len()))]);
        body.push(text(counts));
        if !self.dialogue().outcome.is_empty() {
            body.extend(self.dialogue().outcome.lines().filter(|line| !line.trim().is_empty()).map(text));
        }
        for item in later {
            let Some(day) = item.question.promised_on else { continue };
            let words = [("n", item.question.number.to_string()), ("text", item.question.public_text.clone()), ("day", LANG.day_short(day))];
            let words: Vec<(&str, &str)> = words.iter().map(|(name, value)| (*name, value.as_str())).collect();
            body.push(Block { kind: BlockKind::Item, runs: vec![Run::plain(LANG.f("dialogues.paper.answer_by", &words))] });
        }
        self.tasks(&mut body);
        body.push(text(LANG.f("dialogues.paper.conclusion.end", &[("post", self.post())])));
        let about = LANG.f("dialogues.paper.conclusion.about", &[("post", self.post()), ("day", &day)]);
        let by_head = self.dialogue().holding.as_ref().is_none_or(|holding| holding.chair == Chair::Head);
        let signs = self.office().signs(if by_head { Authority::Head } else { Authority::Deputy }, false, "");
        self.sheet("TB", LANG.t("dialogues.paper.conclusion.title"), about, body, signs)
    }

    /// What was promised there: what, who, with whom, by when.
    fn tasks(&self, body: &mut Vec<Block>) {
        if self.promised.is_empty() {
            return;
        }
        body.push(head(LANG.t("dialogues.paper.tasks")));
        for commitment in self.promised {
            let name = |id: &str| self.directory.agency_name(id).to_owned();
            let helpers: Vec<String> = commitment.co_owners.split_whitespace().map(name).collect();
            let mut words = LANG.f(
                "dialogues.paper.task",
                &[("text", &ended(&commitment.text)), ("owner", &name(&commitment.owner_id)), ("day", &LANG.day_short(commitment.day))],
            );
            if !helpers.is_empty() {
                words = format!("{words} {}", LANG.f("dialogues.paper.task.helpers", &[("names", &helpers.join(", "))]));
            }
            body.push(Block { kind: BlockKind::Item, runs: vec![Run::plain(words)] });
        }
    }
}

/// A question and what was answered to it.
fn spoken_blocks(item: &Item) -> Vec<Block> {
    let question = &item.question;
    let asked = if question.name.is_empty() { LANG.t("live.asked_by_somebody").to_owned() } else { LANG.f("live.asked_by", &[("name", &question.name)]) };
    let opening = format!("{} ({asked}): ", LANG.f("live.number", &[("n", &question.number.to_string())]));
    let mut blocks = vec![Block { kind: BlockKind::Text, runs: vec![bold(opening), Run::plain(question.public_text.clone())] }];
    for answer in &item.answers {
        for (i, line) in answer.body.lines().filter(|line| !line.trim().is_empty()).enumerate() {
            let who = (i == 0).then(|| bold(format!("{}: ", answer.post)));
            blocks.push(Block { kind: BlockKind::Text, runs: who.into_iter().chain([Run::plain(line)]).collect() });
        }
    }
    let became = match (question.stage, question.promised_on) {
        (Stage::Later, Some(day)) => LANG.f("questions.stage.later_by", &[("day", &LANG.day_short(day))]),
        (Stage::Out, _) => LANG.f("live.out", &[("reason", &question.stage_reason)]),
        (Stage::Answered, _) if item.answers.is_empty() => LANG.t("questions.stage.answered").to_owned(),
        _ => String::new(),
    };
    if !became.is_empty() {
        blocks.push(Block { kind: BlockKind::Text, runs: vec![Run { text: became, italic: true, ..Run::default() }] });
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::ended;

    #[test]
    fn a_sentence_ends_once() {
        assert_eq!(ended("Sửa đường "), "Sửa đường.");
        assert_eq!(ended("Trả lời câu 2: bao giờ xã sửa?"), "Trả lời câu 2: bao giờ xã sửa?");
    }
}
