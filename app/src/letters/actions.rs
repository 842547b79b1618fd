//! Drafting, changing and issuing letters, in the caller's transaction.
//!
//! A step of a case calls [`prefill`] when its form is shown, [`draft`] when somebody proposes it, and [`issue`] when another
//! person signs; the step's own event goes into the same transaction. A number is given there too, so that there is neither a
//! letter without its step nor a number without its letter.

use super::markup::blanks;
use super::office::{Authority, Office, office};
use super::places::{Fault, Place};
use super::sheet::{Issue, Sheet, compose};
use super::store::{self, Course, Issued, Letter, LetterState, LetterText};
use super::templates::{Addressee, Template, pick};
use super::values::{Facts, Identity, Values};
use crate::agencies::Directory;
use crate::db::Tx;
use crate::deadlines::rules::{self, Circumstances, Rule, Unit};
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::permissions::{Action, check};
use crate::petitions::actions::{Act, betrays, record};
use crate::petitions::letter_event::LetterEvent;
use crate::petitions::rules::{Case, Event, Kind};
use crate::petitions::store::parts;
use crate::record::words::mark_of_letter;
use chrono::{Datelike, NaiveDate};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Longest text of a letter, in characters: some ten pages.
pub const BODY_CHARS_MAX: usize = 30_000;
/// Longest name of an addressee or a post, in characters.
pub const NAME_CHARS_MAX: usize = 300;

/// What a step knows that a letter may say: the day of the dialogue, the competent authority, a reason.
pub type Known = BTreeMap<Place, String>;

/// A letter to be drafted.
#[derive(Clone, Debug, Default)]
pub struct NewLetter {
    /// Which template.
    pub template_code: String,
    /// To whom, where that is not the sender: "ông Nguyễn Văn B", "Sở Xây dựng".
    pub to: String,
    /// The edited text, from [`prefill`].
    pub body: String,
    /// What the step knows.
    pub known: Known,
}

/// How a letter is signed.
#[derive(Clone, Debug)]
pub struct Signing {
    /// By what right.
    pub authority: Authority,
    /// The signer's post; needed only for [`Authority::ByOrder`].
    pub post: String,
    /// What is special about the matter, for the last day of the next right.
    pub circumstances: Circumstances,
    /// What is known only now that the step is taken: the last day that begins with it.
    pub known: Known,
}

/// Why a text cannot be drafted or issued: for the form it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextFault {
    /// There is no text.
    Empty,
    /// It is too long.
    TooLong,
    /// To whom is missing.
    NoAddressee,
    /// A place is wrong.
    Places(Fault),
    /// It names the sender in words instead of the place.
    NamesSender,
    /// Blanks wait for a person. Only for [`issue`].
    Blanks(Vec<String>),
}

impl TextFault {
    /// Notes it at a field of a form.
    pub fn note(&self, form: &mut FormState, field: &'static str) {
        match self {
            Self::Empty => form.wrong(field, "letters.fault.empty"),
            Self::TooLong => form.wrong_with(field, "letters.fault.too_long", vec![("max", BODY_CHARS_MAX.to_string())]),
            Self::NoAddressee => form.wrong(field, "letters.fault.addressee"),
            Self::NamesSender => form.wrong_with(field, "letters.fault.names_sender", vec![("place", Place::Sender.to_string())]),
            Self::Blanks(names) => form.wrong_with(field, "letters.fault.blanks", vec![("names", names.join("; "))]),
            Self::Places(fault) => note_places(form, field, fault),
        }
    }
}

/// Notes what is wrong with the places of a field.
pub fn note_places(form: &mut FormState, field: &'static str, fault: &Fault) {
    match fault {
        Fault::Unknown(name) => form.wrong_with(field, "letters.fault.unknown", vec![("name", name.clone())]),
        Fault::Brace(near) => form.wrong_with(field, "letters.fault.brace", vec![("near", near.clone())]),
        Fault::Betrays(place) => form.wrong_with(field, "letters.fault.betrays", vec![("place", place.to_string())]),
        Fault::TooEarly(place) => form.wrong_with(field, "letters.fault.too_early", vec![("place", place.to_string())]),
    }
}

// ---- reading ----

/// The templates that can be used for a kind of petition on a day, in the order of lists.
pub async fn templates_for(tx: &mut Tx, kind: Kind, day: NaiveDate) -> Result<Vec<Template>> {
    let all: Vec<Template> = store::versions(tx).await?.into_iter().map(|version| version.template).collect();
    let is_picked = |template: &&Template| template.fits(kind) && pick(&all, &template.code, day) == Some(*template);
    Ok(all.iter().filter(is_picked).cloned().collect())
}

/// The template of a code that holds on a day.
///
/// # Errors
/// [`AppError::NotFound`]
pub async fn template(tx: &mut Tx, code: &str, day: NaiveDate) -> Result<Template> {
    let all: Vec<Template> = store::versions_of(tx, code).await?.into_iter().map(|version| version.template).collect();
    pick(&all, code, day).cloned().ok_or(AppError::NotFound)
}

/// The text of a letter as somebody begins to edit it.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown template, [`AppError::Forbidden`] for whoever may not draft.
pub async fn prefill(act: &mut Act<'_>, case: &Case, template_code: &str, known: &Known) -> Result<String> {
    check(act.actor, Action::DraftLetter(case))?;
    let template = template(act.tx, template_code, crate::clock::day(act.portal.now())).await?;
    let directory = act.portal.directory();
    let office = office(&directory, &case.body_id, case.unit_id.as_deref());
    let values = Values::new(template.reader(), &office, &facts(act.tx, case, &directory, known).await?, "");
    values.prefill(&template.text()).map_err(AppError::internal)
}

async fn facts(tx: &mut Tx, case: &Case, directory: &Directory, known: &Known) -> Result<Facts> {
    let area = directory.area_name(&case.area_code);
    let mut letters = area.chars();
    let area = letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default();
    let papers = i64::try_from(crate::papers::store::of_case(tx, &case.id).await?.len()).unwrap_or(0);
    let mut title = parts::for_officials(tx, case).await?.title;
    if title.is_empty() && case.kind == Kind::Denunciation {
        // Its own sentence is sealed.
        crate::words::Lang::Vi.t("sealed.letter.matter").clone_into(&mut title);
    }
    Ok(Facts { received_on: case.received_on, due_on: case.due_on, area, title, papers, known: known.clone() })
}

async fn identity(tx: &mut Tx, case_id: &str) -> Result<Identity> {
    let person = parts::person(tx, case_id).await?;
    Ok(Identity { name: person.name, address: person.address })
}

/// What is wrong with a text; none if a letter can be made of it. `for_issue` also asks for filled blanks.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown template.
pub async fn fault(act: &mut Act<'_>, case: &Case, new: &NewLetter, for_issue: bool) -> Result<Option<TextFault>> {
    let template = template(act.tx, &new.template_code, crate::clock::day(act.portal.now())).await?;
    fault_of(act, case, &template, new, for_issue).await
}

async fn fault_of(act: &mut Act<'_>, case: &Case, template: &Template, new: &NewLetter, for_issue: bool) -> Result<Option<TextFault>> {
    if new.body.trim().is_empty() {
        return Ok(Some(TextFault::Empty));
    }
    if new.body.chars().count() > BODY_CHARS_MAX {
        return Ok(Some(TextFault::TooLong));
    }
    let to = new.to.trim();
    if template.addressee != Addressee::Sender && to.is_empty() || to.chars().count() > NAME_CHARS_MAX {
        return Ok(Some(TextFault::NoAddressee));
    }
    let person = parts::person(act.tx, &case.id).await?;
    if betrays(&new.body, &person) || betrays(to, &person) || new.known.values().any(|words| betrays(words, &person)) {
        return Ok(Some(TextFault::NamesSender));
    }
    let directory = act.portal.directory();
    let office = office(&directory, &case.body_id, case.unit_id.as_deref());
    let today = crate::clock::day(act.portal.now());
    let values = Values::new(template.reader(), &office, &facts(act.tx, case, &directory, &new.known).await?, to);
    // The next right is computed at the issue; here any day does.
    let values = values.with_identity(&Identity::default()).signed_on(today).with_next_right(today, "…");
    match compose(template, &office, &new.body, &values, None, today) {
        Err(fault) => Ok(Some(TextFault::Places(fault))),
        Ok(sheet) => Ok(Some(sheet.blanks()).filter(|blanks| for_issue && !blanks.is_empty()).map(TextFault::Blanks)),
    }
}

/// A letter as a value: the frozen one if it is out, else the draft as it would be, without who the sender is.
///
/// # Errors
/// [`AppError::NotFound`] if its words were deleted, [`AppError::Internal`] if they differ from their hash.
pub async fn sheet(tx: &mut Tx, directory: &Directory, case: &Case, letter: &Letter) -> Result<Sheet> {
    let text = store::text(tx, &letter.id).await?.ok_or(AppError::NotFound)?;
    if let Some(frozen) = &text.sheet {
        if letter.sha256.as_deref() != Some(hash(frozen).as_str()) {
            return Err(AppError::internal(format!("letter {} differs from its hash", letter.id)));
        }
        return Ok(serde_json::from_str(frozen)?);
    }
    let template = version(tx, letter).await?;
    let office = office(directory, &letter.body_id, letter.unit_id.as_deref());
    let nobody = Identity { name: format!("({})", Place::Sender.name()), address: format!("({})", Place::SenderAddress.name()) };
    let values = Values::new(template.reader(), &office, &facts(tx, case, directory, &known(&text)?).await?, &text.to_name).with_identity(&nobody);
    compose(&template, &office, &text.body, &values, None, crate::clock::day(letter.drafted_at)).map_err(AppError::internal)
}

async fn version(tx: &mut Tx, letter: &Letter) -> Result<Template> {
    let versions = store::versions_of(tx, &letter.template_code).await?;
    let found = versions.into_iter().map(|version| version.template).find(|template| template.valid_from == letter.template_from);
    found.ok_or_else(|| AppError::internal(format!("letter {} has no template", letter.id)))
}

/// What the step knew when a letter was drafted.
pub fn known(text: &LetterText) -> Result<Known> {
    let by_name: BTreeMap<String, String> = serde_json::from_str(&text.known)?;
    Ok(by_name.into_iter().filter_map(|(name, words)| Place::from_name(&name).map(|place| (place, words))).collect())
}

fn hash(text: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(text.as_bytes()))
}

/// A letter of a case.
///
/// # Errors
/// [`AppError::NotFound`] for a letter of another case too.
pub async fn of_this_case(tx: &mut Tx, case: &Case, letter_id: &str) -> Result<Letter> {
    store::by_id(tx, letter_id).await?.filter(|letter| letter.case_id == case.id).ok_or(AppError::NotFound)
}

// ---- writing ----

/// Writes a draft.
///
/// # Errors
/// [`AppError::Forbidden`] for whoever may not draft; [`AppError::BadRequest`] for a text with a [`TextFault`], which the caller has
/// asked for before ([`fault`]), or a template that does not fit the case's kind.
pub async fn draft(act: &mut Act<'_>, case: &Case, new: &NewLetter) -> Result<Letter> {
    let id = act.portal.new_id();
    draft_as(act, case, new, (id, Course::Step)).await
}

/// The same under an id that a form was shown with, and with where the draft stands.
///
/// # Errors
/// Those of [`draft`].
pub async fn draft_as(act: &mut Act<'_>, case: &Case, new: &NewLetter, (id, course): (String, Course)) -> Result<Letter> {
    check(act.actor, Action::DraftLetter(case))?;
    let author = act.actor.official().ok_or(AppError::SignInNeeded)?;
    let now = act.portal.now();
    let template = template(act.tx, &new.template_code, crate::clock::day(now)).await?;
    if !template.fits(case.kind) {
        return Err(AppError::BadRequest("the letter does not fit the kind"));
    }
    if fault_of(act, case, &template, new, false).await?.is_some() {
        return Err(AppError::BadRequest("the letter's text is wrong"));
    }
    let letter = Letter {
        id,
        case_id: case.id.clone(),
        template_code: template.code,
        template_from: template.valid_from,
        name: template.name,
        addressee: template.addressee,
        body_id: case.body_id.clone(),
        unit_id: case.unit_id.clone(),
        symbol: template.symbol,
        state: LetterState::Draft,
        course,
        drafted_by: author.account_id.clone(),
        drafted_by_name: author.name.clone(),
        drafted_at: now,
        year: None,
        number: None,
        label: None,
        authority: None,
        signed_by: None,
        signed_by_name: None,
        signed_at: None,
        sha256: None,
        next_right_last_day: None,
    };
    let by_name: BTreeMap<&str, &String> = new.known.iter().map(|(place, words)| (place.name(), words)).collect();
    let text = LetterText {
        to_name: new.to.trim().to_owned(),
        known: serde_json::to_string(&by_name)?,
        body: new.body.clone(),
        sheet: None,
        return_reason: String::new(),
    };
    store::insert(act.tx, &letter, &text)?;
    Ok(letter)
}

/// Changes the words of a draft; who changes it is its author from then on.
///
/// # Errors
/// As [`draft`]; [`AppError::Conflict`] if it is out.
pub async fn redraft(act: &mut Act<'_>, case: &Case, letter_id: &str, to: &str, body: &str) -> Result<Letter> {
    check(act.actor, Action::DraftLetter(case))?;
    let author = act.actor.account_id().ok_or(AppError::SignInNeeded)?;
    let letter = of_this_case(act.tx, case, letter_id).await?;
    let text = store::text(act.tx, letter_id).await?.ok_or(AppError::Conflict)?;
    let new = NewLetter { template_code: letter.template_code.clone(), to: to.to_owned(), body: body.to_owned(), known: known(&text)? };
    let template = version(act.tx, &letter).await?;
    if fault_of(act, case, &template, &new, false).await?.is_some() {
        return Err(AppError::BadRequest("the letter's text is wrong"));
    }
    store::update_draft(act.tx, letter_id, to.trim(), body, &author, act.portal.now()).await?;
    store::by_id(act.tx, letter_id).await?.ok_or(AppError::NotFound)
}

/// Throws a draft away.
///
/// # Errors
/// [`AppError::Conflict`] if it is out.
pub async fn drop_draft(act: &mut Act<'_>, case: &Case, letter_id: &str) -> Result<()> {
    check(act.actor, Action::DraftLetter(case))?;
    of_this_case(act.tx, case, letter_id).await?;
    store::delete_draft(act.tx, letter_id).await
}

/// What keeps a draft from being issued, for the page that offers to sign it.
pub async fn fault_of_draft(act: &mut Act<'_>, case: &Case, letter: &Letter) -> Result<Option<TextFault>> {
    let text = store::text(act.tx, &letter.id).await?.ok_or(AppError::NotFound)?;
    let template = version(act.tx, letter).await?;
    let new = NewLetter { template_code: letter.template_code.clone(), known: known(&text)?, to: text.to_name, body: text.body };
    fault_of(act, case, &template, &new, true).await
}

/// Signs a draft: gives it the next number of authority, year and kind, and freezes its words with their hash.
///
/// # Errors
/// [`AppError::Forbidden`] for the author and for whoever may not sign; [`AppError::Conflict`] if it is out or the case has moved to
/// another authority; [`AppError::BadRequest`] for a [`TextFault`] ([`fault_of_draft`] tells it before).
pub async fn issue(act: &mut Act<'_>, case: &Case, letter_id: &str, signing: &Signing) -> Result<Letter> {
    let letter = of_this_case(act.tx, case, letter_id).await?;
    check(act.actor, Action::SignLetter(case, &letter.drafted_by))?;
    let signer = act.actor.official().ok_or(AppError::SignInNeeded)?;
    if letter.is_issued() || letter.body_id != case.body_id {
        return Err(AppError::Conflict);
    }
    if signing.authority == Authority::ByOrder && signing.post.trim().is_empty() {
        return Err(AppError::BadRequest("whoever signs by order needs a post"));
    }
    if fault_of_draft(act, case, &letter).await?.is_some() {
        return Err(AppError::BadRequest("the letter's text is wrong"));
    }
    let now = act.portal.now();
    let day = crate::clock::day(now);
    let year = i64::from(day.year());
    let number = store::next_number(act.tx, &letter.body_id, year, &letter.symbol).await?;
    let issue = Issue { number, day, authority: signing.authority, post: signing.post.trim(), signer: &signer.name };
    let (sheet, next_right_last_day) = final_sheet(act, case, &letter, &issue, signing).await?;
    let frozen = serde_json::to_string(&sheet)?;
    let issued = Issued {
        year,
        number,
        label: sheet.number.trim_start_matches("Số: ").to_owned(),
        authority: signing.authority,
        signed_by: signer.account_id.clone(),
        signed_at: now,
        sha256: hash(&frozen),
        next_right_last_day,
        sheet: frozen,
    };
    store::freeze(act.tx, letter_id, issued).await?;
    store::by_id(act.tx, letter_id).await?.ok_or(AppError::NotFound)
}

/// Writes into the record of a case that a letter is out, with the mark of its words.
///
/// `tells_sender` where nothing else tells whom it is written to.
pub async fn record_issued(act: &mut Act<'_>, case: &Case, letter: &Letter, tells_sender: bool) -> Result<Case> {
    let words = letter.sha256.as_deref().map(|sha256| mark_of_letter(act.portal.record_key(), &letter.id, sha256));
    let event = LetterEvent::Issued { letter_id: letter.id.clone(), is_for_sender: tells_sender, words };
    record(act, case, &Event::Letter(event)).await
}

async fn final_sheet(act: &mut Act<'_>, case: &Case, letter: &Letter, issue: &Issue<'_>, signing: &Signing) -> Result<(Sheet, Option<NaiveDate>)> {
    let text = store::text(act.tx, &letter.id).await?.ok_or(AppError::NotFound)?;
    let template = version(act.tx, letter).await?;
    let directory = act.portal.directory();
    let office: Office = office(&directory, &letter.body_id, letter.unit_id.as_deref());
    let known = known(&text)?.into_iter().chain(signing.known.clone()).collect();
    let facts = facts(act.tx, case, &directory, &known).await?;
    let mut values = Values::new(template.reader(), &office, &facts, &text.to_name).with_identity(&identity(act.tx, &case.id).await?).signed_on(issue.day);
    let last_day = next_right(&directory, &template, issue.day, &signing.circumstances)?;
    if let Some((last_day, length)) = &last_day {
        values = values.with_next_right(*last_day, length);
    }
    let sheet = compose(&template, &office, &text.body, &values, Some(issue), issue.day).map_err(AppError::internal)?;
    Ok((sheet, last_day.map(|(day, _)| day)))
}

/// The last day of the reader's next right, and the length of the period in words.
fn next_right(directory: &Directory, template: &Template, day: NaiveDate, circumstances: &Circumstances) -> Result<Option<(NaiveDate, String)>> {
    if template.next_right_rule.is_empty() {
        return Ok(None);
    }
    let refused = |refusal| AppError::internal(format!("{}: legal period {}: {refusal:?}", template.code, template.next_right_rule));
    let rule = rules::pick(directory.deadline_rules(), &template.next_right_rule, day, circumstances).map_err(refused)?;
    let computed = rules::compute(rule, day, circumstances, directory.calendar()).map_err(refused)?;
    Ok(Some((computed.last_day, length_words(rule))))
}

/// "30 ngày", "10 ngày làm việc".
fn length_words(rule: &Rule) -> String {
    match rule.unit {
        Unit::Working => format!("{:02} ngày làm việc", rule.length),
        Unit::Calendar => format!("{:02} ngày", rule.length),
        Unit::Year => format!("{:02} năm", rule.length),
    }
}

impl Sheet {
    /// The blanks that wait for a person, anywhere on the letter.
    pub fn blanks(&self) -> Vec<String> {
        let lines = self.opens.iter().chain(&self.recipients).chain([&self.about]).chain(self.body.iter().map(|block| &block.runs));
        lines.flat_map(|runs| blanks(&super::values::words_of(runs)).into_iter().map(str::to_owned).collect::<Vec<_>>()).collect()
    }
}
