//! The inbox of a station under Windows.
