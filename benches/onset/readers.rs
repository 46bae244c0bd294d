//! Fifty readers of the station's pages while it airs. Owns their threads.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::station_folder::{self, StationFolder};

/// Fifty readers, one page after the other, until dropped; says how many pages they had.
pub struct Readers {
    over: Arc<AtomicBool>,
    threads: Vec<std::thread::JoinHandle<usize>>,
}

impl Readers {
    pub fn of(station: &StationFolder) -> Readers {
        let sign = station.path().join("state/page");
        let address: std::net::SocketAddr = station_folder::wait_for("the pages", || {
            let text = std::fs::read_to_string(&sign).ok()?;
            text.trim().trim_end_matches('/').rsplit('/').next()?.parse().ok()
        });
        let over = Arc::new(AtomicBool::new(false));
        let reader = |number: usize| {
            let over = over.clone();
            std::thread::spawn(move || {
                let pages = ["/", "/airings", "/month", "/rundown", "/themes"];
                let mut had = 0;
                while !over.load(Ordering::Relaxed) {
                    let path = pages[(number + had) % pages.len()];
                    let mut stream = std::net::TcpStream::connect(address).unwrap();
                    let request =
                        format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
                    std::io::Write::write_all(&mut stream, request.as_bytes()).unwrap();
                    std::io::Read::read_to_end(&mut stream, &mut Vec::new()).unwrap();
                    had += 1;
                }
                had
            })
        };
        let threads = (0..50).map(reader).collect();
        Readers { over, threads }
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        let had: usize = self.threads.drain(..).map(|thread| thread.join().unwrap_or_default()).sum();
        println!("({had} pages were read meanwhile)");
    }
}
