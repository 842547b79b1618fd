//! What officials of a demo put to cases: marks with reasons, tags, ready-made answers. Chance of its own, so that everything else
//! of a case stays as it is without them.

use super::dice::Dice;
use super::world::World;
use crate::petitions::flags::Flag;
use crate::petitions::marks::fold_tag;
use chrono::{DateTime, Utc};

/// Streams of chance for marks, far above any case's number.
const STREAM_MARKS: u64 = 1 << 59;
/// Tags every authority has.
const TAGS: [&str; 4] = ["đất đai", "giao thông", "rác và nước thải", "cử tri chuyển"];
/// Marks and the reasons they are put for.
const REASONS: [(Flag, &str); 6] = [
    (Flag::Complex, "Liên quan nhiều cơ quan, phải đo đạc lại và đối chiếu hồ sơ cũ."),
    (Flag::Complex, "Giấy tờ gốc thất lạc, phải xác minh qua nhiều người làm chứng."),
    (Flag::ManyPeople, "Hai mươi hộ cùng kiến nghị một việc."),
    (Flag::Prolonged, "Việc đã được trả lời hai lần, người dân vẫn chưa đồng tình."),
    (Flag::Prolonged, "Vướng mắc có từ năm 2023, chưa dứt điểm."),
    (Flag::PublicInterest, "Báo và mạng xã hội đang nói nhiều về việc này."),
];
/// Ready-made answers: name and text.
const CANNED: [(&str, &str); 3] = [
    (
        "Đã nhận, hẹn ngày trả lời",
        "Kính gửi ông/bà,\n\n{co_quan} đã nhận đơn “{tieu_de}” ngày {ngay_nhan}. Chúng tôi đang xem xét và sẽ trả lời chậm nhất ngày {han}.",
    ),
    (
        "Hỏi thêm địa điểm",
        "Để giải quyết đơn “{tieu_de}”, xin ông/bà cho biết rõ hơn địa điểm: thôn hoặc tổ nào, gần nhà ai hay công trình nào. Nếu được, xin gửi kèm ảnh.",
    ),
    (
        "Đã xử lý xong",
        "Kính gửi ông/bà,\n\n{phong} đã kiểm tra tại chỗ và xử lý xong việc ông/bà nêu. Nếu việc chưa được như mong muốn, xin ông/bà cho biết qua mục đánh giá.",
    ),
];

/// A row of `tags`.
pub(super) type TagRow = (String, String, String, String, String, DateTime<Utc>);
/// A row of `canned_answers`.
pub(super) type CannedRow = (String, String, String, String, bool, String, DateTime<Utc>);

fn tag_id(body_id: &str, n: usize) -> String {
    format!("demo-tag-{n}-{body_id}")
}

/// The tags of all authorities.
pub(super) fn tags(world: &World, at: DateTime<Utc>) -> Vec<TagRow> {
    let of_body = |body: &super::world::Body| {
        let (id, by) = (body.id.clone(), body.intake.clone());
        TAGS.iter().enumerate().map(move |(n, name)| (tag_id(&id, n), id.clone(), (*name).to_owned(), fold_tag(name), by.clone(), at)).collect::<Vec<_>>()
    };
    world.bodies.iter().flat_map(of_body).collect()
}

/// The ready-made answers of all authorities.
pub(super) fn canned(world: &World, at: DateTime<Utc>) -> Vec<CannedRow> {
    let of_body = |body: &super::world::Body| {
        let (id, by) = (body.id.clone(), body.approver.clone());
        let row = move |(n, (name, text)): (usize, &(&str, &str))| {
            (format!("demo-canned-{n}-{id}"), id.clone(), (*name).to_owned(), (*text).to_owned(), true, by.clone(), at)
        };
        CANNED.iter().enumerate().map(row).collect::<Vec<_>>()
    };
    world.bodies.iter().flat_map(of_body).collect()
}

/// What is put to a case when it is given to somebody.
pub(super) struct Marks {
    /// A mark and its reason.
    pub flag: Option<(Flag, &'static str)>,
    /// A tag, as its place among all.
    tag: Option<usize>,
}

impl Marks {
    /// Those of case `index`.
    pub fn of(world: &World, index: u64) -> Self {
        let mut dice = Dice::new(world.options.seed, STREAM_MARKS + index);
        let flag = dice.chance(0.05).then(|| *dice.pick(&REASONS));
        let tag = dice.chance(0.12).then(|| dice.below(TAGS.len()));
        Self { flag, tag }
    }

    /// The tag's id at an authority.
    pub fn tag_at(&self, body_id: &str) -> Option<String> {
        self.tag.map(|n| tag_id(body_id, n))
    }
}
