//! Similar cases: candidates by words, by the sender's contact and by place, then compared by [`super::likeness`].
//!
//! Every list that is read ends at a limit, so the look costs the same at ten thousand cases and at a million. A denunciation has
//! no similar cases and is none.

use super::likeness::{Compared, Likeness, Rarity, Words, compare};
use super::store::similar::{self as store, Candidate, Released};
use crate::actor::Actor;
use crate::db::Tx;
use crate::error::Result;
use crate::permissions::{Action, check};
use crate::petitions::recognition::{self as marks, Key, Sign};
use crate::petitions::register::HANDLING;
use crate::petitions::rules::{Case, Kind};
use crate::petitions::store::parts::{CasePerson, CaseText};
use crate::search::facet;
use crate::search::store::{Index, newest_with_word};
use std::collections::{BTreeMap, BTreeSet};

/// Words whose lists decide, the rarest of those looked up.
const WORDS_DECIDING: usize = 8;
/// Cases read of one mark.
const OF_ONE_MARK: i64 = 8;

/// A similar case and why.
#[derive(Clone, Debug)]
pub struct Similar {
    /// The case.
    pub case: Case,
    /// Its sender's sentence.
    pub title: String,
    /// How alike.
    pub likeness: Likeness,
}

/// A case whose like is looked for.
#[derive(Clone, Copy)]
pub struct Looked<'a> {
    /// The case.
    pub case: &'a Case,
    /// Its words.
    pub text: &'a CaseText,
    /// Its sender; only hashes of it are compared.
    pub person: &'a CasePerson,
}

/// Cases of the same authority like this one that `actor` may see, the most alike first; without those of `except`.
pub async fn beside(tx: &mut Tx, actor: &Actor, key: &Key, looked: Looked<'_>, except: &BTreeSet<String>, limit: usize) -> Result<Vec<Similar>> {
    let Looked { case, text, person } = looked;
    if case.kind == Kind::Denunciation {
        return Ok(Vec::new());
    }
    let this = compared(&case.area_code, text);
    let (keys, rarity) = by_words(tx, Index::Desk, &this.words.probes(&text.title), (Some(&facet('b', &case.body_id)), None), Reading::BESIDE).await?;
    let mut candidates: BTreeMap<String, Candidate> = BTreeMap::new();
    for candidate in store::by_search_keys(tx, &keys).await? {
        candidates.insert(candidate.case.id.clone(), candidate);
    }
    let mut shared: BTreeMap<String, BTreeSet<Sign>> = BTreeMap::new();
    for mark in marks::of_person(key, person) {
        for candidate in store::with_mark(tx, &mark, &case.body_id, OF_ONE_MARK).await? {
            if let Some(sign) = Sign::of(&mark) {
                shared.entry(candidate.case.id.clone()).or_default().insert(sign);
            }
            candidates.entry(candidate.case.id.clone()).or_insert(candidate);
        }
    }
    let around = around(tx, text).await?;
    for candidate in store::by_search_keys(tx, &around).await? {
        candidates.entry(candidate.case.id.clone()).or_insert(candidate);
    }
    let counted_max = Reading::BESIDE.counted_max();
    let mut found: Vec<Similar> = candidates
        .into_values()
        .filter(|other| other.case.id != case.id && other.case.body_id == case.body_id && !except.contains(&other.case.id))
        .filter(|other| check(actor, Action::See(&other.case)).is_ok())
        .filter_map(|other| {
            let signs = shared.get(&other.case.id).cloned().unwrap_or_default();
            let likeness = compare(&this, &compared(&other.case.area_code, &other.text), &signs, &rarity, counted_max)?;
            Some(Similar { case: other.case, title: other.text.title, likeness })
        })
        .collect();
    found.sort_by_key(|similar| (std::cmp::Reverse(similar.likeness.score), std::cmp::Reverse(similar.case.search_key)));
    found.truncate(limit);
    Ok(found)
}

/// Search keys of the newest cases around the place of a text.
async fn around(tx: &mut Tx, text: &CaseText) -> Result<Vec<i64>> {
    let Some((north, east)) = text.latitude_e6.zip(text.longitude_e6) else { return Ok(Vec::new()) };
    let mut keys = Vec::new();
    for square in marks::squares_around(north, east) {
        keys.extend(store::keys_with_mark(tx, &square, OF_ONE_MARK).await?);
    }
    keys.sort_unstable_by_key(|key| std::cmp::Reverse(*key));
    keys.truncate(store::KEYS_MAX);
    Ok(keys)
}

fn compared(area_code: &str, text: &CaseText) -> Compared {
    Compared {
        words: Words::of(&[&text.title, &text.body]),
        area_code: area_code.to_owned(),
        place: text.place.trim().to_owned(),
        point: text.latitude_e6.zip(text.longitude_e6),
    }
}

/// How the lists of words are read.
#[derive(Clone, Copy)]
struct Reading {
    /// Rows read of one word's list.
    rows_max: i64,
    /// Candidates that are compared.
    compared_max: usize,
    /// The case itself stands in the index; words only it has lead nowhere.
    has_itself: bool,
}

impl Reading {
    /// For a case that is there: an official wants to know of every repeat.
    const BESIDE: Self = Self { rows_max: 200, compared_max: store::KEYS_MAX, has_itself: true };
    /// For a case that is being written, asked every few seconds. Only cases that are still open are listed: a word that says what
    /// something is about has fewer rows, and of any other word the newest cases are the ones to join. Three are shown.
    const TYPED: Self = Self { rows_max: 40, compared_max: 8, has_itself: false };

    /// From how many rows a word counts as one of every case.
    fn counted_max(self) -> usize {
        usize::try_from(self.rows_max).unwrap_or(usize::MAX)
    }
}

/// Keys of rows that share most of the rarest words, the best first, and how rare each word is.
async fn by_words(tx: &mut Tx, index: Index, words: &[String], (scope, with): (Option<&str>, Option<&str>), reading: Reading) -> Result<(Vec<i64>, Rarity)> {
    let mut lists: Vec<(&String, Vec<i64>)> = Vec::with_capacity(words.len());
    for word in words {
        lists.push((word, newest_with_word(tx, index, word, scope, with, reading.rows_max).await?));
    }
    let rarity: Rarity = lists.iter().map(|(word, keys)| ((*word).clone(), keys.len())).collect();
    lists.retain(|(_, keys)| keys.len() > usize::from(reading.has_itself));
    lists.sort_by_key(|(_, keys)| keys.len());
    let mut hits: BTreeMap<i64, usize> = BTreeMap::new();
    for (_, keys) in lists.iter().take(WORDS_DECIDING) {
        for key in keys {
            *hits.entry(*key).or_default() += 1;
        }
    }
    let mut keys: Vec<(usize, i64)> = hits.into_iter().filter(|(_, n)| *n >= 2).map(|(key, n)| (n, key)).collect();
    keys.sort_unstable_by(|a, b| b.cmp(a));
    Ok((keys.into_iter().take(reading.compared_max).map(|(_, key)| key).collect(), rarity))
}

/// What somebody is about to file.
#[derive(Clone, Debug, Default)]
pub struct Typed<'a> {
    /// The sentence.
    pub title: &'a str,
    /// What happened.
    pub body: &'a str,
    /// Where; may be empty.
    pub area_code: &'a str,
    /// Its authority, if the place is known.
    pub body_id: Option<&'a str>,
}

/// Released cases like what is being typed that can still be joined: same area first.
pub async fn released(tx: &mut Tx, typed: &Typed<'_>, limit: usize) -> Result<Vec<Released>> {
    let this = Compared { words: Words::of(&[typed.title, typed.body]), area_code: typed.area_code.to_owned(), ..Compared::default() };
    if this.words.is_empty() {
        return Ok(Vec::new());
    }
    let probes = this.words.probes(typed.title);
    let of_body = typed.body_id.map(|body_id| facet('b', body_id));
    let (keys, rarity) = by_words(tx, Index::Public, &probes, (Some(&facet('s', HANDLING)), of_body.as_deref()), Reading::TYPED).await?;
    let counted_max = Reading::TYPED.counted_max();
    let mut found: Vec<(i64, Released)> = Vec::new();
    for released_case in store::released(tx, &keys).await? {
        let other =
            Compared { words: Words::of(&[&released_case.title, &released_case.excerpt]), area_code: released_case.area_code.clone(), ..Compared::default() };
        if let Some(likeness) = compare(&this, &other, &BTreeSet::new(), &rarity, counted_max) {
            found.push((likeness.score, released_case));
        }
    }
    found
        .sort_by_key(|(score, released_case)| (released_case.area_code != typed.area_code, std::cmp::Reverse(*score), std::cmp::Reverse(released_case.number)));
    Ok(found.into_iter().take(limit).map(|(_, released_case)| released_case).collect())
}
