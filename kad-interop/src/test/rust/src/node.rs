//! The swarm: a stack of connections, identify, ping and kad, set up for tests on loopback.

use std::{error::Error, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use futures::{AsyncRead, AsyncWrite};
use libp2p::{
    PeerId, Swarm, SwarmBuilder, Transport,
    core::{muxing::StreamMuxerBox, transport::Boxed, upgrade::Version},
    identify,
    identity::Keypair,
    kad::{self, store::MemoryStore},
    noise, ping,
    pnet::PnetConfig,
    quic,
    swarm::NetworkBehaviour,
    tcp, tls, yamux,
};
use libp2p_websocket::tls as web;

use crate::options::{Options, Stack};

/// Longer than any test, so that no connection ends for idleness.
const IDLE_CONNECTION_TIMEOUT: Duration = Duration::from_secs(600);
/// The command `ping` answers with the next ping of the library, which asks each peer in turn.
const PING_INTERVAL: Duration = Duration::from_secs(1);
/// That of the library.
const QUIET_PING_INTERVAL: Duration = Duration::from_secs(15);
/// Longer than the time of any command, which bounds it.
const QUERY_TIMEOUT: Duration = Duration::from_secs(120);

#[derive(NetworkBehaviour)]
pub struct Behaviour {
    pub kad: kad::Behaviour<MemoryStore>,
    identify: identify::Behaviour,
    ping: ping::Behaviour,
}

/// Makes the swarm and starts to listen.
pub fn start(options: &Options) -> Result<Swarm<Behaviour>, Box<dyn Error>> {
    let mut swarm = SwarmBuilder::with_existing_identity(options.key.clone())
        .with_tokio()
        .with_other_transport(|key| transport(options, key))?
        .with_behaviour(|key| Behaviour {
            kad: kad(options),
            identify: identify::Behaviour::new(identify(key, options).with_push_listen_addr_updates(true)),
            ping: ping::Behaviour::new(ping::Config::new().with_interval(match options.quiet {
                true => QUIET_PING_INTERVAL,
                false => PING_INTERVAL,
            })),
        })?
        .with_swarm_config(|config| config.with_idle_connection_timeout(IDLE_CONNECTION_TIMEOUT))
        .build();
    swarm.behaviour_mut().kad.set_mode(Some(options.mode));
    for address in &options.listen {
        swarm.listen_on(address.clone())?;
    }
    Ok(swarm)
}

fn identify(key: &Keypair, options: &Options) -> identify::Config {
    let version = "/kad-interop/1.0.0".to_owned();
    match options.signed_record {
        true => identify::Config::new_with_signed_peer_record(version, key),
        false => identify::Config::new(version, key.public()),
    }
}

type Connected = Result<Boxed<(PeerId, StreamMuxerBox)>, Box<dyn Error + Send + Sync>>;

/// The transports as `SwarmBuilder::with_tcp`, `with_websocket` and `with_quic` make them.
fn transport(options: &Options, key: &Keypair) -> Connected {
    let socket = || tcp::tokio::Transport::new(tcp::Config::default().nodelay(true));
    match options.stack {
        Stack::Noise | Stack::Tls => protect(socket(), options, key),
        Stack::Ws => protect(libp2p_websocket::Config::new(socket()), options, key),
        Stack::Wss => {
            let mut secure = libp2p_websocket::Config::new(socket());
            secure.set_tls_config(web_tls(options)?);
            protect(secure, options, key)
        }
        Stack::Quic => Ok(quic::tokio::Transport::new(quic::Config::new(key))
            .map(|(peer, muxer), _| (peer, StreamMuxerBox::new(muxer)))
            .boxed()),
    }
}

/// Encrypts the connections of `raw` with the key of the private network, if there is one.
fn protect<T>(raw: T, options: &Options, key: &Keypair) -> Connected
where
    T: Transport + Send + Unpin + 'static,
    T::Output: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    T::Error: Send + Sync + 'static,
    T::Dial: Send + 'static,
    T::ListenerUpgrade: Send + 'static,
{
    match options.psk {
        Some(psk) => {
            let private = raw.and_then(move |io, _| PnetConfig::new(psk).handshake(io));
            secure(private, options.stack, key)
        }
        None => secure(raw, options.stack, key),
    }
}

fn secure<T>(raw: T, stack: Stack, key: &Keypair) -> Connected
where
    T: Transport + Send + Unpin + 'static,
    T::Output: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    T::Error: Send + Sync + 'static,
    T::Dial: Send + 'static,
    T::ListenerUpgrade: Send + 'static,
{
    let raw = raw.upgrade(Version::V1Lazy);
    Ok(match stack {
        Stack::Tls => raw.authenticate(tls::Config::new(key)?).multiplex(yamux::Config::default()).boxed(),
        _ => raw.authenticate(noise::Config::new(key)?).multiplex(yamux::Config::default()).boxed(),
    })
}

/// The TLS below WebSocket.
fn web_tls(options: &Options) -> Result<web::Config, Box<dyn Error + Send + Sync>> {
    let mut builder = web::Config::builder();
    if let (Some(cert), Some(key)) = (&options.ws_cert, &options.ws_key) {
        let cert = web::Certificate::new(pem(cert)?);
        builder.add_trust(&cert)?;
        builder.server(web::PrivateKey::new(pem(key)?), [cert])?;
    }
    Ok(builder.finish())
}

/// The content of the only block in a file of PEM.
fn pem(file: &str) -> Result<Vec<u8>, Box<dyn Error + Send + Sync>> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
    let content: String = text.lines().filter(|line| !line.starts_with("-----")).map(str::trim).collect();
    Ok(STANDARD.decode(content).map_err(|error| format!("{file}: {error}"))?)
}

fn kad(options: &Options) -> kad::Behaviour<MemoryStore> {
    let id = options.key.public().to_peer_id();
    let mut config = kad::Config::new(options.protocol.clone());
    config.set_query_timeout(QUERY_TIMEOUT);
    if options.quiet {
        config.set_periodic_bootstrap_interval(None);
    }
    if options.republish.is_some() {
        // the timer of both is that of replication
        config.set_replication_interval(options.republish);
        config.set_publication_interval(options.republish);
    }
    kad::Behaviour::with_config(id, MemoryStore::new(id), config)
}
