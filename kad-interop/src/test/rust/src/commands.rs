//! The commands: each one is answered at once or starts what its answer waits for.

use libp2p::{
    PeerId,
    kad::{Mode, QueryId, Quorum, Record, RecordKey, store::RecordStore},
};
use serde_json::{Value, json};

use crate::{
    lines::{Request, emit},
    peer::{Awaited, Peer, connection_fields},
    queries::{Progress, held},
    refusal::Refusal,
    values::{self, merged, peer_fields, texts},
};

const NAMES: &str = "add-address, bootstrap, closest-peers, connect, connections, disconnect, find-peer, find-providers, get, held, \
                     info, mode, ping, provide, put, routing-table, stop";

enum Started {
    Answer(Value),
    Waits(Awaited),
}

use Started::{Answer, Waits};

impl Peer {
    pub fn start(&mut self, request: &Request) {
        let timeout = request.option("--timeout").map_or(Ok(self.options.timeout), values::duration);
        match timeout.and_then(|timeout| Ok((timeout, self.run(request)?))) {
            Ok((_, Answer(answer))) => emit(merged([answer, json!({"ok": true})]), request.id.as_deref()),
            Ok((timeout, Waits(awaited))) => self.await_result(request.id.clone(), timeout, awaited),
            Err(refusal) => emit(refusal.line(), request.id.as_deref()),
        }
    }

    fn run(&mut self, request: &Request) -> Result<Started, Refusal> {
        match request.name.as_str() {
            "put" => self.put(request),
            "get" => self.get(request),
            "provide" => self.provide(request),
            "find-providers" => self.find_providers(request),
            "find-peer" => {
                let [id] = request.words("find-peer PEERID", &[])?;
                let id = values::peer_id(id)?;
                let query = self.swarm.behaviour_mut().kad.get_closest_peers(id);
                Ok(waits(query, Progress::FindPeer(id)))
            }
            "closest-peers" => {
                let [key] = request.words("closest-peers KEY [--count N]", &["--count"])?;
                let (key, wanted) = (values::target(key)?, wanted(request)?);
                let query = self.swarm.behaviour_mut().kad.get_closest_peers(key);
                Ok(waits(query, Progress::Closest { wanted }))
            }
            "bootstrap" => {
                let [] = request.words("bootstrap", &[])?;
                let query = self.swarm.behaviour_mut().kad.bootstrap();
                let query = query.map_err(|error| Refusal::new("no-peers", error.to_string()))?;
                Ok(waits(query, Progress::Bootstrap))
            }
            "add-address" => {
                let [id, address] = request.words("add-address PEERID MULTIADDR", &[])?;
                let (id, address) = (values::peer_id(id)?, values::address(address)?);
                self.swarm.behaviour_mut().kad.add_address(&id, address);
                Ok(Answer(json!({"event": "routing-updated"})))
            }
            "connect" => self.connect(request),
            "disconnect" => self.disconnect(request),
            "ping" => self.ping(request),
            "connections" | "routing-table" | "info" => {
                let [] = request.words(&request.name, &[])?;
                Ok(Answer(self.state(&request.name)))
            }
            "mode" => {
                let [mode] = request.words("mode server|client", &[])?;
                let mode = match mode {
                    "server" => Mode::Server,
                    "client" => Mode::Client,
                    _ => return Err(Refusal::bad_input(format!("the mode is '{mode}': want server or client"))),
                };
                self.swarm.behaviour_mut().kad.set_mode(Some(mode));
                Ok(Answer(json!({"event": "mode", "mode": mode.to_string()})))
            }
            "held" => {
                let [key] = request.words("held KEY", &[])?;
                let key = RecordKey::from(values::record_key(key)?);
                match self.swarm.behaviour_mut().kad.store_mut().get(&key) {
                    Some(record) => Ok(Answer(held(&record))),
                    None => Err(Refusal::new("not-found", "this peer has no record of the key")),
                }
            }
            name => Err(Refusal::bad_input(format!("no command '{name}': want one of {NAMES}"))),
        }
    }

    fn put(&mut self, request: &Request) -> Result<Started, Refusal> {
        let [key, value] = request.words("put KEY VALUE [--base64]", &["--base64"])?;
        let value = values::value(value, request.option("--base64").is_some())?;
        let record = Record::new(values::record_key(key)?, value);
        let query = self.swarm.behaviour_mut().kad.put_record(record, Quorum::All);
        let query = query.map_err(|error| Refusal::new("io", error.to_string()))?;
        Ok(waits(query, Progress::Put))
    }

    fn get(&mut self, request: &Request) -> Result<Started, Refusal> {
        let [key] = request.words("get KEY [--correct]", &["--correct"])?;
        let query = self.swarm.behaviour_mut().kad.get_record(values::record_key(key)?.into());
        Ok(waits(query, Progress::Get { found: vec![], correct: request.option("--correct").is_some() }))
    }

    fn provide(&mut self, request: &Request) -> Result<Started, Refusal> {
        let [key] = request.words("provide CID", &[])?;
        let query = self.swarm.behaviour_mut().kad.start_providing(values::provider_key(key)?.into());
        let query = query.map_err(|error| Refusal::new("io", error.to_string()))?;
        Ok(waits(query, Progress::Provide))
    }

    fn find_providers(&mut self, request: &Request) -> Result<Started, Refusal> {
        let [key] = request.words("find-providers CID [--count N]", &["--count"])?;
        let (key, wanted) = (values::provider_key(key)?, wanted(request)?);
        let query = self.swarm.behaviour_mut().kad.get_providers(key.into());
        Ok(waits(query, Progress::Providers { wanted, found: Default::default() }))
    }

    fn connect(&mut self, request: &Request) -> Result<Started, Refusal> {
        let [address] = request.words("connect MULTIADDR", &[])?;
        let (peer, address) = values::peer_address(address)?;
        if self.swarm.is_connected(&peer) {
            return Ok(Answer(self.connected(&peer)));
        }
        self.dial(peer, address).map_err(|error| Refusal::new("unreachable", error.to_string()))?;
        Ok(Waits(Awaited::Dial(peer)))
    }

    fn disconnect(&mut self, request: &Request) -> Result<Started, Refusal> {
        let [id] = request.words("disconnect PEERID", &[])?;
        let peer = values::peer_id(id)?;
        match self.swarm.disconnect_peer_id(peer) {
            Ok(()) => Ok(Waits(Awaited::Hangup(peer))),
            Err(()) => Ok(Answer(json!({"event": "disconnected", "peerId": id}))),
        }
    }

    fn ping(&mut self, request: &Request) -> Result<Started, Refusal> {
        let [target] = request.words("ping MULTIADDR|PEERID", &[])?;
        let peer = match target.starts_with('/') {
            true => {
                let (peer, address) = values::peer_address(target)?;
                self.dial(peer, address).map_err(|error| Refusal::new("unreachable", error.to_string()))?;
                peer
            }
            false => self.connected_peer(target)?,
        };
        Ok(Waits(Awaited::Ping(peer)))
    }

    fn connected_peer(&self, id: &str) -> Result<PeerId, Refusal> {
        let peer = values::peer_id(id)?;
        match self.swarm.is_connected(&peer) {
            true => Ok(peer),
            false => Err(Refusal::new("unreachable", "the peer is not connected")),
        }
    }

    fn state(&mut self, what: &str) -> Value {
        let table = self.table();
        match what {
            "connections" => {
                let connections = self.connections.values().map(|(peer, endpoint)| connection_fields(peer, endpoint));
                json!({"event": what, "connections": connections.collect::<Vec<_>>()})
            }
            "routing-table" => {
                let peers = table.iter().map(|(peer, addresses)| {
                    let connected = json!({"connected": self.swarm.is_connected(peer)});
                    merged([peer_fields(peer, addresses), connected])
                });
                json!({"event": what, "peers": peers.collect::<Vec<_>>()})
            }
            _ => {
                let addresses: Vec<_> = self.swarm.listeners().cloned().collect();
                let id = *self.swarm.local_peer_id();
                let kad = &mut self.swarm.behaviour_mut().kad;
                let state = json!({
                    "event": what,
                    "mode": kad.mode().to_string(),
                    "protocols": texts(kad.protocol_names()),
                    "tableSize": table.len(),
                    "records": kad.store_mut().records().count(),
                });
                merged([state, peer_fields(&id, &addresses)])
            }
        }
    }
}

fn waits(query: QueryId, progress: Progress) -> Started {
    Waits(Awaited::Query(query, progress))
}

fn wanted(request: &Request) -> Result<usize, Refusal> {
    request.option("--count").map_or(Ok(usize::MAX), values::count)
}
