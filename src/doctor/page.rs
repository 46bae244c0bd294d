//! The station's pages: where they are served, and whether their certificate can be used. Owns no judgement.

use super::Patient;
use crate::config::Listen;
use crate::core::checkup::{Finding, Page};
use crate::web::certificate::good_until;

pub(super) fn page(patient: &Patient) -> Vec<Finding> {
    let Listen::At(address) = patient.config.page.listen else { return vec![Page::Nowhere.into()] };
    let found = match &patient.config.page.certificate {
        Some(files) => match good_until(files) {
            Ok(ends) => Page::of_certificate(address, files.chain.clone(), ends, patient.now),
            Err(found) => Page::CertificateFaulty { found },
        },
        None if address.ip().is_loopback() => Page::Here { address },
        None => Page::Unprotected { address },
    };
    vec![found.into()]
}
