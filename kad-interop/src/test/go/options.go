package main

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"flag"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"
)

type settings struct {
	stack     string
	wsCert    string
	wsKey     string
	psk       string
	listen    []string
	bootstrap []peer.AddrInfo
	protocol  protocol.ID
	client    bool
	keyType   string
	seed      []byte
	quiet     bool
	selection string
	timeout   time.Duration
}

func readOptions(arguments []string) (settings, error) {
	s := settings{}
	var protocolID string
	var rest flag.FlagSet
	rest.StringVar(&s.stack, "stack", "noise", "noise or tls over TCP with Yamux, ws (WebSocket with Noise), wss (the same in TLS), or quic")
	rest.StringVar(&s.wsCert, "ws-cert", "", "certificate of a listener of wss, in PEM, which the dialer trusts, too")
	rest.StringVar(&s.wsKey, "ws-key", "", "its private key, in PEM")
	rest.Func("listen", "listen there (repeatable; default /ip4/127.0.0.1 with /tcp/0, /tcp/0/ws, /tcp/0/tls/ws or /udp/0/quic-v1)", func(text string) error {
		s.listen = append(s.listen, text)
		return nil
	})
	rest.Func("bootstrap", "dial it once at the start (repeatable)", func(text string) error {
		info, err := peerAddress(text)
		s.bootstrap = append(s.bootstrap, info)
		return err
	})
	rest.StringVar(&protocolID, "protocol", "/kad/1.0.0", "kad protocol")
	rest.StringVar(&s.psk, "psk", "", "file with the pre-shared key of a private network")
	rest.BoolVar(&s.client, "client", false, "kad mode client instead of server")
	rest.StringVar(&s.keyType, "key-type", "Ed25519", "Ed25519, secp256k1, ECDSA or RSA")
	rest.Func("seed", "Ed25519 key made of these 32 bytes, in hex", func(text string) (err error) {
		s.seed, err = hex.DecodeString(text)
		if err == nil && len(s.seed) != ed25519.SeedSize {
			err = fmt.Errorf("want 64 hex digits")
		}
		return err
	})
	rest.BoolVar(&s.quiet, "quiet", false, "refresh nothing, and without limits of resources: a server that is measured")
	rest.StringVar(&s.selection, "select", "greatest", "which of several records of /app wins: greatest or latest")
	rest.DurationVar(&s.timeout, "timeout", 30*time.Second, "bound of each command")
	if err := rest.Parse(arguments); err != nil {
		return s, err
	}
	if !strings.HasPrefix(protocolID, "/") || rest.NArg() > 0 || selections[s.selection] == nil {
		return s, fmt.Errorf("--protocol wants an id that starts with /, --select greatest or latest, and there are no arguments")
	}
	if _, known := stacks[s.stack]; !known {
		return s, fmt.Errorf("--stack is '%s': want noise, tls, ws, wss or quic", s.stack)
	}
	if len(s.listen) == 0 {
		s.listen = []string{"/ip4/127.0.0.1/tcp/0"}
		switch s.stack {
		case "ws":
			s.listen = []string{"/ip4/127.0.0.1/tcp/0/ws"}
		case "wss":
			s.listen = []string{"/ip4/127.0.0.1/tcp/0/tls/ws"}
		case "quic":
			s.listen = []string{"/ip4/127.0.0.1/udp/0/quic-v1"}
		}
	}
	s.protocol = protocol.ID(protocolID)
	return s, nil
}

// selections are the rules by which one of several values wins; the first one is that of the newcomer.
var selections = map[string]func(values [][]byte) int{
	"greatest": func(values [][]byte) int {
		return slices.Index(slicesAsTexts(values), string(slices.MaxFunc(values, bytes.Compare)))
	},
	"latest": func([][]byte) int { return 0 },
}

func slicesAsTexts(values [][]byte) []string {
	all := make([]string, len(values))
	for at, value := range values {
		all[at] = string(value)
	}
	return all
}

// anyRecord takes every value under a key with a name.
type anyRecord struct{ selection string }

func (anyRecord) Validate(key string, _ []byte) error {
	if parts := strings.SplitN(key, "/", 3); len(parts) < 3 || parts[2] == "" {
		return fmt.Errorf("the key has no name after its namespace")
	}
	return nil
}

func (a anyRecord) Select(_ string, values [][]byte) (int, error) {
	return selections[a.selection](values), nil
}
