package io.kad.transport.netty.hostile;

import io.kad.api.Identity;
import io.kad.transport.netty.tls.HandMadeCertificate;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.Arrays;

/** What is below the streams of a connection that is made by hand. */
public enum HandMadeStack {
    TCP_NOISE("/ip4/127.0.0.1/tcp/%d") {
        @Override
        HandMadeSecurity secure(Socket socket, Identity identity) throws IOException, GeneralSecurityException {
            return noise(socket.getInputStream(), socket.getOutputStream(), identity);
        }
    },
    TCP_TLS("/ip4/127.0.0.1/tcp/%d") {
        @Override
        HandMadeSecurity secure(Socket socket, Identity identity) throws IOException, GeneralSecurityException {
            agree(new DataInputStream(socket.getInputStream()), socket.getOutputStream(), HandMadeTls.PROTOCOL);
            HandMadeTls tls = new HandMadeTls(
                    socket, HandMadeTls.LIBP2P, new HandMadeCertificate(identity).named(HandMadeTls.NAME));
            tls.handshake();
            return tls;
        }
    },
    WEBSOCKET("/ip4/127.0.0.1/tcp/%d/ws") {
        @Override
        HandMadeSecurity secure(Socket socket, Identity identity) throws IOException, GeneralSecurityException {
            HandMadeWebSocket frames = new HandMadeWebSocket(socket);
            frames.upgrade();
            return noise(frames.in(), frames.out(), identity);
        }
    },
    QUIC("/ip4/127.0.0.1/udp/%d/quic-v1") {
        @Override
        HandMadeSecurity secure(Socket socket, Identity identity) {
            throw new UnsupportedOperationException("QUIC has no socket of TCP");
        }

        @Override
        public HandMadeConnection connect(Identity identity, InetSocketAddress address) throws IOException {
            return new HandMadeQuic(
                    address, HandMadeQuic.context(new HandMadeCertificate(identity).named(HandMadeTls.NAME)));
        }
    };

    private final String form;

    HandMadeStack(String form) {
        this.form = form;
    }

    /** Returns the address of a port of loopback. */
    public String address(int port) {
        return form.formatted(port);
    }

    /** Secures a connection of TCP, up to the negotiation of the muxer. */
    abstract HandMadeSecurity secure(Socket socket, Identity identity) throws IOException, GeneralSecurityException;

    /** Connects to {@code address}; nothing is read that a test does not ask for. */
    public HandMadeConnection connect(Identity identity, InetSocketAddress address)
            throws IOException, GeneralSecurityException {
        return new HandMadeYamux(new HandMadePeer(this, identity, address, 4096));
    }

    private static HandMadeNoise noise(InputStream socket, OutputStream out, Identity identity)
            throws IOException, GeneralSecurityException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(socket));
        agree(in, out, "/noise");
        HandMadeNoise noise = new HandMadeNoise(in, out);
        noise.handshake(identity);
        return noise;
    }

    static void agree(DataInputStream in, OutputStream out, String protocol) throws IOException {
        byte[] proposal = HandMadePeer.proposal(protocol);
        out.write(proposal);
        byte[] answer = new byte[proposal.length];
        in.readFully(answer);
        if (!Arrays.equals(answer, proposal)) {
            throw new IOException("no agreement on " + protocol);
        }
    }
}
