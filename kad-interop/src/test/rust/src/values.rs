//! Text forms of keys, values, peers and durations, and their way back to text.

use std::{str::FromStr, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use libp2p::{Multiaddr, PeerId, multiaddr::Protocol};
use serde_json::{Value, json};

use crate::refusal::Refusal;

type Multihash = libp2p::multihash::Multihash<64>;

/// A record key: `/namespace/name` as UTF-8, `/pk/PEERID` and `/ipns/PEERID` in binary, or `0x` and hex.
pub fn record_key(text: &str) -> Result<Vec<u8>, Refusal> {
    if let Some(hex) = text.strip_prefix("0x") {
        return from_hex(hex);
    }
    for prefix in ["/pk/", "/ipns/"] {
        if let Some(id) = text.strip_prefix(prefix) {
            return Ok([prefix.as_bytes(), &peer_id(id)?.to_bytes()].concat());
        }
    }
    if !text.starts_with('/') {
        return Err(Refusal::bad_input(format!("KEY is '{text}': want /namespace/name or 0x and hex digits")));
    }
    Ok(text.as_bytes().to_vec())
}

/// A provider key: the multihash of a CID of version 1, or `0x` and the hex of a multihash.
pub fn provider_key(text: &str) -> Result<Vec<u8>, Refusal> {
    match text.strip_prefix("0x") {
        Some(hex) => from_hex(hex),
        None => multihash_of_cid(text).ok_or_else(|| {
            Refusal::bad_input(format!("CID is '{text}': want a CID of version 1 or 0x and hex digits"))
        }),
    }
}

fn multihash_of_cid(text: &str) -> Option<Vec<u8>> {
    let (_, bytes) = multibase::decode(text).ok()?;
    let (version, rest) = bytes.split_first()?;
    let codec_end = rest.iter().position(|byte| byte & 0x80 == 0)?;
    let hash = rest[codec_end + 1..].to_vec();
    (*version == 1 && Multihash::from_bytes(&hash).is_ok()).then_some(hash)
}

/// Any key of the key space: a record key, a peer id, or a CID, whose multihash counts.
pub fn target(text: &str) -> Result<Vec<u8>, Refusal> {
    if text.starts_with('/') || text.starts_with("0x") {
        return record_key(text);
    }
    peer_id(text).map(|id| id.to_bytes()).or_else(|_| provider_key(text))
}

pub fn peer_id(text: &str) -> Result<PeerId, Refusal> {
    PeerId::from_str(text).map_err(|error| Refusal::bad_input(format!("PEERID is '{text}': want a peer id ({error})")))
}

pub fn address(text: &str) -> Result<Multiaddr, Refusal> {
    Multiaddr::from_str(text).map_err(|error| {
        Refusal::bad_input(format!("MULTIADDR is '{text}': want /ip4/127.0.0.1/tcp/4001/p2p/PEERID ({error})"))
    })
}

/// An address that names its peer.
pub fn peer_address(text: &str) -> Result<(PeerId, Multiaddr), Refusal> {
    let address = address(text)?;
    match address.iter().last() {
        Some(Protocol::P2p(peer)) => Ok((peer, address)),
        _ => Err(Refusal::bad_input(format!("MULTIADDR is '{text}': want one that ends in /p2p/PEERID"))),
    }
}

/// Bytes of a value: the text itself, the contents of `@file`, or base64 when the command says so.
pub fn value(text: &str, base64: bool) -> Result<Vec<u8>, Refusal> {
    if let Some(file) = text.strip_prefix('@') {
        return std::fs::read(file).map_err(|error| Refusal::bad_input(format!("{file} cannot be read: {error}")));
    }
    if base64 {
        return STANDARD.decode(text).map_err(|error| Refusal::bad_input(format!("VALUE is no base64: {error}")));
    }
    Ok(text.as_bytes().to_vec())
}

/// A number of things, at least 1.
pub fn count(text: &str) -> Result<usize, Refusal> {
    match text.parse() {
        Ok(number) if number > 0 => Ok(number),
        _ => Err(Refusal::bad_input(format!("--count is '{text}': want a whole number from 1 on"))),
    }
}

/// A duration: `500ms`, `30s` or `2m`.
pub fn duration(text: &str) -> Result<Duration, Refusal> {
    let digits = text.find(|char: char| !char.is_ascii_digit()).unwrap_or(text.len());
    let unit_millis = match &text[digits..] {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        _ => 0,
    };
    match text[..digits].parse::<u64>() {
        Ok(number) if unit_millis > 0 => Ok(Duration::from_millis(number * unit_millis)),
        _ => Err(Refusal::bad_input(format!("'{text}' is no duration: want 500ms, 30s or 2m"))),
    }
}

/// The fields that show bytes: base64, and the text when they are UTF-8.
pub fn value_fields(value: &[u8]) -> Value {
    match std::str::from_utf8(value) {
        Ok(text) => json!({"value": STANDARD.encode(value), "text": text}),
        Err(_) => json!({"value": STANDARD.encode(value)}),
    }
}

/// The fields that name a peer.
pub fn peer_fields<'a>(peer: &PeerId, addresses: impl IntoIterator<Item = &'a Multiaddr>) -> Value {
    let addresses: Vec<_> = addresses.into_iter().map(Multiaddr::to_string).collect();
    json!({"peerId": peer.to_string(), "addresses": addresses})
}

/// An object with the fields of several.
pub fn merged(objects: impl IntoIterator<Item = Value>) -> Value {
    let mut all = serde_json::Map::new();
    for object in objects {
        if let Value::Object(fields) = object {
            all.extend(fields);
        }
    }
    Value::Object(all)
}

pub fn texts<T: ToString>(items: impl IntoIterator<Item = T>) -> Vec<String> {
    items.into_iter().map(|item| item.to_string()).collect()
}

pub fn from_hex(digits: &str) -> Result<Vec<u8>, Refusal> {
    let refusal = || Refusal::bad_input(format!("'0x{digits}': want pairs of hex digits after 0x"));
    if digits.is_empty() || digits.len() % 2 != 0 || !digits.is_ascii() {
        return Err(refusal());
    }
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).map_err(|_| refusal())).collect()
}
