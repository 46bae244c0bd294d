//! Whoever tampers with the journal is found out, and the proof names what was touched.

use std::path::Path;

use rusqlite::Connection;
use sha2::{Digest, Sha256};

use loa::core::airing::AiringId;
use loa::journal::{Fault, Flaw, Journal, Reader, Refusal};

use super::journal::{eventful, last_entry, verdict};

fn flaw(path: &Path) -> Flaw {
    verdict(path).flaw.expect("nothing was found wrong")
}

/// Does to the file what someone would who knows it: the triggers are put back afterwards.
fn tamper(path: &Path, what: impl FnOnce(&Connection)) {
    let db = Connection::open(path).unwrap();
    let triggers: Vec<(String, String)> = db
        .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(triggers.len(), 3);
    triggers.iter().for_each(|(name, _)| db.execute_batch(&format!("DROP TRIGGER {name}")).unwrap());
    what(&db);
    triggers.iter().for_each(|(_, sql)| db.execute_batch(sql).unwrap());
}

fn sql(text: String) -> impl FnOnce(&Connection) {
    move |db| db.execute_batch(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// The chain by the document in `schema.sql` alone: hashes every entry from `from` on anew.
fn hash_anew(db: &Connection, from: u64) {
    let rows: Vec<(i64, i64, String)> = db
        .prepare("SELECT seq, at, body FROM entry WHERE seq >= ?1 ORDER BY seq")
        .unwrap()
        .query_map([from as i64], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let mut before: Vec<u8> = db
        .query_row("SELECT hash FROM entry WHERE seq = ?1", [from as i64 - 1], |row| row.get(0))
        .unwrap_or(vec![0; 32]);
    for (seq, at, body) in rows {
        let covered = [&[0], &*before, &seq.to_be_bytes(), &at.to_be_bytes(), body.as_bytes()].concat();
        before = Sha256::digest(&covered).to_vec();
        db.execute("UPDATE entry SET hash = ?2 WHERE seq = ?1", (seq, &before)).unwrap();
    }
}

#[test]
fn the_triggers_let_no_entry_be_changed_removed_or_left_out() {
    let (_dir, path) = eventful();
    let db = Connection::open(&path).unwrap();
    for attempt in [
        "UPDATE entry SET body = '{}' WHERE seq = 3",
        "DELETE FROM entry WHERE seq = 3",
        "INSERT INTO entry SELECT 9999, at, hash, body FROM entry WHERE seq = 3",
        "INSERT OR REPLACE INTO entry SELECT * FROM entry WHERE seq = 3",
    ] {
        assert!(db.execute_batch(attempt).is_err(), "{attempt}");
    }
}

#[test]
fn an_entry_that_was_changed_is_named() {
    let last = last_entry(&eventful().1);
    for seq in [1, 2, 7, last / 2, last - 1, last] {
        let (_dir, path) = eventful();
        // One letter, so that it is still JSON and still the same kind of entry.
        tamper(&path, |db| {
            let body: String = db
                .query_row("SELECT body FROM entry WHERE seq = ?1", [seq as i64], |row| row.get(0))
                .unwrap();
            let at =
                body.rfind(|letter: char| letter.is_ascii_digit() || letter.is_ascii_lowercase()).unwrap();
            let mut changed = body.clone().into_bytes();
            changed[at] = if changed[at] == b'1' { b'2' } else { b'1' };
            let changed = String::from_utf8(changed).unwrap();
            db.execute("UPDATE entry SET body = ?2 WHERE seq = ?1", (seq as i64, changed)).unwrap();
        });
        assert_eq!(flaw(&path), Flaw::Altered { seq });
        let (_dir, path) = eventful();
        tamper(&path, sql(format!("UPDATE entry SET at = at + 1 WHERE seq = {seq}")));
        assert_eq!(flaw(&path), Flaw::Altered { seq });
        let (_dir, path) = eventful();
        tamper(&path, sql(format!("UPDATE entry SET hash = zeroblob(32) WHERE seq = {seq}")));
        match flaw(&path) {
            Flaw::HashAltered { seq: named, .. } => assert!(named == seq && seq < last),
            Flaw::Altered { seq: named } => assert!(named == seq && seq == last),
            other => panic!("{other}"),
        }
    }
}

#[test]
fn an_entry_that_is_gone_or_in_anothers_place_is_named() {
    let last = last_entry(&eventful().1);
    for seq in [1, 2, 9, last - 1] {
        let (_dir, path) = eventful();
        tamper(&path, sql(format!("DELETE FROM entry WHERE seq = {seq}")));
        assert_eq!(flaw(&path), Flaw::Missing { seq, next: seq + 1 });
        // The numbers closed up behind it.
        tamper(
            &path,
            sql(format!(
                "UPDATE entry SET seq = -seq WHERE seq > {seq}; UPDATE entry SET seq = -seq - 1 WHERE seq < 0"
            )),
        );
        assert_eq!(flaw(&path), Flaw::Altered { seq });
        let (_dir, path) = eventful();
        let next = seq + 1;
        tamper(
            &path,
            sql(format!(
                "UPDATE entry SET seq = -1 WHERE seq = {seq}; UPDATE entry SET seq = {seq} WHERE seq = {next}; UPDATE entry SET seq = {next} WHERE seq = -1"
            )),
        );
        assert_eq!(flaw(&path), Flaw::Altered { seq });
    }
}

#[test]
fn a_tail_that_is_gone_shows_by_the_log_or_by_a_head() {
    let (_dir, path) = eventful();
    let head = Reader::open(&path).unwrap().head().unwrap().unwrap();
    let (last, known) = (head.seq - 4, head.seq);
    tamper(&path, sql(format!("DELETE FROM entry WHERE seq > {last}")));
    assert_eq!(flaw(&path), Flaw::TailGone { last, known });
    // The station does not go on over it as if nothing had been there.
    let error = Journal::open(&path).unwrap_err();
    assert!(matches!(error.fault, Fault::TailGone { .. }), "{error}");
    assert_eq!(flaw(&path), Flaw::TailGone { last, known });
    // Whoever derives the log anew as well is found by the head that a report carries.
    loa::journal::rebuild(&path, &mut |_, _| ()).unwrap();
    assert!(verdict(&path).is_whole());
    let proof = loa::journal::verify(&path, Some(&head), &mut |_, _| ()).unwrap();
    assert_eq!(proof.flaw, Some(Flaw::TailGone { last, known }));
}

#[test]
fn another_history_is_found_by_a_head() {
    let (_dir, path) = eventful();
    let head = Reader::open(&path).unwrap().head().unwrap().unwrap();
    let early = Reader::open(&path).unwrap().entry(3).unwrap().unwrap().stamp;
    let changed = r#"UPDATE entry SET body = replace(body, '"outcome":"cut"', '"outcome":"aired"'), at = at WHERE seq > 4"#;
    tamper(&path, |db| {
        db.execute_batch(changed).unwrap();
        db.execute_batch(r#"UPDATE entry SET body = replace(body, '"reason":"operator"', '"reason":null') WHERE body LIKE '%"outcome":"aired"%'"#).unwrap();
        hash_anew(db, 5);
    });
    // The chain is whole in itself; the log still says `cut`.
    assert!(matches!(flaw(&path), Flaw::Derived { table: "airing", .. }), "{}", flaw(&path));
    loa::journal::rebuild(&path, &mut |_, _| ()).unwrap();
    assert!(verdict(&path).is_whole(), "hashed by the document: {:?}", verdict(&path).flaw);
    let against = |head| loa::journal::verify(&path, Some(head), &mut |_, _| ()).unwrap().flaw;
    assert!(matches!(against(&head), Some(Flaw::OtherHistory { seq, .. }) if seq == head.seq));
    assert_eq!(against(&early), None);
}

#[test]
fn an_entry_that_makes_no_sense_is_named_though_its_hash_is_right() {
    let (_dir, path) = eventful();
    let last = last_entry(&path);
    tamper(&path, |db| {
        db.execute(
            "UPDATE entry SET body = ?2 WHERE seq = ?1",
            (last as i64, r#"{"entry":"reopened","airing":77777}"#),
        )
        .unwrap();
        hash_anew(db, last);
    });
    let why = Refusal::NotBegun { airing: AiringId(77_777) };
    assert_eq!(flaw(&path), Flaw::Senseless { seq: last, why });
    tamper(&path, |db| {
        db.execute("UPDATE entry SET body = ?2 WHERE seq = ?1", (last as i64, "{\"entry\":\"vote\"}"))
            .unwrap();
        hash_anew(db, last);
    });
    assert!(matches!(flaw(&path), Flaw::Unreadable { seq, .. } if seq == last));
}

#[test]
fn every_column_of_what_is_derived_is_compared() {
    let (_dir, path) = eventful();
    let intact = std::fs::read(&path).unwrap();
    let columns: Vec<(String, String)> = Connection::open(&path)
        .unwrap()
        .prepare("SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT IN ('entry', 'pulse', 'cart') AND c.name <> 'one'")
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert!(columns.len() > 30);
    for (table, column) in &columns {
        std::fs::write(&path, &intact).unwrap();
        let values = "SELECT 1 + coalesce((SELECT max(rowid) FROM TABLE), 0)"
            .replace("TABLE", if table == "airing_cart" { "airing" } else { table });
        let which = if table == "airing_cart" {
            "position = 1 AND airing = 1"
        } else {
            "rowid = (SELECT max(rowid) FROM TABLE)"
        }
        .replace("TABLE", table);
        let changed = match column.as_str() {
            "hash" | "sha256" | "content" => "zeroblob(32)".to_owned(),
            _ => format!("CASE typeof({column}) WHEN 'text' THEN {column} || 'x' ELSE ({values}) + 7 END"),
        };
        // A cue has all three or none, words are text: give what the column takes.
        let text = [
            "schedule",
            "slot",
            "title",
            "outcome",
            "reason",
            "device",
            "by",
            "approved_by",
            "kind",
            "topic",
            "source",
            "file",
            "priority",
            "verdict",
            "subject",
        ];
        let changed =
            if text.contains(&column.as_str()) { format!("coalesce({column}, '') || 'x'") } else { changed };
        tamper(
            &path,
            sql(format!(
                "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; UPDATE {table} SET {column} = {changed} WHERE {which}"
            )),
        );
        let flaw = verdict(&path).flaw.unwrap_or_else(|| panic!("{table}.{column} may be anything"));
        let named = match &flaw {
            Flaw::Derived { table: named, .. } => named == table,
            Flaw::TailGone { .. } => table == "mark",
            // SQLite's own proof of its file knows constraints as well.
            Flaw::Damaged { found, .. } => found.contains(table.as_str()),
            _ => false,
        };
        assert!(named, "{table}.{column}: {flaw}");
    }
    for table in ["airing", "airing_cart", "airing_spent", "version", "skip", "dropped", "approval"] {
        std::fs::write(&path, &intact).unwrap();
        tamper(
            &path,
            sql(format!(
                "PRAGMA foreign_keys = OFF; DELETE FROM {table} WHERE {} IN (SELECT 1 UNION SELECT max(seq) FROM skip UNION SELECT seq FROM version UNION SELECT seq FROM dropped UNION SELECT seq FROM approval UNION SELECT id FROM airing_spent)",
                match table {
                    "airing" | "airing_spent" => "id",
                    "airing_cart" => "airing",
                    _ => "seq",
                }
            )),
        );
        assert!(
            matches!(flaw(&path), Flaw::Derived { table: named, .. } if named == table),
            "{}",
            flaw(&path)
        );
    }
    // Deriving anew mends it.
    loa::journal::rebuild(&path, &mut |_, _| ()).unwrap();
    assert!(verdict(&path).is_whole());
    std::fs::write(&path, &intact).unwrap();
    Connection::open(&path).unwrap().execute_batch("DROP TRIGGER entry_is_never_deleted").unwrap();
    assert!(matches!(flaw(&path), Flaw::Layout { .. }));
}

/// Whatever single byte of the file is spoilt: either it is found, or what the file says is the same.
#[test]
fn a_spoilt_byte_is_found_or_changes_nothing() {
    let (_dir, path) = eventful();
    let intact = std::fs::read(&path).unwrap();
    let all = Reader::open(&path).unwrap().latest(usize::MAX).unwrap();
    let (mut found, mut same) = (0, 0);
    let mut at = 0;
    while at < intact.len() {
        let mut spoilt = intact.clone();
        spoilt[at] ^= 1 << (at % 8);
        std::fs::write(&path, &spoilt).unwrap();
        match loa::journal::verify(&path, None, &mut |_, _| ()) {
            Ok(proof) if proof.is_whole() => {
                assert_eq!(Reader::open(&path).unwrap().latest(usize::MAX).unwrap(), all, "byte {at}");
                same += 1;
            }
            _ => found += 1,
        }
        at += 601;
    }
    assert!(found > 20 && same > 0, "{found} found, {same} the same");
}
