//! Inventory: the resources that the simulator starts with, read from a JSON document.

use std::collections::HashSet;

use ncloud_api::vserver::MemberServerImageInstance;
use ncloud_core::codec::json;
use ncloud_core::shape::{Field, ReadError, Shape, Sink, Value};
use ncloud_core::{Error, shape};

const BUILT_IN: &[u8] = include_bytes!("../inventory/member-server-images.json");
/// The regions of an inventory that names none: those that the public platform has.
const REGIONS: [(&str, &str); 3] = [("KR", "Korea"), ("SGN", "Singapore(New)"), ("JPN", "Japan(New)")];

/// Everything that the simulated account has.
#[derive(Clone, Debug, Default)]
pub(crate) struct Inventory {
    regions: Vec<Region>,
    member_server_images: Vec<MemberServerImage>,
}

#[derive(Clone, Debug, Default)]
struct Region {
    region_code: Option<String>,
    region_name: Option<String>,
}

shape! { Region { "regionCode" => region_code, "regionName" => region_name } }

/// A member server image, with what can be asked for but is not shown.
#[derive(Clone, Debug, Default)]
pub(crate) struct MemberServerImage {
    pub(crate) wire: MemberServerImageInstance,
    pub(crate) platform_type_code: Option<String>,
    pub(crate) region_code: Option<String>,
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

    /// The member server images of all regions, in the order of the document.
    pub(crate) fn member_server_images(&self) -> &[MemberServerImage] {
        &self.member_server_images
    }

    /// Fills in what the document may leave out.
    fn complete(&mut self) {
        if self.regions.is_empty() {
            self.regions = REGIONS.map(Region::from).to_vec();
        }
        let region = self.default_region().to_owned();
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
        const NUMBER: &str = "memberServerImageInstanceNo";
        let number = required(NUMBER, image.wire.member_server_image_instance_no.as_deref())?;
        if !numbers.insert(number) {
            return Err(
                ReadError::new(format!("{number:?} stands here twice; give each image its own"))
                    .within(NUMBER),
            );
        }
        required(
            "memberServerImageName",
            image.wire.member_server_image_name.as_deref(),
        )?;
        let region = image.region_code.as_deref().unwrap_or_default();
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
            "memberServerImageInstanceList" => self.member_server_images.read(value)?,
            // A misspelt list would otherwise be an empty one.
            _ => {
                return Err(ReadError::new(
                    "is no list of the inventory; known are regionList and memberServerImageInstanceList",
                ));
            }
        }
        Ok(true)
    }

    fn write(&self, sink: &mut dyn Sink) {
        Field::write(&self.regions, "regionList", sink);
        Field::write(&self.member_server_images, "memberServerImageInstanceList", sink);
    }
}

impl Shape for MemberServerImage {
    fn read(&mut self, member: &str, value: &mut dyn Value) -> Result<bool, ReadError> {
        match member {
            "platformTypeCode" => self.platform_type_code.read(value)?,
            "regionCode" => self.region_code.read(value)?,
            _ if Shape::read(&mut self.wire, member, value)? => {}
            _ => return Err(ReadError::new("is no member of a member server image")),
        }
        Ok(true)
    }

    fn write(&self, sink: &mut dyn Sink) {
        Shape::write(&self.wire, sink);
        Field::write(&self.platform_type_code, "platformTypeCode", sink);
        Field::write(&self.region_code, "regionCode", sink);
    }
}

impl ncloud_core::shape::Element for MemberServerImage {
    fn read(value: &mut dyn Value) -> Result<Option<Self>, ReadError> {
        let mut image = Self::default();
        let present = value.shape(&mut image)?;
        Ok(present.then_some(image))
    }

    fn write(&self, name: &str, sink: &mut dyn Sink) {
        sink.shape(name, self);
    }
}
