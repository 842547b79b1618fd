//! The marks: each private field of a petition says something that stands nowhere else.

/// A private field, and what it says.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    /// Whose and which: `complaint.name`.
    pub field: &'static str,
    /// As it is typed.
    pub typed: &'static str,
    /// By what it is found again, in small letters without marks. A phone also in the ways phones are written.
    pub signs: &'static [&'static str],
}

const fn mark(field: &'static str, typed: &'static str, signs: &'static [&'static str]) -> Mark {
    Mark { field, typed, signs }
}

/// Of somebody who complains, and of somebody who denounces.
pub const MARKS: [Mark; 27] = [
    mark("complaint.title", "Thu hồi đất sai qzcmtitle", &["qzcmtitle"]),
    mark("complaint.body", "Đo thiếu mười hai mét qzcmbody, tôi không đồng ý.", &["qzcmbody"]),
    mark("complaint.place", "cạnh nhà qzcmplace", &["qzcmplace"]),
    mark("complaint.about", "Quyết định số qzcmabout", &["qzcmabout"]),
    mark("complaint.name", "Hoàng Thị Qzcmname", &["qzcmname"]),
    mark("complaint.phone", "0981 110 001", &["0981110001", "981110001", "0981 110 001", "0981.110.001", "981 110 001"]),
    mark("complaint.email", "qzcmmail@vi-du.example", &["qzcmmail"]),
    mark("complaint.address", "thôn Qzcmaddress", &["qzcmaddress"]),
    mark("complaint.id_number", "019087110001", &["019087110001", "019 087 110 001"]),
    mark("complaint.file_name", "qzcmfile.jpg", &["qzcmfile"]),
    mark("complaint.file_inside", "qzcminside", &["qzcminside"]),
    mark("complaint.message", "Tôi gửi thêm lời qzcmmessage.", &["qzcmmessage"]),
    mark("complaint.note", "Ghi nội bộ qzcmnote.", &["qzcmnote"]),
    mark("complaint.reason", "Cần gọi để hẹn qzcmreason.", &["qzcmreason"]),
    mark("denunciation.title", "Cán bộ nhận tiền qztctitle", &["qztctitle"]),
    mark("denunciation.body", "Ông ấy nhận hai mươi triệu qztcbody.", &["qztcbody"]),
    mark("denunciation.place", "sau chợ qztcplace", &["qztcplace"]),
    mark("denunciation.about", "Ông Nguyễn Văn Qztcabout", &["qztcabout"]),
    mark("denunciation.name", "Lý Thị Qztcname", &["qztcname"]),
    mark("denunciation.phone", "0981 220 002", &["0981220002", "981220002", "0981 220 002", "0981.220.002", "981 220 002"]),
    mark("denunciation.email", "qztcmail@vi-du.example", &["qztcmail"]),
    mark("denunciation.address", "thôn Qztcaddress", &["qztcaddress"]),
    mark("denunciation.id_number", "019087220002", &["019087220002", "019 087 220 002"]),
    mark("denunciation.file_name", "qztcfile.jpg", &["qztcfile"]),
    mark("denunciation.file_inside", "qztcinside", &["qztcinside"]),
    mark("denunciation.message", "Tôi còn thấy qztcmessage.", &["qztcmessage"]),
    mark("denunciation.note", "Ghi nội bộ qztcnote.", &["qztcnote"]),
];

/// What is typed into a field of a petition.
pub fn typed(petition: &str, field: &str) -> &'static str {
    let whole = format!("{petition}.{field}");
    MARKS.iter().find(|mark| mark.field == whole).map(|mark| mark.typed).expect("a mark of that field")
}

/// The fields whose marks stand in some bytes.
pub fn found_in(bytes: &[u8]) -> impl Iterator<Item = &'static str> {
    let text = app::text::fold(&String::from_utf8_lossy(bytes));
    MARKS.iter().filter(move |mark| mark.signs.iter().any(|sign| text.contains(sign))).map(|mark| mark.field)
}

/// A photo that tells who took it in what only programs read.
pub fn photo_telling(inside: &str) -> Vec<u8> {
    let plain = crate::harness::photo();
    let block = format!("Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0 {inside}");
    let length = u16::try_from(block.len() + 2).expect("a short block").to_be_bytes();
    [&plain[..2], &[0xff, 0xe1], &length, block.as_bytes(), &plain[2..]].concat()
}
