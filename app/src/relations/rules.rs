//! How many petitions (đơn), matters (vụ việc) and people (người) there are among cases that belong together. Pure.
//!
//! Three different numbers. Two petitions of one person about one thing are two petitions, one matter, one person; a petition
//! taken apart is one petition with two matters; twelve signers under one petition are one petition, one matter, twelve people.

use crate::petitions::relation::Tie;
use std::collections::{BTreeMap, BTreeSet};

/// From so many people on a petition is one of many people (đơn nhiều người; Circular 05/2021/TT-TTCP).
pub const MANY_PEOPLE: i64 = 5;

/// Whether so many people make a petition one of many.
pub fn is_many_people(people: i64) -> bool {
    people >= MANY_PEOPLE
}

/// The three numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Đơn: what people sent.
    pub petitions: i64,
    /// Vụ việc: what it is about.
    pub matters: i64,
    /// Người: who stands behind it, each once.
    pub people: i64,
}

/// A case and by what its people are known: one set of marks for each. An empty set is somebody unknown, who counts as one person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// The case.
    pub case_id: String,
    /// Marks of the sender; none if the sender has withdrawn and only signers are left.
    pub sender: Option<Vec<String>>,
    /// Marks of each signer who counts.
    pub signers: Vec<Vec<String>>,
}

/// A live link between two of the cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The later one, or the part.
    pub case_id: String,
    /// The first one, or the whole.
    pub other_id: String,
    /// Why.
    pub tie: Tie,
}

/// Groups that grow together.
struct Groups<K: Ord + Clone>(BTreeMap<K, K>);

impl<K: Ord + Clone> Groups<K> {
    fn root(&self, key: &K) -> K {
        let mut at = key.clone();
        while let Some(up) = self.0.get(&at).filter(|up| **up != at) {
            at = up.clone();
        }
        at
    }

    fn join(&mut self, a: &K, b: &K) {
        let (a, b) = (self.root(a), self.root(b));
        if a != b {
            self.0.insert(a, b);
        }
    }
}

/// The three numbers of cases that belong together.
pub fn count(cases: &[Counted], links: &[Link]) -> Figures {
    let ids: BTreeSet<&str> = cases.iter().map(|case| case.case_id.as_str()).collect();
    let inside: Vec<&Link> = links.iter().filter(|link| ids.contains(link.case_id.as_str()) && ids.contains(link.other_id.as_str())).collect();
    let parts = inside.iter().filter(|link| link.tie == Tie::Part).map(|link| link.case_id.as_str()).collect::<BTreeSet<_>>().len();
    let mut matters = Groups(ids.iter().map(|id| (*id, *id)).collect());
    for link in inside.iter().filter(|link| link.tie != Tie::Part) {
        matters.join(&link.case_id.as_str(), &link.other_id.as_str());
    }
    let matters = ids.iter().map(|id| matters.root(id)).collect::<BTreeSet<_>>().len();
    // Who sent both a petition and its repeat, or both parts of one, is one person even without anything to be known by.
    let same_sender = inside.iter().filter(|link| link.tie != Tie::SameMatter).map(|link| (link.case_id.as_str(), link.other_id.as_str()));
    Figures { petitions: whole(ids.len() - parts), matters: whole(matters), people: whole(people(cases, same_sender)) }
}

fn people<'a>(cases: &'a [Counted], same_sender: impl Iterator<Item = (&'a str, &'a str)>) -> usize {
    /// A person's place, or a mark.
    type Node = (usize, String);
    let mut groups: Groups<Node> = Groups(BTreeMap::new());
    let mut nodes: Vec<Node> = Vec::new();
    let mut senders: BTreeMap<&str, Node> = BTreeMap::new();
    for case in cases {
        for (marks, is_sender) in case.sender.iter().map(|marks| (marks, true)).chain(case.signers.iter().map(|marks| (marks, false))) {
            let node = (nodes.len() + 1, String::new());
            if is_sender {
                senders.insert(case.case_id.as_str(), node.clone());
            }
            for mark in marks {
                groups.join(&node, &(0, mark.clone()));
            }
            nodes.push(node);
        }
    }
    for (a, b) in same_sender {
        if let (Some(a), Some(b)) = (senders.get(a), senders.get(b)) {
            groups.join(a, b);
        }
    }
    nodes.iter().map(|node| groups.root(node)).collect::<BTreeSet<_>>().len()
}

fn whole(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// Whether two cases are in one matter already, by these links.
pub fn are_one_matter(links: &[Link], a: &str, b: &str) -> bool {
    let mut groups = Groups(BTreeMap::new());
    for link in links.iter().filter(|link| link.tie != Tie::Part) {
        groups.join(&link.case_id.as_str(), &link.other_id.as_str());
    }
    groups.root(&a) == groups.root(&b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn counted(id: &str, people: &[&[&str]]) -> Counted {
        let mut people = people.iter().map(|marks| marks.iter().map(|mark| (*mark).to_owned()).collect());
        Counted { case_id: id.to_owned(), sender: people.next(), signers: people.collect() }
    }

    fn link(case_id: &str, other_id: &str, tie: Tie) -> Link {
        Link { case_id: case_id.to_owned(), other_id: other_id.to_owned(), tie }
    }

    /// Trap 20: merging duplicates destroys the count of petitions; linking keeps it.
    #[test]
    fn trap_20_linking_repeats_keeps_petitions_matters_and_people_apart() {
        let cases = [counted("a", &[&["p1"]]), counted("b", &[&["p1", "e1"]]), counted("c", &[&["p2"]])];
        let none = count(&cases, &[]);
        assert_eq!(none, Figures { petitions: 3, matters: 3, people: 2 }, "one phone is one person, linked or not");
        let both = [link("b", "a", Tie::SamePetition), link("c", "a", Tie::SameMatter)];
        assert_eq!(count(&cases, &both), Figures { petitions: 3, matters: 1, people: 2 }, "a link never takes a petition away");
        assert_eq!(count(&cases, &both[..1]), Figures { petitions: 3, matters: 2, people: 2 }, "and taken back it leaves no trace");
    }

    #[test]
    fn trap_20_signers_are_people_but_no_petitions() {
        let group = [counted("a", &[&["p1"], &[], &[], &["p2"], &["p2"]])];
        assert_eq!(count(&group, &[]), Figures { petitions: 1, matters: 1, people: 4 }, "one who signed twice is one person; nameless ones are one each");
    }

    #[test]
    fn trap_20_a_petition_taken_apart_is_one_petition_with_two_matters_of_one_person() {
        let cases = [counted("whole", &[&[]]), counted("part", &[&[]])];
        assert_eq!(count(&cases, &[link("part", "whole", Tie::Part)]), Figures { petitions: 1, matters: 2, people: 1 });
    }

    #[test]
    fn somebody_unknown_who_repeats_a_petition_is_one_person() {
        let cases = [counted("a", &[&[]]), counted("b", &[&[]])];
        assert_eq!(count(&cases, &[link("b", "a", Tie::SamePetition)]).people, 1);
        assert_eq!(count(&cases, &[link("b", "a", Tie::SameMatter)]).people, 2);
    }

    #[test]
    fn matters_know_each_other_over_several_links() {
        let links = [link("b", "a", Tie::SameMatter), link("c", "b", Tie::SamePetition), link("d", "c", Tie::Part)];
        assert!(are_one_matter(&links, "a", "c"));
        assert!(!are_one_matter(&links, "a", "d"), "a part is a matter of its own");
    }

    proptest! {
        #[test]
        fn links_only_ever_lower_matters_and_never_touch_petitions(pairs in proptest::collection::vec((0_usize..6, 0_usize..6), 0..10)) {
            let names = ["a", "b", "c", "d", "e", "f"];
            let cases: Vec<_> = names.iter().map(|name| counted(name, &[&[]])).collect();
            let mut links = Vec::new();
            let mut before = count(&cases, &links);
            for (a, b) in pairs.into_iter().filter(|(a, b)| a != b) {
                let was_one = are_one_matter(&links, names[a], names[b]);
                links.push(link(names[a], names[b], Tie::SameMatter));
                let now = count(&cases, &links);
                prop_assert_eq!(now.petitions, 6);
                prop_assert_eq!(now.matters, before.matters - i64::from(!was_one));
                before = now;
            }
        }
    }
}
