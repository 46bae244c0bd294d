//! The cache of measurements, so that a start need not measure a thousand recordings again. Outside the chain: it
//! proves nothing and may be lost. Never looks at a recording; whether a row is still good the caller sees by size
//! and modification time.

use std::num::TryFromIntError;

use rusqlite::{Connection, Row};
use serde::de::DeserializeOwned;

use super::error::Fault;
use crate::core::cart::{CartFault, CartName, Measurement};

/// What was found about a recording when it was last measured.
#[derive(Clone, Debug, PartialEq)]
pub struct KnownCart {
    /// Its name in the library.
    pub name: CartName,
    /// Size of the file in bytes.
    pub size: u64,
    /// Modification time of the file, nanoseconds since 1970.
    pub mtime_ns: i64,
    /// What measuring found; none where nothing could be decoded.
    pub measurement: Option<Measurement>,
    /// What is wrong with it; a damaged recording has both. One of the two is there.
    pub fault: Option<CartFault>,
}

/// Every row that can be read; one that cannot (of another version of the program) is measured again.
pub(super) fn all(db: &Connection) -> Result<Vec<KnownCart>, Fault> {
    let mut query =
        db.prepare_cached("SELECT name, size, mtime_ns, measurement, fault FROM cart ORDER BY name")?;
    let mut rows = query.query([])?;
    let mut carts = Vec::new();
    while let Some(row) = rows.next()? {
        match known(row)? {
            Some(cart) => carts.push(cart),
            None => tracing::debug!(
                name = row.get::<_, String>(0)?,
                "a measurement of another version is dropped"
            ),
        }
    }
    Ok(carts)
}

fn known(row: &Row<'_>) -> rusqlite::Result<Option<KnownCart>> {
    fn part<T: DeserializeOwned>(text: Option<String>) -> Result<Option<T>, serde_json::Error> {
        text.map(|text| serde_json::from_str(&text)).transpose()
    }
    let (name, size): (String, i64) = (row.get(0)?, row.get(1)?);
    let (Ok(name), Ok(size)) = (CartName::new(&name), u64::try_from(size)) else { return Ok(None) };
    let (Ok(measurement), Ok(fault)) = (part(row.get(3)?), part(row.get(4)?)) else { return Ok(None) };
    Ok(Some(KnownCart { name, size, mtime_ns: row.get(2)?, measurement, fault }))
}

/// Puts or replaces a row.
pub(super) fn remember(db: &Connection, cart: &KnownCart) -> Result<(), Fault> {
    fn json<T: serde::Serialize>(part: &Option<T>) -> Result<Option<String>, serde_json::Error> {
        part.as_ref().map(serde_json::to_string).transpose()
    }
    let size = i64::try_from(cart.size)
        .map_err(|error: TryFromIntError| std::io::Error::new(std::io::ErrorKind::InvalidInput, error))?;
    db.prepare_cached("INSERT OR REPLACE INTO cart VALUES (?1, ?2, ?3, ?4, ?5)")?.execute((
        cart.name.as_str(),
        size,
        cart.mtime_ns,
        json(&cart.measurement)?,
        json(&cart.fault)?,
    ))?;
    Ok(())
}

/// Takes a row out; nothing happens where there is none.
pub(super) fn forget(db: &Connection, name: &CartName) -> Result<(), Fault> {
    db.prepare_cached("DELETE FROM cart WHERE name = ?1")?.execute([name.as_str()])?;
    Ok(())
}
