// A real go-libp2p kad peer, driven over standard input and output. README.md tells the language.
package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

const (
	exitFailed = 1
	exitUsage  = 2
	// Longer than any line that a test sends.
	maxLineBytes = 16 << 20
)

func main() {
	settings, err := readOptions(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(exitUsage)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	peer, err := startPeer(ctx, settings)
	if err != nil {
		fmt.Fprintln(os.Stderr, "the peer cannot be started:", err)
		os.Exit(exitFailed)
	}
	tag := serve(ctx, peer)
	peer.close()
	emit(line{"event": "stopped", "ok": true}, tag)
}

// serve runs commands until a stop, whose tag it returns, the end of the input, or a signal.
func serve(ctx context.Context, peer *peerProcess) string {
	lines := make(chan string)
	go readLines(lines)
	for {
		select {
		case <-ctx.Done():
			return ""
		case text, open := <-lines:
			if !open {
				return ""
			}
			request, err := parseRequest(text)
			switch {
			case err != nil:
				emit(refusalLine(err), request.tag)
			case request.name == "stop":
				return request.tag
			case request.name != "":
				go peer.answer(ctx, request)
			}
		}
	}
}

func readLines(lines chan<- string) {
	defer close(lines)
	input := bufio.NewScanner(os.Stdin)
	input.Buffer(nil, maxLineBytes)
	for input.Scan() {
		lines <- input.Text()
	}
}
