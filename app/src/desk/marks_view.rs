//! Marks, tags, reminders and mentions on the page of a case: what there is, and the forms.

use super::bulk_view::known_tags;
use super::canned::{CHOOSE, INSERT, USED};
use super::comforts::{CannedInsert, MentionHelp, StillOpen};
use super::forms::{NOTE_CHARS_MAX, REASON_CHARS_MAX};
use super::presence::{VIEW_LASTS_SECONDS, others, page_query, sentence};
use super::step_forms::{Around, button, step_form};
use super::steps::Step;
use crate::form::FormState;
use crate::petitions::flags::Flag;
use crate::petitions::marks::in_hand;
use crate::petitions::rules::Event;
use crate::petitions::store::marks::NudgeKind;
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, icon, select_field, text_area, text_field};
use leptos::prelude::*;

/// Field of the mark to put or take away.
pub const MARK: &str = "mark";
/// Field of the colleague to name.
pub const MENTION: &str = "mention";

/// Above everything else: who else has the case open, and what was put before whoever looks.
pub fn notices(around: Around<'_>) -> AnyView {
    let (context, file) = (around.context, around.file);
    let lang = context.lang;
    let me = context.actor.account_id().unwrap_or_default();
    let viewers: Vec<_> = others(&around.beside.around.viewers, &file.case.id, &me)
        .into_iter()
        .map(|viewer| view! { <p class="viewing" role="status">{icon(Icon::Eye)}{sentence(lang, viewer)}</p> })
        .collect();
    let nudges: Vec<_> = around
        .beside
        .around
        .nudges
        .iter()
        .filter(|nudge| nudge.case_id == file.case.id)
        .map(|nudge| {
            let key = match nudge.kind {
                NudgeKind::Mention => "day.nudge.mention",
                NudgeKind::Reminder => "day.nudge.reminder",
            };
            view! { <div><p><b>{lang.f(key, &[("who", &nudge.by_name)])}</b>" "<time class="small muted num">{lang.time(nudge.at)}</time></p><p class="text">{nudge.body.clone()}</p></div> }
        })
        .collect();
    let read_action = context.href(&format!("/can-bo/don/{}/da-doc{}", file.case.id, around.beside.place.query()));
    let nudges = (!nudges.is_empty()).then(|| {
        view! {
            <div class="notice warn" id="nhac">
                {icon(Icon::Flag)}
                <div class="stack-s">{nudges}<form method="post" action=read_action><button class="btn btn-s">{lang.t("day.nudge.read")}</button></form></div>
            </div>
        }
    });
    let address = context.href(&format!("/can-bo/don/{}", file.case.id));
    view! { {viewers}{nudges}<StillOpen address=address page=page_query(context) every_seconds={VIEW_LASTS_SECONDS / 3} /> }.into_any()
}

/// The marks with the day and the reason they were put for, and the tags, each leading to its cases.
pub fn marks(around: Around<'_>) -> AnyView {
    let (context, file) = (around.context, around.file);
    let lang = context.lang;
    let flags: Vec<_> =
        Flag::of(file.case.flags).filter(|flag| Flag::BY_HAND.contains(flag)).map(|flag| view! { <li>{flag_line(around, flag)}</li> }).collect();
    let tags: Vec<_> = file
        .tags
        .iter()
        .map(|tag| view! { <a class="tag" href=context.href(&format!("/can-bo?phan=tat-ca&nhan={}", tag.id))>{format!("#{}", tag.name)}</a> })
        .collect();
    if flags.is_empty() && tags.is_empty() {
        return ().into_any();
    }
    view! {
        <section class="stack-s" aria-label=lang.t("day.marks")>
            {(!flags.is_empty()).then(|| view! { <ul class="flag-lines">{flags}</ul> })}
            {(!tags.is_empty()).then(|| view! { <p class="row">{tags}</p> })}
        </section>
    }
    .into_any()
}

fn flag_line(around: Around<'_>, flag: Flag) -> AnyView {
    let (lang, file) = (around.context.lang, around.file);
    let put = file.history.iter().rev().find_map(|entry| match &entry.event {
        Event::Flagged { flag: put, note_id } if *put == flag => Some((entry, note_id)),
        _ => None,
    });
    let why = put.map(|(entry, note_id)| {
        let who = entry.actor_name.as_deref().unwrap_or(lang.t("desk.somebody"));
        let reason = file.note(note_id).map_or("", |note| note.body.as_str());
        lang.f("day.mark.why", &[("day", &lang.day_short(crate::clock::day(entry.at))), ("who", who), ("reason", reason)])
    });
    view! { <span class="tag flag">{icon(Icon::Flag)}{lang.t(flag.key())}</span>" "<span class="small muted">{why}</span> }.into_any()
}

/// The form that puts a mark or takes one away.
pub fn mark_form(around: Around<'_>) -> AnyView {
    let lang = around.context.lang;
    let form = around.look.form(Step::Mark, FormState::default);
    let options = Flag::BY_HAND.into_iter().map(|flag| {
        let is_set = flag.is_in(around.file.case.flags);
        let key = if is_set { "day.mark.take" } else { "day.mark.put" };
        (mark_value(flag, !is_set), lang.f(key, &[("mark", &lang.t(flag.key()).to_lowercase())]))
    });
    let reason = FieldLook { label: "desk.reason", hint: Some("day.mark.hint"), chars_max: Some(REASON_CHARS_MAX), ..FieldLook::default() };
    let fields = view! {
        {select_field(lang, &form, MARK, options.collect(), "desk.choose_one", FieldLook { label: "day.mark.label", ..FieldLook::default() })}
        {text_area(lang, &form, "mark_reason", 3, reason)}
    }
    .into_any();
    step_form(around, Step::Mark, fields, button(around, Step::Mark.key(), "btn btn-s"))
}

/// As the form's value: put a mark, or take it away.
fn mark_value(flag: Flag, is_put: bool) -> String {
    format!("{}{}", if is_put { "+" } else { "-" }, flag.code())
}

/// What a form's value says.
pub fn mark_of(value: &str) -> Option<(Flag, bool)> {
    let is_put = value.starts_with('+');
    let code = value.strip_prefix(['+', '-'])?;
    Flag::from_code(code).filter(|flag| Flag::BY_HAND.contains(flag)).map(|flag| (flag, is_put))
}

/// The form that puts a tag, and those that take one away.
pub fn tag_form(around: Around<'_>) -> AnyView {
    let (lang, file) = (around.context.lang, around.file);
    let form = around.look.form(Step::Tag, FormState::default);
    let look = FieldLook { label: "day.tag.label", hint: Some("day.tag.hint"), ..FieldLook::default() };
    let fields = view! { {text_field(lang, &form, "tag", look)}{known_tags(lang, &around.beside.around.tags)} }.into_any();
    let taken: Vec<_> = file
        .tags
        .iter()
        .map(|tag| {
            let label = lang.f("day.tag.take", &[("tag", &tag.name)]);
            let field = view! { <input type="hidden" name="untag" value=tag.id.clone() /> }.into_any();
            let button = view! { <button class="btn btn-s btn-quiet">{icon(Icon::Close)}{label}</button> }.into_any();
            step_form(around, Step::Tag, field, button)
        })
        .collect();
    view! { {step_form(around, Step::Tag, fields, button(around, Step::Tag.key(), "btn btn-s"))}{taken} }.into_any()
}

/// The form that reminds whoever has the case in hand, with their names.
pub fn remind_form(around: Around<'_>) -> AnyView {
    let (lang, file) = (around.context.lang, around.file);
    let form = around.look.form(Step::Remind, FormState::default);
    let names = in_hand(&file.case, &file.staff).into_iter().map(|person| person.name.as_str()).collect::<Vec<_>>().join(", ");
    let to = if names.is_empty() { lang.t("day.remind.to_nobody").to_owned() } else { lang.f("day.remind.to", &[("names", &names)]) };
    let look = FieldLook { label: "day.remind.label", hint: Some("day.remind.hint"), chars_max: Some(REASON_CHARS_MAX), ..FieldLook::default() };
    let fields = view! { <p class="small">{to}</p>{text_area(lang, &form, "reminder", 3, look)} }.into_any();
    step_form(around, Step::Remind, fields, button(around, Step::Remind.key(), "btn btn-s"))
}

/// The form of a note, with the colleagues who may be named in it.
pub fn note_form(around: Around<'_>) -> AnyView {
    let (lang, file) = (around.context.lang, around.file);
    let form = around.look.form(Step::Note, FormState::default);
    let people: Vec<_> = file.mentionable.iter().map(|person| (person.account_id.clone(), person.name.clone())).collect();
    let names: Vec<String> = people.iter().map(|(_, name)| name.clone()).collect();
    let note = FieldLook { label: "desk.note.label", hint: Some("desk.note.hint"), chars_max: Some(NOTE_CHARS_MAX), ..FieldLook::default() };
    let mention = FieldLook { label: "day.mention.label", hint: Some("day.mention.hint"), is_optional: true, ..FieldLook::default() };
    let fields = view! {
        {text_area(lang, &form, "note", 4, note)}
        <MentionHelp field="note".to_owned() names=names label=lang.t("day.mention.names").to_owned() />
        {(!people.is_empty()).then(|| select_field(lang, &form, MENTION, people, "day.mention.nobody", mention))}
    }
    .into_any();
    step_form(around, Step::Note, fields, button(around, Step::Note.key(), "btn btn-s"))
}

/// Choosing a ready-made answer for a text field of a step: the button brings the form back with the text put in; with scripts it
/// comes to where the cursor is.
pub fn canned_choice(around: Around<'_>, step: Step, form: &FormState, field: &'static str) -> AnyView {
    let (context, file) = (around.context, around.file);
    let lang = context.lang;
    let used = (!form.value(USED).is_empty()).then(|| form.value(USED).to_owned());
    let active: Vec<_> = file.canned.iter().filter(|canned| canned.is_active).collect();
    if active.is_empty() {
        return ().into_any();
    }
    // Answer and question stand on one page: a name of its own for each field.
    let id = format!("{CHOOSE}-{field}");
    let error = form.error(CHOOSE, lang).map(|words| view! { <span class="err" id=CHOOSE>{words}</span> });
    let options: Vec<_> = active.iter().map(|canned| view! { <option value=canned.id.clone()>{canned.name.clone()}</option> }).collect();
    let insert = format!("{}#buoc-{}", around.action(step), step.code());
    let address = context.href(&format!("/can-bo/don/{}/cau-mau/", file.case.id));
    view! {
        <div class="canned">
            <label class="small" for=id.clone()>{lang.t("day.canned.choose")}</label>
            {error}
            <div class="inline-form">
                <select id=id.clone() name=CHOOSE><option value="">{lang.t("desk.choose_one")}</option>{options}</select>
                <button class="btn btn-s" name="action" value=INSERT formaction=insert id=format!("{id}-button")>{lang.t("day.canned.insert")}</button>
            </div>
            <input type="hidden" name=USED id=format!("{id}-used") value=used />
            <CannedInsert field=field.to_owned() select=id address=address />
        </div>
    }
    .into_any()
}
