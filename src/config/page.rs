//! Reads `[page]`: where the station's pages are served. Owns its default; it opens no certificate: that is done when the
//! pages are served, so that a broken one keeps no programme from the air.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use super::ConfigFault;
use super::read::Table;
use crate::core::fault::clip;

/// Where the pages are served that say nothing else.
const USUAL: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);

/// `[page]`: the pages that supervisors and technicians look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// `listen`: the address and port, `"none"` for no pages. Default `127.0.0.1:8080`, which this machine alone reaches;
    /// any other address is served only where there are accounts (`loa user add`).
    pub listen: Listen,
    /// `certificate` and `key`: the files by which the pages are served over TLS (https), both or neither. Default neither.
    pub certificate: Option<Certificate>,
}

/// Where the pages are served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listen {
    /// Nowhere.
    Nowhere,
    /// At that address.
    At(SocketAddr),
}

/// The files of a certificate, in PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// The certificate, with those that vouch for it.
    pub chain: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

pub(super) fn read(fields: &Table<'_, '_>, root: &Path) -> Option<Page> {
    let listen = match fields.text("listen") {
        Some(text) if text.value.trim() == "none" => Some(Listen::Nowhere),
        Some(text) => match text.value.trim().parse() {
            Ok(address) => Some(Listen::At(address)),
            Err(_) => {
                fields.tell(text.at, || ConfigFault::BadListen { found: clip(text.value) });
                None
            }
        },
        None => Some(Listen::At(USUAL)),
    };
    let certificate = match (fields.text("certificate"), fields.text("key")) {
        (Some(chain), Some(key)) => {
            Some(Certificate { chain: root.join(chain.value), key: root.join(key.value) })
        }
        (Some(_), None) => fields.need("key", None),
        (None, Some(_)) => fields.need("certificate", None),
        (None, None) => None,
    };
    Some(Page { listen: listen?, certificate })
}
