//! The marks: each private field says something that stands nowhere else, in plain letters and digits, so that it looks the same however a
//! text is escaped, folded or written without its accents.

/// A private field, and what it says.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    /// Whose and which: `complaint.name`.
    pub field: &'static str,
    /// As it is typed.
    pub typed: &'static str,
    /// By what it is found again, in small letters; of numbers their digits without the 0 or 84 in front.
    pub sign: &'static str,
}

const fn mark(field: &'static str, typed: &'static str, sign: &'static str) -> Mark {
    Mark { field, typed, sign }
}

/// What a test leaves in the log itself, to see that it is found.
pub const LEFT_IN: &str = "log.left_in";

/// What is nowhere after it was sent: what programs wrote into photos, and who gives a tip without a name. A report asks for no ID number.
pub const LET_GO: [&str; 8] = [
    "complaint.file_inside",
    "denunciation.file_inside",
    "report.file_inside",
    "tip.file_inside",
    "report.id_number",
    "tip.name",
    "tip.address",
    "tip.id_number",
];

/// Of people who complain, denounce, report and give a tip, and of whoever books, comes, registers, asks, follows, signs or joins.
pub const MARKS: [Mark; 85] = [
    mark("complaint.title", "Thu hồi đất sai qzcmtitle", "qzcmtitle"),
    mark("complaint.body", "Đo thiếu mười hai mét qzcmbody, tôi không đồng ý.", "qzcmbody"),
    mark("complaint.place", "cạnh nhà qzcmplace", "qzcmplace"),
    mark("complaint.about", "Quyết định số qzcmabout", "qzcmabout"),
    mark("complaint.name", "Hoàng Thị Qzcmname", "qzcmname"),
    mark("complaint.phone", "0981 110 001", "981110001"),
    mark("complaint.email", "qzcmmail@vi-du.example", "qzcmmail"),
    mark("complaint.address", "thôn Qzcmaddress", "qzcmaddress"),
    mark("complaint.id_number", "019087110001", "19087110001"),
    mark("complaint.file_name", "qzcmfile.jpg", "qzcmfile"),
    mark("complaint.file_inside", "qzcminside", "qzcminside"),
    mark("complaint.message", "Tôi gửi thêm lời qzcmmessage.", "qzcmmessage"),
    mark("complaint.note", "Ghi nội bộ qzcmnote.", "qzcmnote"),
    mark("complaint.reason", "Cần gọi để hẹn qzcmreason.", "qzcmreason"),
    mark("complaint.asked", "Mốc đất này ai cắm qzcmasked?", "qzcmasked"),
    mark("complaint.opinion", "Mốc do xã cắm qzcmopinion.", "qzcmopinion"),
    mark("complaint.signer_name", "Nông Văn Qzcmsigner", "qzcmsigner"),
    mark("complaint.signer_phone", "0981 110 002", "981110002"),
    mark("complaint.appeal", "Tôi khiếu nại tiếp qzcmappeal.", "qzcmappeal"),
    mark("complaint.told", "bà Nông Thị Qzcmtold", "qzcmtold"),
    mark("complaint.verified", "Đo lại thấy khác qzcmverified.", "qzcmverified"),
    mark("denunciation.title", "Cán bộ nhận tiền qztctitle", "qztctitle"),
    mark("denunciation.body", "Ông ấy nhận hai mươi triệu qztcbody.", "qztcbody"),
    mark("denunciation.place", "sau chợ qztcplace", "qztcplace"),
    mark("denunciation.about", "Ông Nguyễn Văn Qztcabout", "qztcabout"),
    mark("denunciation.name", "Lý Thị Qztcname", "qztcname"),
    mark("denunciation.phone", "0981 220 002", "981220002"),
    mark("denunciation.email", "qztcmail@vi-du.example", "qztcmail"),
    mark("denunciation.address", "thôn Qztcaddress", "qztcaddress"),
    mark("denunciation.id_number", "019087220002", "19087220002"),
    mark("denunciation.file_name", "qztcfile.jpg", "qztcfile"),
    mark("denunciation.file_inside", "qztcinside", "qztcinside"),
    mark("denunciation.message", "Tôi còn thấy qztcmessage.", "qztcmessage"),
    mark("denunciation.note", "Ghi nội bộ qztcnote.", "qztcnote"),
    mark("denunciation.reason", "Cần lược bỏ tên trước khi giao qztcreason", "qztcreason"),
    mark("denunciation.told", "ông Nguyễn Văn Qztctold", "qztctold"),
    mark("denunciation.met", "Đã gặp ở chỗ hẹn qztcmet.", "qztcmet"),
    mark("denunciation.extended", "Phải hỏi người ở qztcextended.", "qztcextended"),
    mark("denunciation.verified", "Sổ ghi như lời qztcverified.", "qztcverified"),
    mark("report.title", "Lấn đường qzpatitle", "qzpatitle"),
    mark("report.body", "Ngõ bị lấn qzpabody. Hỏi chị Nguyễn Thị Qzpahidden.", "qzpabody"),
    mark("report.hidden", "Nguyễn Thị Qzpahidden", "qzpahidden"),
    mark("report.place", "đầu ngõ qzpaplace", "qzpaplace"),
    mark("report.name", "Bế Thị Qzpaname", "qzpaname"),
    mark("report.phone", "0981 330 003", "981330003"),
    mark("report.email", "qzpamail@vi-du.example", "qzpamail"),
    mark("report.address", "thôn Qzpaaddress", "qzpaaddress"),
    mark("report.id_number", "019087330003", "19087330003"),
    mark("report.file_name", "qzpafile.jpg", "qzpafile"),
    mark("report.file_inside", "qzpainside", "qzpainside"),
    mark("report.rating", "Tạm được qzparating.", "qzparating"),
    mark("report.joiner_name", "Hà Thị Qzpajoiner", "qzpajoiner"),
    mark("report.joiner_email", "qzpajoinmail@vi-du.example", "qzpajoinmail"),
    mark("tip.title", "Kế toán khai khống qztbtitle", "qztbtitle"),
    mark("tip.body", "Mười hai hóa đơn qztbbody.", "qztbbody"),
    mark("tip.place", "trụ sở qztbplace", "qztbplace"),
    mark("tip.about", "Bà Nông Thị Qztbabout", "qztbabout"),
    mark("tip.name", "Đàm Thị Qztbname", "qztbname"),
    mark("tip.phone", "0981 440 004", "981440004"),
    mark("tip.email", "qztbmail@vi-du.example", "qztbmail"),
    mark("tip.address", "thôn Qztbaddress", "qztbaddress"),
    mark("tip.id_number", "019087440004", "19087440004"),
    mark("tip.file_name", "qztbfile.jpg", "qztbfile"),
    mark("tip.file_inside", "qztbinside", "qztbinside"),
    mark("booking.name", "Triệu Thị Qzhename", "qzhename"),
    mark("booking.phone", "0981550005", "981550005"),
    mark("booking.email", "qzhemail@vi-du.example", "qzhemail"),
    mark("booking.matter", "Việc riêng qzhematter", "qzhematter"),
    mark("visit.name", "Lường Thị Qzsoname", "qzsoname"),
    mark("visit.address", "thôn Qzsoaddress", "qzsoaddress"),
    mark("visit.id_number", "019087550005", "19087550005"),
    mark("visit.content", "Việc nhà qzsocontent", "qzsocontent"),
    mark("visit.papers", "Giấy viết tay qzsopaper; bản chính", "qzsopaper"),
    mark("registration.name", "Vi Văn Qzdkname", "qzdkname"),
    mark("registration.phone", "0981660006", "981660006"),
    mark("registration.email", "qzdkmail@vi-du.example", "qzdkmail"),
    mark("registration.need", "Cần ghế qzdkneed", "qzdkneed"),
    mark("asker.village", "thôn Qzhoivillage", "qzhoivillage"),
    mark("asker.email", "qzhoimail@vi-du.example", "qzhoimail"),
    mark("follower.email", "qztheodoi@vi-du.example", "qztheodoi"),
    mark(LEFT_IN, "ngõ qzlogleftin", "qzlogleftin"),
    mark("page.name", "Ma Thị Qztoiname", "qztoiname"),
    mark("page.phone", "0981 770 007", "981770007"),
    mark("page.address", "thôn Qztoiaddress", "qztoiaddress"),
    mark("page.email", "qztoimail@vi-du.example", "qztoimail"),
];

/// What is typed into a field of somebody.
pub fn typed(whose: &str, field: &str) -> &'static str {
    let whole = format!("{whose}.{field}");
    MARKS.iter().find(|mark| mark.field == whole).map(|mark| mark.typed).expect("a mark of that field")
}

/// A photo that tells who took it in what only programs read.
pub fn photo_telling(inside: &str) -> Vec<u8> {
    let plain = crate::harness::photo();
    let block = format!("Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0 {inside}");
    let length = u16::try_from(block.len() + 2).expect("a short block").to_be_bytes();
    [&plain[..2], &[0xff, 0xe1], &length, block.as_bytes(), &plain[2..]].concat()
}
