//! What statements take and give: values and rows that both databases know.

use sqlx::postgres::{PgArguments, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments, Encode, FromRow, Postgres, Sqlite, Type};

/// A value both databases can take.
pub trait Bind: for<'q> Encode<'q, Sqlite> + Type<Sqlite> + for<'q> Encode<'q, Postgres> + Type<Postgres> + Send {}
impl<T> Bind for T where T: for<'q> Encode<'q, Sqlite> + Type<Sqlite> + for<'q> Encode<'q, Postgres> + Type<Postgres> + Send {}

/// A row both databases can give; `#[derive(sqlx::FromRow)]` and tuples qualify.
pub trait Record: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}
impl<T> Record for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

/// The values of a statement: a tuple.
pub trait Args: Send {
    /// How many there are.
    const COUNT: usize;
    /// Adds them to those of SQLite.
    fn add_sqlite(self, arguments: &mut SqliteArguments) -> Result<(), sqlx::Error>;
    /// Adds them to those of PostgreSQL.
    fn add_postgres(self, arguments: &mut PgArguments) -> Result<(), sqlx::Error>;

    /// For SQLite.
    fn sqlite(self) -> Result<SqliteArguments, sqlx::Error>
    where
        Self: Sized,
    {
        let mut arguments = SqliteArguments::default();
        self.add_sqlite(&mut arguments)?;
        Ok(arguments)
    }

    /// For PostgreSQL.
    fn postgres(self) -> Result<PgArguments, sqlx::Error>
    where
        Self: Sized,
    {
        let mut arguments = PgArguments::default();
        self.add_postgres(&mut arguments)?;
        Ok(arguments)
    }
}

impl Args for () {
    const COUNT: usize = 0;
    fn add_sqlite(self, _: &mut SqliteArguments) -> Result<(), sqlx::Error> {
        Ok(())
    }
    fn add_postgres(self, _: &mut PgArguments) -> Result<(), sqlx::Error> {
        Ok(())
    }
}

macro_rules! args {
    ($($t:ident),*) => {
        #[allow(non_snake_case, reason = "one body for every number of values")]
        impl<$($t: Bind + 'static),*> Args for ($($t,)*) {
            const COUNT: usize = [$(stringify!($t)),*].len();
            fn add_sqlite(self, arguments: &mut SqliteArguments) -> Result<(), sqlx::Error> {
                let ($($t,)*) = self;
                $(arguments.add($t).map_err(sqlx::Error::Encode)?;)*
                Ok(())
            }
            fn add_postgres(self, arguments: &mut PgArguments) -> Result<(), sqlx::Error> {
                let ($($t,)*) = self;
                $(arguments.add($t).map_err(sqlx::Error::Encode)?;)*
                Ok(())
            }
        }
    };
}
args!(A);
args!(A, B);
args!(A, B, C);
args!(A, B, C, D);
args!(A, B, C, D, E);
args!(A, B, C, D, E, F);
args!(A, B, C, D, E, F, G);
args!(A, B, C, D, E, F, G, H);
args!(A, B, C, D, E, F, G, H, I);
args!(A, B, C, D, E, F, G, H, I, J);
args!(A, B, C, D, E, F, G, H, I, J, K);
args!(A, B, C, D, E, F, G, H, I, J, K, L);
args!(A, B, C, D, E, F, G, H, I, J, K, L, M);
args!(A, B, C, D, E, F, G, H, I, J, K, L, M, N);
args!(A, B, C, D, E, F, G, H, I, J, K, L, M, N, O);
args!(A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P);
args!(A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q);
