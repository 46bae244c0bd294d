//! How the inbox is shared with the offices' PCs: lines for Samba's own config, written into a file of the station. Owns
//! their text; whether the system takes them is for a person to decide.

use std::path::Path;

use crate::config::Config;

/// The file, beside the config.
pub(super) const FILE: &str = "samba-hop-nhan-tep.conf";

/// The lines, with the remarks that say what to do with them.
pub(super) fn text(config: &Config, file: &Path) -> String {
    let inbox = config.paths.inbox.display();
    format!(
        "\
# Chia sẻ hộp nhận tệp của “{name}” cho máy tính của các cơ quan (Samba). Làm một lần, với quyền quản trị:
#   1. sudo apt install samba
#   2. sudo smbpasswd -a loa          (đặt mật khẩu mà các cơ quan dùng khi mở thư mục)
#   3. thêm dòng này vào cuối /etc/samba/smb.conf:   include = {file}
#   4. sudo systemctl restart smbd
# Ở máy Windows của cơ quan: mở \\\\TÊN-MÁY-CỦA-ĐÀI\\inbox, tên đăng nhập: loa.
#
# Shares the inbox with the offices' PCs. Once, as administrator: install samba, give the user loa a password with smbpasswd,
# include this file at the end of /etc/samba/smb.conf, restart smbd. On Windows open \\\\NAME-OF-THIS-PC\\inbox as user loa.

[inbox]
   comment = Loa
   path = {inbox}
   browseable = yes
   read only = no
   guest ok = no
   valid users = loa
   force user = loa
   force group = loa
   create mask = 0664
   directory mask = 0775
",
        name = config.station.name,
        file = file.display(),
    )
}
