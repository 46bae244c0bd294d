//! The service and its installation.
