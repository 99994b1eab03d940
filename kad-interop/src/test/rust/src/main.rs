//! A real rust-libp2p kad peer, driven over standard input and output. README.md tells the language.

mod commands;
mod lines;
mod node;
mod options;
mod peer;
mod queries;
mod refusal;
mod values;

use std::process::exit;

use futures::StreamExt;
use lines::{Request, emit};
use options::{Options, USAGE};
use peer::Peer;
use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt, BufReader, stdin},
    signal::unix::{SignalKind, signal},
    time::sleep_until,
};

const EXIT_FAILED: i32 = 1;
const EXIT_USAGE: i32 = 2;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let options = Options::read(std::env::args().skip(1)).unwrap_or_else(|refusal| {
        eprint!("{}\n{USAGE}", refusal.message());
        exit(EXIT_USAGE)
    });
    let swarm = node::start(&options).unwrap_or_else(|error| {
        eprintln!("the peer cannot be started: {error}");
        exit(EXIT_FAILED)
    });
    let mut peer = Peer::new(swarm, options);
    let id = run(&mut peer).await;
    emit(json!({"event": "stopped", "ok": true}), id.as_deref());
    exit(0)
}

/// Runs until a `stop`, whose tag it returns, the end of the input, or SIGTERM.
async fn run(peer: &mut Peer) -> Option<String> {
    let mut input = BufReader::new(stdin()).lines();
    let mut terminated = signal(SignalKind::terminate()).expect("SIGTERM can be handled");
    loop {
        let deadline = peer.next_deadline();
        tokio::select! {
            event = peer.swarm.select_next_some() => peer.on_event(event),
            _ = terminated.recv() => return None,
            () = sleep_until(deadline) => peer.expire(),
            line = input.next_line() => match line {
                Ok(Some(line)) => match Request::parse(&line) {
                    Some((id, Ok(request))) if request.name == "stop" => return id,
                    Some((_, Ok(request))) => peer.start(&request),
                    Some((id, Err(refusal))) => emit(refusal.line(), id.as_deref()),
                    None => {}
                },
                _ => return None,
            },
        }
    }
}
