//! What the record says of relations, for officials and for the sender.

use crate::petitions::relation::Relation;
use crate::words::Lang;

/// The sentence for officials; `who` did it.
pub fn for_official(lang: Lang, who: &str, relation: &Relation) -> String {
    let by = |key: &'static str| lang.f(key, &[("who", who)]);
    let n = |n: &i64| lang.number(*n);
    match relation {
        Relation::Linked { tie, .. } => lang.f("relations.event.linked", &[("who", who), ("tie", &lang.t(tie.key()).to_lowercase())]),
        Relation::Unlinked { .. } => by("relations.event.unlinked"),
        Relation::SplitOff { .. } => by("relations.event.split_off"),
        Relation::SplitFrom { .. } => by("relations.event.split_from"),
        Relation::PartReturned { .. } => by("relations.event.part_returned"),
        Relation::PartEnded { .. } => by("relations.event.part_ended"),
        Relation::Joined { joined, left, people } if *left == 0 => lang.f("relations.event.joined", &[("n", &n(joined)), ("people", &n(people))]),
        Relation::Joined { joined, left, people } => {
            lang.f("relations.event.joined_and_left", &[("n", &n(joined)), ("left", &n(left)), ("people", &n(people))])
        }
        Relation::SignersAdded { count, people } => lang.f("relations.event.signers_added", &[("who", who), ("n", &n(count)), ("people", &n(people))]),
        Relation::SignaturesSeen { count, missing } => lang.f("relations.event.signatures_seen", &[("who", who), ("n", &n(count)), ("missing", &n(missing))]),
        Relation::SignersLeft { count, people, .. } => lang.f("relations.event.signers_left", &[("who", who), ("n", &n(count)), ("people", &n(people))]),
        Relation::SenderLeft { people } => lang.f("relations.event.sender_left", &[("people", &n(people))]),
        Relation::Represented { count } => lang.f("relations.event.represented", &[("who", who), ("n", &n(count))]),
        Relation::SignersOpened { .. } => by("relations.event.signers_opened"),
    }
}

/// The sentence for the sender; `agency` did it, never an official by name.
pub fn for_citizen(lang: Lang, agency: &str, relation: &Relation) -> String {
    let by = |key: &'static str| lang.f(key, &[("agency", agency)]);
    let n = |n: &i64| lang.number(*n);
    match relation {
        Relation::SplitOff { .. } => by("relations.line.split_off"),
        Relation::SplitFrom { .. } => by("relations.line.split_from"),
        Relation::PartReturned { .. } => by("relations.line.part_returned"),
        Relation::PartEnded { .. } => by("relations.line.part_ended"),
        Relation::Joined { joined, left, people } if *left == 0 => lang.f("relations.event.joined", &[("n", &n(joined)), ("people", &n(people))]),
        Relation::Joined { joined, left, people } => {
            lang.f("relations.event.joined_and_left", &[("n", &n(joined)), ("left", &n(left)), ("people", &n(people))])
        }
        Relation::SignersAdded { count, people } => lang.f("relations.line.signers_added", &[("agency", agency), ("n", &n(count)), ("people", &n(people))]),
        Relation::SignaturesSeen { missing, .. } => lang.f("relations.line.signatures_seen", &[("agency", agency), ("missing", &n(missing))]),
        Relation::SignersLeft { count, people, .. } => lang.f("relations.line.signers_left", &[("n", &n(count)), ("people", &n(people))]),
        Relation::SenderLeft { people } => lang.f("relations.event.sender_left", &[("people", &n(people))]),
        Relation::SignersOpened { .. } => by("relations.line.signers_opened"),
        // Between officials; `is_for_citizen` keeps them out.
        Relation::Linked { .. } | Relation::Unlinked { .. } | Relation::Represented { .. } => String::new(),
    }
}
