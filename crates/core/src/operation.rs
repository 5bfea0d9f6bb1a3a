//! Operations: a request shape, the shape of its answer, and what has to be known to send it.

use crate::endpoint::Site;
use crate::error::Error;
use crate::shape::Shape;

/// One action of the platform's API: a struct with the parameters, and how they travel.
///
/// The crate `ncloud-api` has them ready-made; this is how one is declared by hand:
///
/// ```
/// use ncloud_core::{Credentials, Error, Info, Operation, Service, Session, Site, constraint, shape};
///
/// const VSERVER: Service = Service::new("vserver", "/vserver/v2");
///
/// #[derive(Debug, Default)]
/// struct GetZoneList {
///     region_code: Option<String>,
/// }
///
/// shape! { GetZoneList { "regionCode" => region_code } }
///
/// #[derive(Debug, Default)]
/// struct Zone {
///     zone_code: Option<String>,
/// }
///
/// shape! { Zone { "zoneCode" => zone_code } }
///
/// #[derive(Debug, Default)]
/// struct GetZoneListOutput {
///     zone_list: Vec<Zone>,
/// }
///
/// shape! { GetZoneListOutput { "zoneList" => zone_list } }
///
/// impl Operation for GetZoneList {
///     type Output = GetZoneListOutput;
///
///     const INFO: Info = Info::read(VSERVER, "getZoneList").regional();
///
///     fn check(&self) -> Result<(), Error> {
///         constraint::no_empty_item("regionCode", self.region_code.as_slice())
///     }
/// }
///
/// let credentials = Credentials::new("ncp_ak_TESTACCESSKEY0001", "ncp_sk_TESTSECRETKEY0000000000000000000001")?;
/// let session = Session::new(&credentials, Site::Public)?.with_region("KR")?;
/// let request = session.request(&GetZoneList::default(), std::time::SystemTime::now())?;
/// assert_eq!(request.uri().query(), Some("regionCode=KR&responseFormatType=json"));
///
/// let body = br#"{"getZoneListResponse": {"returnCode": "0", "zoneList": [{"zoneCode": "KR-1"}]}}"#;
/// let reply = session.parse::<GetZoneList>(http::Response::new(body))?;
/// assert_eq!(reply.value.zone_list[0].zone_code.as_deref(), Some("KR-1"));
/// # Ok::<(), Error>(())
/// ```
pub trait Operation: Shape {
    /// What a successful answer holds. The members `requestId`, `returnCode` and `returnMessage`, which every answer has, go to
    /// the reply's [`Head`](crate::Head) and not here.
    type Output: Shape + Default;

    /// Name, service, safety and the like.
    const INFO: Info;

    /// Checks the parameters against what is documented; called before anything is built.
    ///
    /// # Errors
    ///
    /// A [`Build`](crate::ErrorKind::Build) error that names the member and what is allowed.
    fn check(&self) -> Result<(), Error>;
}

/// What has to be known about an operation besides its members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Info {
    /// NAVER's name for it, which is also the last part of its path.
    pub name: &'static str,
    /// The service that it belongs to.
    pub service: Service,
    /// Whether it may be repeated; never derived from the HTTP verb.
    pub safety: Safety,
    /// How it is sent unless the caller or its length demands otherwise.
    pub verb: Verb,
    /// How its list is divided into pages, if it is.
    pub paging: Option<Paging>,
    /// Whether it takes a `regionCode`, so that a session can fill in its own.
    pub regional: bool,
    /// Whether its parameters or its answer hold a secret: always POST, and no copy of the answer in an error.
    pub secret: bool,
    /// The sites that offer it, where it is known that not all do; else empty.
    pub sites: &'static [Site],
}

impl Info {
    /// An operation that changes nothing; sent as GET.
    #[must_use]
    pub const fn read(service: Service, name: &'static str) -> Self {
        Self::new(service, name, Safety::Read, Verb::Get)
    }

    /// An operation that leads to the same state however often it is carried out; sent as POST.
    #[must_use]
    pub const fn idempotent(service: Service, name: &'static str) -> Self {
        Self::new(service, name, Safety::Idempotent, Verb::Post)
    }

    /// An operation that must not be carried out twice by accident; sent as POST.
    #[must_use]
    pub const fn mutating(service: Service, name: &'static str) -> Self {
        Self::new(service, name, Safety::Mutating, Verb::Post)
    }

    const fn new(service: Service, name: &'static str, safety: Safety, verb: Verb) -> Self {
        Self {
            name,
            service,
            safety,
            verb,
            paging: None,
            regional: false,
            secret: false,
            sites: &[],
        }
    }

    /// The same, offered on these sites only: refused before anything is sent to another one.
    #[must_use]
    pub const fn only_on(mut self, sites: &'static [Site]) -> Self {
        self.sites = sites;
        self
    }

    /// Refuses a site that does not offer the operation; an endpoint of the caller's own may be any.
    pub(crate) fn check_site(&self, site: Option<Site>) -> Result<(), Error> {
        match site {
            Some(site) if !self.sites.is_empty() && !self.sites.contains(&site) => {
                let offered: Vec<&str> = self.sites.iter().map(|site| site.as_str()).collect();
                let problem = format!(
                    "is {}, which does not offer this; allowed: {}",
                    site.as_str(),
                    offered.join(", ")
                );
                Err(Error::build("site", problem))
            }
            _ => Ok(()),
        }
    }

    /// The same with a list in pages.
    #[must_use]
    pub const fn paged(mut self, paging: Paging) -> Self {
        self.paging = Some(paging);
        self
    }

    /// The same with a `regionCode` among its members.
    #[must_use]
    pub const fn regional(mut self) -> Self {
        self.regional = true;
        self
    }

    /// The same with a secret in its parameters or its answer.
    #[must_use]
    pub const fn secret(mut self) -> Self {
        self.secret = true;
        self.verb = Verb::Post;
        self
    }
}

/// A service behind the gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Service {
    /// Its short name, such as `vserver`.
    pub name: &'static str,
    /// The path in front of its operations' names, such as `/vserver/v2`.
    pub path: &'static str,
}

impl Service {
    /// A service by its name and path.
    #[must_use]
    pub const fn new(name: &'static str, path: &'static str) -> Self {
        Self { name, path }
    }
}

/// Whether carrying an operation out twice does harm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Safety {
    /// It changes nothing.
    Read,
    /// Twice leads to the same state as once.
    Idempotent,
    /// Twice is not the same as once.
    Mutating,
}

/// The two HTTP methods under which the platform takes an operation; both do the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verb {
    /// Parameters in the query.
    Get,
    /// Parameters in a form body.
    Post,
}

/// How a list is divided into pages by two parameters, which most services call `pageNo` and `pageSize`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Paging {
    /// The first page is 1, and 0 means the first page too.
    FromOne,
    /// The first page is 0.
    FromZero,
    /// The first page is 0, and each next one is where the last one ended, counted in items.
    Offset,
}
