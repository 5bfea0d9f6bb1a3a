//! Pages: the part of a list that `pageNo` and `pageSize` ask for.

use ncloud_core::codec::form::Form;

use crate::outcome::ServiceError;

const PAGE_SIZE_LIMIT: usize = 1000;

/// The part of a list that a call asks for: all of it or one page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Page {
    skip: usize,
    take: usize,
}

impl Page {
    /// Checks the two parameters. Pages 0 and 1 are both the first one; a size without a number is the first page's.
    pub(super) fn new(number: Option<i32>, size: Option<i32>) -> Result<Self, ServiceError> {
        let Some(size) = size else {
            return match number {
                None => Ok(Self {
                    skip: 0,
                    take: usize::MAX,
                }),
                Some(_) => Err(ServiceError::parameter(
                    "pageSize",
                    "is required when pageNo is given",
                )),
            };
        };
        let number = usize::try_from(number.unwrap_or(0))
            .map_err(|_| ServiceError::parameter("pageNo", "must not be below 0"))?;
        match usize::try_from(size) {
            Ok(take @ 1..=PAGE_SIZE_LIMIT) => Ok(Self {
                skip: number.saturating_sub(1).saturating_mul(take),
                take,
            }),
            _ => Err(ServiceError::parameter("pageSize", "must be between 1 and 1000")),
        }
    }

    /// The same from the parameters of any list.
    pub(crate) fn of_form(form: &Form) -> Result<Self, ServiceError> {
        let number = |name: &str| match form.get(name).filter(|value| !value.is_empty()) {
            None => Ok(None),
            Some(value) => value
                .trim()
                .parse()
                .map(Some)
                .map_err(|_| ServiceError::parameter(name, "must be a whole number")),
        };
        Self::new(number("pageNo")?, number("pageSize")?)
    }

    /// The page's items of a whole list; none beyond its end.
    pub(crate) fn of<T>(self, list: impl IntoIterator<Item = T>) -> Vec<T> {
        list.into_iter().skip(self.skip).take(self.take).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_zero_and_one_are_the_first() {
        let page = |number, size| Page::new(number, size).unwrap().of(0..25);
        assert_eq!(page(None, None).len(), 25);
        assert_eq!(page(None, Some(10)), (0..10).collect::<Vec<_>>());
        assert_eq!(page(Some(0), Some(10)), (0..10).collect::<Vec<_>>());
        assert_eq!(page(Some(1), Some(10)), (0..10).collect::<Vec<_>>());
        assert_eq!(page(Some(3), Some(10)), (20..25).collect::<Vec<_>>());
        assert_eq!(page(Some(4), Some(10)), Vec::<i32>::new());
        assert_eq!(page(Some(i32::MAX), Some(1000)), Vec::<i32>::new());
    }

    #[test]
    fn what_is_out_of_range_is_refused() {
        for (number, size) in [
            (Some(1), None),
            (Some(-1), Some(10)),
            (Some(1), Some(0)),
            (Some(1), Some(1001)),
            (None, Some(-1)),
        ] {
            assert!(Page::new(number, size).is_err(), "{number:?} {size:?}");
        }
    }
}
