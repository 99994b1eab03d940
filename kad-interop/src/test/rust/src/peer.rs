//! The running peer: what its swarm says, and the commands that wait for it.

use std::{collections::HashMap, time::Duration};

use libp2p::{
    Multiaddr, PeerId, Swarm,
    core::ConnectedPoint,
    identify,
    kad::{self, QueryId},
    swarm::{
        ConnectionId, DialError, SwarmEvent,
        dial_opts::{DialOpts, PeerCondition},
    },
};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::{
    lines::emit,
    node::{Behaviour, BehaviourEvent},
    options::Options,
    queries::{Progress, Step},
    refusal::Refusal,
    values::{merged, peer_fields, texts},
};

/// What `tokio` sleeps for when no command waits.
const LONG: Duration = Duration::from_secs(3600);

pub struct Peer {
    pub swarm: Swarm<Behaviour>,
    pub options: Options,
    pub connections: HashMap<ConnectionId, (PeerId, ConnectedPoint)>,
    jobs: Vec<Job>,
}

/// A command whose answer is not complete.
struct Job {
    id: Option<String>,
    deadline: Instant,
    awaited: Awaited,
}

pub enum Awaited {
    Query(QueryId, Progress),
    Dial(PeerId),
    Hangup(PeerId),
    Ping(PeerId),
}

impl Peer {
    pub fn new(swarm: Swarm<Behaviour>, options: Options) -> Self {
        Self { swarm, options, connections: HashMap::new(), jobs: Vec::new() }
    }

    pub fn await_result(&mut self, id: Option<String>, time: Duration, awaited: Awaited) {
        self.jobs.push(Job { id, deadline: Instant::now() + time, awaited });
    }

    pub fn next_deadline(&self) -> Instant {
        self.jobs.iter().map(|job| job.deadline).min().unwrap_or_else(|| Instant::now() + LONG)
    }

    /// Answers the commands whose time is over.
    pub fn expire(&mut self) {
        let now = Instant::now();
        for job in self.jobs.extract_if(.., |job| job.deadline <= now).collect::<Vec<_>>() {
            if let Awaited::Query(query, _) = job.awaited
                && let Some(mut query) = self.swarm.behaviour_mut().kad.query_mut(&query)
            {
                query.finish();
            }
            let refusal = match self.table().is_empty() {
                true => Refusal::new("no-peers", "the time is over and the routing table is empty"),
                false => Refusal::new("timeout", "the time is over"),
            };
            emit(refusal.line(), job.id.as_deref());
        }
    }

    /// Starts to connect; the answer comes with the connection.
    pub fn dial(&mut self, peer: PeerId, address: Multiaddr) -> Result<(), DialError> {
        let dial = DialOpts::peer_id(peer).addresses(vec![address]).condition(PeerCondition::Disconnected);
        match self.swarm.dial(dial.build()) {
            Err(DialError::DialPeerConditionFalse(_)) => Ok(()),
            result => result,
        }
    }

    pub fn on_event(&mut self, event: SwarmEvent<BehaviourEvent>) {
        match event {
            SwarmEvent::NewListenAddr { address, .. } => self.on_listening(address),
            SwarmEvent::ConnectionEstablished { peer_id, connection_id, endpoint, num_established, .. } => {
                self.connections.insert(connection_id, (peer_id, endpoint));
                if num_established.get() == 1 {
                    emit(json!({"event": "peer-connected", "peerId": peer_id.to_string()}), None);
                }
                let connected = self.connected(&peer_id);
                self.finish(|awaited| matches!(awaited, Awaited::Dial(peer) if *peer == peer_id), &connected);
            }
            SwarmEvent::ConnectionClosed { peer_id, connection_id, num_established: 0, .. } => {
                self.connections.remove(&connection_id);
                emit(json!({"event": "peer-disconnected", "peerId": peer_id.to_string()}), None);
                let hung_up = json!({"event": "disconnected", "ok": true, "peerId": peer_id.to_string()});
                self.finish(|awaited| matches!(awaited, Awaited::Hangup(peer) if *peer == peer_id), &hung_up);
            }
            SwarmEvent::ConnectionClosed { connection_id, .. } => {
                self.connections.remove(&connection_id);
            }
            SwarmEvent::OutgoingConnectionError { peer_id: Some(peer_id), error, .. } => {
                let refusal = Refusal::new("unreachable", error.to_string()).line();
                self.finish(
                    |awaited| matches!(awaited, Awaited::Dial(peer) | Awaited::Ping(peer) if *peer == peer_id),
                    &refusal,
                );
            }
            SwarmEvent::Behaviour(BehaviourEvent::Identify(identify::Event::Received { peer_id, info, .. })) => {
                self.on_identified(peer_id, &info);
            }
            SwarmEvent::Behaviour(BehaviourEvent::Ping(ping)) => {
                if let Ok(rtt) = ping.result {
                    let pong = json!({"event": "pong", "ok": true, "rttMillis": rtt.as_secs_f64() * 1000.0});
                    self.finish(|awaited| matches!(awaited, Awaited::Ping(peer) if *peer == ping.peer), &pong);
                }
            }
            SwarmEvent::Behaviour(BehaviourEvent::Kad(event)) => self.on_kad(event),
            _ => {}
        }
    }

    /// Tells where the peer listens, and what connects to it, once all addresses are there.
    fn on_listening(&mut self, address: Multiaddr) {
        // rust announces as a provider only what is confirmed as reachable
        self.swarm.add_external_address(address);
        let listeners: Vec<_> = self.swarm.listeners().cloned().collect();
        if listeners.len() < self.options.listen.len() {
            return;
        }
        let addresses: Vec<_> =
            listeners.iter().filter_map(|one| one.clone().with_p2p(*self.swarm.local_peer_id()).ok()).collect();
        let fields = peer_fields(self.swarm.local_peer_id(), &addresses);
        emit(merged([json!({"event": "listening"}), fields]), None);
        for (peer, address) in std::mem::take(&mut self.options.bootstrap) {
            if let Err(error) = self.dial(peer, address.clone()) {
                let failed =
                    json!({"event": "bootstrap-failed", "address": address.to_string(), "error": error.to_string()});
                emit(failed, None);
            }
        }
    }

    /// Wires identify to kad, which does not do so by itself.
    fn on_identified(&mut self, peer: PeerId, info: &identify::Info) {
        let told = json!({
            "event": "peer-identified",
            "protocols": texts(&info.protocols),
            "agent": info.agent_version,
            "signedRecord": info.signed_peer_record.is_some(),
        });
        emit(merged([told, peer_fields(&peer, &info.listen_addrs)]), None);
        if info.protocols.contains(&self.options.protocol) {
            for address in &info.listen_addrs {
                self.swarm.behaviour_mut().kad.add_address(&peer, address.clone());
            }
        }
    }

    fn on_kad(&mut self, event: kad::Event) {
        match event {
            kad::Event::OutboundQueryProgressed { id, result, stats, step } => {
                let at =
                    self.jobs.iter().position(|job| matches!(job.awaited, Awaited::Query(query, _) if query == id));
                let Some(mut job) = at.map(|at| self.jobs.swap_remove(at)) else { return };
                let Awaited::Query(_, progress) = &mut job.awaited else { return };
                let step = progress.advance(self, result, &stats, step.last);
                self.go_on(job, step);
            }
            kad::Event::RoutingUpdated { peer, is_new_peer, old_peer, .. } => {
                if is_new_peer {
                    emit(json!({"event": "routing-add", "peerId": peer.to_string()}), None);
                }
                if let Some(old) = old_peer {
                    emit(json!({"event": "routing-remove", "peerId": old.to_string()}), None);
                }
            }
            kad::Event::InboundRequest { request: kad::InboundRequest::PutRecord { source, .. } } => {
                emit(json!({"event": "record-received", "peerId": source.to_string()}), None);
            }
            _ => {}
        }
    }

    fn go_on(&mut self, mut job: Job, step: Step) {
        match step {
            Step::Wait(lines) => {
                lines.into_iter().for_each(|line| emit(line, job.id.as_deref()));
                self.jobs.push(job);
            }
            Step::End(lines, last) => {
                lines.into_iter().for_each(|line| emit(line, job.id.as_deref()));
                emit(last.map_or_else(Refusal::line, |line| merged([line, json!({"ok": true})])), job.id.as_deref());
            }
            Step::Then(query, progress) => {
                job.awaited = Awaited::Query(query, progress);
                self.jobs.push(job);
            }
        }
    }

    fn finish(&mut self, ended: impl Fn(&Awaited) -> bool, answer: &Value) {
        for job in self.jobs.extract_if(.., |job| ended(&job.awaited)) {
            emit(answer.clone(), job.id.as_deref());
        }
    }

    /// The peers of the routing table, the closest bucket first.
    pub fn table(&mut self) -> Vec<(PeerId, Vec<Multiaddr>)> {
        let buckets = self.swarm.behaviour_mut().kad.kbuckets();
        let entries = buckets.flat_map(|bucket| {
            bucket
                .iter()
                .map(|entry| (*entry.node.key.preimage(), entry.node.value.clone().into_vec()))
                .collect::<Vec<_>>()
        });
        entries.collect()
    }

    /// What the routing table knows of a peer.
    pub fn known_addresses(&mut self, peer: &PeerId) -> Vec<Multiaddr> {
        self.table().into_iter().find(|(id, _)| id == peer).map(|(_, addresses)| addresses).unwrap_or_default()
    }

    /// The answer to `connect`.
    pub fn connected(&self, peer: &PeerId) -> Value {
        let connection = self.connections.values().find(|(id, _)| id == peer);
        let fields = connection.map(|(id, endpoint)| connection_fields(id, endpoint)).unwrap_or_default();
        merged([json!({"event": "connected", "ok": true}), fields])
    }
}

pub fn connection_fields(peer: &PeerId, endpoint: &ConnectedPoint) -> Value {
    json!({
        "peerId": peer.to_string(),
        "address": endpoint.get_remote_address().to_string(),
        "direction": if endpoint.is_dialer() { "outbound" } else { "inbound" },
        "security": "noise",
        "muxer": "yamux",
    })
}
