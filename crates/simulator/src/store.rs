//! The store: a file with what the accounts have, into which every change goes before it is acknowledged.

use std::path::Path;

use ncloud_core::Error;
use redb::{
    Builder, Database, ReadTransaction, ReadableDatabase as _, ReadableTable as _, TableDefinition,
    WriteTransaction,
};
use serde_json::Value;

use crate::account::Account;
use crate::document::Part;
use crate::keeping::Keep;
use crate::snapshot::{Snapshot, VERSION, read_regions, regions};
use crate::world::World;

/// The version of the form, and the regions.
const GENERAL: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("general");
/// What an account has beside resources, by its position.
const LEDGERS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("ledgers");
/// Resources, by the position of their account, the name of their kind and their number.
const RESOURCES: TableDefinition<'_, (u64, &str, u64), &[u8]> = TableDefinition::new("resources");

const FORM: &str = "form";

/// An open file. No other process can open it meanwhile.
pub(crate) struct Store {
    database: Database,
}

impl Store {
    /// Opens a file or makes one.
    pub(crate) fn open(file: &Path) -> Result<Self, Error> {
        let opened = Builder::new()
            // Without this, what somebody else wrote into the file could be more than an error.
            .set_check_integrity_on_open(true)
            .create(file);
        match opened {
            Ok(database) => Ok(Self { database }),
            Err(redb::DatabaseError::DatabaseAlreadyOpen) => Err(wrong("it is in use by another simulator")),
            Err(error) => Err(wrong(&error.to_string())),
        }
    }

    /// What the file has; `None` if it is new.
    pub(crate) fn load(&self) -> Result<Option<Snapshot>, Error> {
        let transaction = self.database.begin_read().map_err(failed)?;
        let general = match transaction.open_table(GENERAL) {
            Err(redb::TableError::TableDoesNotExist(_)) => return Ok(None),
            table => table.map_err(failed)?,
        };
        let form = general.get(FORM).map_err(failed)?;
        let form = json(form.as_ref().map_or(&b""[..], redb::AccessGuard::value), FORM)?;
        let form = Part::whole("state", &form);
        let regions = read_regions(&form)?;
        let mut worlds = read_ledgers(&transaction, &regions)?;
        let resources = transaction.open_table(RESOURCES).map_err(failed)?;
        for resource in resources.iter().map_err(failed)? {
            let (key, resource) = resource.map_err(failed)?;
            let (position, kind, number) = key.value();
            let path = format!("resource {position}/{kind}/{number}");
            let resource = json(resource.value(), &path)?;
            let part = Part::named("state", path, &resource);
            let world = usize::try_from(position)
                .ok()
                .and_then(|position| worlds.get_mut(position));
            let world = world.ok_or_else(|| part.wrong("belongs to no account"))?;
            world.read_resource(&part)?;
        }
        worlds.iter_mut().for_each(World::forget_changes);
        Ok(Some(Snapshot::new(worlds)))
    }

    /// Writes what the accounts start with, as far as the file does not have it yet.
    pub(crate) fn begin(&self, accounts: &mut [Account]) -> Result<(), Error> {
        self.write_beginning(accounts).map_err(failed)?;
        for account in accounts {
            account.world.forget_changes();
        }
        Ok(())
    }

    fn write_beginning(&self, accounts: &[Account]) -> Result<(), redb::Error> {
        let transaction = self.database.begin_write()?;
        let worlds = accounts.iter().map(|account| &account.world);
        let form = serde_json::json!({
            "version": VERSION,
            "regionList": worlds.clone().next().map(regions),
        });
        transaction
            .open_table(GENERAL)?
            .insert(FORM, form.to_string().as_bytes())?;
        for (position, world) in worlds.enumerate() {
            write_changes(&transaction, position, world)?;
        }
        transaction.commit()?;
        Ok(())
    }

    fn write(&self, position: usize, world: &World) -> Result<(), redb::Error> {
        let transaction = self.database.begin_write()?;
        write_changes(&transaction, position, world)?;
        // Comes back when the change is on the disk.
        transaction.commit()?;
        Ok(())
    }
}

impl Keep for Store {
    fn keep(&self, position: usize, world: &World) -> bool {
        self.write(position, world).is_ok()
    }
}

/// A world for each account, without resources yet.
fn read_ledgers(transaction: &ReadTransaction, regions: &[(String, String)]) -> Result<Vec<World>, Error> {
    let mut worlds = Vec::new();
    let ledgers = transaction.open_table(LEDGERS).map_err(failed)?;
    for ledger in ledgers.iter().map_err(failed)? {
        let (position, ledger) = ledger.map_err(failed)?;
        let path = format!("ledger {}", position.value());
        let ledger = json(ledger.value(), &path)?;
        let mut world = World::new(regions.to_vec());
        world.read_ledger(&Part::named("state", path, &ledger))?;
        worlds.push(world);
    }
    Ok(worlds)
}

/// Writes what may have changed in a world, and nothing else.
fn write_changes(transaction: &WriteTransaction, position: usize, world: &World) -> Result<(), redb::Error> {
    let position = u64::try_from(position).unwrap_or(u64::MAX);
    let ledger = Value::Object(world.ledger()).to_string();
    transaction
        .open_table(LEDGERS)?
        .insert(position, ledger.as_bytes())?;
    let mut resources = transaction.open_table(RESOURCES)?;
    for (kind, number, document) in world.changes() {
        match document {
            Some(document) => {
                resources.insert((position, kind, number), document.to_string().as_bytes())?;
            }
            None => {
                resources.remove((position, kind, number))?;
            }
        }
    }
    Ok(())
}

fn json(text: &[u8], what: &str) -> Result<Value, Error> {
    serde_json::from_slice(text).map_err(|error| wrong(&format!("{what} is not readable as JSON: {error}")))
}

fn failed(error: impl Into<redb::Error>) -> Error {
    wrong(&error.into().to_string())
}

fn wrong(problem: &str) -> Error {
    Error::build("state", format!("cannot be used: {problem}"))
}
