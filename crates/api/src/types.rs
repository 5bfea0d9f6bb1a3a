//! Types that several services share.

use ncloud_core::{code, shape};

/// A code with its name, the platform's form of every status and kind.
///
/// Compare `code` only: the name is for people, and live answers have been seen to name another state than the code's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CommonCode {
    /// `code`: the stable code; the text `NULL` means that there is nothing.
    pub code: Option<String>,
    /// `codeName`: a description, not to be relied on.
    pub code_name: Option<String>,
}

shape! { CommonCode { "code" => code, "codeName" => code_name } }

impl CommonCode {
    /// Whether this is the given code.
    ///
    /// ```
    /// use ncloud_api::CommonCode;
    ///
    /// let mut operation = CommonCode::default();
    /// operation.code = Some("NULL".to_owned());
    /// assert!(operation.is("NULL"));
    /// ```
    #[must_use]
    pub fn is(&self, code: &str) -> bool {
        self.code.as_deref() == Some(code)
    }
}

code! {
    /// Direction of a sorted list, in the services of the VPC platform.
    pub enum SortingOrder {
        /// `ASC`: smallest first; the default.
        Asc = "ASC",
        /// `DESC`: largest first.
        Desc = "DESC",
    }
}
