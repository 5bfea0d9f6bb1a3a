//! Draws: numbers that look like chance and follow from a seed, the same on every machine and in every version.

/// What a generator moves on by, and what makes its states look unlike each other (it is `SplitMix64`).
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// Draws by number: any can be had at any time, and none changes another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Draws {
    start: u64,
}

impl Draws {
    /// The draws of one stream of a seed; another stream's have nothing to do with them.
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        Self {
            start: mix(mix(seed.wrapping_add(STEP)).wrapping_add(stream)),
        }
    }

    /// The draw with a number: at least 0 and less than 1, in steps of 2⁻³².
    pub(crate) fn share(self, number: u64) -> f64 {
        const STEPS: f64 = 4_294_967_296.0;
        let mixed = mix(self.start.wrapping_add(number.wrapping_mul(STEP)));
        // The upper half of the mixed bits, which fits by construction.
        f64::from(u32::try_from(mixed >> 32).unwrap_or(u32::MAX)) / STEPS
    }
}

fn mix(state: u64) -> u64 {
    let mut mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generator_is_the_published_one() {
        // The first numbers of SplitMix64 for the seed 1234567.
        let numbers = [1_u64, 2, 3].map(|number| mix(number.wrapping_mul(STEP).wrapping_add(1_234_567)));
        let published = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
        ];
        assert_eq!(numbers, published);
    }

    #[test]
    fn streams_and_seeds_have_draws_of_their_own() {
        let first = |seed, stream| Draws::new(seed, stream).share(1);
        assert!((first(7, 0) - first(7, 0)).abs() < f64::EPSILON);
        let draws = [first(7, 0), first(7, 1), first(8, 0), first(8, 1)];
        for (position, draw) in draws.iter().enumerate() {
            assert!((0.0..1.0).contains(draw));
            for other in draws.iter().skip(position + 1) {
                assert!((draw - other).abs() > f64::EPSILON);
            }
        }
    }
}
