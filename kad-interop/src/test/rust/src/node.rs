//! The swarm: a stack of connections, identify, ping and kad, set up for tests on loopback.

use std::{error::Error, time::Duration};

use libp2p::{
    PeerId, Swarm, SwarmBuilder, Transport,
    core::{muxing::StreamMuxerBox, transport::Boxed, upgrade::Version},
    identify,
    identity::Keypair,
    kad::{self, store::MemoryStore},
    noise, ping, quic,
    swarm::NetworkBehaviour,
    tcp, tls, yamux,
};

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
        .with_other_transport(|key| transport(options.stack, key))?
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

/// The transports as `SwarmBuilder::with_tcp`, `with_websocket` and `with_quic` make them.
fn transport(
    stack: Stack,
    key: &Keypair,
) -> Result<Boxed<(PeerId, StreamMuxerBox)>, Box<dyn Error + Send + Sync>> {
    let socket = || tcp::tokio::Transport::new(tcp::Config::default().nodelay(true));
    let tcp = || socket().upgrade(Version::V1Lazy);
    Ok(match stack {
        Stack::Noise => tcp().authenticate(noise::Config::new(key)?).multiplex(yamux::Config::default()).boxed(),
        Stack::Tls => tcp().authenticate(tls::Config::new(key)?).multiplex(yamux::Config::default()).boxed(),
        Stack::Ws => libp2p_websocket::Config::new(socket())
            .upgrade(Version::V1Lazy)
            .authenticate(noise::Config::new(key)?)
            .multiplex(yamux::Config::default())
            .boxed(),
        Stack::Quic => quic::tokio::Transport::new(quic::Config::new(key))
            .map(|(peer, muxer), _| (peer, StreamMuxerBox::new(muxer)))
            .boxed(),
    })
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
