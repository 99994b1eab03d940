package main

import (
	"encoding/base64"
	"encoding/hex"
	"os"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/ipfs/go-cid"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/multiformats/go-multiaddr"
	"github.com/multiformats/go-multihash"
)

// recordKey reads `/namespace/name` as UTF-8, `/pk/PEERID` and `/ipns/PEERID` in binary, or `0x` and hex.
func recordKey(text string) (string, error) {
	if digits, isHex := strings.CutPrefix(text, "0x"); isHex {
		key, err := hex.DecodeString(digits)
		if err != nil || len(key) == 0 {
			return "", badInput("KEY is '%s': want pairs of hex digits after 0x", text)
		}
		return string(key), nil
	}
	for _, prefix := range []string{"/pk/", "/ipns/"} {
		if id, ofPeer := strings.CutPrefix(text, prefix); ofPeer {
			decoded, err := peerID(id)
			return prefix + string(decoded), err
		}
	}
	if !strings.HasPrefix(text, "/") {
		return "", badInput("KEY is '%s': want /namespace/name or 0x and hex digits", text)
	}
	return text, nil
}

// providerKey reads a CID, or `0x` and the hex of a multihash.
func providerKey(text string) (cid.Cid, error) {
	if digits, isHex := strings.CutPrefix(text, "0x"); isHex {
		hash, err := multihash.FromHexString(digits)
		if err != nil {
			return cid.Undef, badInput("CID is '%s': want a CID or 0x and the hex of a multihash", text)
		}
		return cid.NewCidV1(cid.Raw, hash), nil
	}
	parsed, err := cid.Decode(text)
	if err != nil {
		return cid.Undef, badInput("CID is '%s': want a CID or 0x and the hex of a multihash (%s)", text, err)
	}
	return parsed, nil
}

// target reads any key of the key space: a record key, a peer id, or a CID, whose multihash counts.
func target(text string) (string, error) {
	if strings.HasPrefix(text, "/") || strings.HasPrefix(text, "0x") {
		return recordKey(text)
	}
	if id, err := peer.Decode(text); err == nil {
		return string(id), nil
	}
	key, err := providerKey(text)
	return string(key.Hash()), err
}

func peerID(text string) (peer.ID, error) {
	id, err := peer.Decode(text)
	if err != nil {
		return "", badInput("PEERID is '%s': want a peer id (%s)", text, err)
	}
	return id, nil
}

// peerAddress reads an address that names its peer.
func peerAddress(text string) (peer.AddrInfo, error) {
	info, err := peer.AddrInfoFromString(text)
	if err != nil {
		return peer.AddrInfo{}, badInput("MULTIADDR is '%s': want /ip4/127.0.0.1/tcp/4001/p2p/PEERID (%s)", text, err)
	}
	return *info, nil
}

// valueOf reads the text itself, the contents of `@file`, or base64 when the command says so.
func valueOf(text string, isBase64 bool) ([]byte, error) {
	if file, named := strings.CutPrefix(text, "@"); named {
		content, err := os.ReadFile(file)
		if err != nil {
			return nil, badInput("VALUE cannot be read: %s", err)
		}
		return content, nil
	}
	if !isBase64 {
		return []byte(text), nil
	}
	value, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, badInput("VALUE is no base64: %s", err)
	}
	return value, nil
}

// countOf reads the option --count, at least 1; 0 if it is not there.
func countOf(r request) (int, error) {
	text, given := r.options["--count"]
	if !given {
		return 0, nil
	}
	count, err := strconv.Atoi(text)
	if err != nil || count < 1 {
		return 0, badInput("--count is '%s': want a whole number from 1 on", text)
	}
	return count, nil
}

func durationOf(text string) (time.Duration, error) {
	duration, err := time.ParseDuration(text)
	if err != nil || duration <= 0 {
		return 0, badInput("'%s' is no duration: want 500ms, 30s or 2m", text)
	}
	return duration, nil
}

// valueFields shows bytes: base64, and the text when they are UTF-8.
func valueFields(value []byte) line {
	fields := line{"value": base64.StdEncoding.EncodeToString(value)}
	if utf8.Valid(value) {
		fields["text"] = string(value)
	}
	return fields
}

func peerFields(id peer.ID, addresses []multiaddr.Multiaddr) line {
	return line{"peerId": id.String(), "addresses": texts(addresses)}
}

// texts never returns nil, which would be no JSON array.
func texts[T interface{ String() string }](items []T) []string {
	all := make([]string, 0, len(items))
	for _, item := range items {
		all = append(all, item.String())
	}
	return all
}
