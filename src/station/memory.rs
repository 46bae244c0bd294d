//! The journal's cache of measurements, as the folder of recordings wants it.

use std::sync::Arc;

use crate::core::cart::{Cart, CartName};
use crate::intake::Marks;
use crate::intake::recordings::Memory;
use crate::journal::{Journal, KnownCart};

/// Measurements remembered in the journal's file.
pub(super) struct CartMemory(pub(super) Arc<Journal>);

impl Memory for CartMemory {
    fn recall(&self) -> Vec<(CartName, Marks, Cart)> {
        match self.0.carts() {
            Ok(known) => known.into_iter().filter_map(known_cart).collect(),
            Err(error) => {
                tracing::warn!(%error, "measurements are not remembered; recordings are measured anew");
                Vec::new()
            }
        }
    }

    fn remember(&self, name: &CartName, marks: Marks, cart: &Cart) {
        let (measurement, fault) = match cart {
            Cart::Ready(found) => (Some((**found).clone()), None),
            Cart::Faulty(fault) => (None, Some(fault.clone())),
            Cart::Unmeasured => return,
        };
        let known = KnownCart {
            name: name.clone(),
            size: marks.size,
            mtime_ns: marks.modified_ns,
            measurement,
            fault,
        };
        if let Err(error) = self.0.remember_cart(&known) {
            tracing::warn!(%error, %name, "a measurement is not remembered; it will be made again");
        }
    }

    fn forget(&self, name: &CartName) {
        if let Err(error) = self.0.forget_cart(name) {
            tracing::warn!(%error, %name, "a measurement is not forgotten");
        }
    }
}

/// A row of the cache as a cart.
pub(crate) fn known_cart(known: KnownCart) -> Option<(CartName, Marks, Cart)> {
    let marks = Marks { size: known.size, modified_ns: known.mtime_ns };
    let cart = match (known.measurement, known.fault) {
        (Some(found), _) => Cart::Ready(Arc::new(found)),
        (None, Some(fault)) => Cart::Faulty(fault),
        (None, None) => return None,
    };
    Some((known.name, marks, cart))
}
