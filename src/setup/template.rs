//! What a new station starts from: the sample's config and lists, with every remark that a technician reads later, and
//! without what is true of the sample alone. Owns what that is; the sample files are the only place where the remarks stand.

const SAMPLE: &str = include_str!("../../config/station.toml");

/// The lists that stand beside the config of a new station, by their file's name.
pub(super) fn lists() -> [(&'static str, &'static str); 3] {
    [
        ("themes.toml", include_str!("../../config/themes.toml")),
        ("holidays.toml", include_str!("../../config/holidays.toml")),
        // The sample's targets are nobody's plan: a new station has none until its own comes.
        ("targets.toml", include_str!("../../packaging/lists/targets.toml")),
    ]
}

const HEAD: &str = "\
# Cấu hình của trạm, do `loa setup` tạo ra. Dòng bắt đầu bằng # là ghi chú. Sửa bằng `loa setup`, hoặc sửa ngay tại đây rồi
# kiểm tra bằng lệnh: loa check. Sửa xong phải khởi động lại trạm thì mới có tác dụng.
# The station's configuration, made by `loa setup`. Change it with `loa setup`, or here, and then run: loa check. A change
# counts when the station is started again.
#
";

/// The config of a new station. Its name and card are the sample's still: they are the first answers.
pub(super) fn config() -> String {
    let body = SAMPLE.split_once("\n#\n").map_or(SAMPLE, |(_, body)| body);
    let mut lines: Vec<String> = Vec::new();
    let (mut table, mut remarks) = ("", 0);
    for line in body.lines() {
        if line.starts_with('#') {
            remarks += 1;
            lines.push(line.to_owned());
            continue;
        }
        if line.starts_with('[') {
            table = line;
        }
        let key = line.split_once(" = ").map_or("", |(key, _)| key);
        match (table, key) {
            ("[station]", "sample") => lines.truncate(lines.len() - remarks),
            ("[paths]", "state") => lines.push("state = \"state\"".into()),
            ("[paths]", "aircheck") => lines.push("aircheck = \"state/aircheck\"".into()),
            ("[backup]", "folder") => lines.push("folder = \"state/backup\"".into()),
            ("[station]", "technician" | "telephone") | ("[clock]", "trust") => {
                lines.push(format!("# {line}"))
            }
            ("[report]", key) if !key.is_empty() => lines.push(format!("# {line}")),
            ("[[office]]", _) if !line.is_empty() => lines.push(format!("# {line}")),
            _ => lines.push(line.to_owned()),
        }
        remarks = 0;
    }
    format!("{HEAD}{}\n", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::{ClockTrust, Config, Listen, Themes};

    #[test]
    fn a_new_station_is_no_sample_and_has_every_remark() {
        let text = config();
        let read = Config::parse(text.as_bytes(), "x", Path::new("/x")).unwrap();
        assert!(!read.station.sample && read.clock == ClockTrust::Measured);
        assert_eq!((read.station.technician, read.station.telephone), (None, None));
        assert_eq!((read.offices.len(), read.report), (0, Default::default()));
        assert_eq!(read.files.targets.as_deref(), Some(Path::new("/x/config/targets.toml")));
        assert_eq!(read.paths.state, Path::new("/x/state"));
        assert_eq!(read.backup.folder, Path::new("/x/state/backup"));
        assert_eq!(read.page.listen, Listen::At(([127, 0, 0, 1], 8080).into()));
        assert_eq!((read.loudness.target_lufs, read.loudness.normalise), (-16.0, true));
        assert_eq!(text.matches("trạm mẫu").count(), SAMPLE_SAID, "nothing is said of the sample: {text}");
        // Every remark but the head and the one on `sample`.
        let missing: Vec<&str> =
            SAMPLE.lines().skip(5).filter(|line| line.starts_with('#') && !text.contains(line)).collect();
        assert_eq!(missing.len(), 2, "{missing:#?}");
        assert!(missing.iter().all(|line| line.contains("\"test\"")), "{missing:#?}");
    }

    /// By the name, which is the first answer, and by the remark on `[clock]`: an example of what no real station does.
    const SAMPLE_SAID: usize = 2;

    #[test]
    fn the_lists_of_a_new_station_are_read() {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in lists() {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        let themes = Themes::read(&folder.path().join("themes.toml")).unwrap();
        assert!(!themes.0.is_empty());
        crate::config::holidays::read(&folder.path().join("holidays.toml")).unwrap();
        let targets = crate::config::targets::read(&folder.path().join("targets.toml"), &themes).unwrap();
        assert_eq!(targets.0.len(), 0);
    }
}
