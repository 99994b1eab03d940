package main

import (
	"bytes"
	"context"
	webtls "crypto/tls"
	"crypto/x509"
	"fmt"
	"os"

	ds "github.com/ipfs/go-datastore"
	dssync "github.com/ipfs/go-datastore/sync"
	"github.com/libp2p/go-libp2p"
	dht "github.com/libp2p/go-libp2p-kad-dht"
	record "github.com/libp2p/go-libp2p-record"
	"github.com/libp2p/go-libp2p/core/connmgr"
	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/event"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/pnet"
	"github.com/libp2p/go-libp2p/p2p/muxer/yamux"
	"github.com/libp2p/go-libp2p/p2p/security/noise"
	tls "github.com/libp2p/go-libp2p/p2p/security/tls"
	quic "github.com/libp2p/go-libp2p/p2p/transport/quic"
	"github.com/libp2p/go-libp2p/p2p/transport/tcp"
	"github.com/libp2p/go-libp2p/p2p/transport/websocket"
	"github.com/multiformats/go-multiaddr"
)

// keyTypes names the types of keys; RSA alone takes a size.
var keyTypes = map[string]int{
	"Ed25519": crypto.Ed25519, "secp256k1": crypto.Secp256k1, "ECDSA": crypto.ECDSA, "RSA": crypto.RSA,
}

const rsaBits = 2048

// plain makes an option that needs no settings.
func plain(options ...libp2p.Option) func(settings) (libp2p.Option, error) {
	return func(settings) (libp2p.Option, error) { return libp2p.ChainOptions(options...), nil }
}

// stacks are what carries the connections.
var stacks = map[string]func(settings) (libp2p.Option, error){
	"noise": plain(
		libp2p.Transport(tcp.NewTCPTransport),
		libp2p.Security(noise.ID, noise.New),
		libp2p.Muxer(yamux.ID, yamux.DefaultTransport),
	),
	"tls": plain(
		libp2p.Transport(tcp.NewTCPTransport),
		libp2p.Security(tls.ID, tls.New),
		libp2p.Muxer(yamux.ID, yamux.DefaultTransport),
	),
	"ws": plain(
		libp2p.Transport(websocket.New),
		libp2p.Security(noise.ID, noise.New),
		libp2p.Muxer(yamux.ID, yamux.DefaultTransport),
	),
	"wss":  secureWebSocket,
	"quic": plain(libp2p.Transport(quic.NewTransport)),
}

// secureWebSocket is WebSocket in TLS, whose listener has the certificate that the dialer trusts.
func secureWebSocket(s settings) (libp2p.Option, error) {
	certificate, err := webtls.LoadX509KeyPair(s.wsCert, s.wsKey)
	if err != nil {
		return nil, err
	}
	trusted := x509.NewCertPool()
	trusted.AddCert(certificate.Leaf)
	return libp2p.ChainOptions(
		libp2p.Transport(
			websocket.New,
			websocket.WithTLSConfig(&webtls.Config{Certificates: []webtls.Certificate{certificate}}),
			websocket.WithTLSClientConfig(&webtls.Config{RootCAs: trusted}),
		),
		libp2p.Security(noise.ID, noise.New),
		libp2p.Muxer(yamux.ID, yamux.DefaultTransport),
	), nil
}

// peerProcess is the host, its kad, and the store that both the commands and kad read.
type peerProcess struct {
	settings settings
	host     host.Host
	dht      *dht.IpfsDHT
	store    ds.Batching
}

// startPeer makes the host and listens once everything that tells of events is in place.
func startPeer(ctx context.Context, s settings) (*peerProcess, error) {
	keyType, known := keyTypes[s.keyType]
	if !known {
		return nil, fmt.Errorf("--key-type is '%s': want Ed25519, secp256k1, ECDSA or RSA", s.keyType)
	}
	key, _, err := crypto.GenerateEd25519Key(bytes.NewReader(s.seed))
	if s.seed == nil {
		key, _, err = crypto.GenerateKeyPair(keyType, rsaBits)
	}
	if err != nil {
		return nil, err
	}
	stack, err := stacks[s.stack](s)
	if err != nil {
		return nil, err
	}
	options := []libp2p.Option{
		libp2p.Identity(key),
		libp2p.NoListenAddrs,
		stack,
		libp2p.DisableRelay(),
	}
	if s.psk != "" {
		file, err := os.Open(s.psk)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		psk, err := pnet.DecodeV1PSK(file)
		if err != nil {
			return nil, err
		}
		options = append(options, libp2p.PrivateNetwork(psk))
	}
	if s.quiet {
		options = append(options, libp2p.ResourceManager(&network.NullResourceManager{}),
			libp2p.ConnectionManager(connmgr.NullConnMgr{}))
	}
	h, err := libp2p.New(options...)
	if err != nil {
		return nil, err
	}
	p := &peerProcess{settings: s, host: h, store: dssync.MutexWrap(ds.NewMapDatastore())}
	if err = p.start(ctx); err != nil {
		h.Close()
		return nil, err
	}
	return p, nil
}

func (p *peerProcess) start(ctx context.Context) (err error) {
	mode := dht.ModeServer
	if p.settings.client {
		mode = dht.ModeClient
	}
	options := []dht.Option{
		dht.Mode(mode),
		// with the prefix of the public network the library takes the validators of that network only
		dht.ProtocolPrefix("/kad-interop"),
		dht.V1ProtocolOverride(p.settings.protocol),
		dht.Datastore(p.store),
		dht.Validator(record.NamespacedValidator{
			"app": anyRecord{p.settings.selection},
			"pk":  record.PublicKeyValidator{},
		}),
	}
	if p.settings.quiet {
		options = append(options, dht.DisableAutoRefresh())
	}
	p.dht, err = dht.New(p.host, options...)
	if err != nil {
		return err
	}
	if err = p.tellEvents(); err != nil {
		return err
	}
	for _, text := range p.settings.listen {
		address, err := multiaddr.NewMultiaddr(text)
		if err != nil {
			return err
		}
		if err = p.host.Network().Listen(address); err != nil {
			return err
		}
	}
	self := peer.AddrInfo{ID: p.host.ID(), Addrs: p.host.Network().ListenAddresses()}
	addresses, err := peer.AddrInfoToP2pAddrs(&self)
	if err != nil {
		return err
	}
	emit(line{"event": "listening"}.with(peerFields(self.ID, addresses)), "")
	for _, bootstrap := range p.settings.bootstrap {
		go p.join(ctx, bootstrap)
	}
	return nil
}

func (p *peerProcess) join(ctx context.Context, bootstrap peer.AddrInfo) {
	if err := p.host.Connect(ctx, bootstrap); err != nil {
		emit(line{"event": "bootstrap-failed", "error": err.Error()}.with(peerFields(bootstrap.ID, bootstrap.Addrs)), "")
	}
}

func (p *peerProcess) tellEvents() error {
	tell := func(event string) func(network.Network, network.Conn) {
		return func(_ network.Network, connection network.Conn) {
			emit(line{"event": event, "peerId": connection.RemotePeer().String()}, "")
		}
	}
	p.host.Network().Notify(&network.NotifyBundle{
		ConnectedF: tell("peer-connected"), DisconnectedF: tell("peer-disconnected"),
	})
	table := p.dht.RoutingTable()
	table.PeerAdded = tellToo(table.PeerAdded, "routing-add")
	table.PeerRemoved = tellToo(table.PeerRemoved, "routing-remove")
	identified, err := p.host.EventBus().Subscribe(
		[]any{new(event.EvtPeerIdentificationCompleted), new(event.EvtPeerProtocolsUpdated)})
	if err != nil {
		return err
	}
	go func() {
		for told := range identified.Out() {
			p.tellIdentified(told)
		}
	}()
	return nil
}

func tellToo(next func(peer.ID), event string) func(peer.ID) {
	return func(id peer.ID) {
		next(id)
		emit(line{"event": event, "peerId": id.String()}, "")
	}
}

// tellIdentified tells what is known of a peer after identify, and again after each push.
func (p *peerProcess) tellIdentified(told any) {
	var id peer.ID
	// which the library tells of the first message only
	signedRecord := line{}
	switch told := told.(type) {
	case event.EvtPeerIdentificationCompleted:
		id = told.Peer
		signedRecord["signedRecord"] = told.SignedPeerRecord != nil
	case event.EvtPeerProtocolsUpdated:
		id = told.Peer
	}
	protocols, err := p.host.Peerstore().GetProtocols(id)
	if err != nil {
		return
	}
	agent, _ := p.host.Peerstore().Get(id, "AgentVersion")
	names := make([]string, 0, len(protocols))
	for _, name := range protocols {
		names = append(names, string(name))
	}
	emit(line{"event": "peer-identified", "protocols": names, "agent": agent}.
		with(signedRecord).with(peerFields(id, p.host.Peerstore().Addrs(id))), "")
}

func (p *peerProcess) close() {
	p.dht.Close()
	p.host.Close()
}
