//! Beginning: what a simulator starts with, from a document or from the file that keeps it.

use ncloud_core::Error;

use super::SimulatorBuilder;
use crate::inventory::Inventory;
use crate::snapshot::Snapshot;

impl SimulatorBuilder {
    /// Starts from this inventory instead of the built-in one; its form is described at the [crate](crate).
    ///
    /// # Errors
    ///
    /// A [`Build`](ncloud_core::ErrorKind::Build) error that names the place in the document: no JSON, a member that does not
    /// exist or is not of its type, an image without number or name, a number that stands there twice, an unknown region.
    ///
    /// ```
    /// use ncloud_simulator::Simulator;
    ///
    /// let broken = br#"{"memberServerImageInstanceList": [{"memberServerImageName": "web-image"}]}"#;
    /// let error = Simulator::builder().inventory_json(broken).unwrap_err();
    /// assert!(error.to_string().contains("memberServerImageInstanceList[0].memberServerImageInstanceNo"));
    /// ```
    pub fn inventory_json(mut self, document: &[u8]) -> Result<Self, Error> {
        self.inventory = Some(Inventory::from_json(document)?);
        Ok(self)
    }

    /// Starts from a world that was [written down](crate::Simulator::snapshot) before: every account, in order, has what the document
    /// says, changes under way included, instead of what it would start with. Accounts that it does not have start as ever.
    ///
    /// # Errors
    ///
    /// A [`Build`](ncloud_core::ErrorKind::Build) error that names the place in the document: no JSON, a member that does not
    /// exist or is not of its type, a kind of resource that is not known, a number that stands there twice, an unknown region.
    ///
    /// ```
    /// use ncloud_simulator::Simulator;
    ///
    /// let known = br#"{
    ///     "version": 1,
    ///     "regionList": [{"regionCode": "KR", "regionName": "Korea"}],
    ///     "accountList": [{"resourceList": [{
    ///         "kind": "VPC",
    ///         "number": 2000001,
    ///         "regionCode": "KR",
    ///         "members": {"vpcNo": "2000001", "vpcName": "net", "vpcStatus": {"code": "RUN", "codeName": "run"}}
    ///     }]}]
    /// }"#;
    /// let simulator = Simulator::builder().snapshot_json(known)?.build();
    /// let error = Simulator::builder().snapshot_json(br#"{"version": 2}"#).unwrap_err();
    /// assert!(error.to_string().contains("version is another one than 1"));
    /// # Ok::<(), ncloud_core::Error>(())
    /// ```
    pub fn snapshot_json(mut self, document: &[u8]) -> Result<Self, Error> {
        self.snapshot = Some(Snapshot::from_json(document)?);
        Ok(self)
    }

    /// The simulator, with what its accounts have in this file: a database of [redb](https://docs.rs/redb) that is made if it is not
    /// there. No change is acknowledged before it is in the file, so that none is lost however the process ends; a call whose change
    /// cannot be written is answered with 500 and gateway code 900.
    ///
    /// What the file has counts: inventory and snapshot are for a new file, and for accounts that are not in it yet. A
    /// [quota](Self::quota) that is given counts more than the file's, and is kept in it.
    ///
    /// # Errors
    ///
    /// A [`Build`](ncloud_core::ErrorKind::Build) error if the file cannot be opened or made, is no state of a simulator, or is in use
    /// by another one.
    ///
    /// ```
    /// use ncloud_simulator::Simulator;
    ///
    /// let file = std::env::temp_dir().join(format!("ncloud-simulator-example-{}.redb", std::process::id()));
    /// let simulator = Simulator::builder().build_with_state(&file)?;
    /// assert!(Simulator::builder().build_with_state(&file).is_err());
    /// let known = simulator.snapshot();
    /// drop(simulator);
    ///
    /// assert_eq!(Simulator::builder().build_with_state(&file)?.snapshot(), known);
    /// # std::fs::remove_file(&file)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "state")]
    pub fn build_with_state(self, file: impl AsRef<std::path::Path>) -> Result<crate::Simulator, Error> {
        let store = crate::store::Store::open(file.as_ref())?;
        let (settings, mut accounts, role) = self.parts();
        if let Some(snapshot) = store.load()? {
            snapshot.restore(&mut accounts);
            settings.limit(&mut accounts);
        }
        store.begin(&mut accounts)?;
        Ok(crate::Simulator::from_settings(
            settings,
            accounts,
            Some(Box::new(store)),
            role,
        ))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::{Duration, SystemTime};

    use ncloud_api::vpc::{CreateVpc, GetVpcList};
    use ncloud_core::{Endpoint, Operation, Session};

    use super::*;
    use crate::Simulator;
    use crate::keeping::Keep;
    use crate::world::World;

    /// A disk that can be full.
    struct Disk(Arc<AtomicBool>);

    impl Keep for Disk {
        fn keep(&self, _: usize, _: &World) -> bool {
            !self.0.load(Ordering::Relaxed)
        }
    }

    #[test]
    fn what_cannot_be_kept_is_not_acknowledged() {
        let is_full = Arc::new(AtomicBool::new(true));
        let (settings, accounts, role) = SimulatorBuilder::new().parts();
        let keep = Box::new(Disk(Arc::clone(&is_full)));
        let simulator = Simulator::from_settings(settings, accounts, Some(keep), role);
        let endpoint = Endpoint::new("http://127.0.0.1:1").unwrap();
        let session = Session::new(simulator.credentials(), endpoint).unwrap();
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_750_903_747);
        let status = |request| simulator.handle(request, now).status().as_u16();
        let create = CreateVpc::new("10.0.0.0/16");
        let list = GetVpcList::new();
        assert_eq!(status(session.request(&create, now).unwrap()), 500);
        // What nobody may rely on is shown to nobody.
        assert_eq!(status(session.request(&list, now).unwrap()), 500);
        assert_eq!(simulator.carried_out(CreateVpc::INFO.name), 0);
        let records = simulator.requests();
        assert!(
            records
                .iter()
                .all(|record| record.return_code.as_deref() == Some("900"))
        );

        is_full.store(false, Ordering::Relaxed);
        let response = simulator.handle(session.request(&list, now).unwrap(), now);
        let reply = session.parse::<GetVpcList>(response).unwrap();
        assert_eq!(reply.value.total_rows, Some(1));
    }
}
