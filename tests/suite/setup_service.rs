//! `loa setup` on a machine with systemd: the installed station in its own place, and a `systemctl` that writes down what it
//! is told and starts the real station. Seen by no other process.

use std::process::Command;

/// A machine of its own: nothing in /run but the mark of systemd, nothing in /var/lib but the station's empty folder.
const MACHINE: &str = r#"
mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/system /run/bin && mount -t tmpfs tmpfs /var/lib && mkdir /var/lib/loa || exit 9
cat > /run/bin/systemctl <<'END'
#!/bin/sh
echo "told: $*" >> /run/log
case "$*" in
show*) echo LoadState=loaded; if [ -e /run/runs ]; then echo ActiveState=active; elif [ -e /run/comes ]; then echo ActiveState=activating; else echo ActiveState=inactive; fi ;;
*enable*|*restart*)
    [ -e /run/early ] && rm -f /var/lib/loa/state/clock-vouched.json
    [ -e /run/broken ] && { echo "Job for loa.service failed." >&2; exit 1; }
    [ -e /run/runs ] && { kill "$(cat /run/runs)"; while kill -0 "$(cat /run/runs)" 2>/dev/null; do sleep 0.1; done; }
    "$LOA" run >/dev/null 2>&1 & echo $! > /run/runs
    tries=0
    until "$LOA" status >/dev/null 2>&1 || [ $((tries += 1)) -gt 300 ]; do sleep 0.2; done ;;
esac
END
chmod +x /run/bin/systemctl
export PATH=/run/bin:$PATH LOA="$1"
cd /
trap 'kill "$(cat /run/runs 2>/dev/null)" 2>/dev/null' EXIT
loa() { "$LOA" "$@"; echo "code $?"; }
new() { loa setup --yes --name 'Đài xã Tân' --card virtual --quiet-hours none --listen none "$@"; }
"#;

fn on_a_machine(script: &str) -> String {
    let done = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "--pid", "--fork", "--mount-proc", "sh", "-c"])
        .arg(format!("{MACHINE}\n{script}"))
        .arg("sh")
        .arg(env!("CARGO_BIN_EXE_loa"))
        .output()
        .expect("`unshare` of util-linux gives these tests a machine of their own");
    String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr)
}

#[test]
fn the_service_is_started_and_started_again_only_where_nothing_is_due() {
    let said = on_a_machine(
        r#"
        new --clock-is-right
        loa status
        loa setup --loudness -18 --yes; cat /run/log; grep -c restart /run/log
        export TZ=Asia/Ho_Chi_Minh
        cat > /var/lib/loa/schedules/s.toml <<END
id = "s"
title = "S"
valid_from = 2026-01-01
[[slot]]
id = "x"
title = "Sắp phát"
dates = [$(date -d '+5 minutes' +%F)]
at = ["$(date -d '+5 minutes' +%H:%M)"]
play = ["khong-co.wav"]
END
        until "$LOA" rundown --days 2 | grep -q Sắp; do sleep 0.2; done
        loa setup --loudness -20 --yes
        grep -c restart /run/log
        printf '8\n' | loa setup
        "#,
    );
    assert!(said.contains("Trạm đang chạy, và tự chạy mỗi khi bật máy"), "{said}");
    assert!(said.contains("told: --no-ask-password enable --now loa.service"), "{said}");
    assert!(said.contains("told: --no-ask-password restart loa.service"), "{said}");
    assert!(said.contains("sắp phát “Sắp phát”"), "{said}");
    assert_eq!(said.matches("\n1\n").count(), 2, "started again once: {said}");
    assert!(said.contains("Muốn tắt hẳn"), "{said}");
    assert!(!said.contains("code 1") && !said.contains("code 2"), "{said}");
}

#[test]
fn a_service_that_does_not_start_is_told_and_the_config_is_written() {
    let said = on_a_machine(
        r#"
        touch /run/broken
        new
        test -e /var/lib/loa/config/station.toml && echo written
        rm /run/broken
        printf '8\n\n' | loa setup
        "#,
    );
    assert!(said.contains("Job for loa.service failed") && said.contains("loa doctor"), "{said}");
    assert!(said.contains("written") && said.contains("code 1"), "{said}");
    assert!(!said.contains("XONG"), "what to do tomorrow is for a station that runs: {said}");
    // Asked for again, it starts.
    assert!(said.contains("chưa chạy") && said.contains("code 0"), "{said}");
}

/// As when the disk was full at the first time: the system tries the service again and again, and once there is room it may
/// come up just before the word about the clock is left for it.
#[test]
fn the_same_command_again_waits_for_a_service_that_comes_up_and_its_clock_is_known() {
    let said = on_a_machine(
        r#"
        touch /run/broken
        new --clock-is-right --first-cue
        rm /run/broken; touch /run/comes /run/early
        echo again
        new --clock-is-right --first-cue
        loa status
        "#,
    );
    let (first, again) = said.split_once("again\n").unwrap();
    assert!(first.contains("code 1") && !first.contains("ba hồi chuông"), "{said}");
    assert!(again.contains("Trạm đang chạy"), "{said}");
    assert!(again.contains("Đồng hồ: đã được người trực xác nhận"), "{said}");
    assert!(again.contains("ba hồi chuông") && !again.contains("code 1"), "{said}");
}

#[test]
fn without_a_service_it_says_how_to_start() {
    let said =
        on_a_machine("rmdir /run/systemd/system; new; new --no-service; test -e /run/log || echo untold");
    assert!(said.contains("Muốn chạy, gõ: loa run\n"), "{said}");
    assert!(said.contains("untold"), "{said}");
}
