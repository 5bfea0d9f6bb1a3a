//! Typed operations of the NAVER Cloud Platform: one module and one Cargo feature per service.
//!
//! An operation is a struct with the parameters, named as NAVER names it; what it gives back is its
//! [`Output`](ncloud_core::Operation::Output). How it is sent is not its business: see `ncloud-core` for doing it yourself,
//! `ncloud-ureq` for blocking and `ncloud-hyper` for async calls.
//!
//! # Features
//!
//! | feature | what |
//! | --- | --- |
//! | `vserver` | [Server (VPC)](vserver), on by default |
//! | `vpc` | [VPC](vpc) |
//! | `vloadbalancer` | [Load Balancer (VPC)](vloadbalancer) |
//! | `vautoscaling` | [Auto Scaling (VPC)](vautoscaling) |
//! | `vnas` | [NAS (VPC)](vnas) |
//! | `vmysql` | [Cloud DB for MySQL (VPC)](vmysql) |
//! | `vmssql` | [Cloud DB for MSSQL (VPC)](vmssql) |
//! | `vmongodb` | [Cloud DB for MongoDB (VPC)](vmongodb) |
//! | `vpostgresql` | [Cloud DB for PostgreSQL (VPC)](vpostgresql) |
//! | `vredis` | [Cloud DB for Redis (VPC)](vredis) |
//! | `vhadoop` | [Cloud Hadoop (VPC)](vhadoop) |
//! | `server` | [Server (Classic)](server) |
//! | `autoscaling` | [Auto Scaling (Classic)](autoscaling) |
//! | `loadbalancer` | [Load Balancer (Classic)](loadbalancer) |
//! | `clouddb` | [Cloud DB (Classic)](clouddb) |
//! | `cdn` | [CDN+ and Global CDN](cdn) |
//! | `catalog` | the [`catalog`]: the model of these services as data |
//! | `serde` | `Serialize` and `Deserialize` for all structs and codes |

#[cfg(feature = "catalog")]
pub mod catalog;
mod return_code;
mod shared;
mod types;
#[allow(dead_code, reason = "not every service has something to wait for")]
mod waiting;

#[cfg(feature = "autoscaling")]
pub mod autoscaling;
#[cfg(feature = "cdn")]
pub mod cdn;
#[cfg(feature = "clouddb")]
pub mod clouddb;
#[cfg(feature = "loadbalancer")]
pub mod loadbalancer;
#[cfg(feature = "server")]
pub mod server;
#[cfg(feature = "vautoscaling")]
pub mod vautoscaling;
#[cfg(feature = "vhadoop")]
pub mod vhadoop;
#[cfg(feature = "vloadbalancer")]
pub mod vloadbalancer;
#[cfg(feature = "vmongodb")]
pub mod vmongodb;
#[cfg(feature = "vmssql")]
pub mod vmssql;
#[cfg(feature = "vmysql")]
pub mod vmysql;
#[cfg(feature = "vnas")]
pub mod vnas;
#[cfg(feature = "vpc")]
pub mod vpc;
#[cfg(feature = "vpostgresql")]
pub mod vpostgresql;
#[cfg(feature = "vredis")]
pub mod vredis;
#[cfg(feature = "vserver")]
pub mod vserver;

pub use return_code::ReturnCode;
#[allow(
    unused_imports,
    unreachable_pub,
    reason = "without any service, nothing is shared"
)]
pub use shared::*;
pub use types::{CommonCode, SortingOrder};
