//! People who registered for the demo's dialogues: one hall full with a wait list, others with room, one over the network; and who came to
//! the past ones and to the one today. Written as rows, as the portal's actions only know today.

use super::SIGN_INS;
use super::dice::Dice;
use super::together::official_of;
use super::world;
use crate::db::Tx;
use crate::dialogues::attendance::rules::{Seats, State};
use crate::dialogues::attendance::store::halls::{self, Hall};
use crate::dialogues::attendance::store::presses::{self, Press};
use crate::dialogues::attendance::store::registrations::{self, Person, Registration};
use crate::dialogues::rules::{Dialogue, Mode, State as DialogueState};
use crate::dialogues::store as dialogues;
use crate::error::Result;
use crate::permissions::Role;
use crate::petitions::code::CaseCode;
use crate::portal::Portal;
use chrono::{DateTime, Datelike, Duration, Utc};

/// Dialogues of one authority in a year; the demo has a few.
const DIALOGUES_MAX: i64 = 50;
/// The stream of chance of the first authority's rows.
const STREAM: u64 = 9_100_001;
/// Seats of a commune's hall, of the province's, and people who want one of them.
const HALL: (i64, i64) = (40, 52);
const LARGE_HALL: (i64, i64) = (150, 61);
const PROVINCE_HALL: (i64, i64) = (200, 128);
/// Of a hundred people who came to a past dialogue so many had registered.
const REGISTERED_PERCENT: i64 = 70;

/// Parts of names and villages. No person is real.
const FAMILIES: [&str; 10] = ["Nông", "Hoàng", "Triệu", "Bàn", "Lý", "Ma", "Đàm", "Hà", "Lường", "Chu"];
const MIDDLES: [&str; 6] = ["Văn Khưu", "Thị Phiên", "Sùn Toàn", "Mùi Nghính", "Đức Thoại", "Thị Khoát"];
const GIVENS: [&str; 8] = ["Sình", "Pảo", "Liểu", "Nhất", "Ngọ", "Chiêm", "Thim", "Quắn"];
const VILLAGES: [&str; 6] = ["thôn Nà Món", "thôn Nà Hin", "thôn Bản Tàn", "thôn Khuổi Sla", "thôn Nà Bó", "tổ 4"];
/// What people need, and how often.
const NEEDS: [(&str, f64); 5] = [("wheelchair", 0.05), ("hearing", 0.06), ("tay", 0.07), ("dao", 0.05), ("nung", 0.03)];

/// Fills it in.
///
/// # Errors
/// A database that fails.
pub async fn fill(portal: &Portal) -> Result<()> {
    let directory = portal.directory();
    let this_year = crate::clock::day(portal.now()).year();
    for ((code, slug, _), stream) in SIGN_INS.into_iter().zip(STREAM..) {
        let Some(agency) = directory.body_by_code(code) else { continue };
        let mut tx = portal.db().write().await?;
        let intake = official_of(&mut tx, portal, &format!("{}.{slug}", world::login_word(Role::Intake))).await?;
        let Some(account_id) = intake.and_then(|actor| actor.account_id()) else { continue };
        let mut filling = Filling { portal, account_id, dice: Dice::new(1, stream), phone: 0 };
        for year in this_year - 1..=this_year + 1 {
            for dialogue in dialogues::of_body(&mut tx, &agency.id, i64::from(year), DIALOGUES_MAX).await? {
                filling.one(&mut tx, &dialogue, agency.code == "19.UB").await?;
            }
        }
        tx.commit().await?;
    }
    Ok(())
}

struct Filling<'a> {
    portal: &'a Portal,
    account_id: String,
    dice: Dice,
    /// The last telephone number given.
    phone: i64,
}

impl Filling<'_> {
    async fn one(&mut self, tx: &mut Tx, dialogue: &Dialogue, is_province: bool) -> Result<()> {
        let now = self.portal.now();
        let begins_at = dialogue.facts.begins_at;
        let (seats, wanted) = match (dialogue.state, &dialogue.holding) {
            (DialogueState::Draft | DialogueState::Cancelled, _) => return Ok(()),
            (_, Some(holding)) => (Seats::Limited(holding.people + 20), holding.people * REGISTERED_PERCENT / 100),
            _ if dialogue.facts.mode == Mode::Online => (Seats::Online, 24),
            _ if is_province => (Seats::Limited(PROVINCE_HALL.0), PROVINCE_HALL.1),
            // The next one is full.
            _ if begins_at < now + Duration::days(15) => (Seats::Limited(HALL.0), HALL.1),
            _ => (Seats::Limited(LARGE_HALL.0), LARGE_HALL.1),
        };
        let mut hall = Hall { seats, is_open: true, settings_version: 1, ..halls::lock(tx, &dialogue.id).await? };
        while hall.seated + hall.waiting < wanted {
            let most = (wanted - hall.seated - hall.waiting).min(4);
            let people = if self.dice.chance(0.7) { 1 } else { self.dice.between(1, most) };
            self.register(tx, &mut hall, begins_at.min(now), people).await?;
        }
        if let Some(holding) = &dialogue.holding {
            self.count(tx, &mut hall, begins_at, holding.people).await?;
        } else if dialogue.facts.day() <= crate::clock::day(now) {
            self.count(tx, &mut hall, begins_at, wanted * 2 / 3).await?;
        }
        halls::put(tx, &hall).await
    }

    async fn register(&mut self, tx: &mut Tx, hall: &mut Hall, before: DateTime<Utc>, people: i64) -> Result<()> {
        hall.last_number += 1;
        self.phone += 1;
        let fits = hall.seats.fits(hall.seated, people);
        if fits {
            hall.seated += people
        } else {
            hall.waiting += people
        }
        let by_official = self.dice.chance(0.12);
        let registration = Registration {
            id: self.portal.new_id(),
            dialogue_id: hall.dialogue_id.clone(),
            number: hall.last_number,
            people,
            state: if fits { State::Seated } else { State::Waiting },
            at: before - Duration::minutes(9_000 - 20 * hall.last_number),
            moved_up_at: None,
            account_id: by_official.then(|| self.account_id.clone()),
            arrived: 0,
            call_for: String::new(),
            called_at: None,
        };
        let needs: Vec<&str> = NEEDS.into_iter().filter(|(_, share)| self.dice.chance(*share)).map(|(code, _)| code).collect();
        let name = format!("{} {} {}", self.dice.pick(&FAMILIES), self.dice.pick(&MIDDLES), self.dice.pick(&GIVENS));
        let email = if self.dice.chance(0.2) { format!("nguoi.dang.ky.{}@nguoi-dan.example", self.phone) } else { String::new() };
        let person = Person {
            name,
            place: (*self.dice.pick(&VILLAGES)).to_owned(),
            phone: if by_official && email.is_empty() { String::new() } else { format!("09000{:05}", 40_000 + self.phone) },
            email,
            needs: needs.join(" "),
            other_need: if self.dice.chance(0.03) { "Đi cùng con nhỏ, cần ngồi gần cửa".to_owned() } else { String::new() },
            language: "vi".to_owned(),
            is_locked: false,
        };
        let code = CaseCode::of_token(&format!("demo attendance {}", registration.id)).hash();
        registrations::insert(tx, &registration, &code, &person, &[]).await
    }

    /// Most of those who registered came, and as many others as are missing from the number.
    async fn count(&mut self, tx: &mut Tx, hall: &mut Hall, begins_at: DateTime<Utc>, people: i64) -> Result<()> {
        let mut came = 0;
        for listed in registrations::all(tx, &hall.dialogue_id, hall.last_number).await? {
            let Registration { number, people: group, .. } = listed.registration;
            if came + group > people || self.dice.chance(0.15) {
                continue;
            }
            came += group;
            let at = (begins_at - Duration::minutes(self.dice.between(2, 40))).min(self.portal.now());
            let press = Press { id: format!("demo-{number}"), number: Some(number), people: group };
            presses::note(tx, &hall.dialogue_id, &press, &self.account_id, at).await?;
            presses::arrive(tx, &hall.dialogue_id, number, group, at).await?;
        }
        // Today the hall is still filling.
        let walk_ins = if begins_at + Duration::hours(12) > self.portal.now() { (people - came).min(9) } else { people - came };
        hall.walk_ins = walk_ins.max(0);
        let press = Press { id: "demo-walk".to_owned(), number: None, people: hall.walk_ins };
        presses::note(tx, &hall.dialogue_id, &press, &self.account_id, begins_at.min(self.portal.now())).await.map(drop)
    }
}
