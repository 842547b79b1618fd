//! What was promised in a demo: kept, moved, late, disputed, given up, still in work, at each authority with sign-ins; and one promise in
//! an answer to a petition. Made by the portal's own rules, at believable times.

use super::store;
use super::together::official_of;
use super::{SIGN_INS, world};
use crate::actor::Actor;
use crate::commitments::actions::{self as commitments, Decision, NewCommitment};
use crate::commitments::rules::{Commitment, Head, OriginKind};
use crate::commitments::voices::{Said, say};
use crate::error::Result;
use crate::letters::office::office;
use crate::permissions::Role;
use crate::petitions::actions::{self as petitions, Act};
use crate::petitions::store::parts::CasePerson;
use crate::petitions::store::{by_id, register};
use crate::portal::Portal;
use chrono::{DateTime, Days, Duration, NaiveDate, Utc};

/// What became of a promise. Days are counted from the day it was made.
enum Fate {
    Open,
    Done {
        after: u64,
    },
    /// Moved after so many days by so many, and done after so many if it was.
    Moved {
        after: u64,
        by: u64,
        reason: &'static str,
        done: Option<u64>,
    },
    Dropped {
        after: u64,
        reason: &'static str,
    },
}

struct Promise {
    text: &'static str,
    origin: OriginKind,
    place: &'static str,
    /// How many days ago it was made, and for how many days.
    ago: u64,
    within: u64,
    fate: Fate,
    /// What was done, and when.
    evidence: &'static [(u64, &'static str)],
    /// How many say it is done, and how many that it is not.
    voices: (u64, u64),
    /// What one of them wrote.
    words: &'static str,
}

const WATER: &str = "Đối thoại về nước sạch và đường nông thôn";
const LAND: &str = "Đối thoại về giấy tờ đất đai";
const RECEPTION: &str = "Tiếp công dân định kỳ";

const PROMISES: [Promise; 8] = [
    Promise {
        text: "Kéo đường ống nước đến 34 hộ thôn Bản Tàn",
        origin: OriginKind::Dialogue,
        place: WATER,
        ago: 44,
        within: 20,
        fate: Fate::Moved { after: 18, by: 16, reason: "chờ vật tư, nhà thầu giao ống chậm", done: None },
        evidence: &[(15, "Đã đào xong 1,2 km rãnh đặt ống."), (30, "21 trên 34 hộ đã có nước.")],
        voices: (12, 5),
        words: "13 hộ cuối thôn chưa có nước, đồng hồ cũng chưa lắp.",
    },
    Promise {
        text: "Lắp biển báo tại cua dốc Nà Món",
        origin: OriginKind::Dialogue,
        place: WATER,
        ago: 44,
        within: 21,
        fate: Fate::Done { after: 14 },
        evidence: &[(14, "Đã lắp hai biển báo và một gương cầu lồi.")],
        voices: (9, 0),
        words: "",
    },
    Promise {
        text: "Trả lại tiền nước đã thu của 13 hộ chưa có đồng hồ",
        origin: OriginKind::Dialogue,
        place: WATER,
        ago: 44,
        within: 17,
        fate: Fate::Done { after: 16 },
        evidence: &[(16, "Đã trả 13 trên 13 hộ, có ký nhận.")],
        voices: (11, 0),
        words: "",
    },
    Promise {
        text: "Công khai bảng giá dịch vụ tại bộ phận một cửa",
        origin: OriginKind::Reception,
        place: RECEPTION,
        ago: 60,
        within: 15,
        fate: Fate::Moved { after: 12, by: 10, reason: "bảng giá mới có hiệu lực từ tuần sau", done: Some(22) },
        evidence: &[(22, "Bảng giá đã treo ở cửa vào và đăng trên trang của xã.")],
        voices: (3, 0),
        words: "",
    },
    Promise {
        text: "Đo lại ranh giới 9 thửa đất bị chồng lấn ở thôn Khuổi Sla",
        origin: OriginKind::Dialogue,
        place: LAND,
        ago: 90,
        within: 30,
        fate: Fate::Done { after: 37 },
        evidence: &[(37, "Đã đo xong 9 thửa, biên bản có chữ ký của các hộ liền kề.")],
        voices: (6, 2),
        words: "Thửa của nhà tôi đo rồi nhưng mốc vẫn chưa cắm.",
    },
    Promise {
        text: "Mở thêm điểm tiếp nhận hồ sơ tại nhà văn hóa thôn Nà Món",
        origin: OriginKind::Dialogue,
        place: LAND,
        ago: 90,
        within: 60,
        fate: Fate::Dropped { after: 50, reason: "hồ sơ nay nộp được qua bưu điện tại thôn, không cần điểm riêng" },
        evidence: &[],
        voices: (0, 0),
        words: "",
    },
    Promise {
        text: "Sửa mái và lắp quạt phòng chờ tiếp dân",
        origin: OriginKind::Reception,
        place: RECEPTION,
        ago: 12,
        within: 16,
        fate: Fate::Open,
        evidence: &[(6, "Đã ký hợp đồng sửa mái.")],
        voices: (0, 0),
        words: "",
    },
    Promise {
        text: "Đổ bê tông 600 m đường vào thôn Khuổi Sla",
        origin: OriginKind::Dialogue,
        place: WATER,
        ago: 44,
        within: 90,
        fate: Fate::Open,
        evidence: &[],
        voices: (0, 0),
        words: "",
    },
];

/// Makes them. Does nothing where an authority or its people are missing.
pub async fn fill(portal: &Portal) -> Result<()> {
    for (place, (code, slug, _)) in SIGN_INS.into_iter().enumerate() {
        let directory = portal.directory();
        let Some(body) = directory.body_by_code(code) else { continue };
        let mut tx = portal.db().write().await?;
        let login = |role: Role| format!("{}.{slug}", world::login_word(role));
        let Some(head) = official_of(&mut tx, portal, &login(Role::Head)).await? else { continue };
        let units: Vec<&str> = directory.units_of(&body.id).map(|unit| unit.id.as_str()).collect();
        let post = office(&directory, &body.id, None).head_in_words();
        let account_id = head.account_id().unwrap_or_default();
        let mut act = Act { tx: &mut tx, portal, actor: &head };
        // The first has all, the others fewer, each its own.
        for (n, promise) in PROMISES.iter().enumerate().filter(|(n, _)| place == 0 || (n + place) % 3 != 0) {
            let owner_id = units.get((n + place) % units.len().max(1)).copied().unwrap_or(&body.id);
            let in_name = Head { body_id: body.id.clone(), post: post.clone(), name: String::new(), account_id: account_id.clone() };
            promised(&mut act, promise, owner_id, in_name, &format!("demo {code}")).await?;
        }
        tx.commit().await?;
        if place == 0 {
            in_answer(portal, &head, &login(Role::Approver), &body.id).await?;
        }
    }
    Ok(())
}

fn day(made_on: NaiveDate, after: u64) -> NaiveDate {
    made_on + Days::new(after)
}

async fn promised(act: &mut Act<'_>, promise: &Promise, owner_id: &str, head: Head, origin: &str) -> Result<()> {
    let now = act.portal.now();
    let begun = now - Duration::days(i64::try_from(promise.ago).unwrap_or(0));
    let at = |after: u64| (begun + Duration::days(i64::try_from(after).unwrap_or(0))).min(now);
    let made_on = crate::clock::day(begun);
    let new = NewCommitment {
        id: act.portal.random().id(begun),
        origin: promise.origin,
        origin_id: format!("{origin} {}", promise.place),
        text: promise.text.to_owned(),
        owner_id: owner_id.to_owned(),
        co_owner_ids: Vec::new(),
        head,
        made_on,
        day: day(made_on, promise.within),
    };
    let made = commitments::make_at(act, &new, begun).await?;
    let mut commitment = commitments::publish(act, &made, promise.place, "").await?;
    let mut decisions: Vec<(u64, Decision)> = Vec::new();
    match &promise.fate {
        Fate::Open => {}
        Fate::Done { after } => decisions.push((*after, Decision::Done { on: day(made_on, *after), explanation: String::new() })),
        Fate::Moved { after, by, reason, done } => {
            decisions.push((*after, Decision::Move { to: day(made_on, promise.within + by), reason: (*reason).to_owned() }));
            decisions.extend(done.map(|after| (after, Decision::Done { on: day(made_on, after), explanation: String::new() })));
        }
        Fate::Dropped { after, reason } => decisions.push((*after, Decision::Drop { reason: (*reason).to_owned() })),
    }
    let mut evidence = promise.evidence.iter().peekable();
    for (after, decision) in decisions {
        while let Some((when, words)) = evidence.next_if(|(when, _)| *when <= after) {
            commitment = shown(act, &commitment, words, at(*when)).await?;
        }
        let event = decision.event(&commitment, crate::clock::day(at(after)));
        commitment = commitments::record_at(act, &commitment.id, Some(&commitment), &event, at(after)).await?;
    }
    for (when, words) in evidence {
        commitment = shown(act, &commitment, words, at(*when)).await?;
    }
    heard(act, &commitment, promise).await
}

async fn shown(act: &mut Act<'_>, commitment: &Commitment, words: &str, at: DateTime<Utc>) -> Result<Commitment> {
    let id = act.portal.random().id(at);
    commitments::add_evidence_at(act, commitment, (&id, words, ""), &[], at).await
}

/// People say whether it is done; one of them writes something, which is let out.
async fn heard(act: &mut Act<'_>, commitment: &Commitment, promise: &Promise) -> Result<()> {
    let number = commitment.number.unwrap_or_default();
    let (done, not) = promise.voices;
    let mut last = String::new();
    for n in 0..done + not {
        let is_done = n < done;
        let phone = if n % 3 == 0 { format!("09000003{n:02}") } else { String::new() };
        let words = if n + 1 == done + not { promise.words.to_owned() } else { String::new() };
        let person = CasePerson { phone, language: "vi".to_owned(), ..CasePerson::default() };
        last = act.portal.random().token();
        say(act, number, &last, &Said { is_done, words, person }).await?;
    }
    if !promise.words.is_empty() {
        commitments::release_words_of(act, commitment, &last).await?;
    }
    Ok(())
}

/// An answer that promises a day: the head writes it, somebody else lets it out.
async fn in_answer(portal: &Portal, head: &Actor, approver: &str, body_id: &str) -> Result<()> {
    let mut tx = portal.db().write().await?;
    let Some(approver) = official_of(&mut tx, portal, approver).await? else { return Ok(()) };
    for (number,) in store::joinable(&mut tx, body_id, 6).await?.into_iter().rev() {
        let Some(row) = register::by_number(&mut tx, number).await? else { continue };
        let Some(case) = by_id(&mut tx, &row.case_id).await?.filter(|case| case.unit_id.is_some()) else { continue };
        let promised = crate::clock::day(portal.now()) + Days::new(21);
        let words = "Xã đã xem tại chỗ. Việc này cần sửa, và sẽ xong trước ngày đã ghi.";
        let mut act = Act { tx: &mut tx, portal, actor: head };
        let Ok(proposed) = petitions::propose_answer(&mut act, &case, words, Some(promised)).await else { return Ok(()) };
        let mut act = Act { tx: &mut tx, portal, actor: &approver };
        if petitions::approve_answer(&mut act, &proposed).await.is_ok() {
            tx.commit().await?;
        }
        return Ok(());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a promise says must be possible: shown before it is done, done before today.
    #[test]
    fn fates_fit_their_days() {
        for promise in &PROMISES {
            let last = match promise.fate {
                Fate::Open => 0,
                Fate::Done { after } | Fate::Dropped { after, .. } => after,
                Fate::Moved { after, done, .. } => {
                    assert!(after <= promise.within, "{}: moved before its day", promise.text);
                    done.unwrap_or(after)
                }
            };
            assert!(last <= promise.ago && promise.evidence.iter().all(|(when, _)| *when <= promise.ago), "{}", promise.text);
            let needs_evidence = matches!(promise.fate, Fate::Done { .. } | Fate::Moved { done: Some(_), .. });
            assert!(!needs_evidence || promise.evidence.iter().any(|(when, _)| *when <= last), "{}", promise.text);
        }
    }
}
