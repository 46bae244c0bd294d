//! `loa install` and `loa uninstall`, of Windows alone: what the installer script of the package starts. Says each step of
//! `service::windows::placing` and goes on to `loa setup`, or starts the station that is there.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, anyhow};
use clap::Args;

use super::setting::Asked;
use super::{Exit, problem, say};
use crate::config::installed;
use crate::service::windows::placing::{self, PlacingFault, Step};
use crate::service::{self, ServiceError, State};
use crate::words::Language;

/// Puts the program in its place on this PC, and sets the station up or starts it.
#[derive(Debug, Args)]
pub struct Install {
    /// Flags for `loa setup`, after `--`, where nobody is to be asked.
    #[arg(last = true, value_name = "FLAGS")]
    setup: Vec<String>,
}

/// See [`Install`].
pub(super) fn install(asked: &Asked, Install { setup }: &Install) -> Result<Exit> {
    let language = asked.language.unwrap_or(Language::Vi);
    let told = |vi: &str, en: &str| say(words(language, vi, en));
    let station = installed::folder();
    let has_station = station.join(installed::CONFIG).exists();
    told(
        &format!("Cài Loa {} vào máy tính này.", env!("CARGO_PKG_VERSION")),
        &format!("Installing Loa {} on this PC.", env!("CARGO_PKG_VERSION")),
    );
    if service::state() == State::Running {
        told(
            "  dừng trạm đang chạy để thay chương trình",
            "  ending the station that runs, to replace the program",
        );
        service::stop().map_err(|fault| refused(language, &fault))?;
    }
    for step in Step::ALL {
        let (done, effect) = (placing::take(step, &station), effect(language, step, &station));
        match done {
            Ok(()) => say(&format!("  [x] {effect}")),
            Err(fault) if step.is_needed() => return Err(not_placed(language, &fault)),
            Err(fault) => {
                say(&format!("  [ ] {effect}: {} ({fault})", words(language, "chưa làm được", "not done")));
            }
        }
    }
    if has_station {
        told(
            &format!("Trạm trong “{}” được giữ nguyên.", station.display()),
            &format!("The station in `{}` is kept as it is.", station.display()),
        );
        service::enable_and_start().map_err(|fault| refused(language, &fault))?;
        told(
            "Trạm đang chạy và sẽ tự chạy cùng máy. Xem http://127.0.0.1:8080 hoặc gõ: loa status",
            "The station runs, and starts with the PC. See http://127.0.0.1:8080, or type: loa status",
        );
        return Ok(Exit::Fine);
    }
    service::windows::install().map_err(|fault| refused(language, &fault))?;
    told(
        "  [x] dịch vụ “loa”: trạm tự chạy cùng máy, kể cả khi chưa ai đăng nhập",
        "  [x] the service `loa`: the station starts with the PC, whether anybody signs in or not",
    );
    told("Bây giờ thiết lập trạm.", "Now the station is set up.");
    let name = match language {
        Language::Vi => "vi",
        Language::En => "en",
    };
    let set_up = Command::new(placing::program()).args(["--language", name, "setup"]).args(setup).status()?;
    Ok(if set_up.success() { Exit::Fine } else { Exit::Wrong })
}

/// Takes the program out of Windows; the station's folder stays.
pub(super) fn uninstall(asked: &Asked) -> Result<Exit> {
    let language = asked.language.unwrap_or(Language::Vi);
    let station = installed::folder();
    service::windows::remove().map_err(|fault| refused(language, &fault))?;
    say(words(
        language,
        "  [x] dừng trạm và gỡ dịch vụ",
        "  [x] the station is ended and its service removed",
    ));
    for fault in placing::take_back() {
        problem(language, &fault.to_string());
    }
    say(words(
        language,
        "  [x] gỡ khỏi đường dẫn lệnh và danh sách chương trình",
        "  [x] taken out of the search path and the list of programs",
    ));
    let kept = station.display();
    say(&match language {
        Language::Vi => format!(
            "Thư mục của trạm, có nhật ký và bản ghi, vẫn còn nguyên: “{kept}”. Xóa hay giữ là do đài quyết định."
        ),
        Language::En => format!(
            "The station's folder, with its journal and recordings, is left as it is: `{kept}`. Whether it goes is for the \
             station to say."
        ),
    });
    Ok(Exit::Fine)
}

fn words<'a>(language: Language, vi: &'a str, en: &'a str) -> &'a str {
    match language {
        Language::Vi => vi,
        Language::En => en,
    }
}

/// What a step brings about.
fn effect(language: Language, step: Step, station: &Path) -> String {
    let (program, station) = (placing::program_folder().display().to_string(), station.display());
    match (step, language) {
        (Step::Program, Language::Vi) => format!("chương trình: {program}"),
        (Step::Program, Language::En) => format!("the program: {program}"),
        (Step::Folder, Language::Vi) => format!("thư mục của trạm: {station}"),
        (Step::Folder, Language::En) => format!("the station's folder: {station}"),
        (Step::Rights, Language::Vi) => {
            "quyền: ai cũng gửi được vào hộp nhận tệp; cấu hình và nhật ký chỉ người quản trị máy đọc được"
                .into()
        }
        (Step::Rights, Language::En) => {
            "rights: everyone may drop into the inbox; config and state are the administrators' alone".into()
        }
        (Step::SearchPath, Language::Vi) => "lệnh loa dùng được ở cửa sổ lệnh mở sau này".into(),
        (Step::SearchPath, Language::En) => "the command loa works in every window opened from now on".into(),
        (Step::Awake, Language::Vi) => {
            "máy không tự ngủ; tắt máy là tắt hẳn (không dùng khởi động nhanh)".into()
        }
        (Step::Awake, Language::En) => {
            "the PC does not sleep, and a shutdown is one (no fast startup)".into()
        }
        (Step::Listed, Language::Vi) => "danh sách chương trình và mục “Loa” trong menu Start".into(),
        (Step::Listed, Language::En) => "the list of programs, and “Loa” in the start menu".into(),
    }
}

fn not_placed(language: Language, fault: &PlacingFault) -> anyhow::Error {
    match language {
        Language::Vi => anyhow!(
            "chưa cài được: {fault}. Hãy bấm chuột phải vào cai-dat.cmd, chọn “Run as administrator” (Chạy với quyền quản \
             trị), rồi làm lại"
        ),
        Language::En => anyhow!(
            "not installed: {fault}. Click install.cmd with the right button, choose “Run as administrator”, and try again"
        ),
    }
}

fn refused(language: Language, fault: &ServiceError) -> anyhow::Error {
    match (language, fault) {
        (Language::En, fault) => anyhow!("{fault}"),
        (Language::Vi, ServiceError::NotAllowed { found }) => anyhow!(
            "không đủ quyền với dịch vụ “{}”: {found}; hãy mở cửa sổ lệnh bằng “Run as administrator” (Chạy với quyền quản trị)",
            service::NAME
        ),
        (Language::Vi, ServiceError::Refused { found }) => {
            anyhow!("dịch vụ “{}” không làm được: {found}; chạy `loa doctor` để biết thêm", service::NAME)
        }
    }
}
