//! Servers for tests: a web server and a mail server that do as they are told. Own their sockets; what was sent to them
//! comes out of a channel.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};

/// What the web server does with a request.
#[derive(Clone, Copy, Debug)]
pub enum Web {
    /// Takes it and never answers; the connection stays open.
    Hang,
    /// Closes the connection.
    HangUp,
    /// Answers this.
    Answer(&'static str, &'static str),
}

/// A port on which nobody listens.
pub fn dead_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A web server that does these things one after the other, and the last for ever; the requests, head and body.
pub fn web(script: &[Web]) -> (u16, Receiver<(String, String)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (tell, heard) = channel();
    let script = script.to_vec();
    std::thread::spawn(move || {
        let mut open = Vec::new();
        for (at, stream) in listener.incoming().enumerate() {
            let Ok(mut stream) = stream else { return };
            let Some(request) = request(&stream) else { continue };
            let _ = tell.send(request);
            match script[at.min(script.len() - 1)] {
                Web::Hang => open.push(stream),
                Web::HangUp => drop(stream),
                Web::Answer(status, body) => {
                    let length = body.len();
                    let _ = write!(
                        stream,
                        "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nLocation: /x\r\nConnection: close\r\n\r\n{body}"
                    );
                }
            }
        }
    });
    (port, heard)
}

fn request(stream: &TcpStream) -> Option<(String, String)> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let length =
        head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length?];
    reader.read_exact(&mut body).ok()?;
    Some((head, String::from_utf8(body).ok()?))
}

/// A mail server without any encryption that refuses one receiver; what it was told, a line a command, and the letters.
pub fn mail(refused: &'static str) -> (u16, Receiver<(Vec<String>, String)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (tell, heard) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(stream) = stream else { return };
            let _ = converse(&stream, refused, &tell);
        }
    });
    (port, heard)
}

fn converse(mut stream: &TcpStream, refused: &str, tell: &Sender<(Vec<String>, String)>) -> Option<()> {
    let mut reader = BufReader::new(stream);
    write!(stream, "220 thu.example.vn\r\n").ok()?;
    let (mut commands, mut letter, mut writing) = (Vec::new(), String::new(), false);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let word = line.trim_end().to_owned();
        if writing {
            if word == "." {
                writing = false;
                write!(stream, "250 queued as 42\r\n").ok()?;
                let _ = tell.send((std::mem::take(&mut commands), std::mem::take(&mut letter)));
            } else {
                letter.push_str(&line);
            }
            continue;
        }
        commands.push(word.clone());
        let answer = match word.split(' ').next().unwrap_or_default() {
            "DATA" => {
                writing = true;
                "354 go on"
            }
            "RCPT" if word.contains(refused) => "550 no such mailbox here",
            "QUIT" => {
                let _ = write!(stream, "221 bye\r\n");
                return None;
            }
            _ => "250 fine",
        };
        write!(stream, "{answer}\r\n").ok()?;
    }
}
