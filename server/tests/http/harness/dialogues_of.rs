//! Dialogues that tests start from, made through the desk's own forms.

use super::{PHU_THONG, TestApp};

/// The form of a dialogue of Phủ Thông on Tuesday, 8 December 2026, 8 to 11 o'clock.
pub fn fields(changed: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    let usual = [
        ("title", "Nước sạch và đường nông thôn"),
        ("about", "Cấp nước cho ba thôn cuối nguồn."),
        ("kind", "periodic"),
        ("mode", "in_person"),
        ("area", PHU_THONG),
        ("place", "Nhà văn hóa thôn Bản Tàn"),
        ("joining", "Đến trước 15 phút."),
        ("head_post", "Chủ tịch UBND xã Phủ Thông"),
        ("day", "2026-12-08"),
        ("from", "08:00"),
        ("to", "11:00"),
        ("once", "lan-mot"),
    ];
    let given = |name: &str| changed.iter().any(|(field, _)| *field == name);
    usual.into_iter().filter(|(name, _)| !given(name)).chain(changed.iter().copied()).collect()
}

/// Drafted by the intake; gives its id.
pub async fn draft(app: &TestApp, changed: &[(&'static str, &'static str)]) -> String {
    let answer = app.signed_in("an").await.post("/can-bo/doi-thoai/moi", &fields(changed)).await.expect(303);
    answer.location().and_then(|to| to.strip_prefix("/can-bo/doi-thoai/").map(str::to_owned)).expect("the dialogue's page")
}

/// Drafted, and its notice out by the approver; gives its id. The first one of a test has the number 1.
pub async fn announced(app: &TestApp) -> String {
    let id = draft(app, &[("once", "")]).await;
    app.signed_in("du").await.post(&format!("/can-bo/doi-thoai/{id}"), &[("version", "1"), ("deed", "announce")]).await.expect(303);
    id
}
