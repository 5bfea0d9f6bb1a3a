//! Open enums: lists of codes that look closed but grow, so that an unknown code is kept as text.

use std::fmt;

/// The text of a code that this version does not know; made by reading only, so that a known code is never unknown.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnknownCode(Box<str>);

impl UnknownCode {
    /// For the macro alone, which has checked that the text is none of the known codes.
    #[doc(hidden)]
    #[must_use]
    pub fn __new(text: &str) -> Self {
        Self(text.into())
    }

    /// The code as it came.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for UnknownCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// Declares an open enum: known codes as variants, `Unknown` keeping any other text. So a code of that name needs a variant
/// called otherwise.
///
/// ```
/// ncloud_core::code! {
///     /// Order of a sorted list.
///     pub enum SortingOrder {
///         /// Smallest first.
///         Ascending = "ASC",
///         /// Largest first.
///         Descending = "DESC",
///     }
/// }
///
/// assert_eq!(SortingOrder::from("ASC"), SortingOrder::Ascending);
/// assert_eq!(SortingOrder::from("RANDOM").as_str(), "RANDOM");
/// assert!(SortingOrder::from("RANDOM").is_unknown());
/// // A required code that nobody has given yet is empty, which no check lets through.
/// assert_eq!(SortingOrder::default().as_str(), "");
/// ```
#[macro_export]
macro_rules! code {
    (
        $(#[$meta:meta])*
        $visibility:vis enum $name:ident {
            $($(#[$variant_meta:meta])* $variant:ident = $text:literal),+ $(,)?
        }
    ) => {
        $crate::__serde_for_code! { $name }

        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        $visibility enum $name {
            $($(#[$variant_meta])* $variant,)+
            /// A code that this version does not know, as it came.
            Unknown($crate::UnknownCode),
        }

        impl $name {
            /// The codes that this version knows, as they go on the wire.
            pub const KNOWN: &'static [&'static str] = &[$($text),+];

            /// The code as it goes on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Unknown(code) => code.as_str(),
                }
            }

            /// Whether this version does not know the code.
            #[must_use]
            pub fn is_unknown(&self) -> bool {
                matches!(self, Self::Unknown(_))
            }
        }

        impl ::core::default::Default for $name {
            fn default() -> Self {
                Self::Unknown($crate::UnknownCode::__new(""))
            }
        }

        impl ::core::convert::AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl ::core::convert::From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $($text => Self::$variant,)+
                    _ => Self::Unknown($crate::UnknownCode::__new(text)),
                }
            }
        }

        impl ::core::convert::From<::std::string::String> for $name {
            fn from(text: ::std::string::String) -> Self {
                Self::from(text.as_str())
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                formatter.pad(self.as_str())
            }
        }

        impl $crate::shape::Element for $name {
            fn read(
                value: &mut dyn $crate::shape::Value,
            ) -> ::core::result::Result<::core::option::Option<Self>, $crate::shape::ReadError> {
                let text = <::std::string::String as $crate::shape::Element>::read(value)?;
                ::core::result::Result::Ok(text.map(Self::from))
            }

            fn write(&self, name: &str, sink: &mut dyn $crate::shape::Sink) {
                sink.scalar(name, $crate::shape::Scalar::Text(self.as_str()));
            }

            fn is_absent(&self) -> bool {
                self.as_str().is_empty()
            }
        }
    };
}
