//! Who has a card of ALSA's to itself, as Linux tells in /proc. Owns how that is read, for whoever asks; elsewhere nothing
//! is known.

use std::path::{Path, PathBuf};

use crate::core::card::{CardName, Host};

/// A device of a card, and the process that plays on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The card, by its id.
    pub card: String,
    /// The card, by its number.
    pub number: u32,
    /// The device of the card.
    pub device: u32,
    /// The process.
    pub process: u32,
    /// What its program is called; empty where that is not known.
    pub program: String,
}

/// Whether this system tells at all.
pub fn are_known() -> bool {
    Path::new("/proc/asound").is_dir()
}

/// Everybody who plays on a card of this machine.
pub fn all() -> Vec<Holder> {
    all_in(Path::new("/proc"))
}

/// Who plays on that card.
pub fn of(name: &CardName) -> Option<Holder> {
    of_in(Path::new("/proc"), name)
}

/// The program that plays on that card, where it is known.
pub fn program_on(name: &CardName) -> Option<String> {
    of(name).map(|holder| holder.program).filter(|program| !program.is_empty())
}

/// Who it must be that keeps that card from being opened, now that it was found in use: where its name does not tell which
/// card of the machine it is, as `default` does not, the one program that plays at all.
pub fn blamed(name: &CardName) -> Option<Holder> {
    blamed_in(Path::new("/proc"), name)
}

fn blamed_in(proc: &Path, name: &CardName) -> Option<Holder> {
    if name.host != Host::Alsa {
        return None;
    }
    if name.id.as_deref().is_some_and(|id| Meant::by(id).is_some()) {
        return of_in(proc, name);
    }
    let mut all = all_in(proc);
    let one = all.pop()?;
    all.iter().all(|other| other.process == one.process).then_some(one)
}

fn of_in(proc: &Path, name: &CardName) -> Option<Holder> {
    let meant = Meant::by(name.id.as_deref().filter(|_| name.host == Host::Alsa)?)?;
    all_in(proc).into_iter().find(|holder| meant.is_held_by(proc, holder))
}

/// The device that ALSA's name for it means.
struct Meant<'a> {
    kind: &'a str,
    /// By its id or its number.
    card: &'a str,
    device: u32,
}

impl Meant<'_> {
    /// `plughw:CARD=PCH,DEV=0`, `hw:0,0`, `front:PCH`; a name without a card means none that could be told.
    fn by(id: &str) -> Option<Meant<'_>> {
        let (kind, arguments) = id.split_once(':')?;
        let arguments: Vec<&str> = arguments.split(',').map(str::trim).collect();
        let value = |key: &str, place: usize| {
            let named = arguments.iter().find_map(|one| one.strip_prefix(key));
            named.or_else(|| arguments.get(place).copied().filter(|one| !one.contains('=')))
        };
        let device = value("DEV=", 1).and_then(|text| text.parse().ok()).unwrap_or(0);
        Some(Meant { kind, card: value("CARD=", 0).filter(|card| !card.is_empty())?, device })
    }

    fn is_held_by(&self, proc: &Path, holder: &Holder) -> bool {
        if self.card != holder.card && self.card.parse() != Ok(holder.number) {
            return false;
        }
        // The digital outputs are numbered by themselves; behind the analogue one, where a card has both.
        let behind = card_folder(proc, holder.number).join("pcm3p").is_dir();
        match (self.kind, behind) {
            ("hdmi", true) => holder.device != 0,
            ("hdmi", false) => true,
            _ => self.device == holder.device,
        }
    }
}

fn card_folder(proc: &Path, number: u32) -> PathBuf {
    proc.join(format!("asound/card{number}"))
}

/// From `asound/card*/pcm*p/sub*/status`.
fn all_in(proc: &Path) -> Vec<Holder> {
    let mut found = Vec::new();
    for (number, _) in numbered(&proc.join("asound"), "card", "") {
        let folder = card_folder(proc, number);
        let id = std::fs::read_to_string(folder.join("id")).unwrap_or_default();
        let card = if id.trim().is_empty() { format!("card{number}") } else { id.trim().to_owned() };
        for (device, path) in numbered(&folder, "pcm", "p") {
            for (_, stream) in numbered(&path, "sub", "") {
                let status = std::fs::read_to_string(stream.join("status")).unwrap_or_default();
                let Some((process, program)) = owner(&status).map(|thread| program_of(proc, thread)) else {
                    continue;
                };
                let holder = Holder { card: card.clone(), number, device, process, program };
                if !found.contains(&holder) {
                    found.push(holder);
                }
            }
        }
    }
    found
}

/// What is called `begins`, a number and `ends` in a folder, in the order of the numbers.
fn numbered(folder: &Path, begins: &str, ends: &str) -> Vec<(u32, PathBuf)> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let number = |path: &Path| {
        let name = path.file_name()?.to_str()?;
        name.strip_prefix(begins)?.strip_suffix(ends)?.parse().ok()
    };
    let mut found: Vec<(u32, PathBuf)> =
        entries.filter_map(|entry| Some((number(&entry.path())?, entry.path()))).collect();
    found.sort();
    found
}

/// The thread in a stream's `status`; none: the stream is closed.
fn owner(status: &str) -> Option<u32> {
    status.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        value.trim().parse().ok().filter(|_| name.trim() == "owner_pid")
    })
}

/// The process of a thread, and its program: a thread may be called otherwise.
fn program_of(proc: &Path, thread: u32) -> (u32, String) {
    let read = |process: u32, file: &str| std::fs::read_to_string(proc.join(format!("{process}/{file}")));
    let status = read(thread, "status").unwrap_or_default();
    let group = status.lines().find_map(|line| line.strip_prefix("Tgid:")?.trim().parse().ok());
    let process = group.unwrap_or(thread);
    let said = read(process, "comm").or_else(|_| read(thread, "comm")).unwrap_or_default();
    (process, said.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(proc: &Path, path: &str, text: &str) {
        let path = proc.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// A card whose analogue output is played on by a thread of a sound server, and one that nobody plays on.
    fn machine() -> tempfile::TempDir {
        let proc = tempfile::tempdir().unwrap();
        let put = |path: &str, text: &str| put(proc.path(), path, text);
        put("asound/card0/id", "PCH\n");
        put("asound/card0/pcm0p/sub0/status", "state: RUNNING\nowner_pid   : 77\ntrigger_time: 1.2\n");
        put("asound/card0/pcm0c/sub0/status", "state: RUNNING\nowner_pid   : 12\n");
        put("asound/card0/pcm3p/sub0/status", "closed\n");
        put("asound/card1/id", "Device\n");
        put("asound/card1/pcm0p/sub0/status", "");
        put("asound/cards", " 0 [PCH            ]: HDA-Intel\n");
        put("77/status", "Name:\tdata-loop.0\nTgid:\t70\n");
        put("77/comm", "data-loop.0\n");
        put("70/comm", "pipewire\n");
        proc
    }

    #[test]
    fn whoever_plays_on_a_card_is_read_from_the_kernels_list_by_its_program() {
        let proc = machine();
        let one =
            Holder { card: "PCH".into(), number: 0, device: 0, process: 70, program: "pipewire".into() };
        assert_eq!(all_in(proc.path()), [one]);
        assert_eq!(all_in(Path::new("/no such folder")), []);
        assert_eq!((owner("owner_pid   : x"), owner("owner_pid")), (None, None));
        let used = |name: &str| of_in(proc.path(), &name.parse().unwrap()).map(|holder| holder.program);
        for name in ["plughw:CARD=PCH,DEV=0", "hw:0,0", "hw:PCH", "front:CARD=PCH", "plughw:CARD=0,DEV=0"] {
            assert_eq!(used(&format!("alsa:{name}")).as_deref(), Some("pipewire"), "{name}");
        }
        for name in ["plughw:CARD=PCH,DEV=3", "hdmi:CARD=PCH", "hw:1", "plughw:CARD=Device", "default"] {
            assert_eq!(used(&format!("alsa:{name}")), None, "{name}");
        }
        assert_eq!(used("pulseaudio:hw:0"), None);
        put(proc.path(), "asound/card0/pcm3p/sub0/status", "owner_pid : 99\n");
        put(proc.path(), "99/comm", "vlc\n");
        assert_eq!(used("alsa:hdmi:CARD=PCH").as_deref(), Some("vlc"));
    }

    #[test]
    fn a_card_in_use_that_nobody_can_place_is_blamed_on_the_only_program_that_plays() {
        let proc = machine();
        let blamed = |name: &str| blamed_in(proc.path(), &name.parse().unwrap()).map(|one| one.program);
        assert_eq!(blamed("alsa:default").as_deref(), Some("pipewire"));
        assert_eq!(blamed("alsa").as_deref(), Some("pipewire"));
        assert_eq!(blamed("alsa:plughw:CARD=PCH").as_deref(), Some("pipewire"));
        assert_eq!(blamed("alsa:plughw:CARD=Device"), None);
        assert_eq!(blamed("pulseaudio:x"), None);
        put(proc.path(), "asound/card1/pcm0p/sub0/status", "owner_pid : 99\n");
        put(proc.path(), "99/comm", "vlc\n");
        assert_eq!(blamed("alsa:default"), None, "either may have it");
        assert_eq!(blamed("alsa:plughw:CARD=Device").as_deref(), Some("vlc"));
    }
}
