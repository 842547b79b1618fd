//! Loads what the page of a case shows: the case with everything that belongs to it, as far as this official may see it.

use super::proposal;
use super::steps::{self, Facts, Step};
use super::store;
use super::store::canned::{self, Canned};
use crate::accounts::store::{Colleague, RoleOf, handlers_of, holders_at, staff_of};
use crate::actor::Official;
use crate::db::Tx;
use crate::error::Result;
use crate::letters::store::Letter;
use crate::papers::store::Paper;
use crate::permissions::{Action, check};
use crate::petitions::actions;
use crate::petitions::coordination::Coordination;
use crate::petitions::marks::mentionable;
use crate::petitions::procedure::{Known, known_with};
use crate::petitions::rules::{Case, Event, Kind};
use crate::petitions::store::coordinations;
use crate::petitions::store::drafts::{self, Draft};
use crate::petitions::store::escalations::{self, Escalated};
use crate::petitions::store::limitation;
use crate::petitions::store::marks::{Tag, named_in, tag, tags_of_case};
use crate::petitions::store::parts::{self, Answer, CasePerson, CaseText, Message, Note, PublicText, Rating};
use crate::petitions::store::{Entry, history, register};
use crate::procedures::limitation::Limitation;
use crate::redaction::actions::known as known_of_people;
use crate::redaction::rules::Known as KnownPeople;
use crate::redaction::store::{self as redacted, Draft as HiddenDraft, PUBLIC_TEXT, PublicPaper};
use crate::relations::beside::{self, Related};
use crate::routing::subjects::Proposal;
use crate::sealed::rules::Handling;
use crate::ui::PageContext;
use crate::vault::kept::{self, Purpose};
use crate::words::Lang;
use std::collections::HashMap;

/// A case with everything that belongs to it.
pub struct CaseFile {
    /// The case.
    pub case: Case,
    /// The citizen's own words.
    pub text: CaseText,
    /// Whether those who handle it have something to read: not while a denunciation's working text is being prepared.
    pub is_prepared: bool,
    /// Who the citizen is: for checking texts, and for saying what exists. Its values are shown only after an opening.
    pub person: CasePerson,
    /// What was written between citizen and office.
    pub messages: Vec<Message>,
    /// Internal notes.
    pub notes: Vec<Note>,
    /// Answers from draft to release.
    pub answers: Vec<Answer>,
    /// The edited text, proposed or out.
    pub public_text: Option<PublicText>,
    /// Photos and papers.
    pub papers: Vec<Paper>,
    /// Their versions for the public.
    pub versions: Vec<PublicPaper>,
    /// The text behind the public one, and what of it is hidden.
    pub hidden: Option<HiddenDraft>,
    /// What the public will read of the answer that waits, if that is something else than the citizen will.
    pub public_answer: Option<String>,
    /// What the portal knows of the people of the case, where somebody is to look for it in texts for the public.
    pub people: KnownPeople,
    /// Its number in the public register, if it is there.
    pub public_number: Option<i64>,
    /// The citizen's rating.
    pub rating: Option<Rating>,
    /// Everything that happened.
    pub history: Vec<Entry>,
    /// Names of the accounts that stand in the history and on the case.
    pub names: HashMap<String, String>,
    /// Steps that were drafted with a letter, oldest first.
    pub drafts: Vec<Draft>,
    /// Official letters, drafts among them.
    pub letters: Vec<Letter>,
    /// Late steps that were put before somebody above.
    pub escalations: Vec<Escalated>,
    /// Agencies that were asked for their part.
    pub coordinations: Vec<Coordination>,
    /// What decides about steps of the law, beside the case.
    pub known: Known,
    /// To whom the case can be given.
    pub handlers: Vec<Colleague>,
    /// Everybody with a role at the authority, for recording whom the case is about.
    pub roles: Vec<RoleOf>,
    /// Where the rules would send it.
    pub proposal: Option<Proposal>,
    /// The language whoever looks reads.
    pub lang: Lang,
    /// Its tags.
    pub tags: Vec<Tag>,
    /// Names of all tags that stand in the history.
    pub tag_names: HashMap<String, String>,
    /// Whom each note was put before, as `(note, name)`.
    pub named_in: Vec<(String, String)>,
    /// The people of the authority.
    pub staff: Vec<Official>,
    /// Those of them who may be named in a note by whoever looks.
    pub mentionable: Vec<Official>,
    /// The authority's ready-made answers.
    pub canned: Vec<Canned>,
    /// Steps open to whoever looks.
    pub open: Vec<Step>,
    /// What decided them.
    pub facts: Facts,
    /// Linked and similar cases, the people behind it.
    pub related: Related,
    /// What a complainant stated about when they knew of the decision.
    pub limitation: Option<Limitation>,
    /// Whether it is held back, what was deleted of it, what was asked about own data.
    pub kept: crate::retention::Standing,
}

impl CaseFile {
    /// The case of an id with all that belongs to it.
    ///
    /// # Errors
    /// [`crate::error::AppError::NotFound`] where there is none or this official may not see it.
    pub async fn load(tx: &mut Tx, context: &PageContext, case_id: &str) -> Result<Self> {
        let case = actions::seen(tx, &context.actor, case_id).await?;
        let answers = parts::answers(tx, &case.id).await?;
        let public_text = parts::public_text(tx, &case.id).await?;
        let person = parts::person(tx, &case.id).await?;
        let text = parts::for_officials(tx, &case).await?;
        let related = beside::load(tx, context, &case, (&text, &person), beside::BESIDE_MAX).await?;
        let history = beside::readable(context, &case, history(tx, &case.id, 0).await?);
        let facts = Facts {
            waiting_answer_by: answers.iter().rev().find(|answer| answer.state == "proposed").map(|answer| answer.drafted_by.clone()),
            waiting_public_text_by: public_text.as_ref().filter(|text| text.state == "proposed").map(|text| text.proposed_by.clone()),
            has_public_text: public_text.is_some(),
            has_person: person.is_known(),
        };
        // The subject is worked out of the original, which of a denunciation nobody sees here.
        let proposal = match case.kind {
            Kind::Denunciation => proposal::of(&context.directory, &case, &parts::text(tx, &case.id).await?),
            _ => proposal::of(&context.directory, &case, &text),
        };
        let open = steps::open_steps(&context.actor, &case, &facts);
        let may_charge = check(&context.actor, Action::Handle(&case)).is_ok() && !case.kind.is_answered();
        let handlers = if may_charge || open.contains(&Step::Assign) { handlers_of(tx, &case.body_id, context.today).await? } else { Vec::new() };
        let roles = if open.contains(&Step::Bar) { holders_at(tx, &case.body_id, context.today).await? } else { Vec::new() };
        let staff = staff_of(tx, &case.body_id, context.today).await?;
        let looks_for_people = case.kind.can_be_public() && [Step::Publish, Step::Answer, Step::Release, Step::Approve].iter().any(|step| open.contains(step));
        let people = if looks_for_people { known_of_people(tx, &case, &person, &text.about).await? } else { KnownPeople::default() };
        let public_answer = match answers.iter().rev().find(|answer| answer.state == "proposed") {
            Some(answer) => redacted::public_answer(tx, &answer.id).await?,
            None => None,
        };
        let writes = open.contains(&Step::Answer) || open.contains(&Step::Ask);
        Ok(Self {
            limitation: if case.kind == Kind::Complaint { limitation::of_case(tx, &case.id).await? } else { None },
            kept: crate::retention::standing(tx, context, &case).await?,
            proposal,
            is_prepared: case.kind != Kind::Denunciation || kept::exists(tx, Purpose::Working, &case.id).await?,
            text,
            roles,
            lang: context.lang,
            related,
            messages: messages(tx, context, &case).await?,
            notes: parts::notes(tx, &case.id).await?,
            papers: papers(tx, &case).await?,
            versions: redacted::versions(tx, &case.id).await?,
            hidden: redacted::draft(tx, &case.id, PUBLIC_TEXT).await?,
            public_answer,
            people,
            // A denouncer's words stand with the original.
            rating: parts::rating(tx, &case.id).await?.map(|rating| match case.kind {
                Kind::Denunciation => Rating { comment: String::new(), ..rating },
                _ => rating,
            }),
            public_number: register::by_case(tx, &case.id).await?.map(|row| row.number),
            names: names(tx, &case, &history).await?,
            drafts: drafts::of_case(tx, &case.id).await?,
            letters: letters_of(tx, &case).await?,
            escalations: escalations::of_case(tx, &case.id).await?,
            coordinations: coordinations::of_case(tx, &case.id).await?,
            known: known_with(tx, &case, &person).await?,
            tags: tags_of_case(tx, &case).await?,
            tag_names: tag_names(tx, &history).await?,
            named_in: named_in(tx, &case.id).await?,
            mentionable: mentionable(&case, staff.clone(), context.actor.account_id().as_deref().unwrap_or_default()),
            staff,
            canned: if writes { canned::of_body(tx, &case.body_id).await? } else { Vec::new() },
            person,
            answers,
            public_text,
            history,
            handlers,
            open,
            facts,
            case,
        })
    }

    /// Whether a step is open to whoever looks.
    pub fn is_open(&self, step: Step) -> bool {
        self.open.contains(&step)
    }

    /// The answer that waits for the second person.
    pub fn waiting_answer(&self) -> Option<&Answer> {
        self.answers.iter().rev().find(|answer| answer.state == "proposed")
    }

    /// The step that waits for its signature.
    pub fn waiting_draft(&self) -> Option<&Draft> {
        self.drafts.iter().rev().find(|draft| draft.state == "proposed")
    }

    /// The text of a note.
    pub fn note(&self, note_id: &str) -> Option<&Note> {
        self.notes.iter().find(|note| note.id == note_id)
    }

    /// The name of an account, if it is known.
    pub fn name(&self, account_id: Option<&str>) -> Option<&str> {
        account_id.and_then(|id| self.names.get(id)).map(String::as_str)
    }
}

/// Messages as officials read them. What a denouncer wrote is sealed with the original.
async fn messages(tx: &mut Tx, context: &PageContext, case: &Case) -> Result<Vec<Message>> {
    let mut messages = parts::messages(tx, &case.id).await?;
    if case.kind == Kind::Denunciation {
        for message in messages.iter_mut().filter(|message| message.is_from_citizen()) {
            context.lang.t("sealed.message").clone_into(&mut message.body);
            message.is_locked = false;
        }
    }
    Ok(messages)
}

/// Papers as officials see them; of a denunciation those that were let through.
async fn papers(tx: &mut Tx, case: &Case) -> Result<Vec<Paper>> {
    let mut papers = crate::papers::store::of_case(tx, &case.id).await?;
    if case.kind == Kind::Denunciation {
        papers.retain(|paper| Handling::of(&paper.handling) != Handling::Kept);
        papers.iter_mut().for_each(|paper| paper.original_name.clear());
    }
    Ok(papers)
}

/// The letters of a case, without other offices' drafts.
async fn letters_of(tx: &mut Tx, case: &Case) -> Result<Vec<Letter>> {
    let mut letters = crate::letters::store::of_case(tx, &case.id).await?;
    letters.retain(|letter| letter.is_issued() || letter.body_id == case.body_id);
    Ok(letters)
}

/// The words of the tags that a history names.
async fn tag_names(tx: &mut Tx, history: &[Entry]) -> Result<HashMap<String, String>> {
    let mut names = HashMap::new();
    for entry in history {
        let (Event::Tagged { tag_id } | Event::Untagged { tag_id }) = &entry.event else { continue };
        if !names.contains_key(tag_id)
            && let Some(tag) = tag(tx, tag_id).await?
        {
            names.insert(tag.id, tag.name);
        }
    }
    Ok(names)
}

/// The names of everybody who acted on a case or was given it.
async fn names(tx: &mut Tx, case: &Case, history: &[Entry]) -> Result<HashMap<String, String>> {
    let mut names = HashMap::new();
    for entry in history {
        if let (Some(id), Some(name)) = (&entry.actor_id, &entry.actor_name) {
            names.insert(id.clone(), name.clone());
        }
    }
    let given = history.iter().flat_map(|entry| match &entry.event {
        Event::Assigned { handler_id, .. } => handler_id.clone().into_iter().collect(),
        Event::Stepped(stepped) => match &stepped.step {
            crate::procedures::step::Step::Charge { account_id, .. } => account_id.clone().into_iter().collect(),
            _ => Vec::new(),
        },
        Event::Barred { parties, .. } => parties.iter().filter_map(|token| token.strip_prefix("a:").map(str::to_owned)).collect(),
        _ => Vec::new(),
    });
    for id in given.chain(case.handler_id.clone()) {
        if !names.contains_key(&id)
            && let Some(name) = store::account_name(tx, &id).await?
        {
            names.insert(id, name);
        }
    }
    Ok(names)
}
