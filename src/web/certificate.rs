//! The certificate by which the pages are served over TLS. Owns how it is read, until when it is good, and how a renewed one
//! takes the place of the old while the pages are served; who comes in is `door`'s.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use x509_cert::der::Decode;

use super::{Pages, hold};
use crate::config::Certificate;
use crate::core::checkup::CERTIFICATE_ENDS_SOON;
use crate::words::pages as words;

/// Larger files are no certificate and no key of a station's.
const LARGEST: u64 = 1 << 20;
/// Whoever renews a certificate writes two files, one after the other: that they do not fit is told after so long.
const RENEWING: Duration = Duration::from_secs(20);
/// So often it is looked whether the certificate ends soon.
const LOOK: Duration = Duration::from_secs(3_600);

/// A certificate and its key, read and found to belong together.
struct Loaded {
    acceptor: TlsAcceptor,
    ends: DateTime<Utc>,
}

/// What the files were like when they were read.
type Marks = [Option<(SystemTime, u64)>; 2];

/// The certificate that is in use.
pub(super) struct Held {
    files: Certificate,
    acceptor: Mutex<TlsAcceptor>,
    known: Mutex<Known>,
}

struct Known {
    marks: Marks,
    ends: DateTime<Utc>,
    failing_since: Option<Duration>,
    looked: Option<Duration>,
}

impl Held {
    /// Reads the certificate and its key.
    ///
    /// # Errors
    /// Which file is wrong, and what was found.
    pub(super) fn open(files: &Certificate) -> Result<Held, String> {
        let marks = marks(files);
        let Loaded { acceptor, ends } = load(files)?;
        let known = Known { marks, ends, failing_since: None, looked: None };
        Ok(Held { files: files.clone(), acceptor: Mutex::new(acceptor), known: Mutex::new(known) })
    }

    /// For the next connection.
    pub(super) fn acceptor(&self) -> TlsAcceptor {
        hold(&self.acceptor).clone()
    }

    /// Takes a renewed certificate over, and says when one cannot be, or when the one in use ends soon. Asks the disk: it
    /// may block.
    pub(super) fn look(&self, pages: &Pages) {
        let (language, zone) = (pages.config.station.language, pages.config.station.time_zone);
        let about = self.files.chain.display().to_string();
        let (steady, marks) = (pages.steady(), marks(&self.files));
        let mut known = hold(&self.known);
        if known.marks != marks {
            match load(&self.files) {
                Ok(Loaded { acceptor, ends }) => {
                    *hold(&self.acceptor) = acceptor;
                    *known = Known { marks, ends, failing_since: None, looked: None };
                    tracing::info!(%ends, "the pages have a new certificate");
                    pages.station.alarm("certificate_faulty", None);
                }
                Err(found) => {
                    let since = *known.failing_since.get_or_insert(steady);
                    if steady.saturating_sub(since) >= RENEWING {
                        let found = words::certificate_not_renewed(language, &found);
                        pages.station.alarm("certificate_faulty", Some((about.clone(), found)));
                    }
                }
            }
        } else if known.failing_since.take().is_some() {
            // The one that is in use was put back.
            pages.station.alarm("certificate_faulty", None);
        }
        if known.looked.is_none_or(|looked| steady.saturating_sub(looked) >= LOOK) {
            known.looked = Some(steady);
            let soon = known.ends - pages.clock.now() < CERTIFICATE_ENDS_SOON;
            let found = soon.then(|| (about, words::certificate_ends(language, zone, known.ends)));
            pages.station.alarm("certificate_ends", found);
        }
    }
}

/// Until when the certificate is good, if it and its key could be served.
///
/// # Errors
/// Which file is wrong, and what was found.
pub fn good_until(files: &Certificate) -> Result<DateTime<Utc>, String> {
    load(files).map(|loaded| loaded.ends)
}

fn marks(files: &Certificate) -> Marks {
    [&files.chain, &files.key].map(|file| {
        let about = std::fs::metadata(file).ok()?;
        Some((about.modified().ok()?, about.len()))
    })
}

fn load(files: &Certificate) -> Result<Loaded, String> {
    let of = |file: &Path, found: String| format!("{}: {found}", file.display());
    let (chain_text, key_text) = (contents(&files.chain)?, contents(&files.key)?);
    let chain = CertificateDer::pem_slice_iter(&chain_text)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| of(&files.chain, error.to_string()))?;
    let ends = ends(&chain).map_err(|found| of(&files.chain, found))?;
    let key = PrivateKeyDer::from_pem_slice(&key_text).map_err(|error| of(&files.key, error.to_string()))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|error| of(&files.chain, error.to_string()))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Loaded { acceptor: TlsAcceptor::from(Arc::new(config)), ends })
}

fn contents(file: &Path) -> Result<Vec<u8>, String> {
    let of = |error: std::io::Error| format!("{}: {error}", file.display());
    let mut bytes = Vec::new();
    File::open(file).map_err(of)?.take(LARGEST).read_to_end(&mut bytes).map_err(of)?;
    Ok(bytes)
}

/// When the first of the chain that ends does so: the browser needs all of them.
fn ends(chain: &[CertificateDer<'_>]) -> Result<DateTime<Utc>, String> {
    let mut ends = Vec::new();
    for one in chain {
        let read = x509_cert::Certificate::from_der(one).map_err(|error| error.to_string())?;
        ends.push(DateTime::<Utc>::from(read.tbs_certificate().validity().not_after.to_system_time()));
    }
    ends.into_iter().min().ok_or_else(|| "no certificate is in it".to_owned())
}
