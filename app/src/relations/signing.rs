//! Groups: who may speak for one, when all have signed, when all have withdrawn, and how a list on paper is read. Pure.

use crate::filing::rules::{email, id_number, phone};
use crate::petitions::store::parts::CasePerson;
use crate::text::fold;
use std::collections::BTreeSet;

/// Lines taken over at once.
pub const LINES_MAX: usize = 500;
/// Characters of a list.
pub const LIST_CHARS_MAX: usize = 60_000;
/// Longest name, in characters.
const NAME_CHARS_MAX: usize = 100;
/// Longest address, in characters.
const ADDRESS_CHARS_MAX: usize = 300;

/// How many may speak for so many people: one or two for five to ten, up to five for more (Law on Citizen Reception, Article 29;
/// Decree 124/2020, Article 5). Fewer than five need nobody; two may.
pub fn representatives_max(people: i64) -> i64 {
    if people > 10 { 5 } else { 2 }
}

/// Why somebody cannot be recorded as speaking for the group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unrepresented {
    /// Nobody was chosen.
    Nobody,
    /// More than the law lets.
    TooMany,
}

/// Whether so many may speak for so many people.
///
/// # Errors
/// What is against it.
pub fn may_represent(chosen: i64, people: i64) -> Result<(), Unrepresented> {
    if chosen == 0 {
        Err(Unrepresented::Nobody)
    } else if chosen > representatives_max(people) {
        Err(Unrepresented::TooMany)
    } else {
        Ok(())
    }
}

/// What acceptance of a complaint of several people asks of the list (Decree 155/2026, Article 7a): every signature is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signatures {
    /// People on the paper list whose signature nobody has seen.
    pub missing: i64,
    /// Whether the sender's own was seen.
    pub has_sender: bool,
    /// Whether anybody signs with the sender.
    pub is_group: bool,
}

impl Signatures {
    /// Whether all are there. One who complains alone is not asked by this rule.
    pub fn are_complete(self) -> bool {
        !self.is_group || (self.missing == 0 && self.has_sender)
    }
}

/// Whether nobody is left: then handling may be ended by a decision. Nothing is ever deleted for it.
pub fn all_have_left(has_sender_left: bool, signers: i64) -> bool {
    has_sender_left && signers == 0
}

/// One line of a list.
#[derive(Clone, PartialEq, Eq)]
pub struct Line {
    /// Who it is.
    pub person: CasePerson,
    /// Whether a signature or fingerprint stands there; none if the line does not say.
    pub has_signed: Option<bool>,
}

impl std::fmt::Debug for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Line([redacted], {:?})", self.has_signed)
    }
}

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No name.
    Name,
    /// Neither a phone nor an ID number nor an e-mail, though it looks like one.
    Number,
    /// The same person as in an earlier line.
    Twice,
    /// Longer than anything a person is called or lives at.
    Long,
}

/// Reads a list: one person a line, `name; address; phone or ID number or e-mail; signed`. Tabs and bars part as well, as spreadsheets
/// give them; a running number before the name goes. Faults are told by line, from 1.
pub fn read_list(text: &str) -> (Vec<Line>, Vec<(usize, Fault)>) {
    let (mut lines, mut faults) = (Vec::new(), Vec::new());
    let mut known: BTreeSet<String> = BTreeSet::new();
    for (i, row) in text.lines().enumerate().filter(|(_, row)| !row.trim().is_empty()) {
        match read_line(row) {
            Ok(line) => {
                let person = &line.person;
                let number = if person.id_number.is_empty() { &person.phone } else { &person.id_number };
                // People of one village share names: only with a number or an address is it surely the same person.
                let same = if number.is_empty() { format!("{}|{}", fold(&person.name), fold(&person.address)) } else { number.clone() };
                if known.insert(same) { lines.push(line) } else { faults.push((i + 1, Fault::Twice)) }
            }
            Err(fault) => faults.push((i + 1, fault)),
        }
    }
    (lines, faults)
}

fn read_line(row: &str) -> Result<Line, Fault> {
    let mut cells: Vec<&str> = row.split([';', '\t', '|']).map(str::trim).collect();
    if cells.len() > 1 && cells[0].trim_end_matches('.').parse::<u32>().is_ok() {
        cells.remove(0);
    }
    let name = cells.first().map(|cell| cell.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start_matches(['.', ')', '-', ' '])).unwrap_or_default();
    let mut line = Line { person: CasePerson { name: name.to_owned(), language: "vi".to_owned(), ..CasePerson::default() }, has_signed: None };
    if name.is_empty() {
        return Err(Fault::Name);
    }
    for cell in cells.iter().skip(1).filter(|cell| !cell.is_empty()) {
        read_cell(&mut line, cell)?;
    }
    let is_long = line.person.name.chars().count() > NAME_CHARS_MAX || line.person.address.chars().count() > ADDRESS_CHARS_MAX;
    if is_long { Err(Fault::Long) } else { Ok(line) }
}

fn read_cell(line: &mut Line, cell: &str) -> Result<(), Fault> {
    if let Some(has_signed) = signed(cell) {
        line.has_signed = Some(has_signed);
    } else if let Some(number) = id_number(cell) {
        // Before the phone: numbers of the northern provinces begin with 00, as foreign phones do.
        line.person.id_number = number;
    } else if let Some(number) = phone(cell) {
        line.person.phone = number;
    } else if let Some(address) = email(cell) {
        line.person.email = address;
    } else if cell.chars().filter(char::is_ascii_digit).count() * 2 > cell.chars().count() && cell.chars().count() >= 6 {
        return Err(Fault::Number);
    } else {
        let address = &mut line.person.address;
        if !address.is_empty() {
            address.push_str(", ");
        }
        address.push_str(cell);
    }
    Ok(())
}

/// What a cell says of the signature.
fn signed(cell: &str) -> Option<bool> {
    match fold(cell).as_str() {
        "ky" | "da ky" | "x" | "co" | "diem chi" | "da diem chi" | "signed" => Some(true),
        "chua ky" | "chua" | "khong" | "khong ky" | "not signed" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Trap 18: representatives, signatures, partial withdrawal of group cases.
    #[test]
    fn trap_18_one_or_two_speak_for_up_to_ten_and_five_for_more() {
        assert_eq!(may_represent(2, 10), Ok(()));
        assert_eq!(may_represent(3, 10), Err(Unrepresented::TooMany));
        assert_eq!(may_represent(5, 11), Ok(()));
        assert_eq!(may_represent(6, 200), Err(Unrepresented::TooMany));
        assert_eq!(may_represent(0, 12), Err(Unrepresented::Nobody));
    }

    #[test]
    fn trap_18_a_group_is_complete_when_every_signature_is_there() {
        let group = |missing, has_sender| Signatures { missing, has_sender, is_group: true };
        assert!(group(0, true).are_complete());
        assert!(!group(1, true).are_complete());
        assert!(!group(0, false).are_complete(), "the first signature counts too");
        assert!(Signatures { missing: 0, has_sender: false, is_group: false }.are_complete());
    }

    /// Trap 19: withdrawal is an event; only when nobody is left may handling end.
    #[test]
    fn trap_19_a_case_goes_on_while_anybody_is_left() {
        assert!(!all_have_left(true, 1));
        assert!(!all_have_left(false, 0));
        assert!(all_have_left(true, 0));
    }

    #[test]
    fn a_list_is_read_as_people_write_it() {
        let text = "1. Nông Văn Páo; thôn Nà Món; 0912 345 678; đã ký\n\n2\tĐàm Thị Sen\tthôn Nà Món, xã Phủ Thông\t001 085 000 123\tchưa ký\nPáo | thôn Khuổi | 081234567\n";
        let (lines, faults) = read_list(text);
        assert_eq!(faults, []);
        let people: Vec<_> = lines.iter().map(|line| (line.person.name.as_str(), line.person.phone.as_str(), line.person.id_number.as_str())).collect();
        assert_eq!(people, [("Nông Văn Páo", "0912345678", ""), ("Đàm Thị Sen", "", "001085000123"), ("Páo", "", "081234567")]);
        assert_eq!(
            lines.iter().map(|line| line.has_signed).collect::<Vec<_>>(),
            [Some(true), Some(false), None],
            "one name is a name, nine digits an old card"
        );
        assert_eq!(lines[1].person.address, "thôn Nà Món, xã Phủ Thông");
    }

    #[test]
    fn faults_are_told_by_line_and_the_rest_is_read() {
        let (lines, faults) = read_list("Nông Văn Páo; 0912345678\n; thôn Nà Món\nĐàm Thị Sen; 09123\nNông Văn Páo; 0912 345 678\nĐàm Thị Sen; 0912345");
        assert_eq!(faults, [(2, Fault::Name), (4, Fault::Twice), (5, Fault::Number)]);
        assert_eq!(lines.len(), 2);
    }

    proptest! {
        #[test]
        fn no_line_is_lost_without_a_word(rows in proptest::collection::vec("[ -~à-ỹ]{0,40}", 0..20)) {
            let text = rows.join("\n");
            let (lines, faults) = read_list(&text);
            let written = text.lines().filter(|row| !row.trim().is_empty()).count();
            prop_assert_eq!(lines.len() + faults.len(), written);
        }
    }
}
