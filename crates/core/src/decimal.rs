//! Whole numbers as decimal text without an allocation.

/// The decimal text of a number, on the stack.
pub(crate) struct Decimal {
    digits: [u8; 20],
    first: usize,
}

impl Decimal {
    pub(crate) fn new(number: u64) -> Self {
        let mut digits = [b'0'; 20];
        let mut rest = number;
        let mut first = digits.len();
        for (index, digit) in digits.iter_mut().enumerate().rev() {
            // A digit is below ten, so nothing is cut off.
            *digit = b'0'.wrapping_add((rest % 10) as u8);
            rest /= 10;
            first = index;
            if rest == 0 {
                break;
            }
        }
        Self { digits, first }
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.digits.get(self.first..).unwrap_or_default()
    }

    pub(crate) fn as_str(&self) -> &str {
        // Digits are ASCII.
        std::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_prints_what_the_standard_library_prints() {
        for number in [0, 9, 10, 99, 100, 1_750_903_747_000, u64::MAX] {
            assert_eq!(Decimal::new(number).as_str(), number.to_string());
        }
    }
}
