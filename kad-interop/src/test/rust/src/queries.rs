//! What a command collects from the results of its query.

use std::collections::{BTreeMap, HashSet};

use libp2p::{
    PeerId,
    kad::{
        AddProviderOk, GetClosestPeersError, GetProvidersOk, GetRecordOk, PeerInfo, PeerRecord, PutRecordError,
        PutRecordResult, QueryId, QueryResult, QueryStats, Quorum, Record,
    },
};
use serde_json::{Value, json};

use crate::{
    peer::Peer,
    refusal::Refusal,
    values::{merged, peer_fields, texts, value_fields},
};

pub enum Progress {
    Put,
    Get { found: Vec<PeerRecord>, correct: bool },
    Correction { answer: Value },
    Provide,
    Providers { wanted: usize, found: HashSet<PeerId> },
    FindPeer(PeerId),
    Closest { wanted: usize },
    Bootstrap,
}

pub enum Step {
    Wait(Vec<Value>),
    End(Vec<Value>, Result<Value, Refusal>),
    Then(QueryId, Progress),
}

impl Progress {
    pub fn advance(&mut self, peer: &mut Peer, result: QueryResult, stats: &QueryStats, last: bool) -> Step {
        let asked = json!({"asked": stats.num_requests()});
        match (self, result) {
            (Self::Put, QueryResult::PutRecord(result)) => Step::End(vec![], put(result, asked)),
            (Self::Correction { answer }, QueryResult::PutRecord(result)) => {
                let corrected = json!({"corrected": texts(holders(&result))});
                Step::End(vec![], Ok(merged([answer.take(), corrected])))
            }
            (Self::Get { found, correct }, QueryResult::GetRecord(result)) => {
                if let Ok(GetRecordOk::FoundRecord(record)) = result {
                    found.push(record);
                }
                if last { end_get(peer, std::mem::take(found), *correct, asked) } else { Step::Wait(vec![]) }
            }
            (Self::Provide, QueryResult::StartProviding(result)) => Step::End(
                vec![],
                match result {
                    // how many were told, the library does not say
                    Ok(AddProviderOk { .. }) => Ok(merged([json!({"event": "provided"}), asked])),
                    Err(error) => Err(Refusal::new("no-peers", error.to_string())),
                },
            ),
            (Self::Providers { wanted, found }, QueryResult::GetProviders(result)) => {
                let newcomers = match result {
                    Ok(GetProvidersOk::FoundProviders { providers, .. }) => providers,
                    _ => HashSet::new(),
                };
                let room = *wanted - found.len();
                let newcomers: Vec<_> = newcomers.into_iter().filter(|id| found.insert(*id)).take(room).collect();
                let lines = newcomers
                    .iter()
                    .map(|id| merged([json!({"event": "provider"}), peer_fields(id, &peer.known_addresses(id))]));
                let lines = lines.collect();
                match last || found.len() >= *wanted {
                    false => Step::Wait(lines),
                    true => {
                        Step::End(lines, counted(found.len().min(*wanted), "no provider of the key is known", asked))
                    }
                }
            }
            (Self::FindPeer(sought), QueryResult::GetClosestPeers(result)) => {
                let found = closest(result).into_iter().find(|info| info.peer_id == *sought);
                Step::End(
                    vec![],
                    match found {
                        Some(info) => Ok(merged([json!({"event": "peer"}), info_fields(peer, &info), asked])),
                        None => Err(Refusal::new("not-found", "the peer was not found").reached(asked)),
                    },
                )
            }
            (Self::Closest { wanted }, QueryResult::GetClosestPeers(result)) => {
                let infos: Vec<_> = closest(result).into_iter().take(*wanted).collect();
                let lines: Vec<_> =
                    infos.iter().map(|info| merged([json!({"event": "peer"}), info_fields(peer, info)])).collect();
                let count = lines.len();
                Step::End(lines, counted(count, "no peer answered", asked))
            }
            (Self::Bootstrap, QueryResult::Bootstrap(result)) => match result {
                Ok(_) if !last => Step::Wait(vec![]),
                Ok(_) => Step::End(vec![], Ok(json!({"event": "bootstrapped", "peers": peer.table().len()}))),
                Err(error) => Step::End(vec![], Err(Refusal::new("timeout", error.to_string()))),
            },
            (_, other) => Step::End(vec![], Err(Refusal::new("internal", format!("unexpected result: {other:?}")))),
        }
    }
}

/// A put asks for twenty holders, so that the library names those it has when it falls short.
fn put(result: PutRecordResult, asked: Value) -> Result<Value, Refusal> {
    let holders = holders(&result);
    let reached = merged([json!({"stored": holders.len(), "holders": texts(&holders)}), asked]);
    match (result, holders.is_empty()) {
        (Err(PutRecordError::Timeout { .. }), _) => Err(Refusal::new("timeout", "the time is over").reached(reached)),
        (Err(_), true) => Err(Refusal::new("quorum-failed", "no peer stored the record").reached(reached)),
        _ => Ok(merged([json!({"event": "put"}), reached])),
    }
}

fn holders(result: &PutRecordResult) -> Vec<PeerId> {
    match result {
        Ok(_) => vec![],
        Err(PutRecordError::QuorumFailed { success, .. } | PutRecordError::Timeout { success, .. }) => success.clone(),
    }
}

/// The value that most holders have; with `correct` it is written over all others, as kad did before field 778.
fn end_get(peer: &mut Peer, found: Vec<PeerRecord>, correct: bool, asked: Value) -> Step {
    let mut votes = BTreeMap::<&[u8], usize>::new();
    for holder in &found {
        *votes.entry(&holder.record.value).or_default() += 1;
    }
    let Some(best) = found.iter().rev().max_by_key(|holder| votes[holder.record.value.as_slice()]).cloned() else {
        return Step::End(vec![], Err(Refusal::new("not-found", "no peer has a record of the key").reached(asked)));
    };
    let holders: Vec<_> = found.iter().filter_map(|holder| holder.peer).collect();
    let answer = merged([
        json!({
            "event": "record",
            "from": best.peer.unwrap_or(*peer.swarm.local_peer_id()).to_string(),
            "holders": texts(&holders),
            "publisher": best.record.publisher.map(|id| id.to_string()),
        }),
        value_fields(&best.record.value),
        asked,
    ]);
    let losers: Vec<_> = found
        .iter()
        .filter(|holder| holder.record.value != best.record.value)
        .filter_map(|holder| holder.peer)
        .collect();
    if correct && !losers.is_empty() {
        let query = peer.swarm.behaviour_mut().kad.put_record_to(best.record, losers.into_iter(), Quorum::All);
        return Step::Then(query, Progress::Correction { answer });
    }
    Step::End(vec![], Ok(answer))
}

pub fn held(record: &Record) -> Value {
    merged([
        json!({"event": "held", "publisher": record.publisher.map(|id| id.to_string())}),
        value_fields(&record.value),
    ])
}

fn counted(count: usize, message: &str, asked: Value) -> Result<Value, Refusal> {
    match count {
        0 => Err(Refusal::new("not-found", message).reached(asked)),
        _ => Ok(merged([json!({"event": "done", "count": count}), asked])),
    }
}

fn closest(result: Result<libp2p::kad::GetClosestPeersOk, GetClosestPeersError>) -> Vec<PeerInfo> {
    match result {
        Ok(ok) => ok.peers,
        Err(GetClosestPeersError::Timeout { peers, .. }) => peers,
    }
}

/// The query names the addresses that it heard of; the routing table has the others.
fn info_fields(peer: &mut Peer, info: &PeerInfo) -> Value {
    match info.addrs.is_empty() {
        true => peer_fields(&info.peer_id, &peer.known_addresses(&info.peer_id)),
        false => peer_fields(&info.peer_id, &info.addrs),
    }
}
