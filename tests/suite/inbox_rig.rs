//! An inbox in a folder of its own, with a simple clerk and a disk that fails when a test wants it to. Owns the time.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use loa::core::drops::{Complaint, DropId, InboxNames, VIETNAMESE_NAMES, Verdict};
use loa::intake::inbox::disk::{Disk, RealDisk};
use loa::intake::inbox::{Act, Clerk, Decision, Found, Inbox, Rendered, Settings, Taken};

pub const SECOND: Duration = Duration::from_secs(1);
pub const DAY: &str = "2026-11-24";

/// What a disk does at a step; `name` is the step, `path` what it is about. None: the step is done.
pub type Fault = Arc<Mutex<Box<dyn FnMut(&str, &Path) -> Option<Cut> + Send>>>;

/// What happens while the clerk judges.
pub type Meanwhile = Box<dyn FnMut(&Found)>;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cut {
    /// Not done.
    Before(io::ErrorKind),
    /// Half of it written.
    Amid,
    /// Done, and never heard of.
    After,
}

struct FaultyDisk(Fault);

impl FaultyDisk {
    fn step(
        &self,
        name: &str,
        path: &Path,
        half: impl FnOnce(),
        act: impl FnOnce() -> io::Result<()>,
    ) -> io::Result<()> {
        let cut = (self.0.lock().unwrap())(name, path);
        match cut {
            None => act(),
            Some(Cut::Before(kind)) => Err(kind.into()),
            Some(Cut::Amid) => {
                half();
                Err(io::Error::other("cut"))
            }
            Some(Cut::After) => {
                let _ = act();
                Err(io::Error::other("cut"))
            }
        }
    }
}

impl Disk for FaultyDisk {
    fn readable(&self, path: &Path) -> io::Result<()> {
        self.step("readable", path, || (), || RealDisk.readable(path))
    }
    fn make_folder(&self, path: &Path) -> io::Result<()> {
        self.step("make_folder", path, || (), || RealDisk.make_folder(path))
    }
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let half = || drop(std::fs::write(path, &bytes[..bytes.len() / 2]));
        // Without waiting for the disk: a power cut is played, not had.
        self.step("write", path, half, || std::fs::write(path, bytes))
    }
    fn replace(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step("replace", to, || (), || std::fs::rename(from, to))
    }
    fn shift(&self, from: &Path, to: &Path) -> io::Result<()> {
        assert!(std::fs::symlink_metadata(to).is_err(), "{} is there already", to.display());
        self.step("shift", from, || (), || std::fs::rename(from, to))
    }
    fn remove_file(&self, path: &Path) -> io::Result<()> {
        self.step("remove_file", path, || (), || RealDisk.remove_file(path))
    }
    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        self.step("remove_folder", path, || (), || RealDisk.remove_folder(path))
    }
}

/// Accepts everything that has no complaint; what it did stays when the power is cut.
#[derive(Default)]
pub struct SimpleClerk {
    pub judged: Vec<Found>,
    /// What was done, by its key: the drop.
    pub done: BTreeMap<DropId, Decision>,
    /// How often something was carried out.
    pub carried: u32,
    /// The drop of that name cannot be decided on.
    pub hindered: Option<String>,
    /// The next attempts to carry out fail.
    pub fails: u32,
    fault: Option<Fault>,
    /// Done while it judges.
    pub meanwhile: Option<Meanwhile>,
}

impl Clerk for SimpleClerk {
    fn judge(&mut self, found: &Found) -> io::Result<Decision> {
        if self.hindered.as_ref().is_some_and(|name| *name == found.inner) {
            return Err(io::Error::other("no space left on device"));
        }
        self.judged.push(found.clone());
        if let Some(meanwhile) = &mut self.meanwhile {
            meanwhile(found);
        }
        let verdict = if found.complaint.is_some() { Verdict::Returned } else { Verdict::Accepted };
        let stamp = if found.complaint.is_some() { "TRẢ LẠI" } else { "ĐÃ TIẾP NHẬN" };
        let text = format!("{} {:?}", found.inner, found.complaint);
        Ok(Decision {
            id: found.id.clone(),
            at: found.at,
            sender: found.sender.clone(),
            file: found.inner.clone(),
            sha256: None,
            verdict,
            why: found.complaint.iter().map(Complaint::why).collect(),
            detail: String::new(),
            act: Act::Answer,
            receipt: Rendered { stamp: stamp.into(), html: format!("<p>{text}</p>"), text },
        })
    }

    fn carry_out(&mut self, decision: &Decision) -> io::Result<()> {
        let cut = self.fault.as_ref().and_then(|fault| (fault.lock().unwrap())("carry_out", Path::new("")));
        if self.fails > 0 || matches!(cut, Some(Cut::Before(_) | Cut::Amid)) {
            self.fails = self.fails.saturating_sub(1);
            return Err(io::Error::other("the journal is not to be had"));
        }
        self.carried += 1;
        self.done.insert(decision.id.clone(), decision.clone());
        cut.map_or(Ok(()), |_| Err(io::Error::other("cut")))
    }
}

pub struct Rig {
    pub place: tempfile::TempDir,
    pub inbox: Inbox,
    pub clerk: SimpleClerk,
    fault: Fault,
    settings: Settings,
    pub at: Duration,
    pub now: DateTime<Utc>,
}

impl Rig {
    pub fn new() -> Rig {
        Rig::with(|settings| settings)
    }

    pub fn with(change: impl FnOnce(Settings) -> Settings) -> Rig {
        let place = tempfile::tempdir().unwrap();
        std::fs::create_dir(place.path().join("inbox")).unwrap();
        let settings = change(Settings::of(chrono_tz::Asia::Ho_Chi_Minh));
        let fault: Fault = Arc::new(Mutex::new(Box::new(|_: &str, _: &Path| None)));
        let inbox = open(place.path(), VIETNAMESE_NAMES, settings, &fault);
        // 05:12 at the station.
        let now = "2026-11-23T22:12:03Z".parse().unwrap();
        Rig {
            place,
            inbox,
            clerk: SimpleClerk { fault: Some(fault.clone()), ..SimpleClerk::default() },
            fault,
            settings,
            at: Duration::ZERO,
            now,
        }
    }

    pub fn path(&self, inner: &str) -> PathBuf {
        self.place.path().join("inbox").join(inner)
    }

    pub fn drop(&self, inner: &str) {
        self.drop_with(inner, inner);
    }

    pub fn drop_with(&self, inner: &str, content: &str) {
        let path = self.path(inner);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    pub fn pass(&mut self, span: Duration) {
        self.at += span;
        self.now += TimeDelta::from_std(span).unwrap();
    }

    pub fn look(&mut self) -> Vec<Found> {
        self.inbox.look(self.at, self.now)
    }

    pub fn names(&mut self) -> Vec<String> {
        self.look().into_iter().map(|found| found.inner).collect()
    }

    /// One turn of the loop that keeps the inbox.
    pub fn turn(&mut self) -> Vec<(String, Taken)> {
        self.inbox.retry(self.at, &mut self.clerk);
        let found = self.look();
        let mut taken = Vec::new();
        for found in found {
            let outcome = self.inbox.process(&found, &mut self.clerk, self.now);
            taken.push((found.inner, outcome));
        }
        taken
    }

    /// Turns, a second apart.
    pub fn run(&mut self, seconds: u32) -> Vec<String> {
        let mut taken = Vec::new();
        for _ in 0..seconds {
            taken.extend(self.turn().into_iter().map(|(name, _)| name));
            self.pass(SECOND);
        }
        taken
    }

    /// From now on the disk and the journal fail so.
    pub fn faulty(&mut self, fault: impl FnMut(&str, &Path) -> Option<Cut> + Send + 'static) {
        *self.fault.lock().unwrap() = Box::new(fault);
    }

    /// The program starts again, on a disk without faults.
    pub fn restart(&mut self, names: InboxNames) {
        self.faulty(|_, _| None);
        self.inbox = open(self.place.path(), names, self.settings, &self.fault);
        self.at = Duration::ZERO;
        self.inbox.recover(&mut self.clerk);
    }

    pub fn files(&self) -> Vec<String> {
        files(&self.path(""))
    }

    pub fn notes(&self) -> Vec<String> {
        files(&self.place.path().join("state"))
    }

    pub fn receipts(&self, of: &str) -> Vec<String> {
        let is = |name: &&String| {
            let last = name.rsplit('/').next().unwrap();
            name.contains("Phiếu báo/") && last.starts_with(&format!("{of} - "))
        };
        self.files().iter().filter(is).cloned().collect()
    }
}

fn open(place: &Path, names: InboxNames, settings: Settings, fault: &Fault) -> Inbox {
    let disk = Box::new(FaultyDisk(fault.clone()));
    Inbox::on(disk, place.join("inbox"), &place.join("state"), names, settings)
}

pub fn complaint_of(rig: &Rig, name: &str) -> Option<Complaint> {
    rig.clerk.judged.iter().find(|found| found.inner == name).unwrap().complaint.clone()
}

/// Every file below `folder`, links among them, with `/`, sorted.
pub fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(at) = folders.pop() {
        for entry in std::fs::read_dir(at).into_iter().flatten().flatten() {
            if entry.file_type().unwrap().is_dir() {
                folders.push(entry.path());
            } else {
                found.push(entry.path().strip_prefix(folder).unwrap().to_string_lossy().into_owned());
            }
        }
    }
    found.sort();
    found
}
