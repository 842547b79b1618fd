//! Opinions that whoever handles a case of the demo asks of another unit, or of the department of construction. At the end of what is told of a case,
//! so that everything else of it stays as it is without them.

use super::telling::{By, Telling};
use crate::error::Result;
use crate::petitions::coordination::{ANSWER_WORKING_DAYS, Coordinated, Coordination};
use crate::petitions::rules::{Event, Kind, State};
use chrono::Duration;

/// Of the cases that lie with somebody, so many wait for an opinion or have one.
const ASKED_SHARE: f64 = 0.12;
/// Of these, so many have been answered.
const ANSWERED_SHARE: f64 = 0.4;
/// Who is asked where no other unit is.
const DEPARTMENT: &str = "19.SXD";
/// What is asked, and what is answered.
const ASKED: [(&str, &str); 4] = [
    (
        "Việc này thuộc phạm vi quản lý của bên nào, đã có kế hoạch xử lý chưa?",
        "Thuộc phạm vi của chúng tôi. Đã có trong kế hoạch quý này, dự kiến làm trong tháng.",
    ),
    ("Xin cho biết hồ sơ đã lưu về vị trí này và quy hoạch hiện hành.", "Đã kiểm tra hồ sơ lưu: vị trí nằm ngoài chỉ giới, chưa có quy hoạch mới."),
    ("Đã từng nhận phản ánh tương tự ở khu này chưa, xử lý ra sao?", "Đã nhận hai lần trong năm, lần gần nhất xử lý tạm. Nên làm lại cho dứt điểm."),
    ("Cần cử người cùng đi kiểm tra thực tế, đề nghị cho biết ngày đi được.", "Có thể đi sáng thứ Năm tuần này, đã báo người phụ trách."),
];

impl Telling<'_> {
    /// Asks for an opinion on some of the cases that lie with somebody now, and gives some of them.
    pub(super) fn coordinate(&mut self) -> Result<()> {
        let at = self.case.changed_at + Duration::hours(2);
        let today = self.world.options.today;
        let fits = self.case.state == State::Assigned && self.case.kind != Kind::Denunciation && crate::clock::day(at) < today;
        if !fits || !self.dice.chance(ASKED_SHARE) {
            return Ok(());
        }
        let Some((agency_id, body_id, answerer)) = self.asked_agency() else { return Ok(()) };
        let (question, opinion) = *self.dice.pick(&ASKED);
        let asker = self.desk_handler();
        let asked_on = crate::clock::day(at);
        let answer_by = self.directory.calendar().add_working_days(asked_on, ANSWER_WORKING_DAYS).day;
        let note_id = self.note(at, &asker, question);
        let id = self.dice.id(at);
        let event = Coordinated::Asked { agency_id: agency_id.clone(), note_id: note_id.clone(), answer_by };
        self.happen(at, By::Official(asker.clone()), &Event::Coordination(event))?;
        let later = at + Duration::hours(20);
        let (mut opinion_id, mut answered_on) = (None, None);
        if crate::clock::day(later) < today && self.dice.chance(ANSWERED_SHARE) {
            let note_id = self.note(later, &answerer, opinion);
            let event = Coordinated::Answered { agency_id: agency_id.clone(), note_id: note_id.clone() };
            self.happen(later, By::Official(answerer), &Event::Coordination(event))?;
            (opinion_id, answered_on) = (Some(note_id), Some(crate::clock::day(later)));
        }
        let (case_id, of_body_id) = (self.case.id.clone(), self.case.body_id.clone());
        self.batch.coordinations.push(Coordination {
            id,
            case_id,
            agency_id,
            body_id,
            of_body_id,
            asked_by: asker,
            asked_on,
            note_id,
            answer_by,
            opinion_id,
            answered_on,
            ended_on: None,
        });
        Ok(())
    }

    /// Another unit of the authority, else the department: the agency, its authority, and who answers there.
    fn asked_agency(&self) -> Option<(String, String, String)> {
        let own = self.body();
        let mut others = own.desks.iter().filter(|desk| desk.unit_id.is_some() && desk.unit_id != self.case.unit_id && desk.handler != self.desk_handler());
        let unit = others.next_back().and_then(|desk| Some((desk.unit_id.clone()?, own.id.clone(), desk.handler.clone())));
        let department = || {
            let id = &self.directory.body_by_code(DEPARTMENT)?.id;
            let body = self.world.bodies.iter().find(|body| body.id == *id && body.id != own.id)?;
            Some((id.clone(), id.clone(), body.head.clone()))
        };
        // Every second one goes outside, where there is an outside.
        if self.case.search_key % 2 == 0 { department().or(unit) } else { unit.or_else(department) }
    }
}
