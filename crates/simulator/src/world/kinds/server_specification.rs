//! Server specifications: what the codes of server products and specifications say of CPUs, memory and boot storage.

use crate::outcome::ServiceError;
use crate::world::Call;

/// What a server gets that names neither.
const SMALLEST: &str = "SVR.VSVR.HICPU.C002.M004.NET.SSD.B050.G002";
const PRODUCT: &str = "serverProductCode";
const SPECIFICATION: &str = "serverSpecCode";

/// Families: their code in products, their letter in specifications, and GB of memory for each CPU.
const FAMILIES: [(&str, char, u32); 3] = [("HICPU", 'c', 2), ("STAND", 's', 4), ("HIMEM", 'm', 8)];

/// CPUs, memory and boot storage.
pub(super) struct ServerSpecification {
    pub(super) product_code: String,
    pub(super) specification_code: String,
    /// The code of the kind of server: `STAND`.
    pub(super) family: String,
    pub(super) cpu_count: u32,
    /// In GB.
    pub(super) memory: u32,
    /// `SSD` or `HDD`.
    pub(super) disk: &'static str,
    /// In GB.
    pub(super) boot_storage: u32,
}

impl ServerSpecification {
    /// What a call asks for, if it does.
    pub(super) fn of_call(call: &Call<'_>) -> Result<Option<Self>, ServiceError> {
        let (parameter, code, read): (_, _, fn(&str) -> Option<Self>) =
            match (call.get(PRODUCT), call.get(SPECIFICATION)) {
                (None, None) => return Ok(None),
                (Some(_), Some(_)) => {
                    let problem = format!("cannot be given together with {PRODUCT}; leave one of them out");
                    return Err(ServiceError::parameter(SPECIFICATION, &problem));
                }
                (Some(code), None) => (PRODUCT, code, Self::of_product),
                (None, Some(code)) => (SPECIFICATION, code, Self::of_specification),
            };
        match read(code) {
            Some(specification) => Ok(Some(specification)),
            None => Err(ServiceError::authority(parameter, code)),
        }
    }

    /// The smallest one that there is.
    pub(super) fn smallest() -> Option<Self> {
        Self::of_product(SMALLEST)
    }

    /// Reads a code such as `SVR.VSVR.HICPU.C002.M004.NET.SSD.B050.G002`.
    fn of_product(code: &str) -> Option<Self> {
        let parts: Vec<&str> = code.split('.').collect();
        let number = |letter: char| {
            parts
                .iter()
                .find_map(|part| part.strip_prefix(letter)?.parse().ok())
        };
        let (cpu_count, memory): (u32, u32) = (number('C')?, number('M')?);
        let disk = if parts.contains(&"HDD") { "HDD" } else { "SSD" };
        let boot_storage = number('B').unwrap_or(50);
        let family = parts.get(2).copied().unwrap_or_default();
        let generation = parts.last()?.strip_prefix('G')?.parse().unwrap_or(2_u32);
        let letter = FAMILIES.iter().find(|(name, ..)| *name == family);
        let kind_of_disk = if disk == "SSD" { 's' } else { 'h' };
        let specification_code = letter
            .map(|(_, letter, _)| format!("{letter}{cpu_count}-g{generation}-{kind_of_disk}{boot_storage}"));
        Some(Self {
            product_code: code.to_owned(),
            specification_code: specification_code.unwrap_or_default(),
            family: family.to_owned(),
            cpu_count,
            memory,
            disk,
            boot_storage,
        })
    }

    /// Reads a code such as `c2-g2-s50`; newer generations have it without the last part.
    fn of_specification(code: &str) -> Option<Self> {
        let mut parts = code.split('-');
        let mut first = parts.next()?.chars();
        let letter = first.next()?;
        let (family, _, memory) = FAMILIES.iter().find(|(_, known, _)| *known == letter)?;
        let cpu_count: u32 = first.as_str().parse().ok()?;
        let generation: u32 = parts.next()?.strip_prefix('g')?.parse().ok()?;
        let (disk, boot_storage): (_, u32) = match parts.next() {
            None => ("SSD", 50),
            Some(last) => match last.strip_prefix('h') {
                Some(size) => ("HDD", size.parse().ok()?),
                None => ("SSD", last.strip_prefix('s')?.parse().ok()?),
            },
        };
        let memory = cpu_count.checked_mul(*memory)?;
        let product_code = format!(
            "SVR.VSVR.{family}.C{cpu_count:03}.M{memory:03}.NET.{disk}.B{boot_storage:03}.G{generation:03}"
        );
        Some(Self {
            product_code,
            specification_code: code.to_owned(),
            family: (*family).to_owned(),
            cpu_count,
            memory,
            disk,
            boot_storage,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_code_says_the_same() {
        let product = ServerSpecification::of_product("SVR.VSVR.STAND.C004.M016.NET.HDD.B100.G002").unwrap();
        assert_eq!(product.specification_code, "s4-g2-h100");
        let same = ServerSpecification::of_specification("s4-g2-h100").unwrap();
        assert_eq!(same.product_code, product.product_code);
        assert_eq!((same.cpu_count, same.memory, same.boot_storage), (4, 16, 100));
        assert_eq!(
            ServerSpecification::smallest().unwrap().specification_code,
            "c2-g2-s50"
        );
    }

    #[test]
    fn what_says_nothing_is_refused() {
        for code in ["", "c", "c2", "x2-g2", "c2-g2-x", "한2-g2", "m4294967295-g2"] {
            assert!(ServerSpecification::of_specification(code).is_none(), "{code}");
        }
        for code in ["", "SVR", "SVR.VSVR.HICPU.C002", "SVR.VSVR.HICPU.C002.M004"] {
            assert!(ServerSpecification::of_product(code).is_none(), "{code}");
        }
    }
}
