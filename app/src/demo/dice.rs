//! Chance that is the same for the same seed, on every machine and with every version of every crate.

/// A stream of numbers (splitmix64): small, quick, good enough for invented data and for nothing else.
#[derive(Clone, Debug)]
pub(super) struct Dice(u64);

impl Dice {
    /// The stream of a number under a seed; streams of different numbers have nothing in common.
    pub fn new(seed: u64, stream: u64) -> Self {
        let mut dice = Self(seed ^ 0x6e67_6865_6461_6e00);
        let start = dice.next().wrapping_add(stream.wrapping_mul(0xd134_2543_de82_ef95));
        let mut dice = Self(start);
        dice.next();
        dice
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 up to and without 1.
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A number from 0 up to and without `n`; 0 if `n` is 0.
    #[expect(clippy::cast_possible_truncation, reason = "smaller than n, which is a usize")]
    pub fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.next()) * n as u128) >> 64) as usize
    }

    /// A number from `first` to `last`, both among them.
    pub fn between(&mut self, first: i64, last: i64) -> i64 {
        let span = usize::try_from(last - first + 1).unwrap_or(1);
        first + i64::try_from(self.below(span)).unwrap_or(0)
    }

    /// True in this share of throws.
    pub fn chance(&mut self, share: f64) -> bool {
        self.unit() < share
    }

    /// One of several; the list must not be empty (checked when the texts are read).
    pub fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    /// A place in a list of weights that were summed up from the left.
    pub fn weighted(&mut self, sums: &[f64]) -> usize {
        let at = self.unit() * sums.last().copied().unwrap_or(0.0);
        sums.partition_point(|sum| *sum <= at).min(sums.len().saturating_sub(1))
    }

    /// An id made at an instant, of the same form as the portal's ([`crate::id::Random::id`]).
    pub fn id(&mut self, at: chrono::DateTime<chrono::Utc>) -> String {
        let (a, b) = (self.next().to_le_bytes(), self.next().to_le_bytes());
        let bytes = [a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], b[0], b[1]];
        uuid::Builder::from_unix_timestamp_millis(u64::try_from(at.timestamp_millis()).unwrap_or(0), &bytes).into_uuid().to_string()
    }
}

/// Sums from the left, for [`Dice::weighted`].
pub(super) fn sums(weights: impl IntoIterator<Item = f64>) -> Vec<f64> {
    weights
        .into_iter()
        .scan(0.0, |sum, weight| {
            *sum += weight;
            Some(*sum)
        })
        .collect()
}
