//! The command line of the peer.

use std::time::Duration;

use libp2p::{Multiaddr, PeerId, StreamProtocol, identity::Keypair, kad::Mode, pnet::PreSharedKey};

use crate::{refusal::Refusal, values};

pub const USAGE: &str = "usage: peer [option...]
  --stack NAME            noise (default) or tls over TCP with Yamux, ws (WebSocket with Noise), wss (the same in TLS), or quic
  --listen MULTIADDR      listen there (repeatable; default /ip4/127.0.0.1 with /tcp/0, /tcp/0/ws, /tcp/0/tls/ws or /udp/0/quic-v1)
  --ws-cert FILE          certificate of a listener of wss, in PEM, which the dialer trusts, too
  --ws-key FILE           its private key, PKCS #8 in PEM
  --psk FILE              pre-shared key of a private network, for noise, tls and ws
  --bootstrap MULTIADDR   dial it once at the start (repeatable)
  --protocol ID           kad protocol (default /kad/1.0.0)
  --client                kad mode (default server)
  --key-type TYPE         Ed25519 (default), secp256k1 or ECDSA
  --seed HEX              Ed25519 key made of these 32 bytes
  --rsa-key FILE          RSA key of PKCS #8 in DER, which the library reads and does not make
  --signed-record         identify with a signed peer record
  --quiet                 refresh nothing by time, and ping seldom: a server that is measured
  --republish DURATION    how often records are published again (default: that of the library)
  --timeout DURATION      bound of each command (default 30s)
";

/// What carries the connections.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Stack {
    Noise,
    Tls,
    Ws,
    Wss,
    Quic,
}

pub struct Options {
    pub stack: Stack,
    pub ws_cert: Option<String>,
    pub ws_key: Option<String>,
    pub psk: Option<PreSharedKey>,
    pub listen: Vec<Multiaddr>,
    pub bootstrap: Vec<(PeerId, Multiaddr)>,
    pub protocol: StreamProtocol,
    pub mode: Mode,
    pub key: Keypair,
    pub signed_record: bool,
    pub quiet: bool,
    pub republish: Option<Duration>,
    pub timeout: Duration,
}

impl Options {
    pub fn read(arguments: impl IntoIterator<Item = String>) -> Result<Self, Refusal> {
        let mut options = Self {
            stack: Stack::Noise,
            ws_cert: None,
            ws_key: None,
            psk: None,
            listen: Vec::new(),
            bootstrap: Vec::new(),
            protocol: StreamProtocol::new("/kad/1.0.0"),
            mode: Mode::Server,
            key: Keypair::generate_ed25519(),
            signed_record: false,
            quiet: false,
            republish: None,
            timeout: Duration::from_secs(30),
        };
        let mut arguments = arguments.into_iter();
        while let Some(name) = arguments.next() {
            match name.as_str() {
                "--client" => {
                    options.mode = Mode::Client;
                    continue;
                }
                "--signed-record" => {
                    options.signed_record = true;
                    continue;
                }
                "--quiet" => {
                    options.quiet = true;
                    continue;
                }
                _ => {}
            }
            let value = arguments.next().ok_or_else(|| Refusal::bad_input(format!("{name} wants a value")))?;
            options.set(&name, value)?;
        }
        if options.listen.is_empty() {
            options.listen.push(values::address(match options.stack {
                Stack::Noise | Stack::Tls => "/ip4/127.0.0.1/tcp/0",
                Stack::Ws => "/ip4/127.0.0.1/tcp/0/ws",
                Stack::Wss => "/ip4/127.0.0.1/tcp/0/tls/ws",
                Stack::Quic => "/ip4/127.0.0.1/udp/0/quic-v1",
            })?);
        }
        Ok(options)
    }

    fn set(&mut self, name: &str, value: String) -> Result<(), Refusal> {
        match name {
            "--stack" => {
                self.stack = match value.as_str() {
                    "noise" => Stack::Noise,
                    "tls" => Stack::Tls,
                    "ws" => Stack::Ws,
                    "wss" => Stack::Wss,
                    "quic" => Stack::Quic,
                    _ => {
                        return Err(Refusal::bad_input(format!(
                            "--stack is '{value}': want noise, tls, ws, wss or quic"
                        )));
                    }
                }
            }
            "--ws-cert" => self.ws_cert = Some(value),
            "--ws-key" => self.ws_key = Some(value),
            "--psk" => self.psk = Some(psk(&value)?),
            "--listen" => self.listen.push(values::address(&value)?),
            "--bootstrap" => self.bootstrap.push(values::peer_address(&value)?),
            "--protocol" => {
                self.protocol = StreamProtocol::try_from_owned(value)
                    .map_err(|_| Refusal::bad_input("--protocol wants an id that starts with /"))?;
            }
            "--key-type" => self.key = key(&value)?,
            "--seed" => self.key = seed_key(&value)?,
            "--rsa-key" => self.key = rsa_key(&value)?,
            "--republish" => self.republish = Some(values::duration(&value)?),
            "--timeout" => self.timeout = values::duration(&value)?,
            _ => return Err(Refusal::bad_input(format!("no option {name}"))),
        }
        Ok(())
    }
}

fn key(name: &str) -> Result<Keypair, Refusal> {
    match name {
        "Ed25519" => Ok(Keypair::generate_ed25519()),
        "secp256k1" => Ok(Keypair::generate_secp256k1()),
        "ECDSA" => Ok(Keypair::generate_ecdsa()),
        _ => Err(Refusal::bad_input(format!("--key-type is '{name}': want Ed25519, secp256k1 or ECDSA"))),
    }
}

fn seed_key(hex: &str) -> Result<Keypair, Refusal> {
    values::from_hex(hex)
        .ok()
        .and_then(|seed| Keypair::ed25519_from_bytes(seed).ok())
        .ok_or_else(|| Refusal::bad_input(format!("--seed is '{hex}': want 64 hex digits")))
}

fn psk(file: &str) -> Result<PreSharedKey, Refusal> {
    let text = std::fs::read_to_string(file).map_err(|error| Refusal::bad_input(format!("--psk {file}: {error}")))?;
    text.parse().map_err(|error| Refusal::bad_input(format!("--psk {file}: {error}")))
}

fn rsa_key(file: &str) -> Result<Keypair, Refusal> {
    let mut der = std::fs::read(file).map_err(|error| Refusal::bad_input(format!("--rsa-key {file}: {error}")))?;
    Keypair::rsa_from_pkcs8(&mut der).map_err(|error| Refusal::bad_input(format!("--rsa-key {file}: {error}")))
}
