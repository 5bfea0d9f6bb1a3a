//! Inventory: the resources that the simulator starts with, read from a JSON document.

use std::collections::HashSet;

use ncloud_core::codec::json;
use ncloud_core::shape::{Field, ReadError, Shape, Sink, Value};
use ncloud_core::{Error, shape};

use crate::member_server_image::MemberServerImage;

const BUILT_IN: &[u8] = include_bytes!("../inventory/built-in.json");
/// The regions of an inventory that names none: those that the public platform has.
const REGIONS: [(&str, &str); 3] = [("KR", "Korea"), ("SGN", "Singapore(New)"), ("JPN", "Japan(New)")];

/// Numbers of what is new begin above this one, and above all that the document has.
const NEW_NUMBERS_ABOVE: u64 = 2_000_000;

/// Everything that the simulated account has.
#[derive(Clone, Debug, Default)]
pub(crate) struct Inventory {
    regions: Vec<Region>,
    servers: Vec<ServerInstance>,
    member_server_images: Vec<MemberServerImage>,
    /// The highest number so far; none is given twice.
    last_number: u64,
}

#[derive(Clone, Debug, Default)]
struct Region {
    region_code: Option<String>,
    region_name: Option<String>,
}

shape! { Region { "regionCode" => region_code, "regionName" => region_name } }

/// A server, as far as images are made of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct ServerInstance {
    pub(crate) number: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) product_code: Option<String>,
    pub(crate) platform_type_code: Option<String>,
    pub(crate) block_storage_total_rows: Option<i32>,
    pub(crate) block_storage_total_size: Option<u64>,
    pub(crate) region_code: Option<String>,
}

shape! {
    ServerInstance {
        "serverInstanceNo" => number,
        "serverName" => name,
        "serverImageProductCode" => product_code,
        "platformTypeCode" => platform_type_code,
        "blockStorageTotalRows" => block_storage_total_rows,
        "blockStorageTotalSize" => block_storage_total_size,
        "regionCode" => region_code,
    }
}

impl Inventory {
    /// The images that the crate brings along.
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

    /// Codes and names of all regions.
    pub(crate) fn regions(&self) -> Vec<(String, String)> {
        let regions = self.regions.iter();
        regions
            .map(|region| {
                let code = region.region_code.clone().unwrap_or_default();
                let name = region.region_name.clone().unwrap_or_else(|| code.clone());
                (code, name)
            })
            .collect()
    }

    /// The region of calls that name none: the first one.
    pub(crate) fn default_region(&self) -> &str {
        self.regions
            .first()
            .and_then(|region| region.region_code.as_deref())
            .unwrap_or_default()
    }

    pub(crate) fn has_region(&self, code: &str) -> bool {
        self.regions
            .iter()
            .any(|region| region.region_code.as_deref() == Some(code))
    }

    /// The region that a call names, or the default one; the code itself if there is no such region.
    pub(crate) fn region<'a>(&'a self, code: Option<&'a str>) -> Result<&'a str, &'a str> {
        match code {
            None => Ok(self.default_region()),
            Some(code) if self.has_region(code) => Ok(code),
            Some(code) => Err(code),
        }
    }

    /// The server of this number in a region.
    pub(crate) fn server(&self, region: &str, number: &str) -> Option<&ServerInstance> {
        self.servers.iter().find(|server| {
            server.number.as_deref() == Some(number) && server.region_code.as_deref() == Some(region)
        })
    }

    /// The member server images of all regions, oldest first; some may be gone already.
    pub(crate) fn member_server_images(&self) -> &[MemberServerImage] {
        &self.member_server_images
    }

    /// The same, to be changed.
    pub(crate) fn member_server_images_mut(&mut self) -> &mut Vec<MemberServerImage> {
        &mut self.member_server_images
    }

    /// The same regions, with nothing in them.
    pub(crate) fn without_resources(&self) -> Self {
        Self {
            regions: self.regions.clone(),
            last_number: NEW_NUMBERS_ABOVE,
            ..Self::default()
        }
    }

    /// Has the numbers of what is new begin this much later.
    pub(crate) fn number_from(&mut self, begin: u64) {
        self.last_number = self.last_number.saturating_add(begin);
    }

    /// A number for something new.
    pub(crate) fn new_number(&mut self) -> u64 {
        self.last_number = self.last_number.saturating_add(1);
        self.last_number
    }

    /// Fills in what the document may leave out.
    fn complete(&mut self) {
        if self.regions.is_empty() {
            self.regions = REGIONS.map(Region::from).to_vec();
        }
        let region = self.default_region().to_owned();
        for server in &mut self.servers {
            server.region_code.get_or_insert_with(|| region.clone());
        }
        for image in &mut self.member_server_images {
            image.complete(&region);
        }
        let images = self.member_server_images.iter();
        let numbers = images.filter_map(|image| image.number()?.parse().ok());
        self.last_number = numbers.fold(NEW_NUMBERS_ABOVE, u64::max);
    }

    fn check(&self) -> Result<(), ReadError> {
        for (position, region) in self.regions.iter().enumerate() {
            required("regionCode", region.region_code.as_deref())
                .map_err(|error| error.within_item(position).within("regionList"))?;
        }
        let mut numbers = HashSet::new();
        for (position, server) in self.servers.iter().enumerate() {
            let number = server.number.as_deref();
            self.check_numbered(
                "serverInstanceNo",
                number,
                server.region_code.as_deref(),
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

    fn check_image<'a>(
        &self,
        image: &'a MemberServerImage,
        numbers: &mut HashSet<&'a str>,
    ) -> Result<(), ReadError> {
        let number = image.number();
        self.check_numbered(
            "memberServerImageInstanceNo",
            number,
            image.region_code(),
            numbers,
        )?;
        required("memberServerImageName", image.name()).map(drop)
    }

    /// A number that is there and unique, in a region that exists.
    fn check_numbered<'a>(
        &self,
        member: &str,
        number: Option<&'a str>,
        region: Option<&str>,
        numbers: &mut HashSet<&'a str>,
    ) -> Result<(), ReadError> {
        let number = required(member, number)?;
        if !numbers.insert(number) {
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

impl From<(&str, &str)> for Region {
    fn from((code, name): (&str, &str)) -> Self {
        Self {
            region_code: Some(code.to_owned()),
            region_name: Some(name.to_owned()),
        }
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
