//! `loa template`: writes the workbook that offices fill in.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result};
use chrono::{Datelike, Months, NaiveDate};
use clap::Args;

use super::setting::Asked;
use super::{Exit, problem, say};
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::core::workbook::template::Template as Sheets;
use crate::export::template::{csv, xlsx};
use crate::words::{Language, template::wording};

/// Writes the workbook that offices fill in.
#[derive(Debug, Args)]
pub struct Template {
    /// The file to write, `.xlsx` or `.csv`. Default: `mau-lich-phat.xlsx`, `schedule-template.xlsx` in English.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Template {
    pub(super) fn run(&self, asked: &Asked) -> Result<Exit> {
        let language = asked.language_known();
        let words = |vi: &'static str, en: &'static str| if language == Language::Vi { vi } else { en };
        let file = self
            .output
            .clone()
            .unwrap_or_else(|| words("mau-lich-phat.xlsx", "schedule-template.xlsx").into());
        let ending =
            file.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
        if !["xlsx", "csv"].contains(&ending.as_str()) {
            let name = file.display();
            let said = match language {
                Language::Vi => format!("“{name}” phải có đuôi .xlsx hoặc .csv"),
                Language::En => format!("`{name}` must end with .xlsx or .csv"),
            };
            problem(language, &said);
            return Ok(Exit::Usage);
        }
        // A template without themes is better than none: an office may ask for one before the station is set up.
        let config = Config::read(&asked.config).ok();
        let themes = config.as_ref().and_then(|config| config.themes().ok()).unwrap_or_default();
        let zone = config.map_or(chrono_tz::Asia::Ho_Chi_Minh, |config| config.station.time_zone);
        let themes = themes.names();
        let today = SystemClock::new().now().with_timezone(&zone).date_naive();
        let sheets =
            Sheets { language, wording: wording(language), themes: &themes, first: next_month(today) };
        let bytes = if ending == "csv" { csv(&sheets) } else { xlsx(&sheets)? };

        let name = file.display().to_string();
        let refused = || match language {
            Language::Vi => {
                format!("không tạo được “{name}”; nếu tệp đã có thì hãy đổi tên hoặc chọn tên khác bằng -o")
            }
            Language::En => format!(
                "`{name}` cannot be made; if it is there already, rename it or choose another name with -o"
            ),
        };
        // What an office has filled in is never overwritten.
        let mut out = OpenOptions::new().write(true).create_new(true).open(&file).with_context(refused)?;
        out.write_all(&bytes).and_then(|()| out.sync_all()).with_context(refused)?;
        say(&match language {
            Language::Vi => format!("đã tạo “{name}”"),
            Language::En => format!("wrote `{name}`"),
        });
        Ok(Exit::Fine)
    }
}

fn next_month(today: NaiveDate) -> NaiveDate {
    today.with_day(1).and_then(|first| first.checked_add_months(Months::new(1))).unwrap_or(today)
}
