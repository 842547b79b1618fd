//! Comfort for those whose browser runs scripts. Every page works without any of it.
//!
//! What is typed is also kept on the phone, because the server has only what was sent to it: a dead battery or a tunnel between two
//! screens costs nothing. The copy fills fields that are empty, never others, and goes when the petition is sent or deleted. It holds
//! nobody's name, phone or address, and nothing at all of a denunciation: phones are lent, and internet cafés have many users.

use leptos::prelude::*;

/// Keeps what is typed into a form on this device, gives it back, and warns before it would be left unsent.
#[island]
pub fn DraftKeeper(
    /// Id of the form.
    form: String,
    /// Fields that are not kept here, apart by commas: who somebody is has no place in the memory of a browser that others use, too.
    except: String,
    /// What the server says about its own copy; empty if it has none.
    saved: String,
    /// "Kept on this device at {time}".
    kept: String,
    /// "What you typed before is back".
    restored: String,
) -> impl IntoView {
    let status = RwSignal::new(saved);
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| browser::keep(&form, &except, &kept, &restored, status));
    #[cfg(not(feature = "hydrate"))]
    drop((form, except, kept, restored));
    view! { <span class="saved" role="status" hidden=move || status.with(String::is_empty)>{move || status.get()}</span> }
}

/// Makes this device forget what [`DraftKeeper`] kept: at once, or when a form that ends the draft is sent (`data-forget`).
#[island]
pub fn ForgetKept(
    /// At once.
    now: bool,
    /// Id of the form; empty: all forms of a petition.
    form: String,
) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| browser::forget(now, form.clone()));
    #[cfg(not(feature = "hydrate"))]
    drop((now, form));
    view! { <span hidden></span> }
}

/// Keeps the counters below text fields up to date while one types.
#[island]
pub fn CharCounter(
    /// "{n} of {max} characters".
    words: String,
    /// What stands between thousands.
    mark: String,
) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| browser::count(words.clone(), mark.clone()));
    #[cfg(not(feature = "hydrate"))]
    drop((words, mark));
    view! { <span hidden></span> }
}

/// Two hidden fields with a place on the map, and a button that fills them from the device.
#[island]
pub fn UsePosition(
    /// North, in degrees; empty if none is known.
    latitude: String,
    /// East, in degrees; empty if none is known.
    longitude: String,
    /// The button.
    ask: String,
    /// Shown while the device looks.
    asking: String,
    /// Shown when a place is known.
    got: String,
    /// Shown when the device would not say.
    failed: String,
    /// The button that takes the place away again.
    remove: String,
) -> impl IntoView {
    let status = RwSignal::new(if latitude.is_empty() { String::new() } else { got.clone() });
    let (latitude, longitude) = (RwSignal::new(latitude), RwSignal::new(longitude));
    // Without scripts the buttons would do nothing, so they come with them.
    let is_awake = RwSignal::new(false);
    Effect::new(move |_| is_awake.set(true));
    let on_ask = move |_| {
        status.set(asking.clone());
        #[cfg(feature = "hydrate")]
        browser::position(latitude, longitude, status, got.clone(), failed.clone());
        #[cfg(not(feature = "hydrate"))]
        let _ = (&got, &failed);
    };
    let on_remove = move |_| {
        latitude.set(String::new());
        longitude.set(String::new());
        status.set(String::new());
    };
    view! {
        <div class="row">
            <input type="hidden" name="latitude" value=move || latitude.get() />
            <input type="hidden" name="longitude" value=move || longitude.get() />
            <button type="button" class="btn btn-s" hidden=move || !is_awake.get() on:click=on_ask>{ask}</button>
            <span class="small" role="status">{move || status.get()}</span>
            <button type="button" class="btn btn-quiet btn-s" hidden=move || !is_awake.get() || latitude.with(String::is_empty) on:click=on_remove>{remove}</button>
        </div>
    }
}

/// What the islands do with the browser. Properties are read by name: it keeps the part every phone must load small.
#[cfg(feature = "hydrate")]
mod browser {
    use js_sys::{Date, JSON, Object, Reflect};
    use leptos::prelude::*;
    use std::cell::Cell;
    use std::rc::Rc;
    use wasm_bindgen::prelude::*;
    use web_sys::{Element, Event, EventTarget, Storage};

    /// Keys in the browser's memory: this and the form's id.
    const PREFIX: &str = "nghedan:";
    /// The forms of a petition.
    const FORMS: [&str; 2] = ["what", "whom"];
    /// The choice of the kind of which nothing is kept.
    const SEALED: &str = "[name=kind][value=denunciation]:checked";
    /// A copy older than the draft on the server would live is not given back.
    const KEPT_MILLISECONDS: f64 = 30.0 * 24.0 * 3600.0 * 1000.0;

    fn get(object: &JsValue, name: &str) -> JsValue {
        Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
    }

    fn text(object: &JsValue, name: &str) -> String {
        get(object, name).as_string().unwrap_or_default()
    }

    fn set(object: &JsValue, name: &str, value: &JsValue) {
        // Refused only by frozen objects, which fields of a form are not.
        drop(Reflect::set(object, &name.into(), value));
    }

    fn document() -> Option<web_sys::Document> {
        web_sys::window()?.document()
    }

    fn storage() -> Option<Storage> {
        // A browser may forbid it (private windows): then nothing is kept and nothing is promised.
        web_sys::window()?.local_storage().ok().flatten()
    }

    fn listen(target: &EventTarget, name: &str, act: impl FnMut(Event) + 'static) {
        let closure = Closure::<dyn FnMut(Event)>::new(act);
        if target.add_event_listener_with_callback(name, closure.as_ref().unchecked_ref()).is_ok() {
            closure.forget();
        }
    }

    /// The fields of a form that are kept, in order.
    fn fields(form: &Element, except: &str) -> Vec<JsValue> {
        js_sys::Array::from(&get(form, "elements"))
            .iter()
            .filter(|field| {
                let is_kept = matches!(text(field, "type").as_str(), "text" | "tel" | "email" | "textarea" | "select-one" | "radio");
                is_kept && !except.split(',').any(|name| text(field, "name") == name)
            })
            .collect()
    }

    fn is_radio(field: &JsValue) -> bool {
        text(field, "type") == "radio"
    }

    fn is_checked(field: &JsValue) -> bool {
        get(field, "checked").is_truthy()
    }

    /// Whether the form says that it is a denunciation: of that no trace stays on the device.
    fn is_sealed(form: &Element) -> bool {
        form.query_selector(SEALED).ok().flatten().is_some()
    }

    fn write(form: &Element, except: &str, key: &str) -> Option<()> {
        if is_sealed(form) {
            // What was kept before that was chosen goes as well.
            storage()?.remove_item(key).ok()?;
            return None;
        }
        let values = Object::new();
        for field in fields(form, except) {
            if !is_radio(&field) || is_checked(&field) {
                set(&values, &text(&field, "name"), &get(&field, "value"));
            }
        }
        set(&values, "", &Date::now().into());
        storage()?.set_item(key, &JSON::stringify(&values).ok()?.as_string()?).ok()
    }

    /// Fills empty fields from the copy. Gives whether anything came back.
    fn restore(form: &Element, except: &str, key: &str) -> Option<bool> {
        let values = JSON::parse(&storage()?.get_item(key).ok()??).ok()?;
        if Date::now() - get(&values, "").as_f64()? > KEPT_MILLISECONDS {
            return None;
        }
        let fields = fields(form, except);
        let mut is_restored = false;
        for field in &fields {
            let name = text(field, "name");
            let kept = text(&values, &name);
            if kept.is_empty() {
                continue;
            }
            if is_radio(field) {
                let is_chosen = fields.iter().any(|other| text(other, "name") == name && is_checked(other));
                if !is_chosen && text(field, "value") == kept {
                    set(field, "checked", &true.into());
                    is_restored = true;
                }
            } else if text(field, "value").is_empty() {
                set(field, "value", &kept.into());
                is_restored = true;
            }
        }
        Some(is_restored)
    }

    fn clock() -> String {
        let now = Date::new_0();
        let two = |n: u32| if n < 10 { format!("0{n}") } else { n.to_string() };
        two(now.get_hours()) + ":" + &two(now.get_minutes())
    }

    pub fn keep(form_id: &str, except: &str, kept: &str, restored: &str, status: RwSignal<String>) -> Option<()> {
        let form = document()?.get_element_by_id(form_id)?;
        let key = format!("{PREFIX}{form_id}");
        if restore(&form, except, &key) == Some(true) {
            status.set(restored.to_owned());
        }
        let is_unsent = Rc::new(Cell::new(false));
        let (unsent, target, except, kept) = (is_unsent.clone(), form.clone(), except.to_owned(), kept.to_owned());
        listen(&form, "input", move |_| {
            unsent.set(true);
            if write(&target, &except, &key).is_some() {
                let words = kept.replace("{time}", &clock());
                if status.with_untracked(|shown| *shown != words) {
                    status.set(words);
                }
            }
        });
        let unsent = is_unsent.clone();
        listen(&form, "submit", move |_| unsent.set(false));
        let window = web_sys::window()?;
        listen(&window, "beforeunload", move |event| {
            if is_unsent.get() {
                event.prevent_default();
                set(&event, "returnValue", &"".into());
            }
        });
        Some(())
    }

    fn clear(form: &str) {
        let Some(storage) = storage() else { return };
        let forms: &[&str] = if form.is_empty() { &FORMS } else { &[form] };
        for form in forms {
            // Refused only where nothing could be kept either.
            drop(storage.remove_item(&format!("{PREFIX}{form}")));
        }
    }

    pub fn forget(now: bool, form: String) -> Option<()> {
        if now {
            clear(&form);
        }
        let document = document()?;
        listen(&document, "submit", move |event| {
            if event.target().is_some_and(|form| form.unchecked_ref::<Element>().has_attribute("data-forget")) {
                clear(&form);
            }
        });
        Some(())
    }

    fn with_thousands(n: usize, mark: &str) -> String {
        let digits = n.to_string();
        let mut words = String::new();
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                words.push_str(mark);
            }
            words.push(digit);
        }
        words
    }

    pub fn count(words: String, mark: String) -> Option<()> {
        let document = document()?;
        let list = document.query_selector_all("[data-counter]").ok()?;
        let list = js_sys::Array::from(&list);
        for counter in list.iter() {
            let counter: Element = counter.unchecked_into();
            let field = document.get_element_by_id(&counter.get_attribute("data-counter")?)?;
            let max: usize = counter.get_attribute("data-max")?.parse().ok()?;
            let (words, mark, watched) = (words.clone(), mark.clone(), field.clone());
            listen(&field, "input", move |_| {
                let n = text(&watched, "value").trim().chars().count();
                let words = words.replace("{n}", &with_thousands(n, &mark)).replace("{max}", &with_thousands(max, &mark));
                counter.set_text_content(Some(&words));
                counter.set_class_name(if n > max { "counter num over" } else { "counter num" });
            });
        }
        Some(())
    }

    pub fn position(latitude: RwSignal<String>, longitude: RwSignal<String>, status: RwSignal<String>, got: String, failed: String) {
        let words = failed.clone();
        let asked = ask(
            move |position| {
                let coords = get(&position, "coords");
                let degrees = |name: &str| get(&coords, name).as_f64().and_then(|value| js_sys::Number::from(value).to_fixed(6).ok()?.as_string());
                if let (Some(north), Some(east)) = (degrees("latitude"), degrees("longitude")) {
                    latitude.set(north);
                    longitude.set(east);
                    status.set(got.clone());
                }
            },
            move |_| status.set(words.clone()),
        );
        if asked.is_none() {
            status.set(failed);
        }
    }

    fn ask(success: impl FnMut(JsValue) + 'static, failure: impl FnMut(JsValue) + 'static) -> Option<()> {
        let geolocation = web_sys::window()?.navigator().geolocation().ok()?;
        let success = Closure::<dyn FnMut(JsValue)>::new(success).into_js_value();
        let failure = Closure::<dyn FnMut(JsValue)>::new(failure).into_js_value();
        geolocation.get_current_position_with_error_callback(success.unchecked_ref(), Some(failure.unchecked_ref())).ok()
    }
}
