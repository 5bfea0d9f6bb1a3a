//! Snapshots: what all accounts have at a moment, as one JSON document, and a simulator that starts from it.

use ncloud_core::Error;
use serde_json::{Value, json};

use crate::account::Account;
use crate::document::Part;
use crate::inventory::Inventory;
use crate::simulator::Simulator;
use crate::world::World;

/// What the form of the document is called; another form would be another number.
pub(crate) const VERSION: u64 = 1;

/// What a document says.
#[derive(Clone, Debug)]
pub(crate) struct Snapshot {
    worlds: Vec<World>,
}

impl Simulator {
    /// Everything that the accounts have, as a JSON document, for [`snapshot_json`](crate::SimulatorBuilder::snapshot_json) and
    /// for a look: for each account its resources with the changes that go on, its quotas and the last number that was given. Keys,
    /// faults and requests are not in it.
    ///
    /// Moments are milliseconds since 1970. A resource has the members that answers show and some that only the simulator knows.
    ///
    /// ```
    /// use ncloud_simulator::Simulator;
    ///
    /// let document = Simulator::new().snapshot();
    /// let again = Simulator::builder().snapshot_json(document.as_bytes())?.build();
    /// assert_eq!(again.snapshot(), document);
    /// # Ok::<(), ncloud_core::Error>(())
    /// ```
    #[must_use]
    pub fn snapshot(&self) -> String {
        // Without the pretty form, nobody could look for a difference between two of them.
        format!("{:#}\n", self.snapshot_document())
    }

    pub(crate) fn snapshot_document(&self) -> Value {
        let state = self.state();
        let worlds = || state.accounts.iter().map(|account| &account.world);
        json!({
            "version": VERSION,
            "regionList": worlds().next().map(regions),
            "accountList": worlds().map(World::document).collect::<Value>(),
        })
    }
}

impl Snapshot {
    /// Reads and checks a document.
    pub(crate) fn from_json(document: &[u8]) -> Result<Self, Error> {
        let document: Value = serde_json::from_slice(document).map_err(|error| {
            Error::build(
                "snapshot",
                format!("cannot be used: not readable as JSON: {error}"),
            )
        })?;
        let whole = Part::whole("snapshot", &document);
        whole.only(&["version", "regionList", "accountList"])?;
        let regions = read_regions(&whole)?;
        let mut worlds = Vec::new();
        for part in whole.items("accountList")? {
            let mut world = World::new(regions.clone());
            world.read_document(&part)?;
            worlds.push(world);
        }
        Ok(Self { worlds })
    }

    /// What the accounts have, in order.
    #[cfg(feature = "state")]
    pub(crate) fn new(worlds: Vec<World>) -> Self {
        Self { worlds }
    }

    /// Puts what the document says in place of what the accounts have, with further accounts if it has more.
    pub(crate) fn restore(&self, accounts: &mut Vec<Account>) {
        let nothing = Inventory::default();
        for (position, world) in self.worlds.iter().enumerate() {
            if accounts.len() <= position {
                accounts.push(Account::new(position, &nothing));
            }
            if let Some(account) = accounts.get_mut(position) {
                account.world = world.clone();
            }
        }
    }
}

/// The regions of a world, as a document has them.
pub(crate) fn regions(world: &World) -> Value {
    let regions = world.regions.iter();
    regions
        .map(|(code, name)| json!({ "regionCode": code, "regionName": name }))
        .collect()
}

/// The regions of a document in a form that is known.
pub(crate) fn read_regions(whole: &Part<'_>) -> Result<Vec<(String, String)>, Error> {
    let version = whole.required("version")?;
    if version.count()? != VERSION {
        return Err(version.wrong("is another one than 1, the only one that is known"));
    }
    let mut regions = Vec::new();
    for part in whole.items("regionList")? {
        part.only(&["regionCode", "regionName"])?;
        let code = part.required("regionCode")?.text()?;
        let name = part.get("regionName").map(|name| name.text()).transpose()?;
        regions.push((code.to_owned(), name.unwrap_or(code).to_owned()));
    }
    if regions.is_empty() {
        return Err(whole.wrong("has no region in its regionList"));
    }
    Ok(regions)
}
