//! The steps that bring a database up to date.

use super::Kind;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use std::borrow::Cow;

/// The numbered steps of `migrations/`: the same text for both databases, but for the word index.
const STEPS: [(i64, &str, &str, &str); 46] = [
    same(1, "accounts", include_str!("../../../migrations/0001_accounts.sql")),
    same(2, "agencies", include_str!("../../../migrations/0002_agencies.sql")),
    same(3, "cases", include_str!("../../../migrations/0003_cases.sql")),
    same(4, "filing", include_str!("../../../migrations/0004_filing.sql")),
    same(5, "publishing", include_str!("../../../migrations/0005_publishing.sql")),
    same(6, "outbox", include_str!("../../../migrations/0006_outbox.sql")),
    (7, "search", include_str!("../../../migrations/0007_search.sqlite.sql"), include_str!("../../../migrations/0007_search.postgres.sql")),
    (
        8,
        "search_scopes",
        include_str!("../../../migrations/0008_search_scopes.sqlite.sql"),
        include_str!("../../../migrations/0008_search_scopes.postgres.sql"),
    ),
    same(9, "deadline_rules", include_str!("../../../migrations/0009_deadline_rules.sql")),
    same(10, "done_by_kind", include_str!("../../../migrations/0010_done_by_kind.sql")),
    same(11, "calendar_changes", include_str!("../../../migrations/0011_calendar_changes.sql")),
    same(12, "procedures", include_str!("../../../migrations/0012_procedures.sql")),
    same(13, "letters", include_str!("../../../migrations/0013_letters.sql")),
    same(14, "officials_day", include_str!("../../../migrations/0014_officials_day.sql")),
    same(15, "routing", include_str!("../../../migrations/0015_routing.sql")),
    same(16, "relations", include_str!("../../../migrations/0016_relations.sql")),
    same(17, "letters_of_their_own", include_str!("../../../migrations/0017_letters_of_their_own.sql")),
    same(18, "periods_and_ratings", include_str!("../../../migrations/0018_periods_and_ratings.sql")),
    same(19, "kinds", include_str!("../../../migrations/0019_kinds.sql")),
    same(20, "page_of_viewer", include_str!("../../../migrations/0020_page_of_viewer.sql")),
    same(21, "dialogues", include_str!("../../../migrations/0021_dialogues.sql")),
    same(22, "receptions", include_str!("../../../migrations/0022_receptions.sql")),
    same(23, "commitments", include_str!("../../../migrations/0023_commitments.sql")),
    same(24, "barred_index", include_str!("../../../migrations/0024_barred_index.sql")),
    same(25, "attendance", include_str!("../../../migrations/0025_attendance.sql")),
    same(26, "questions", include_str!("../../../migrations/0026_questions.sql")),
    (
        27,
        "filter_indexes",
        concat!(include_str!("../../../migrations/0027_filter_indexes.sql"), include_str!("../../../migrations/0027_word_index.sqlite.sql")),
        include_str!("../../../migrations/0027_filter_indexes.sql"),
    ),
    same(28, "live", include_str!("../../../migrations/0028_live.sql")),
    same(29, "online_consent", include_str!("../../../migrations/0029_online_consent.sql")),
    same(30, "dialogue_pictures", include_str!("../../../migrations/0030_dialogue_pictures.sql")),
    same(31, "tags_filter", include_str!("../../../migrations/0031_tags_filter.sql")),
    same(32, "record", include_str!("../../../migrations/0032_record.sql")),
    same(33, "capacities", include_str!("../../../migrations/0033_capacities.sql")),
    same(34, "sealed_people", include_str!("../../../migrations/0034_sealed_people.sql")),
    same(35, "record_keys", include_str!("../../../migrations/0035_record_keys.sql")),
    same(36, "second_factors", include_str!("../../../migrations/0036_second_factors.sql")),
    same(38, "directory", include_str!("../../../migrations/0038_directory.sql")),
    same(39, "citizens", include_str!("../../../migrations/0039_citizens.sql")),
    same(40, "against_abuse", include_str!("../../../migrations/0040_against_abuse.sql")),
    same(41, "redaction", include_str!("../../../migrations/0041_redaction.sql")),
    same(42, "retention", include_str!("../../../migrations/0042_retention.sql")),
    same(43, "sealed_values", include_str!("../../../migrations/0043_sealed_values.sql")),
    same(44, "sealed_openings", include_str!("../../../migrations/0044_sealed_openings.sql")),
    same(46, "proofs", include_str!("../../../migrations/0046_proofs.sql")),
    same(47, "sealed_letters", include_str!("../../../migrations/0047_sealed_letters.sql")),
    same(48, "coordinations", include_str!("../../../migrations/0048_coordinations.sql")),
];

const fn same(number: i64, name: &'static str, sql: &'static str) -> (i64, &'static str, &'static str, &'static str) {
    (number, name, sql, sql)
}

/// What brings a database of this kind up to date.
pub(super) fn migrator(kind: Kind) -> Migrator {
    let steps = STEPS.iter().map(|&(number, name, sqlite, postgres)| {
        let sql = match kind {
            Kind::Sqlite => sqlite,
            Kind::Postgres => postgres,
        };
        Migration::new(number, Cow::Borrowed(name), MigrationType::Simple, sqlx::SqlStr::from_static(sql), false)
    });
    Migrator::with_migrations(steps.collect())
}
