//! Inventory: the resources that the simulator starts with, read from a JSON document.

use std::collections::HashSet;

use ncloud_api::vserver::{MemberServerImageInstance, ServerInstance};
use ncloud_core::codec::json;
use ncloud_core::shape::{Field, ReadError, Shape, Sink, Value};
use ncloud_core::{Error, shape};
use serde_json::Map;

use crate::world::kinds::{MEMBER_SERVER_IMAGE, SERVER_INSTANCE};
use crate::world::{Kind, Resource, World};

const BUILT_IN: &[u8] = include_bytes!("../inventory/built-in.json");
/// The regions of an inventory that names none: those that the public platform has.
const REGIONS: [(&str, &str); 3] = [("KR", "Korea"), ("SGN", "Singapore(New)"), ("JPN", "Japan(New)")];
/// The most digits that a number has.
const DIGITS: usize = 15;

/// Everything that the simulated account has at first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Inventory {
    regions: Vec<Region>,
    servers: Vec<Server>,
    member_server_images: Vec<MemberServerImage>,
}

#[derive(Clone, Debug, Default)]
struct Region {
    region_code: Option<String>,
    region_name: Option<String>,
}

shape! { Region { "regionCode" => region_code, "regionName" => region_name } }

/// A server, with what only images that are made of it show.
#[derive(Clone, Debug, Default)]
struct Server {
    shown: ServerInstance,
    platform_type_code: Option<String>,
    block_storage_total_rows: Option<i32>,
    block_storage_total_size: Option<u64>,
}

/// A member server image, with what can be asked for but is not shown.
#[derive(Clone, Debug, Default)]
struct MemberServerImage {
    shown: MemberServerImageInstance,
    platform_type_code: Option<String>,
    region_code: Option<String>,
}

impl Inventory {
    /// The servers and images that the crate brings along.
    pub(crate) fn built_in() -> Self {
        // A test reads the document, so that it always can be read.
        Self::from_json(BUILT_IN).unwrap_or_default()
    }

    /// Reads and checks a document.
    pub(crate) fn from_json(document: &[u8]) -> Result<Self, Error> {
        let refuse = |problem: &str| Error::build("inventory", format!("cannot be used: {problem}"));
        let mut inventory = Self::default();
        json::read(document, &mut inventory).map_err(|error| refuse(&error.to_string()))?;
        inventory.complete();
        inventory.check().map_err(|error| refuse(&error.to_string()))?;
        Ok(inventory)
    }

    /// The world that begins with it.
    pub(crate) fn into_world(self) -> World {
        let regions = self.regions.iter().map(|region| {
            let code = region.region_code.clone().unwrap_or_default();
            let name = region.region_name.clone().unwrap_or_else(|| code.clone());
            (code, name)
        });
        let mut world = World::new(regions.collect());
        for mut server in self.servers {
            let platform = server.platform_type_code.take();
            let region = server.shown.region_code.clone().unwrap_or_default();
            let mut members = members(&server);
            for (member, value) in SERVER_INSTANCE.shown(SERVER_INSTANCE.made) {
                members.entry(member).or_insert(value);
            }
            if let Some(platform) = platform {
                let platform = crate::world::common_code(&platform, &platform);
                members.entry("platformType").or_insert(platform);
            }
            insert(&mut world, &SERVER_INSTANCE, &region, members);
        }
        for image in self.member_server_images {
            let region = image.region_code.clone().unwrap_or_default();
            insert(&mut world, &MEMBER_SERVER_IMAGE, &region, members(&image));
        }
        world
    }

    /// The region of what names none: the first one.
    fn default_region(&self) -> &str {
        self.regions
            .first()
            .and_then(|region| region.region_code.as_deref())
            .unwrap_or_default()
    }

    fn has_region(&self, code: &str) -> bool {
        self.regions
            .iter()
            .any(|region| region.region_code.as_deref() == Some(code))
    }

    /// The same regions, with nothing in them.
    pub(crate) fn without_resources(&self) -> Self {
        Self {
            regions: self.regions.clone(),
            ..Self::default()
        }
    }

    /// Fills in what the document may leave out.
    fn complete(&mut self) {
        if self.regions.is_empty() {
            self.regions = REGIONS.map(Region::from).to_vec();
        }
        let region = self.default_region().to_owned();
        for server in &mut self.servers {
            server.shown.region_code.get_or_insert_with(|| region.clone());
        }
        for image in &mut self.member_server_images {
            image.region_code.get_or_insert_with(|| region.clone());
        }
    }

    fn check(&self) -> Result<(), ReadError> {
        for (position, region) in self.regions.iter().enumerate() {
            required("regionCode", region.region_code.as_deref())
                .map_err(|error| error.within_item(position).within("regionList"))?;
        }
        let mut numbers = HashSet::new();
        for (position, server) in self.servers.iter().enumerate() {
            let (number, region) = (&server.shown.server_instance_no, &server.shown.region_code);
            self.check_numbered(
                "serverInstanceNo",
                number.as_deref(),
                region.as_deref(),
                &mut numbers,
            )
            .map_err(|error| error.within_item(position).within("serverInstanceList"))?;
        }
        let mut numbers = HashSet::new();
        for (position, image) in self.member_server_images.iter().enumerate() {
            self.check_image(image, &mut numbers).map_err(|error| {
                error
                    .within_item(position)
                    .within("memberServerImageInstanceList")
            })?;
        }
        Ok(())
    }

    fn check_image(&self, image: &MemberServerImage, numbers: &mut HashSet<u64>) -> Result<(), ReadError> {
        let number = image.shown.member_server_image_instance_no.as_deref();
        self.check_numbered(
            "memberServerImageInstanceNo",
            number,
            image.region_code.as_deref(),
            numbers,
        )?;
        let name = image.shown.member_server_image_name.as_deref();
        required("memberServerImageName", name).map(drop)
    }

    /// A number that is there and unique, in a region that exists.
    fn check_numbered(
        &self,
        member: &str,
        number: Option<&str>,
        region: Option<&str>,
        numbers: &mut HashSet<u64>,
    ) -> Result<(), ReadError> {
        let number = required(member, number)?;
        let is_short = number.len() <= DIGITS;
        let Some(parsed) = crate::world::plain(number).filter(|_| is_short) else {
            let problem =
                format!("{number:?} is no number; give up to {DIGITS} digits, the first of them not 0");
            return Err(ReadError::new(problem).within(member));
        };
        if !numbers.insert(parsed) {
            return Err(
                ReadError::new(format!("{number:?} stands here twice; give each its own")).within(member),
            );
        }
        let region = region.unwrap_or_default();
        if !self.has_region(region) {
            let problem = format!("{region:?} is not in regionList; add it there or name another");
            return Err(ReadError::new(problem).within("regionCode"));
        }
        Ok(())
    }
}

fn required<'a>(member: &str, value: Option<&'a str>) -> Result<&'a str, ReadError> {
    value.ok_or_else(|| ReadError::new("is missing; every item needs one").within(member))
}

/// What a shape has, as members.
fn members(shape: &dyn Shape) -> Map<String, serde_json::Value> {
    let document = json::write(shape, json::Layout::Compact);
    // The codec writes what can be read.
    serde_json::from_slice(&document).unwrap_or_default()
}

fn insert(world: &mut World, kind: &'static Kind, region: &str, members: Map<String, serde_json::Value>) {
    if let Ok(number) = crate::world::text(&members, kind.number).parse() {
        world.insert(kind, number, Resource::new(region, members));
    }
}

impl From<(&str, &str)> for Region {
    fn from((code, name): (&str, &str)) -> Self {
        Self {
            region_code: Some(code.to_owned()),
            region_name: Some(name.to_owned()),
        }
    }
}

impl Shape for Server {
    fn read(&mut self, member: &str, value: &mut dyn Value) -> Result<bool, ReadError> {
        match member {
            "platformTypeCode" => self.platform_type_code.read(value)?,
            "blockStorageTotalRows" => self.block_storage_total_rows.read(value)?,
            "blockStorageTotalSize" => self.block_storage_total_size.read(value)?,
            _ => return Shape::read(&mut self.shown, member, value),
        }
        Ok(true)
    }

    fn write(&self, sink: &mut dyn Sink) {
        Shape::write(&self.shown, sink);
        Field::write(&self.platform_type_code, "platformTypeCode", sink);
        Field::write(&self.block_storage_total_rows, "blockStorageTotalRows", sink);
        Field::write(&self.block_storage_total_size, "blockStorageTotalSize", sink);
    }
}

impl Shape for MemberServerImage {
    fn read(&mut self, member: &str, value: &mut dyn Value) -> Result<bool, ReadError> {
        match member {
            "platformTypeCode" => self.platform_type_code.read(value)?,
            "regionCode" => self.region_code.read(value)?,
            _ if Shape::read(&mut self.shown, member, value)? => {}
            _ => return Err(ReadError::new("is no member of a member server image")),
        }
        Ok(true)
    }

    fn write(&self, sink: &mut dyn Sink) {
        Shape::write(&self.shown, sink);
        Field::write(&self.platform_type_code, "platformTypeCode", sink);
        Field::write(&self.region_code, "regionCode", sink);
    }
}

impl Shape for Inventory {
    fn read(&mut self, member: &str, value: &mut dyn Value) -> Result<bool, ReadError> {
        match member {
            "regionList" => self.regions.read(value)?,
            "serverInstanceList" => self.servers.read(value)?,
            "memberServerImageInstanceList" => self.member_server_images.read(value)?,
            // A misspelt list would otherwise be an empty one.
            _ => {
                return Err(ReadError::new(
                    "is no list of the inventory; known are regionList, serverInstanceList and \
                     memberServerImageInstanceList",
                ));
            }
        }
        Ok(true)
    }

    fn write(&self, sink: &mut dyn Sink) {
        Field::write(&self.regions, "regionList", sink);
        Field::write(&self.servers, "serverInstanceList", sink);
        Field::write(&self.member_server_images, "memberServerImageInstanceList", sink);
    }
}
