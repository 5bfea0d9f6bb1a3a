//! Keys: whom the simulator lets in, and to which account.

use ncloud_core::Credentials;

use super::SimulatorBuilder;
use crate::authentication::{Caller, Key};

impl SimulatorBuilder {
    /// Adds an account with this key pair: in place of the built-in one, and beside others given here. If an account has the same
    /// access key already, only the pair is replaced. One with an [expiry](Credentials::with_expiry) is refused from that moment on,
    /// as an unknown one is.
    ///
    /// Each account has resources of its own, and no other sees them, not even by their numbers. The first one starts with the
    /// inventory, the others with nothing, in the same regions.
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use ncloud_api::vserver::GetMemberServerImageInstanceList;
    /// use ncloud_core::{Credentials, Endpoint, Session};
    /// use ncloud_simulator::Simulator;
    ///
    /// let first = Credentials::new("ncp_ak_TESTFIRST", "ncp_sk_TESTFIRST")?;
    /// let second = Credentials::new("ncp_ak_TESTSECOND", "ncp_sk_TESTSECOND")?;
    /// let simulator = Simulator::builder().account(&first).account(&second).build();
    ///
    /// let now = SystemTime::now();
    /// let list = GetMemberServerImageInstanceList::new();
    /// for (keys, count) in [(first, 25), (second, 0)] {
    ///     let session = Session::new(&keys, Endpoint::new("http://127.0.0.1:1")?)?;
    ///     let response = simulator.handle(session.request(&list, now)?, now);
    ///     let reply = session.parse::<GetMemberServerImageInstanceList>(response)?;
    ///     assert_eq!(reply.value.total_rows, Some(count));
    /// }
    /// # Ok::<(), ncloud_core::Error>(())
    /// ```
    pub fn account(mut self, credentials: &Credentials) -> Self {
        let owner = self.key(credentials).and_then(|key| key.caller.account);
        let account = owner.unwrap_or_else(|| {
            self.accounts = self.accounts.saturating_add(1);
            self.accounts.saturating_sub(1)
        });
        self.put(credentials, Some(account));
        self
    }

    /// Adds another key pair, such as a sub account's, to the account that was given last, or to the built-in one if none was. It
    /// takes the place of one with the same access key.
    ///
    /// ```
    /// use ncloud_core::Credentials;
    /// use ncloud_simulator::Simulator;
    ///
    /// let main = Credentials::new("ncp_ak_TESTMAIN", "ncp_sk_TESTMAIN")?;
    /// let sub = Credentials::new("ncp_ak_TESTSUB", "ncp_sk_TESTSUB")?;
    /// let simulator = Simulator::builder().account(&main).account_key(&sub).build();
    /// assert_eq!(simulator.credentials().access_key(), main.access_key());
    /// # Ok::<(), ncloud_core::Error>(())
    /// ```
    pub fn account_key(mut self, credentials: &Credentials) -> Self {
        let last = self.accounts.saturating_sub(1);
        self.put(credentials, Some(last));
        self
    }

    /// Adds a key pair that is right but may do nothing: every call is refused with 401 and gateway code 210, Permission Denied. It
    /// takes the place of one with the same access key, and not that of the built-in account.
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use ncloud_api::vserver::GetMemberServerImageInstanceList;
    /// use ncloud_core::{Credentials, Endpoint, Session};
    /// use ncloud_simulator::Simulator;
    ///
    /// let keys = Credentials::new("ncp_ak_TESTDENIED", "ncp_sk_TESTDENIED")?;
    /// let simulator = Simulator::builder().account_without_permission(&keys).build();
    /// let session = Session::new(&keys, Endpoint::new("http://127.0.0.1:1")?)?;
    ///
    /// let now = SystemTime::now();
    /// let list = GetMemberServerImageInstanceList::new();
    /// let response = simulator.handle(session.request(&list, now)?, now);
    /// let error = session.parse::<GetMemberServerImageInstanceList>(response).unwrap_err();
    /// assert!(error.is_permission_denied());
    /// # Ok::<(), ncloud_core::Error>(())
    /// ```
    pub fn account_without_permission(mut self, credentials: &Credentials) -> Self {
        self.put(credentials, None);
        self
    }

    fn key(&self, credentials: &Credentials) -> Option<&Key> {
        let access_key = credentials.access_key();
        self.keys
            .iter()
            .find(|key| key.credentials.access_key() == access_key)
    }

    /// Adds a key pair, in place of one with the same access key.
    fn put(&mut self, credentials: &Credentials, account: Option<usize>) {
        let key = Key {
            credentials: credentials.clone(),
            caller: Caller { account },
        };
        let access_key = credentials.access_key();
        let same = |known: &&mut Key| known.credentials.access_key() == access_key;
        match self.keys.iter_mut().find(same) {
            Some(known) => *known = key,
            None => self.keys.push(key),
        }
    }
}
