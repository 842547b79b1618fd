//! Comforts of the door and of a scanned code. Both pages work without them.
//!
//! The door's phone may lose its line: what is pressed is kept in the browser's memory as a line of id, number and people, shown as if it
//! were counted, and sent again until the portal has answered. The id makes a press that arrives twice count once.

use leptos::prelude::*;

/// Keeps presses of the door's form until they are sent, and says how many are not.
#[island]
pub fn DoorKeeper(
    /// Where presses are sent.
    address: String,
    /// The dialogue, for the browser's memory.
    dialogue: String,
    /// Who has come, as the portal tells it.
    came: String,
    /// "Not yet sent: {n}".
    unsent: String,
    /// "Not yet sent: {n}. Sign in again".
    refused: String,
) -> impl IntoView {
    let status = RwSignal::new(String::new());
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| browser::keep(&address, &dialogue, &came, &unsent, &refused, status));
    #[cfg(not(feature = "hydrate"))]
    drop((address, dialogue, came, unsent, refused));
    view! { <p class="notice warn" id="chua-gui" role="status" hidden=move || status.with(String::is_empty)>{move || status.get()}</p> }
}

/// Puts a code that stands behind `#` into the field and sends the form.
#[island]
pub fn OpenByFragment(
    /// The id of the field.
    field: String,
    /// The id of the form.
    form: String,
) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| browser::open(&field, &form));
    #[cfg(not(feature = "hydrate"))]
    drop((field, form));
    view! { <span hidden></span> }
}

/// What the islands do with the browser.
#[cfg(feature = "hydrate")]
mod browser {
    use crate::following::islands::fill;
    use js_sys::{Date, Function, JsString, Math, Reflect};
    use leptos::prelude::*;
    use std::cell::RefCell;
    use std::rc::Rc;
    use wasm_bindgen::prelude::*;
    use web_sys::{Document, Element, Event, EventTarget, Storage, XmlHttpRequest};

    /// Keys in the browser's memory: this and the dialogue's id.
    const PREFIX: &str = "nghedan:cua:";
    /// Between two tries.
    const TRY_MILLISECONDS: i32 = 3_000;
    /// Tries between two looks at what other phones have counted.
    const TRIES_PER_LOOK: u32 = 7;
    /// How long an answer may take.
    const ANSWER_MILLISECONDS: u32 = 15_000;
    /// Presses in one sending; the portal takes no more.
    const LINES_MAX: usize = 100;
    /// What stands in place of a number for people without a registration.
    const WALK: i64 = 0;

    fn document() -> Option<Document> {
        web_sys::window()?.document()
    }

    fn storage() -> Option<Storage> {
        // A browser may forbid it (private windows): then the plain form is sent.
        web_sys::window()?.local_storage().ok().flatten()
    }

    fn listen(target: &EventTarget, name: &str, act: impl FnMut(Event) + 'static) -> Option<()> {
        let closure = Closure::<dyn FnMut(Event)>::new(act).into_js_value();
        target.add_event_listener_with_callback(name, closure.unchecked_ref()).ok()
    }

    fn text(object: &JsValue, name: &str) -> String {
        Reflect::get(object, &name.into()).ok().and_then(|value| value.as_string()).unwrap_or_default()
    }

    pub fn open(field: &str, form: &str) -> Option<()> {
        let (field, form) = (field.to_owned(), form.to_owned());
        send_form(&field, &form);
        // Scanned while this page was open: only the part behind `#` changes.
        listen(&web_sys::window()?.into(), "hashchange", move |_| {
            send_form(&field, &form);
        })
    }

    fn send_form(field: &str, form: &str) -> Option<()> {
        fill(field)?;
        let form: JsValue = document()?.get_element_by_id(form)?.into();
        let submit: Function = Reflect::get(&form, &"submit".into()).ok()?.dyn_into().ok()?;
        submit.call0(&form).ok().map(drop)
    }

    /// "12 3" or "walk 5" as a number (0 for people without a registration) and people.
    fn pair(who: &str, people: &str) -> Option<(i64, i64)> {
        let number = if who == "walk" { WALK } else { who.parse().ok()? };
        Some((number, people.parse().ok()?))
    }

    fn read_state(lines: &str) -> Vec<(i64, i64)> {
        lines.lines().filter_map(|line| line.split_once(' ').and_then(|(who, people)| pair(who, people))).collect()
    }

    struct Door {
        address: String,
        key: String,
        /// Who has come as far as the portal said.
        known: RefCell<Vec<(i64, i64)>>,
        is_sending: RefCell<bool>,
        is_refused: RefCell<bool>,
        ticks: RefCell<u32>,
        unsent: String,
        refused: String,
        status: RwSignal<String>,
    }

    pub fn keep(address: &str, dialogue: &str, came: &str, unsent: &str, refused: &str, status: RwSignal<String>) -> Option<()> {
        storage()?;
        let door = Rc::new(Door {
            address: address.to_owned(),
            key: format!("{PREFIX}{dialogue}"),
            known: RefCell::new(read_state(came)),
            is_sending: RefCell::new(false),
            is_refused: RefCell::new(false),
            ticks: RefCell::new(0),
            unsent: unsent.to_owned(),
            refused: refused.to_owned(),
            status,
        });
        let page = document()?;
        let form = page.get_element_by_id("cua")?;
        let pressed = door.clone();
        listen(&form, "submit", move |event| {
            if pressed.press(&event).is_some() {
                event.prevent_default();
                pressed.paint();
                Door::send(&pressed);
            }
        })?;
        let window = web_sys::window()?;
        let back = door.clone();
        listen(&window, "online", move |_| {
            Door::send(&back);
        })?;
        let again = door.clone();
        let tick = Closure::<dyn FnMut()>::new(move || again.tick()).into_js_value();
        window.set_interval_with_callback_and_timeout_and_arguments_0(tick.unchecked_ref(), TRY_MILLISECONDS).ok()?;
        watch_field(&page);
        door.paint();
        Door::send(&door);
        Some(())
    }

    impl Door {
        fn tick(self: &Rc<Self>) {
            let ticks = self.ticks.borrow().wrapping_add(1);
            self.ticks.replace(ticks);
            if self.waiting().is_empty() {
                if ticks.is_multiple_of(TRIES_PER_LOOK) {
                    Self::look(self);
                }
            } else {
                Self::send(self);
            }
        }

        /// Presses that are not yet sent, the first first. Read anew each time: two windows may share the memory.
        fn waiting(&self) -> Vec<String> {
            let kept = storage().and_then(|storage| storage.get_item(&self.key).ok().flatten()).unwrap_or_default();
            kept.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
        }

        fn put(&self, lines: &[String]) -> Option<()> {
            if lines.is_empty() { storage()?.remove_item(&self.key).ok() } else { storage()?.set_item(&self.key, &lines.join("\n")).ok() }
        }

        /// Keeps what was pressed. None where that is not possible: the form goes its plain way.
        fn press(&self, event: &Event) -> Option<()> {
            let button = Reflect::get(event, &"submitter".into()).ok()?;
            let value = text(&button, "value");
            let (who, people) = match text(&button, "name").as_str() {
                "come" => {
                    let row = document()?.get_element_by_id(&format!("so-{value}"))?;
                    (value, row.get_attribute("data-people")?)
                }
                "undo" => (value, "0".to_owned()),
                "walk" => ("walk".to_owned(), value),
                _ => return None,
            };
            let chance: String = Math::random().to_string().chars().filter(char::is_ascii_alphanumeric).take(18).collect();
            let line = format!("{}-{chance} {who} {people}", Date::now());
            let mut lines = self.waiting();
            lines.push(line);
            self.put(&lines)
        }

        /// The page as it will be when everything is sent.
        fn paint(&self) -> Option<()> {
            let mut state = self.known.borrow().clone();
            let waiting = self.waiting();
            for line in &waiting {
                let mut words = line.split(' ').skip(1);
                let Some((number, people)) = words.next().zip(words.next()).and_then(|(who, people)| pair(who, people)) else { continue };
                let place = state.iter().position(|(known, _)| *known == number);
                match place {
                    Some(place) if number == WALK => state[place].1 = (state[place].1 + people).max(0),
                    Some(place) => state[place].1 = people,
                    None => state.push((number, people.max(0))),
                }
            }
            let page = document()?;
            let rows = js_sys::Array::from(&page.query_selector_all("#ds > li").ok()?.into());
            for row in rows.iter() {
                let row: Element = row.unchecked_into();
                let number = row.get_attribute("data-number").and_then(|number| number.parse::<i64>().ok());
                let is_here = state.iter().any(|(known, people)| Some(*known) == number && *people > 0);
                show(&row, is_here);
            }
            let walk: i64 = state.iter().filter(|(number, _)| *number == WALK).map(|(_, people)| people).sum();
            let registered: i64 = state.iter().filter(|(number, _)| *number != WALK).map(|(_, people)| people).sum();
            for (id, n) in [("da-den", walk + registered), ("co-dang-ky", registered), ("khach", walk)] {
                page.get_element_by_id(id)?.set_text_content(Some(&n.to_string()));
            }
            let words = if *self.is_refused.borrow() { &self.refused } else { &self.unsent };
            let words = if waiting.is_empty() { String::new() } else { words.replace("{n}", &waiting.len().to_string()) };
            self.status.set(words);
            Some(())
        }

        /// Sends what waits. What the portal has answered to is forgotten, everything else is tried again.
        fn send(this: &Rc<Self>) -> Option<()> {
            let lines: Vec<String> = this.waiting().into_iter().take(LINES_MAX).collect();
            if lines.is_empty() || *this.is_sending.borrow() {
                return None;
            }
            let body = format!("lines={}", String::from(js_sys::encode_uri_component(&lines.join("\n"))));
            let request = request("POST", &this.address)?;
            request.set_request_header("content-type", "application/x-www-form-urlencoded").ok()?;
            this.is_sending.replace(true);
            let (door, answer) = (this.clone(), request.clone());
            listen(&request, "loadend", move |_| {
                door.is_sending.replace(false);
                if let Some(state) = state_of(&answer) {
                    let rest: Vec<String> = door.waiting().into_iter().filter(|line| !lines.contains(line)).collect();
                    door.put(&rest);
                    door.known.replace(state);
                    door.is_refused.replace(false);
                } else {
                    // No status is no line; a status is a portal that does not take it, most often because the sign-in has ended.
                    door.is_refused.replace(answer.status().is_ok_and(|status| (400..500).contains(&status)));
                }
                door.paint();
            })?;
            request.send_with_opt_str(Some(&body)).ok()
        }

        /// Looks what other phones have counted.
        fn look(this: &Rc<Self>) -> Option<()> {
            let request = request("GET", &format!("{}?so", this.address))?;
            let (door, answer) = (this.clone(), request.clone());
            listen(&request, "loadend", move |_| {
                if let Some(state) = state_of(&answer) {
                    door.known.replace(state);
                    door.paint();
                }
            })?;
            request.send().ok()
        }
    }

    fn request(method: &str, address: &str) -> Option<XmlHttpRequest> {
        let request = XmlHttpRequest::new().ok()?;
        request.open(method, address).ok()?;
        request.set_timeout(ANSWER_MILLISECONDS);
        Some(request)
    }

    /// Who has come, if the answer says so; a page to sign in with does not.
    fn state_of(answer: &XmlHttpRequest) -> Option<Vec<(i64, i64)>> {
        let text = answer.response_text().ok().flatten()?;
        (answer.status() == Ok(200) && text.starts_with("walk ")).then(|| read_state(&text))
    }

    fn show(row: &Element, is_here: bool) {
        row.set_class_name(if is_here { "came" } else { "" });
        for (name, is_hidden) in [(".come", is_here), (".undo", !is_here)] {
            if let Ok(Some(button)) = row.query_selector(name) {
                // An element of a page takes every attribute.
                drop(if is_hidden { button.set_attribute("hidden", "") } else { button.remove_attribute("hidden") });
            }
        }
    }

    /// Small letters without marks, as the portal folds names.
    fn folded(typed: &str) -> String {
        let apart: String = JsString::from(typed.to_lowercase()).normalize("NFD").into();
        apart.chars().filter(|letter| !('\u{300}'..='\u{36f}').contains(letter)).map(|letter| if letter == 'đ' { 'd' } else { letter }).collect()
    }

    /// Narrows the list while somebody types, without the line.
    fn watch_field(page: &Document) -> Option<()> {
        let field = page.get_element_by_id("tim")?;
        let watched = field.clone();
        listen(&field, "input", move |_| {
            narrow(&folded(&text(&watched, "value")));
        })
    }

    fn narrow(typed: &str) -> Option<()> {
        let rows = js_sys::Array::from(&document()?.query_selector_all("#ds > li").ok()?.into());
        for row in rows.iter() {
            let row: Element = row.unchecked_into();
            let fits = row.get_attribute("data-find").is_some_and(|find| find.contains(typed.trim()));
            drop(if fits { row.remove_attribute("hidden") } else { row.set_attribute("hidden", "") });
        }
        Some(())
    }
}
