package main

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/ipfs/go-datastore/query"
	dht "github.com/libp2p/go-libp2p-kad-dht"
	kbucket "github.com/libp2p/go-libp2p-kbucket"
	recordpb "github.com/libp2p/go-libp2p-record/pb"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/peerstore"
	"github.com/libp2p/go-libp2p/core/routing"
	"github.com/libp2p/go-libp2p/p2p/protocol/ping"
	"github.com/multiformats/go-multiaddr"
	"google.golang.org/protobuf/proto"
)

// command is what a name stands for; run returns the last line of the answer without its "ok".
type command struct {
	usage string
	arity int
	run   func(ctx context.Context, p *peerProcess, r request) (line, error)
}

var commands = map[string]command{
	"put":            {"put KEY VALUE [--base64]", 2, put},
	"get":            {"get KEY", 1, get},
	"provide":        {"provide CID", 1, provide},
	"find-providers": {"find-providers CID [--count N]", 1, findProviders},
	"find-peer":      {"find-peer PEERID", 1, findPeer},
	"closest-peers":  {"closest-peers KEY [--count N]", 1, closestPeers},
	"bootstrap":      {"bootstrap", 0, bootstrap},
	"add-address":    {"add-address PEERID MULTIADDR", 2, addAddress},
	"connect":        {"connect MULTIADDR", 1, connect},
	"disconnect":     {"disconnect PEERID", 1, disconnect},
	"ping":           {"ping MULTIADDR|PEERID", 1, pingPeer},
	"connections":    {"connections", 0, connections},
	"routing-table":  {"routing-table", 0, routingTable},
	"info":           {"info", 0, info},
	"held":           {"held KEY", 1, held},
}

// answer runs a command within its time, and always ends with one line that carries "ok".
func (p *peerProcess) answer(ctx context.Context, r request) {
	fields, err := p.runInTime(ctx, r)
	if err != nil {
		emit(refusalLine(err), r.tag)
		return
	}
	emit(fields.with(line{"ok": true}), r.tag)
}

func (p *peerProcess) runInTime(ctx context.Context, r request) (line, error) {
	command, known := commands[r.name]
	if !known {
		return nil, badInput("no command '%s'", r.name)
	}
	if err := r.check(command); err != nil {
		return nil, err
	}
	timeout := p.settings.timeout
	if text, given := r.options["--timeout"]; given {
		var err error
		if timeout, err = durationOf(text); err != nil {
			return nil, err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	return command.run(ctx, p, r)
}

func refusalLine(err error) line {
	known := &refusal{code: "internal", message: err.Error()}
	switch {
	case errors.As(err, &known):
	case errors.Is(err, context.DeadlineExceeded):
		known.code = "timeout"
	case errors.Is(err, kbucket.ErrLookupFailure):
		known.code = "no-peers"
	case errors.Is(err, routing.ErrNotFound):
		known.code = "not-found"
	}
	return line{"event": "error", "ok": false, "code": known.code, "message": known.message}.with(known.reached)
}

// put tells whom it sent the record; whether they stored it, the library does not say.
func put(ctx context.Context, p *peerProcess, r request) (line, error) {
	key, err := recordKey(r.words[0])
	if err != nil {
		return nil, err
	}
	_, isBase64 := r.options["--base64"]
	value, err := valueOf(r.words[1], isBase64)
	if err != nil {
		return nil, err
	}
	watched, events := watch(ctx)
	err = p.dht.PutValue(watched, key, value)
	told := events().of(routing.Value)
	if err != nil {
		return nil, err
	}
	return line{"event": "put", "told": texts(told)}, nil
}

func get(ctx context.Context, p *peerProcess, r request) (line, error) {
	key, err := recordKey(r.words[0])
	if err != nil {
		return nil, err
	}
	watched, events := watch(ctx)
	// quorum 0: the lookup goes on to its end
	value, err := p.dht.GetValue(watched, key, dht.Quorum(0))
	asked := events()
	if err != nil {
		return nil, err
	}
	return line{"event": "record", "asked": len(asked.of(routing.SendingQuery))}.with(valueFields(value)), nil
}

func provide(ctx context.Context, p *peerProcess, r request) (line, error) {
	key, err := providerKey(r.words[0])
	if err != nil {
		return nil, err
	}
	return line{"event": "provided"}, p.dht.Provide(ctx, key, true)
}

func findProviders(ctx context.Context, p *peerProcess, r request) (line, error) {
	key, err := providerKey(r.words[0])
	if err != nil {
		return nil, err
	}
	wanted, err := countOf(r)
	if err != nil {
		return nil, err
	}
	found := 0
	for provider := range p.dht.FindProvidersAsync(ctx, key, wanted) {
		emit(line{"event": "provider"}.with(peerFields(provider.ID, provider.Addrs)), r.tag)
		found++
	}
	return counted(found, "no provider of the key is known")
}

func findPeer(ctx context.Context, p *peerProcess, r request) (line, error) {
	id, err := peerID(r.words[0])
	if err != nil {
		return nil, err
	}
	found, err := p.dht.FindPeer(ctx, id)
	if err != nil {
		return nil, err
	}
	return line{"event": "peer"}.with(peerFields(found.ID, found.Addrs)), nil
}

func closestPeers(ctx context.Context, p *peerProcess, r request) (line, error) {
	key, err := target(r.words[0])
	if err != nil {
		return nil, err
	}
	wanted, err := countOf(r)
	if err != nil {
		return nil, err
	}
	closest, err := p.dht.GetClosestPeers(ctx, key)
	if err != nil {
		return nil, err
	}
	if wanted > 0 {
		closest = closest[:min(wanted, len(closest))]
	}
	for _, id := range closest {
		emit(line{"event": "peer"}.with(peerFields(id, p.host.Peerstore().Addrs(id))), r.tag)
	}
	return counted(len(closest), "no peer answered")
}

func counted(found int, message string) (line, error) {
	if found == 0 {
		return nil, &refusal{code: "not-found", message: message}
	}
	return line{"event": "done", "count": found}, nil
}

func bootstrap(ctx context.Context, p *peerProcess, _ request) (line, error) {
	select {
	case err := <-p.dht.ForceRefresh():
		return line{"event": "bootstrapped", "peers": p.dht.RoutingTable().Size()}, err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// addAddress puts a peer into the routing table without asking it.
func addAddress(_ context.Context, p *peerProcess, r request) (line, error) {
	id, err := peerID(r.words[0])
	if err != nil {
		return nil, err
	}
	address, err := multiaddr.NewMultiaddr(r.words[1])
	if err != nil {
		return nil, badInput("invalid MULTIADDR '%s'", r.words[1])
	}
	p.host.Peerstore().AddAddr(id, address, peerstore.PermanentAddrTTL)
	_, err = p.dht.RoutingTable().TryAddPeer(id, true, false)
	return line{"event": "routing-updated"}, err
}

func connect(ctx context.Context, p *peerProcess, r request) (line, error) {
	target, err := peerAddress(r.words[0])
	if err != nil {
		return nil, err
	}
	if err := p.host.Connect(ctx, target); err != nil {
		return nil, &refusal{code: "unreachable", message: err.Error()}
	}
	for _, connection := range p.host.Network().ConnsToPeer(target.ID) {
		return line{"event": "connected"}.with(connectionFields(connection)), nil
	}
	return nil, &refusal{code: "unreachable", message: "the connection ended at once"}
}

func disconnect(_ context.Context, p *peerProcess, r request) (line, error) {
	id, err := peerID(r.words[0])
	if err != nil {
		return nil, err
	}
	return line{"event": "disconnected", "peerId": id.String()}, p.host.Network().ClosePeer(id)
}

func pingPeer(ctx context.Context, p *peerProcess, r request) (line, error) {
	id, err := peerID(r.words[0])
	if target, failed := peerAddress(r.words[0]); failed == nil {
		id, err = target.ID, p.host.Connect(ctx, target)
	}
	if err != nil {
		return nil, err
	}
	result := <-ping.Ping(ctx, p.host, id)
	if result.Error != nil {
		return nil, &refusal{code: "unreachable", message: result.Error.Error()}
	}
	return line{"event": "pong", "rttMillis": float64(result.RTT) / float64(time.Millisecond)}, nil
}

func connections(_ context.Context, p *peerProcess, _ request) (line, error) {
	all := []line{}
	for _, connection := range p.host.Network().Conns() {
		all = append(all, connectionFields(connection))
	}
	return line{"event": "connections", "connections": all}, nil
}

func connectionFields(connection network.Conn) line {
	state := connection.ConnState()
	direction := map[network.Direction]string{network.DirInbound: "inbound", network.DirOutbound: "outbound"}
	return line{
		"peerId":    connection.RemotePeer().String(),
		"address":   connection.RemoteMultiaddr().String(),
		"direction": direction[connection.Stat().Direction],
		"security":  shortName(string(state.Security)),
		"muxer":     shortName(string(state.StreamMultiplexer)),
	}
}

// shortName takes `/yamux/1.0.0` to `yamux`.
func shortName(protocol string) string {
	var name string
	if n, _ := fmt.Sscanf(protocol, "/%s", &name); n == 0 {
		return protocol
	}
	if end := slices.Index([]byte(name), '/'); end >= 0 {
		return name[:end]
	}
	return name
}

func routingTable(_ context.Context, p *peerProcess, _ request) (line, error) {
	self := kbucket.ConvertPeerID(p.host.ID())
	peers := []line{}
	for _, id := range kbucket.SortClosestPeers(p.dht.RoutingTable().ListPeers(), self) {
		peers = append(peers, peerFields(id, p.host.Peerstore().Addrs(id)).with(line{
			"commonPrefixBits": kbucket.CommonPrefixLen(self, kbucket.ConvertPeerID(id)),
			"connected":        p.host.Network().Connectedness(id) == network.Connected,
		}))
	}
	return line{"event": "routing-table", "peers": peers}, nil
}

func info(ctx context.Context, p *peerProcess, _ request) (line, error) {
	records := 0
	err := p.eachRecord(ctx, func(*recordpb.Record, []byte) bool {
		records++
		return true
	})
	mode := "server"
	if p.dht.Mode() == dht.ModeClient {
		mode = "client"
	}
	return line{"event": "info", "mode": mode, "tableSize": p.dht.RoutingTable().Size(), "records": records}.
		with(peerFields(p.host.ID(), p.host.Addrs())), err
}

// held tells of a record in the own store, with all its fields as `record`, without asking anyone.
func held(ctx context.Context, p *peerProcess, r request) (line, error) {
	key, err := recordKey(r.words[0])
	if err != nil {
		return nil, err
	}
	var found line
	err = p.eachRecord(ctx, func(record *recordpb.Record, stored []byte) bool {
		if string(record.GetKey()) != key {
			return true
		}
		found = line{"event": "held", "record": base64.StdEncoding.EncodeToString(stored)}.with(valueFields(record.GetValue()))
		return false
	})
	if err == nil && found == nil {
		err = &refusal{code: "not-found", message: "this peer has no record of the key"}
	}
	return found, err
}

// eachRecord visits the records of the own store until visit returns false.
func (p *peerProcess) eachRecord(ctx context.Context, visit func(record *recordpb.Record, stored []byte) bool) error {
	results, err := p.store.Query(ctx, query.Query{})
	if err != nil {
		return err
	}
	defer results.Close()
	for entry := range results.Next() {
		record := new(recordpb.Record)
		// entries of other kinds have other keys, or are no records
		if proto.Unmarshal(entry.Value, record) == nil && len(record.GetKey()) > 0 && !visit(record, entry.Value) {
			return nil
		}
	}
	return nil
}

// queryEvents are those of one query, in their order.
type queryEvents []routing.QueryEvent

// watch returns a context that collects the events of a query, and the function that ends this.
func watch(ctx context.Context) (context.Context, func() queryEvents) {
	ctx, cancel := context.WithCancel(ctx)
	watched, source := routing.RegisterForQueryEvents(ctx)
	var all queryEvents
	var reading sync.WaitGroup
	reading.Go(func() {
		for event := range source {
			all = append(all, *event)
		}
	})
	return watched, func() queryEvents {
		cancel()
		reading.Wait()
		return all
	}
}

// of returns the peers of the events of one type, each once.
func (q queryEvents) of(wanted routing.QueryEventType) []peer.ID {
	var peers []peer.ID
	for _, event := range q {
		if event.Type == wanted && !slices.Contains(peers, event.ID) {
			peers = append(peers, event.ID)
		}
	}
	return peers
}
