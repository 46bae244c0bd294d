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
use crate::config::Themes;
use crate::core::workbook::template::{TargetsTemplate, Template as Sheets};
use crate::export::template::{csv, targets_csv, targets_xlsx, xlsx};
use crate::words::Language;
use crate::words::template::{self, wording};

/// Writes the workbook that offices fill in: of a schedule, or of the plan's targets.
#[derive(Debug, Args)]
pub struct Template {
    /// The file to write, `.xlsx` or `.csv`. Default: `mau-lich-phat.xlsx`, `schedule-template.xlsx` in English; of targets
    /// `mau-chi-tieu.xlsx`, `targets-template.xlsx`.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The plan's targets, as the station has them, instead of a schedule.
    #[arg(long)]
    targets: bool,
}

impl Template {
    pub(super) fn run(&self, asked: &Asked) -> Result<Exit> {
        let language = asked.language_known();
        let usual = match (language, self.targets) {
            (Language::Vi, false) => "mau-lich-phat.xlsx",
            (Language::En, false) => "schedule-template.xlsx",
            (Language::Vi, true) => "mau-chi-tieu.xlsx",
            (Language::En, true) => "targets-template.xlsx",
        };
        let file = self.output.clone().unwrap_or_else(|| usual.into());
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
        let text = ending == "csv";
        let bytes = asked.on_station(|| match self.targets {
            true => of_targets(asked, language, text),
            false => of_schedule(asked, language, text),
        })??;

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

fn of_schedule(asked: &Asked, language: Language, text: bool) -> Result<Vec<u8>> {
    // Before a station is set up a template without themes is better than none. Where one is that cannot be read, nothing of
    // what an office then fills in would count: that is told.
    let (themes, zone) = if asked.config.try_exists().unwrap_or(true) {
        let setting = asked.setting()?;
        (setting.config.themes().map_err(|faults| setting.told(&faults))?, setting.zone)
    } else {
        (Themes::default(), chrono_tz::Asia::Ho_Chi_Minh)
    };
    let themes = themes.names();
    let first = next_month(SystemClock::new().now().with_timezone(&zone).date_naive());
    let sheets = Sheets { language, wording: wording(language), themes: &themes, first };
    Ok(if text { csv(&sheets) } else { xlsx(&sheets)? })
}

fn of_targets(asked: &Asked, language: Language, text: bool) -> Result<Vec<u8>> {
    // What would be left out would be taken for what is to go: nothing is written without the station's own lists.
    let setting = asked.setting()?;
    let config = &setting.config;
    let themes = config.themes().map_err(|faults| setting.told(&faults))?;
    let targets = config.targets_so_far(&themes).map_err(|faults| setting.told(&faults))?;
    let (guide, caption, lists) = template::targets(language);
    let (themes, year) = (themes.names(), setting.today().year());
    let sheets =
        TargetsTemplate { language, guide, caption, lists, themes: &themes, targets: &targets, year };
    Ok(if text { targets_csv(&sheets) } else { targets_xlsx(&sheets)? })
}

fn next_month(today: NaiveDate) -> NaiveDate {
    today.with_day(1).and_then(|first| first.checked_add_months(Months::new(1))).unwrap_or(today)
}
