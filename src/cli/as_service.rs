//! `loa run --service`: the station as a service of Windows. Joins the station to the service manager; nobody reads what
//! is printed, so that everything goes into the log file.

use anyhow::Result;

use super::Exit;
use super::setting::Asked;
use crate::service::windows::{Keeper, PATIENCE, serve};
use crate::station::{Overseer, Word};

pub(super) fn run(asked: &Asked) -> Result<Exit> {
    let (config, language) = (asked.config.clone(), asked.language);
    let (over, end) = std::sync::mpsc::channel();
    serve(move |keeper| {
        let ended = station(&Asked { config, language }, keeper);
        if let Err(error) = &ended {
            tracing::error!("the station has ended: {error:#}");
        }
        let _ = over.send(ended.is_ok());
        ended.is_ok()
    })?;
    Ok(if end.try_recv() == Ok(true) { Exit::Fine } else { Exit::Wrong })
}

fn station(asked: &Asked, mut keeper: Keeper) -> Result<()> {
    let setting = asked.setting()?;
    let overseer = keeper.ends().map(|ends| Overseer {
        voice: Box::new(move |word| match word {
            Word::Ready => keeper.ready(),
            Word::Alive => keeper.turned(),
            Word::Stopping => keeper.stopping(),
            Word::Status(_) => {}
        }),
        patience: PATIENCE,
        ends,
    });
    crate::station::run(&setting.config, overseer, || {})
}
