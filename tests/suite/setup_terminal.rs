//! `loa setup` at a terminal, with a person who types when asked. Owns the terminal and what it shows.

use std::io::{Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex};

use super::setup_rig::{Bare, is_bare};
use super::station_folder::wait_for;

/// A person at a terminal, who types when asked.
pub struct AtTerminal {
    child: Child,
    keys: ChildStdin,
    screen: Arc<Mutex<String>>,
    /// How much of the screen has been answered.
    read: usize,
}

impl AtTerminal {
    /// `script` of util-linux gives the program a terminal of its own.
    pub fn of(bare: &Bare, arguments: &[&str]) -> AtTerminal {
        // Tests that run in the background inherit that Ctrl-C is ignored; at a terminal it never is.
        let words = ["env", "--default-signal=INT", env!("CARGO_BIN_EXE_loa"), "setup", "--folder"];
        let words = words.iter().copied();
        let root = bare.root().display().to_string();
        let line: Vec<String> = words
            .chain([root.as_str()])
            .chain(arguments.iter().copied())
            .map(|word| format!("'{word}'"))
            .collect();
        let mut child = Command::new("script")
            .args(["-qec", &line.join(" "), "/dev/null"])
            .envs(bare.environment.iter().cloned())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("`script` of util-linux gives this test a terminal");
        let screen = Arc::new(Mutex::new(String::new()));
        let (mut out, seen) = (child.stdout.take().unwrap(), screen.clone());
        std::thread::spawn(move || {
            let (mut all, mut some) = (Vec::new(), [0; 4096]);
            while let Ok(length @ 1..) = out.read(&mut some) {
                all.extend_from_slice(&some[..length]);
                *seen.lock().unwrap() = String::from_utf8_lossy(&all).into_owned();
            }
        });
        let keys = child.stdin.take().unwrap();
        AtTerminal { child, keys, screen, read: 0 }
    }

    pub fn screen(&self) -> String {
        self.screen.lock().unwrap().clone()
    }

    /// Waits for a question and types those keys.
    pub fn answer(&mut self, question: &str, keys: &str) {
        let read = self.read;
        let at = wait_for(question, || {
            let screen = self.screen();
            screen.get(read..).and_then(|rest| rest.find(question)).map(|at| read + at + question.len())
        });
        self.read = at;
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    pub fn ended(mut self) -> (Option<i32>, String) {
        let status = wait_for("the end of the dialogue", || self.child.try_wait().unwrap());
        (status.code(), self.screen())
    }
}

#[test]
fn at_a_terminal_a_password_is_not_shown_and_ctrl_c_leaves_nothing() {
    let bare = Bare::new();
    let mut person = AtTerminal::of(&bare, &["--card", "virtual"]);
    person.answer("Tên: ", "Đài xã Tân Lập\n");
    person.answer("[c = đúng, k = sai] ", "c\n");
    person.answer("22:00-04:30 [Enter = 1] ", "\u{3}");
    let (code, screen) = person.ended();
    assert_eq!(code, Some(130), "{screen}");
    assert!(is_bare(&bare.root()), "{screen}");

    let mut person = AtTerminal::of(&bare, &["--card", "virtual"]);
    person.answer("Tên: ", "Đài xã Tân Lập\n");
    person.answer("[c = đúng, k = sai] ", "c\n");
    person.answer("22:00-04:30 [Enter = 1] ", "\n");
    person.answer("Chọn số [Enter = 1] ", "2\n");
    person.answer("kèm mỗi lệnh", "binh\n");
    for question in ["Gõ không hiện ra màn hình: ", "Gõ lại mật khẩu lần nữa: "] {
        person.answer(question, "mười hai con giáp\n");
    }
    person.answer("t = thoát, không ghi gì] ", "\n");
    // In the evening nobody is asked for a first cue.
    let (code, screen) = {
        let asked = wait_for("the end", || {
            let screen = person.screen();
            (screen.contains("Enter = không] ") || screen.contains("Sáng mai")).then_some(screen)
        });
        if !asked.contains("Sáng mai") {
            person.answer("Enter = không] ", "\n");
        }
        person.ended()
    };
    assert_eq!(code, Some(0), "{screen}");
    assert!(!screen.contains("giáp"), "{screen}");
    assert!(bare.loa(&["user", "list"]).out.contains("binh"));
}
