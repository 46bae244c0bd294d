//! Lengths of time as people write them: `90s`, `10m`, `1h30m`. Owns their grammar, both ways.

use std::time::Duration;

/// Reads a length of time: whole numbers, each with `h`, `m` or `s`, in that order, each unit at most once.
/// None for anything else, and beyond a year.
pub fn parse(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    if rest.is_empty() {
        return None;
    }
    let mut seconds: u64 = 0;
    for (unit, worth) in [('h', 3600u64), ('m', 60), ('s', 1)] {
        let Some((number, after)) = rest.split_once(unit) else { continue };
        if number.is_empty() || number.len() > 9 || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        seconds += number.parse::<u64>().ok()? * worth;
        rest = after;
    }
    (rest.is_empty() && seconds <= 366 * 86_400).then(|| Duration::from_secs(seconds))
}

/// Writes a length of time as [`parse`] reads it, to the second below.
pub fn write(span: Duration) -> String {
    let seconds = span.as_secs();
    let mut text = String::new();
    for (unit, worth, of) in [('h', 3600, u64::MAX), ('m', 60, 60), ('s', 1, 60)] {
        let count = seconds / worth % of;
        if count > 0 {
            text.push_str(&format!("{count}{unit}"));
        }
    }
    if text.is_empty() { "0s".into() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_as_people_write_them() {
        for (text, seconds) in
            [("0s", 0), ("90s", 90), ("10m", 600), ("1h30m", 5400), (" 2h ", 7200), ("1h2m3s", 3723)]
        {
            assert_eq!(parse(text), Some(Duration::from_secs(seconds)), "{text}");
        }
        for bad in [
            "",
            "10",
            "m",
            "10 m",
            "10m1h",
            "1m1m",
            "-1m",
            "1.5h",
            "10p",
            "99999999999h",
            "999999999h",
            "１m",
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn what_is_written_reads_back() {
        for seconds in (0..100_000).step_by(7) {
            let span = Duration::from_secs(seconds);
            assert_eq!(parse(&write(span)), Some(span));
        }
        assert_eq!(write(Duration::from_secs(5400)), "1h30m");
    }
}
