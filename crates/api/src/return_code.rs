//! Return codes: the numbers by which services say what is wrong, as far as their meaning is known.
//!
//! Source: what NAVER's own Terraform provider repeats or takes for "not there", and its users' reports.

use ncloud_core::{Error, code};

code! {
    /// A service's return code whose meaning is known; see [`Error::code`].
    ///
    /// ```
    /// use ncloud_api::ReturnCode;
    ///
    /// assert!(ReturnCode::from("1200004").is_busy());
    /// assert!(ReturnCode::from("1007000").is_not_found());
    /// assert!(ReturnCode::from("99").is_unknown());
    /// ```
    pub enum ReturnCode {
        /// `1000`: a failure that passes.
        TemporaryFailure = "1000",
        /// `3000`: try again.
        TryAgain = "3000",
        /// `1001015`: the VPC is being changed; seen when a subnet is made.
        VpcBusy = "1001015",
        /// `1002022`: the network interface is being changed.
        NetworkInterfaceBusy = "1002022",
        /// `1003016`: the public IP is being changed; seen right after it was taken from a server.
        PublicIpBusy = "1003016",
        /// `1007009`: the access control group is being changed.
        AccessControlGroupBusy = "1007009",
        /// `1011002`: the network ACL cannot be used: it is being changed, or, when read, it is not there.
        NetworkAclUnusable = "1011002",
        /// `1012005`: the network ACL's rules are being changed.
        NetworkAclRuleBusy = "1012005",
        /// `1017013`: the route table is being changed.
        RouteTableBusy = "1017013",
        /// `1100031`: the server cannot be controlled while it is being set up.
        ServerBusy = "1100031",
        /// `1200004`: the load balancer is being changed.
        LoadBalancerBusy = "1200004",
        /// `1250000`: a failure of the load balancer that passes.
        LoadBalancerFailure = "1250000",
        /// `1250700`: the auto scaling group is still in use.
        AutoScalingGroupInUse = "1250700",
        /// `1002035`: a network interface has to keep at least one access control group; until another one is there, try again.
        LastAccessControlGroup = "1002035",
        /// `1001019`: the subnet is in use.
        SubnetInUse = "1001019",
        /// `1001020`: a subnet of that name exists.
        SubnetNameTaken = "1001020",
        /// `1007000`: there is no such access control group.
        AccessControlGroupNotFound = "1007000",
        /// `1017007`: there is no such route table.
        RouteTableNotFound = "1017007",
        /// `1205009`: there is no such target group.
        TargetGroupNotFound = "1205009",
        /// `5001017`: there is no such database or Hadoop cluster.
        ClusterNotFound = "5001017",
        /// `5001269`: the MSSQL database was deleted.
        MssqlDeleted = "5001269",
        /// `1401`: there is no such product or image; in Classic.
        ProductNotFound = "1401",
        /// `1413`: there is no such product or image; in Classic.
        ImageProductNotFound = "1413",
        /// `10712`: there is no such product or image.
        ServerProductNotFound = "10712",
        /// `1104037`: there is no such image.
        ServerImageNotFound = "1104037",
    }
}

impl ReturnCode {
    /// The return code of an error that a service reports; `None` for every other error.
    #[must_use]
    pub fn of(error: &Error) -> Option<Self> {
        let is_service = error.last().kind() == ncloud_core::ErrorKind::Service;
        error.code().filter(|_| is_service).map(Self::from)
    }

    /// Whether what is asked for cannot be done right now, because something else is going on; later it can.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        // The list that calls are repeated by.
        ncloud_core::__says_later(self.as_str())
    }

    /// Whether what is asked for is not there. [`NetworkAclUnusable`](Self::NetworkAclUnusable) means that only to reads, and is
    /// not counted here.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        matches!(
            self,
            Self::AccessControlGroupNotFound
                | Self::RouteTableNotFound
                | Self::TargetGroupNotFound
                | Self::ClusterNotFound
                | Self::MssqlDeleted
                | Self::ProductNotFound
                | Self::ImageProductNotFound
                | Self::ServerProductNotFound
                | Self::ServerImageNotFound
        )
    }
}
