//! `loa verify`: proves the journal whole, or names the first entry that is not.

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use super::setting::Asked;
use super::{Exit, progress, say, say_json};
use crate::core::as_json::rfc3339;
use crate::core::cart::Fingerprint;
use crate::core::record::{Gap, Stamp};
use crate::words::{Language, disk};

/// Proves the journal whole, or names the first entry that is not.
#[derive(Debug, Args)]
pub struct Verify {
    /// A head that a report carries: its entry must be there, unchanged.
    #[arg(long, value_name = "SEQ:HASH", value_parser = head)]
    head: Option<Stamp>,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

fn head(text: &str) -> Result<Stamp, String> {
    let parsed = text.split_once(':').and_then(|(seq, hash)| {
        let hash: Fingerprint = hash.parse().ok()?;
        Some(Stamp { seq: seq.parse().ok()?, hash: hash.to_string() })
    });
    parsed.ok_or_else(|| format!("`{text}` is not SEQ:HASH, a number and 64 hexadecimal digits"))
}

#[derive(Serialize)]
struct VerifyJson {
    whole: bool,
    entries: u64,
    head: Option<String>,
    flaw: Option<String>,
    /// Stretches that were lost with a damaged file and are owned up to.
    gaps: Vec<GapJson>,
}

#[derive(Serialize)]
struct GapJson {
    /// The first entry that is lost and the last; null where none is known to be.
    first: Option<u64>,
    last: Option<u64>,
    /// The time of the last entry before it.
    from: Option<String>,
    /// When the journal was restored.
    until: String,
    /// Where the damaged file is.
    set_aside: Option<String>,
    found: String,
}

impl Verify {
    pub(super) fn run(&self, asked: &Asked) -> Result<Exit> {
        let setting = asked.setting()?;
        setting.journal_there()?;
        let file = crate::station::journal_file(&setting.config);
        let checking = setting.words("đang kiểm tra nhật ký", "verifying the journal");
        let verdict = crate::journal::verify(&file, self.head.as_ref(), &mut |done, all| {
            progress(&format!("{checking} {done}/{all}"));
        })?;
        progress("");
        let head = verdict.head.as_ref().map(|stamp| format!("{}:{}", stamp.seq, stamp.hash));
        let flaw = verdict.flaw.as_ref().map(ToString::to_string);
        let whole = verdict.is_whole();
        if self.json {
            let zone = setting.zone;
            let gap = |gap: &Gap| GapJson {
                first: gap.entries.map(|entries| entries.0),
                last: gap.entries.map(|entries| entries.1),
                from: gap.restored.intact_until.map(|at| rfc3339(zone, at)),
                until: rfc3339(zone, gap.until),
                set_aside: gap.restored.set_aside.clone(),
                found: gap.restored.found.clone(),
            };
            let gaps = verdict.gaps.iter().map(gap).collect();
            say_json(&VerifyJson { whole, entries: verdict.entries, head, flaw, gaps })?;
        } else {
            let entries = verdict.entries;
            let head = head.unwrap_or_default();
            say(&match (setting.language, flaw) {
                (Language::Vi, None) => format!("Nhật ký nguyên vẹn: {entries} mục.\nMã đối chứng: {head}"),
                (Language::En, None) => format!("The journal is whole: {entries} entries.\nHead: {head}"),
                (Language::Vi, Some(flaw)) => format!("Nhật ký KHÔNG nguyên vẹn: {flaw}"),
                (Language::En, Some(flaw)) => format!("The journal is NOT whole: {flaw}"),
            });
            for gap in &verdict.gaps {
                say(&disk::restored(setting.language, setting.zone, gap));
            }
        }
        Ok(if whole { Exit::Fine } else { Exit::Wrong })
    }
}
