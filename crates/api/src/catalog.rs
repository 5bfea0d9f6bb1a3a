//! The model of the API as static data: services, operations, members, codes and sentences about them.
//!
//! For tools that are built on the operations without naming each: a command line, a simulator, a form. With the Cargo feature
//! `catalog`, for the services whose features are on.
//!
//! ```
//! use ncloud_api::catalog;
//!
//! let operation = catalog::operation("vserver", "getServerInstanceList").expect("vserver is on by default");
//! assert_eq!(operation.info.safety, ncloud_core::Safety::Read);
//! let member = operation.request.member("serverName").expect("documented");
//! println!("{}: {}", member.name, member.about);
//! ```

use ncloud_core::shape::Shape;
use ncloud_core::{Info, Service};

/// A service and its operations.
#[derive(Debug)]
#[non_exhaustive]
pub struct ServiceModel {
    /// Name and path.
    pub service: Service,
    /// What it is called, such as `Server (VPC)`.
    pub title: &'static str,
    /// What it is for, in a sentence.
    pub summary: &'static str,
    /// Its operations, by name.
    pub operations: &'static [&'static OperationModel],
}

impl ServiceModel {
    /// The operation of this name.
    #[must_use]
    pub fn operation(&self, name: &str) -> Option<&'static OperationModel> {
        let found = self.operations.iter();
        found.copied().find(|operation| operation.info.name == name)
    }
}

/// An operation: how it is sent, what it takes and what it gives.
#[derive(Debug)]
#[non_exhaustive]
pub struct OperationModel {
    /// Name, service, verb, safety, paging.
    pub info: Info,
    /// What it does, in a sentence.
    pub summary: &'static str,
    /// What else is to be known; empty if nothing.
    pub notes: &'static str,
    /// The page of the platform's documentation that describes it, where one is known.
    pub page: Option<&'static str>,
    /// Its parameters.
    pub request: StructModel,
    /// What it gives back, but for `requestId`, `returnCode` and `returnMessage`.
    pub answer: StructModel,
    pub(crate) new_request: fn() -> Box<dyn Shape>,
    pub(crate) new_answer: fn() -> Box<dyn Shape>,
}

impl OperationModel {
    /// The parameters' struct without any parameter, to be filled member by member.
    ///
    /// ```
    /// use ncloud_core::codec::{form, json};
    ///
    /// let operation = ncloud_api::catalog::operation("vserver", "getServerInstanceList").expect("on by default");
    /// let mut request = operation.new_request();
    /// json::read(br#"{"serverName": "web", "pageNo": "1"}"#, request.as_mut())?;
    /// assert_eq!(form::write(request.as_ref()), b"pageNo=1&serverName=web");
    /// # Ok::<(), ncloud_core::ReadError>(())
    /// ```
    #[must_use]
    pub fn new_request(&self) -> Box<dyn Shape> {
        (self.new_request)()
    }

    /// The answer's struct, empty.
    #[must_use]
    pub fn new_answer(&self) -> Box<dyn Shape> {
        (self.new_answer)()
    }
}

/// A struct and its members.
#[derive(Debug)]
#[non_exhaustive]
pub struct StructModel {
    /// Its name in this crate.
    pub name: &'static str,
    /// What it is, in a sentence.
    pub summary: &'static str,
    /// Its members, in the order in which they are written.
    pub members: &'static [MemberModel],
}

impl StructModel {
    pub(crate) const fn new(
        name: &'static str,
        summary: &'static str,
        members: &'static [MemberModel],
    ) -> Self {
        Self {
            name,
            summary,
            members,
        }
    }

    /// The member of this name, in any spelling that is understood.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&'static MemberModel> {
        self.members
            .iter()
            .find(|member| member.name == name || member.other_names.contains(&name))
    }
}

/// A member of a struct.
#[derive(Debug)]
#[non_exhaustive]
pub struct MemberModel {
    /// Its name on the wire.
    pub name: &'static str,
    /// Other spellings under which it is understood.
    pub other_names: &'static [&'static str],
    /// What it holds.
    pub kind: Kind,
    /// Whether a request has to have it.
    pub required: bool,
    /// Another member with which it is required.
    pub required_with: Option<&'static str>,
    /// What is checked before it is sent.
    pub limits: Limits,
    /// What it means, in a sentence or two.
    pub about: &'static str,
}

impl MemberModel {
    pub(crate) const fn new(name: &'static str, kind: Kind, about: &'static str) -> Self {
        Self {
            name,
            other_names: &[],
            kind,
            required: false,
            required_with: None,
            limits: Limits::None,
            about,
        }
    }

    pub(crate) const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    pub(crate) const fn required_with(mut self, other: &'static str) -> Self {
        self.required_with = Some(other);
        self
    }

    pub(crate) const fn limited(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    pub(crate) const fn also(mut self, other_names: &'static [&'static str]) -> Self {
        self.other_names = other_names;
        self
    }

    /// Whether it is not to be shown.
    #[must_use]
    pub fn is_secret(&self) -> bool {
        matches!(self.kind, Kind::Secret | Kind::UserData)
    }
}

/// What a member holds.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Kind {
    /// Text.
    Text,
    /// A whole number of 32 bits.
    Integer,
    /// A whole number of 64 bits.
    Long,
    /// A whole number of 64 bits without a sign, mostly bytes.
    Size,
    /// A number with a fraction.
    Number,
    /// True or false.
    Flag,
    /// A moment, such as `2025-06-26T11:09:07+0900`.
    Date,
    /// A text that is not to be shown.
    Secret,
    /// A script, in base64.
    UserData,
    /// A code of a list that may grow.
    Code(&'static CodeModel),
    /// A `CommonCode`, with the list of its codes where it is known.
    CommonCode(Option<&'static CodeModel>),
    /// A struct.
    Struct(&'static StructModel),
    /// Any number of these.
    List(&'static Kind),
}

/// Limits of a member's value, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Limits {
    /// None that are known.
    None,
    /// The least and the largest number of characters.
    Characters(u64, u64),
    /// The least and the largest number of bytes.
    Bytes(u64, u64),
    /// The least and the largest number.
    Range(i64, i64),
}

/// A list of codes.
#[derive(Debug)]
#[non_exhaustive]
pub struct CodeModel {
    /// Its name in this crate.
    pub name: &'static str,
    /// What the codes tell, in a sentence.
    pub summary: &'static str,
    /// The codes that are known, and what they mean.
    pub codes: &'static [(&'static str, &'static str)],
}

#[allow(
    dead_code,
    reason = "the services of the Classic platform sort otherwise, and may be the only ones that are on"
)]
pub(crate) static SORTING_ORDER: CodeModel = CodeModel {
    name: "SortingOrder",
    summary: "Direction of a sorted list.",
    codes: &[("ASC", "smallest first"), ("DESC", "largest first")],
};

/// The services whose features are on.
pub static SERVICES: &[&ServiceModel] = &[
    #[cfg(feature = "vserver")]
    &crate::vserver::catalog::SERVICE,
    #[cfg(feature = "vpc")]
    &crate::vpc::catalog::SERVICE,
    #[cfg(feature = "vloadbalancer")]
    &crate::vloadbalancer::catalog::SERVICE,
    #[cfg(feature = "vautoscaling")]
    &crate::vautoscaling::catalog::SERVICE,
    #[cfg(feature = "vnas")]
    &crate::vnas::catalog::SERVICE,
    #[cfg(feature = "vmysql")]
    &crate::vmysql::catalog::SERVICE,
    #[cfg(feature = "vmssql")]
    &crate::vmssql::catalog::SERVICE,
    #[cfg(feature = "vmongodb")]
    &crate::vmongodb::catalog::SERVICE,
    #[cfg(feature = "vpostgresql")]
    &crate::vpostgresql::catalog::SERVICE,
    #[cfg(feature = "vredis")]
    &crate::vredis::catalog::SERVICE,
    #[cfg(feature = "vhadoop")]
    &crate::vhadoop::catalog::SERVICE,
    #[cfg(feature = "server")]
    &crate::server::catalog::SERVICE,
    #[cfg(feature = "autoscaling")]
    &crate::autoscaling::catalog::SERVICE,
    #[cfg(feature = "loadbalancer")]
    &crate::loadbalancer::catalog::SERVICE,
    #[cfg(feature = "clouddb")]
    &crate::clouddb::catalog::SERVICE,
    #[cfg(feature = "cdn")]
    &crate::cdn::catalog::SERVICE,
];

/// The service of this name.
#[must_use]
pub fn service(name: &str) -> Option<&'static ServiceModel> {
    SERVICES
        .iter()
        .copied()
        .find(|service| service.service.name == name)
}

/// The operation of this name in the service of that.
#[must_use]
pub fn operation(service: &str, name: &str) -> Option<&'static OperationModel> {
    self::service(service)?.operation(name)
}
