//! Whom a case is about: people, units and authorities that must neither see it nor be given it. Pure.
//!
//! Kept on the case as one text of tokens, `a:` an account, `u:` a unit, `b:` an authority, so that whoever has the case can
//! decide without another look. Empty for nearly all cases.

/// Somebody who must stay away from a case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Party {
    /// A person.
    Account(String),
    /// Everybody of a unit.
    Unit(String),
    /// A head and with them everybody under them: the whole authority.
    Body(String),
}

impl Party {
    /// As it stands on the case and in the record.
    pub fn token(&self) -> String {
        match self {
            Self::Account(id) => format!("a:{id}"),
            Self::Unit(id) => format!("u:{id}"),
            Self::Body(id) => format!("b:{id}"),
        }
    }

    /// The party of a token.
    pub fn from_token(token: &str) -> Option<Self> {
        let (kind, id) = token.split_once(':')?;
        if id.is_empty() || id.contains(char::is_whitespace) {
            return None;
        }
        match kind {
            "a" => Some(Self::Account(id.to_owned())),
            "u" => Some(Self::Unit(id.to_owned())),
            "b" => Some(Self::Body(id.to_owned())),
            _ => None,
        }
    }
}

/// The parties on a case, in order.
pub fn parties(barred: &str) -> Vec<Party> {
    barred.split_whitespace().filter_map(Party::from_token).collect()
}

fn has(barred: &str, kind: &str, id: &str) -> bool {
    barred.split_whitespace().any(|token| token.strip_prefix(kind).is_some_and(|known| known == id))
}

/// Whether a person is among them by name.
pub fn has_account(barred: &str, account_id: &str) -> bool {
    has(barred, "a:", account_id)
}

/// Whether a unit is among them.
pub fn has_unit(barred: &str, unit_id: &str) -> bool {
    has(barred, "u:", unit_id)
}

/// Whether a whole authority is among them.
pub fn has_body(barred: &str, body_id: &str) -> bool {
    has(barred, "b:", body_id)
}

/// The same with more tokens; in one order, none twice.
pub fn with(barred: &str, tokens: &[String]) -> String {
    joined(parties(barred).into_iter().chain(tokens.iter().filter_map(|token| Party::from_token(token))).collect())
}

/// The same without some tokens.
pub fn without(barred: &str, tokens: &[String]) -> String {
    joined(parties(barred).into_iter().filter(|party| !tokens.contains(&party.token())).collect())
}

fn joined(mut parties: Vec<Party>) -> String {
    parties.sort();
    parties.dedup();
    parties.iter().map(Party::token).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_person_is_not_their_unit() {
        let barred = with("", &["a:ha".into(), "u:roads".into()]);
        assert!(has_account(&barred, "ha") && has_unit(&barred, "roads"));
        assert!(!has_account(&barred, "roads") && !has_unit(&barred, "ha") && !has_body(&barred, "roads") && !has_account(&barred, "h"));
        assert_eq!(without(&barred, &["a:ha".into()]), "u:roads");
    }

    proptest! {
        #[test]
        fn taking_away_what_was_added_gives_what_was_there(ids in proptest::collection::btree_set("[a-z0-9-]{1,6}", 0..4), more in proptest::collection::btree_set("[A-Z]{1,6}", 1..4)) {
            let before = with("", &ids.iter().map(|id| format!("a:{id}")).collect::<Vec<_>>());
            let tokens: Vec<String> = more.iter().map(|id| format!("u:{id}")).collect();
            let after = with(&before, &tokens);
            prop_assert!(more.iter().all(|id| has_unit(&after, id)));
            prop_assert_eq!(with(&after, &tokens), after.clone());
            prop_assert_eq!(without(&after, &tokens), before);
        }
    }
}
