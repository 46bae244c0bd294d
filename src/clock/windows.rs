//! What Windows says about its clock: its time service, asked by `w32tm`. Owns how the answer is read, in whatever language
//! Windows speaks.

/// The source that a time service names which follows nothing but this machine: `LOCL`, as RFC 5905 has it.
const LOCAL: &str = "0x4C4F434C";
/// The leap indicator of a clock that is not synchronised.
const NOT_SYNCHRONISED: u32 = 3;

/// Whether the time service keeps the clock by another one; none where it says nothing, as when it does not run.
#[cfg(windows)]
pub(super) fn synchronised() -> Option<bool> {
    let asked = std::process::Command::new("w32tm")
        .args(["/query", "/status"])
        .stdin(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .output();
    let said = asked.ok().filter(|answer| answer.status.success())?;
    read(&String::from_utf8_lossy(&said.stdout))
}

/// The words before the colons are Windows' own language; the first line holds the leap indicator, the second the stratum.
fn read(said: &str) -> Option<bool> {
    let mut numbers = said.lines().filter_map(|line| {
        let value = line.split_once(':')?.1.trim();
        let digits: String = value.chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<u32>().ok()
    });
    let (leap, stratum) = (numbers.next()?, numbers.next()?);
    Some(
        leap < NOT_SYNCHRONISED
            && stratum > 0
            && !said.to_ascii_uppercase().contains(&LOCAL.to_ascii_uppercase()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_service_is_understood_in_every_language() {
        let by_net = "Leap Indicator: 0(no warning)\r\nStratum: 4 (secondary reference - syncd by (S)NTP)\r\n\
                      Precision: -23 (119.209ns per tick)\r\nReferenceId: 0x14650C6B (source IP:  20.101.57.9)\r\n\
                      Source: time.windows.com,0x8 \r\n";
        assert_eq!(read(by_net), Some(true));
        let in_vietnamese = "Chỉ báo nhảy: 0(không có cảnh báo)\r\nTầng: 3 (tham chiếu phụ)\r\n";
        assert_eq!(read(in_vietnamese), Some(true));
        let never =
            "Leap Indicator: 3(not synchronized)\r\nStratum: 0 (unspecified)\r\nSource: Local CMOS Clock\r\n";
        assert_eq!(read(never), Some(false));
        let by_itself = "Leap Indicator: 0(no warning)\r\nStratum: 1 (primary reference)\r\n\
                         ReferenceId: 0x4C4F434C (source name:  \"LOCL\")\r\nSource: Local CMOS Clock\r\n";
        assert_eq!(read(by_itself), Some(false));
        assert_eq!(read("The service has not been started. (0x80070426)\r\n"), None);
        assert_eq!(read(""), None);
    }
}
