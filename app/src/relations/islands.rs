//! Similar released cases while one types. Without scripts the last screen before sending shows them.

use leptos::prelude::*;

/// Asks the portal after a pause in typing and shows what it answers below.
#[island]
pub fn SimilarWhileTyping(
    /// Id of the form.
    form: String,
    /// Where to ask.
    address: String,
) -> impl IntoView {
    let place = NodeRef::<leptos::html::Div>::new();
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| {
        if let Some(place) = place.get() {
            browser::watch(&form, &address, place.into());
        }
    });
    #[cfg(not(feature = "hydrate"))]
    drop((form, address));
    view! { <div role="status" node_ref=place></div> }
}

/// Properties are read by name: it keeps the part every phone must load small.
#[cfg(feature = "hydrate")]
mod browser {
    use js_sys::{Function, Object, Promise, Reflect};
    use std::cell::Cell;
    use std::rc::Rc;
    use wasm_bindgen::prelude::*;
    use web_sys::Element;

    /// Pause in typing after which is asked, in milliseconds.
    const PAUSE: i32 = 900;
    /// Less than this, both texts together, says too little.
    const CHARS_MIN: u32 = 8;

    fn get(object: &JsValue, name: &str) -> JsValue {
        Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
    }

    fn set(object: &JsValue, name: &str, value: &JsValue) {
        // Refused only by frozen objects, which none of these are.
        drop(Reflect::set(object, &name.into(), value));
    }

    fn call(object: &JsValue, name: &str, arguments: &[&JsValue]) -> JsValue {
        let function: Function = get(object, name).unchecked_into();
        let list = js_sys::Array::new();
        for argument in arguments {
            list.push(argument);
        }
        function.apply(object, &list).unwrap_or(JsValue::UNDEFINED)
    }

    fn value(form: &Element, name: &str) -> String {
        get(&get(&get(form, "elements"), name), "value").as_string().unwrap_or_default()
    }

    pub fn watch(form_id: &str, address: &str, place: Element) -> Option<()> {
        let window: JsValue = web_sys::window()?.into();
        let form = web_sys::window()?.document()?.get_element_by_id(form_id)?;
        let address = address.to_owned();
        // The last question counts: an answer that comes late is not shown.
        let (asked, timer) = (Rc::new(Cell::new(0_u32)), Rc::new(Cell::new(JsValue::UNDEFINED)));
        let target = form.clone();
        let ask = {
            let (window, form) = (window.clone(), form.clone());
            Closure::<dyn FnMut()>::new(move || {
                asked.set(asked.get() + 1);
                ask_now(&window, &form, &address, &place, asked.clone());
            })
            .into_js_value()
        };
        let on_input = Closure::<dyn FnMut()>::new(move || {
            call(&window, "clearTimeout", &[&timer.take()]);
            timer.set(call(&window, "setTimeout", &[&ask, &PAUSE.into()]));
        })
        .into_js_value();
        for name in ["input", "change"] {
            call(&target, "addEventListener", &[&name.into(), &on_input]);
        }
        // What came back from an earlier visit is asked about as well.
        on_input.unchecked_ref::<Function>().call0(&JsValue::UNDEFINED).ok()?;
        Some(())
    }

    fn ask_now(window: &JsValue, form: &Element, address: &str, place: &Element, asked: Rc<Cell<u32>>) {
        let number = asked.get();
        let (title, account) = (value(form, "title"), value(form, "body"));
        let length = js_sys::JsString::from(title.as_str()).length() + js_sys::JsString::from(account.as_str()).length();
        if length < CHARS_MIN {
            set(place, "innerHTML", &"".into());
            return;
        }
        let encode = |text: &str| String::from(js_sys::encode_uri_component(text));
        let body = format!("kind={}&title={}&body={}&area={}", value(form, "kind"), encode(&title), encode(&account), value(form, "area"));
        let (init, headers) = (Object::new(), Object::new());
        set(&headers, "content-type", &"application/x-www-form-urlencoded".into());
        set(&init, "method", &"POST".into());
        set(&init, "headers", &headers);
        set(&init, "body", &body.into());
        let place = place.clone();
        let show = Closure::once_into_js(move |text: JsValue| {
            if asked.get() == number {
                set(&place, "innerHTML", &text);
            }
        });
        // Words of a page of ours; anything but an answer leaves the place as it is.
        let read = Closure::once_into_js(move |answer: JsValue| -> JsValue {
            if get(&answer, "ok").is_truthy() { call(&answer, "text", &[]) } else { "".into() }
        });
        let nothing = Closure::once_into_js(|_: JsValue| {});
        let promise: Promise = call(window, "fetch", &[&address.into(), &init]).unchecked_into();
        call(&call(&call(&promise, "then", &[&read]), "then", &[&show]), "catch", &[&nothing]);
    }
}
