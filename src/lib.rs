//! Loa airs recorded programmes on a station's sound card exactly when the schedule says, writes down what really
//! went out, and turns that record into reports.
//!
//! The rooms, from the foundation up; imports run downwards only (`tests/suite/layers.rs` keeps it):
//! [`core`] decides and is pure; [`clock`], [`sound`], [`words`], [`config`], [`journal`] and [`export`] know it; [`audio`] and
//! [`intake`] know sounds and the clock; [`control`] carries orders; [`amplifier`] switches; [`outbox`] tells of alarms; [`rights`] gives up root's; [`web`] shows pages; [`playout`] performs; [`reporting`] makes the forms; [`station`] puts it together;
//! [`archive`] carries it to another machine; [`doctor`] examines; [`setup`] writes a station's configuration, [`service`] knows the system's services; [`cli`] speaks with people. The words of the field (cart, slot, cue, airing, rundown) are explained in
//! `docs/architecture.md` and used alike in code, schema, config and documents.

pub mod amplifier;
pub mod archive;
pub mod audio;
pub mod cli;
pub mod clock;
pub mod config;
pub mod control;
pub mod core;
pub mod doctor;
pub mod export;
pub mod intake;
pub mod journal;
pub mod outbox;
pub mod playout;
pub mod reporting;
pub mod rights;
pub mod service;
pub mod setup;
pub mod sound;
pub mod station;
pub mod web;
pub mod words;
