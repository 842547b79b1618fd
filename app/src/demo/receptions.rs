//! A year of citizen receptions of the authorities with sign-ins: days held by the head, by a deputy, missed and moved; visits in the
//! register; days to come with booked slots, and drafts behind them. Written as rows, as the portal's actions only know today.

use super::dice::Dice;
use super::together::official_of;
use super::{SIGN_INS, world};
use crate::accounts::store as accounts;
use crate::agencies::Agency;
use crate::commitments::actions::{NewCommitment, make, publish_all};
use crate::commitments::rules::{Head, OriginKind};
use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::id::secret_hash;
use crate::letters::office::office;
use crate::permissions::Role;
use crate::petitions::actions::Act;
use crate::petitions::code::CaseCode;
use crate::petitions::rules::Kind as CaseKind;
use crate::petitions::store::register::raise_version;
use crate::portal::Portal;
use crate::receptions::counting::proposed;
use crate::receptions::rules::{Kind, Mode, Receiver, Refusal, State, publish_by};
use crate::receptions::store::bookings::{self, Booking, BookingPerson};
use crate::receptions::store::conclusions::{self, Conclusion};
use crate::receptions::store::offices::{self, Office};
use crate::receptions::store::sessions::{self, Reception};
use crate::receptions::store::visits::{self, Visit, VisitPerson};
use crate::words::Lang;
use chrono::{Datelike, Days, NaiveDate};

/// Days ahead that are published, and those that are planned.
const PUBLISHED_DAYS: u64 = 45;
const PLANNED_DAYS: u64 = 100;
/// Days back of which the register has visits.
const REGISTER_DAYS: u64 = 120;
/// After how many days the promises of the last sessions are due: one is still open, one late.
const PROMISED_DAYS: [u64; 2] = [60, 20];
/// The stream of chance of this folder's rows; one of its own for each authority.
const STREAM: u64 = 9_000_001;

/// Who comes, and with what. No person is real.
const PEOPLE: [(&str, &str, &str, Option<CaseKind>); 8] = [
    ("Nông Văn Sài", "thôn Nà Món", "Đề nghị sửa mương thủy lợi bị sạt, nước không vào ruộng.", Some(CaseKind::Recommendation)),
    ("Hoàng Thị Phấy", "thôn Khuổi Sla", "Hỏi về bồi thường đất khi mở rộng đường liên thôn.", Some(CaseKind::Recommendation)),
    ("Triệu Sùn Phẩu", "thôn Khuổi Sla", "Không đồng ý quyết định thu hồi đất, đề nghị xem xét lại.", Some(CaseKind::Complaint)),
    ("Đàm Văn Kiệm", "tổ 4", "Phản ánh bãi rác cạnh chợ bốc mùi, chưa được dọn.", Some(CaseKind::Report)),
    ("Bàn Mùi Nái", "thôn Nà Món", "Xin hướng dẫn làm giấy tờ đất cho con.", None),
    ("Hà Văn Tuyến", "tổ 7", "Phản ánh quán hát ồn sau 22 giờ.", Some(CaseKind::Report)),
    ("Lý Thị Xuân", "thôn Nà Món", "Đề nghị lắp đèn đường đoạn qua trường học.", Some(CaseKind::Recommendation)),
    ("Ma Văn Thiệp", "thôn Khuổi Sla", "Khiếu nại mức hỗ trợ cây trồng khi làm đường.", Some(CaseKind::Complaint)),
];

/// Why a day was missed.
const MISSED: [&str; 3] = ["Họp đột xuất của Ban Thường vụ", "Đi kiểm tra phòng chống lụt bão theo công điện", "Người đứng đầu ốm, cấp phó đi công tác"];

/// Fills it in, for the authorities with sign-ins that must receive.
pub async fn fill(portal: &Portal) -> Result<()> {
    let directory = portal.directory();
    for ((code, slug, _), stream) in SIGN_INS.into_iter().zip(STREAM..) {
        let Some(agency) = directory.body_by_code(code) else { continue };
        let mut tx = portal.db().write().await?;
        let login = format!("{}.{slug}", world::login_word(Role::Intake));
        let Some(intake) = accounts::credentials(&mut tx, &login).await? else { continue };
        let mut filling = Filling { portal, agency, intake: intake.id, dice: Dice::new(1, stream), today: crate::clock::day(portal.now()), no: 0, year: 0 };
        let held = filling.all(&mut tx).await?;
        if let Some(actor) = official_of(&mut tx, portal, &login).await? {
            for (row, days) in held.iter().rev().step_by(2).zip(PROMISED_DAYS) {
                conclude(&mut Act { tx: &mut tx, portal, actor: &actor }, row, days).await?;
            }
        }
        raise_version(&mut tx).await?;
        tx.commit().await?;
    }
    Ok(())
}

struct Filling<'a> {
    portal: &'a Portal,
    agency: &'a Agency,
    intake: String,
    dice: Dice,
    today: NaiveDate,
    /// The last number given in the register of the year.
    no: i64,
    year: i32,
}

impl Filling<'_> {
    /// All of it; gives the sessions the head held.
    async fn all(&mut self, tx: &mut Tx) -> Result<Vec<Reception>> {
        let directory = self.portal.directory();
        let words = office(&directory, &self.agency.id, None);
        let place = format!("Phòng tiếp công dân, trụ sở {}", self.agency.short_name);
        let own = Office {
            place: place.clone(),
            hours: "Thứ Hai đến thứ Sáu, 7:30–11:30 và 13:30–17:00".to_owned(),
            phone: "0208 3855 000".to_owned(),
            head_post: words.head_in_words(),
            deputy_post: format!("Phó {}", lower_first(&words.head_in_words())),
        };
        offices::put(tx, &self.agency.id, &own).await?;
        let rules = directory.reception_rules().of_agency(self.agency, &directory);
        let days = proposed(&rules, directory.calendar(), self.agency.valid_from, self.today + Days::new(PLANNED_DAYS));
        let (mut moved, mut held) = (None::<(String, NaiveDate)>, Vec::new());
        for day in days {
            if moved.as_ref().is_some_and(|(_, to)| *to == day) {
                continue;
            }
            let row = self.session(tx, &own, day).await?;
            if row.held_by == Some(Receiver::Head) {
                held.push(row.clone());
            }
            if row.state == State::Published && day < self.today && self.dice.chance(0.6) {
                moved = Some(self.miss(tx, &row).await?);
            } else if row.state == State::Held && day + Days::new(REGISTER_DAYS) >= self.today {
                self.visits(tx, &row).await?;
            } else if row.state == State::Published && day > self.today {
                self.book(tx, &row).await?;
            }
        }
        self.of_today(tx, &own).await?;
        Ok(held)
    }

    /// A periodic session of a day; past ones with what came of them.
    async fn session(&mut self, tx: &mut Tx, own: &Office, day: NaiveDate) -> Result<Reception> {
        let directory = self.portal.directory();
        let limit = publish_by(directory.deadline_rules(), directory.calendar(), Kind::Periodic, Mode::Direct, day).map_or(day, |limit| limit.day);
        let is_late = self.dice.chance(0.05);
        let published_on = if is_late { limit + Days::new(1) } else { limit - Days::new(u64::try_from(self.dice.between(1, 12)).unwrap_or(1)) };
        let (state, held_by) = match self.dice.unit() {
            _ if day > self.today + Days::new(PUBLISHED_DAYS) => (State::Draft, None),
            _ if day >= self.today => (State::Published, None),
            u if u < 0.84 => (State::Held, Some(Receiver::Head)),
            u if u < 0.92 => (State::Held, Some(Receiver::Deputy)),
            _ => (State::Published, None),
        };
        let row = Reception {
            id: self.portal.new_id(),
            number: sessions::next_number(tx).await?,
            body_id: self.agency.id.clone(),
            day,
            starts: 8 * 60,
            ends: 11 * 60 + 30,
            kind: Kind::Periodic,
            mode: Mode::Direct,
            receiver: Receiver::Head,
            post: own.head_post.clone(),
            place: own.place.clone(),
            topics: if self.dice.chance(0.3) { "Đất đai, bồi thường, hỗ trợ khi mở đường".to_owned() } else { String::new() },
            slots: 12,
            taken: 0,
            state,
            published_on: (state != State::Draft).then(|| published_on.min(self.today)),
            late_reason: if is_late && state != State::Draft { "Lịch công tác tháng được duyệt muộn".to_owned() } else { String::new() },
            tested_on: None,
            held_by,
            missed_reason: String::new(),
            moved_to: None,
            version: 1,
        };
        sessions::insert(tx, row.clone()).await?;
        let act = match state {
            State::Draft => "drafted",
            State::Held => "held",
            _ => "published",
        };
        sessions::add_act(tx, &row.id, 1, self.portal.now(), Some(self.intake.clone()), act).await?;
        Ok(row)
    }

    /// A past day was missed; it moved to a working day a little later, on which the head received.
    async fn miss(&mut self, tx: &mut Tx, row: &Reception) -> Result<(String, NaiveDate)> {
        let to = self.portal.directory().calendar().add_working_days(row.day, 3).day;
        let held_by = (to < self.today).then_some(Receiver::Head);
        let new = Reception {
            id: self.portal.new_id(),
            number: sessions::next_number(tx).await?,
            day: to,
            state: if held_by.is_some() { State::Held } else { State::Published },
            held_by,
            published_on: Some(row.day.min(self.today)),
            ..row.clone()
        };
        sessions::insert(tx, new.clone()).await?;
        let reason = (*self.dice.pick(&MISSED)).to_owned();
        sessions::update(tx, &Reception { state: State::Missed, missed_reason: reason, moved_to: Some(new.id.clone()), ..row.clone() }).await?;
        sessions::add_act(tx, &row.id, 2, self.portal.now(), Some(self.intake.clone()), "missed").await?;
        Ok((new.id, to))
    }

    async fn visits(&mut self, tx: &mut Tx, row: &Reception) -> Result<()> {
        if row.day.year() != self.year {
            (self.year, self.no) = (row.day.year(), 0);
        }
        for _ in 0..self.dice.between(1, 4) {
            let (name, place, content, kind) = *self.dice.pick(&PEOPLE);
            let people = if self.dice.chance(0.1) { self.dice.between(5, 14) } else { self.dice.between(1, 2) };
            let refusal = self.dice.chance(0.03).then_some(Refusal::Answered);
            self.no += 1;
            let calendar = self.portal.directory();
            let visit = Visit {
                id: self.portal.new_id(),
                reception_id: row.id.clone(),
                body_id: row.body_id.clone(),
                day: row.day,
                year: i64::from(self.year),
                no: self.no,
                booking_id: None,
                kind,
                people,
                same_people: if people > 2 { people } else { 0 },
                first_id: None,
                resolved_by: String::new(),
                is_competent: true,
                guided_to: String::new(),
                handled_by: String::new(),
                result: String::new(),
                note: String::new(),
                is_read_back: false,
                case_id: None,
                refusal,
                refusal_due_on: refusal.map(|_| calendar.calendar().add_working_days(row.day, 3).day),
                refusal_sent_on: None,
                refusal_number: String::new(),
                entered_by: self.intake.clone(),
                at: self.portal.now(),
                version: 1,
            };
            if !visits::insert(tx, &visit, &secret_hash("demo visit", &visit.id)).await? {
                return Err(AppError::internal("the demo gave a number of the register twice"));
            }
            let representatives = if people >= 5 { name.to_owned() } else { String::new() };
            let id_number = format!("000{:09}", self.dice.between(185_000_001, 185_999_999));
            let person =
                VisitPerson { name: name.to_owned(), address: place.to_owned(), id_number, content: content.to_owned(), representatives, is_locked: false };
            visits::insert_person(tx, &visit.id, &person)?;
            let result = if self.dice.chance(0.6) {
                "Đã giải thích tại chỗ, người dân đồng ý"
            } else {
                "Giao phòng chuyên môn kiểm tra, trả lời bằng văn bản"
            };
            visits::update(tx, &Visit { result: result.to_owned(), ..visit.clone() }).await?;
        }
        Ok(())
    }

    /// A few slots of a coming day are taken; now and then all of them.
    async fn book(&mut self, tx: &mut Tx, row: &Reception) -> Result<()> {
        let taken = if self.dice.chance(0.12) { row.slots } else { self.dice.between(0, 4) };
        for slot in 1..=taken {
            if !sessions::take(tx, &row.id, 1).await? {
                return Err(AppError::internal("the demo booked more slots than there are"));
            }
            let (name, place, content, _) = *self.dice.pick(&PEOPLE);
            let booking = Booking {
                id: self.portal.new_id(),
                reception_id: row.id.clone(),
                slot,
                case_id: None,
                at: self.portal.now(),
                cancelled_at: None,
                arrived_at: None,
            };
            let person = BookingPerson {
                name: name.to_owned(),
                phone: format!("090000{:04}", self.dice.between(300, 399)),
                email: String::new(),
                matter: format!("{content} ({place})"),
                needs: if self.dice.chance(0.15) { "interpreter".to_owned() } else { String::new() },
                language: "vi".to_owned(),
                agrees_online: false,
                is_locked: false,
            };
            let code = CaseCode::of_token(&format!("demo booking {}", booking.id)).hash();
            bookings::insert(tx, &booking, &code, &person, &[]).await?;
        }
        Ok(())
    }

    /// The staff receive today, all day.
    async fn of_today(&mut self, tx: &mut Tx, own: &Office) -> Result<()> {
        if !self.portal.directory().calendar().is_working_day(self.today) {
            return Ok(());
        }
        let row = Reception {
            id: self.portal.new_id(),
            number: sessions::next_number(tx).await?,
            body_id: self.agency.id.clone(),
            day: self.today,
            starts: 7 * 60 + 30,
            ends: 17 * 60,
            kind: Kind::Regular,
            mode: Mode::Direct,
            receiver: Receiver::Staff,
            post: "Công chức tiếp công dân".to_owned(),
            place: own.place.clone(),
            topics: String::new(),
            slots: 0,
            taken: 0,
            state: State::Published,
            published_on: Some(self.today),
            late_reason: String::new(),
            tested_on: None,
            held_by: None,
            missed_reason: String::new(),
            moved_to: None,
            version: 1,
        };
        sessions::insert(tx, row.clone()).await?;
        sessions::add_act(tx, &row.id, 1, self.portal.now(), Some(self.intake.clone()), "published").await
    }
}

/// The conclusion of a session with one promise, which everybody may follow.
async fn conclude(act: &mut Act<'_>, row: &Reception, days: u64) -> Result<()> {
    let issued_by = act.actor.account_id().ok_or(AppError::SignInNeeded)?;
    let body = "Ghi nhận ý kiến của bà con. Các đơn vị làm xong việc được giao đúng hạn và báo lại người dân bằng văn bản.".to_owned();
    let conclusion = Conclusion { reception_id: row.id.clone(), number: format!("{}/TB-UBND", row.number), body, issued_on: row.day, issued_by };
    if !conclusions::insert(act.tx, &conclusion).await? {
        return Ok(());
    }
    let directory = act.portal.directory();
    let owner_id = directory.units_of(&row.body_id).next().map_or_else(|| row.body_id.clone(), |unit| unit.id.clone());
    let new = NewCommitment {
        id: act.portal.new_id(),
        origin: OriginKind::Reception,
        origin_id: row.id.clone(),
        text: "Kiểm tra và sửa đoạn mương bị sạt, bảo đảm nước cho vụ tới".to_owned(),
        owner_id,
        co_owner_ids: Vec::new(),
        head: Head { body_id: row.body_id.clone(), post: row.post.clone(), name: String::new(), account_id: String::new() },
        made_on: row.day,
        day: row.day + Days::new(days),
    };
    make(act, &new).await?;
    let title = format!("Buổi tiếp công dân ngày {}", Lang::Vi.day_short(row.day));
    publish_all(act, OriginKind::Reception, &row.id, &title, &format!("/tiep-dan/{}", row.number)).await
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}
