package io.kad.transport.netty.hostile;

import io.kad.api.Identity;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;

/**
 * Dialer that speaks multistream-select, Noise and Yamux by hand over a blocking socket; another {@link HandMadeStack} may be below Yamux. It reads, answers and grants
 * only what a test asks for; {@link HandMadeYamux} over it grants what it reads.
 * Threads may send side by side; one of them receives.
 */
public final class HandMadePeer implements Closeable {

    public static final int DATA = 0;
    public static final int WINDOW_UPDATE = 1;
    public static final int PING = 2;
    public static final int GO_AWAY = 3;
    public static final int SYN = 1;
    public static final int ACK = 2;
    public static final int FIN = 4;
    public static final int RST = 8;

    private static final int TIMEOUT_MILLIS = 60_000;

    /** Takes received frames. */
    interface FrameReceiver {
        void onFrame(Frame frame) throws IOException, GeneralSecurityException;
    }

    /** Header of a received frame, and its payload. */
    public record Frame(int type, int flags, int stream, long length, ByteBuffer payload) {}

    private final Socket socket;
    private HandMadeSecurity security;
    private byte[] unread = new byte[0];
    private volatile boolean closedHere;

    /**
     * Connects to {@code address} and runs the upgrade.
     *
     * @throws RefusedByRemoteException if the other side ends the connection within the upgrade
     */
    public HandMadePeer(Identity identity, InetSocketAddress address) throws IOException, GeneralSecurityException {
        this(identity, address, 0);
    }

    /** Connects as the other constructor does, with a socket that buffers {@code receiveBytes} received bytes; 0 for the default. */
    public HandMadePeer(Identity identity, InetSocketAddress address, int receiveBytes)
            throws IOException, GeneralSecurityException {
        this(HandMadeStack.TCP_NOISE, identity, address, receiveBytes);
    }

    /** Connects as the other constructors do, over another stack. */
    HandMadePeer(HandMadeStack stack, Identity identity, InetSocketAddress address, int receiveBytes)
            throws IOException, GeneralSecurityException {
        socket = new Socket();
        boolean upgraded = false;
        try {
            if (receiveBytes > 0) {
                socket.setReceiveBufferSize(receiveBytes);
            }
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(address, TIMEOUT_MILLIS);
            upgrade(stack, identity);
            upgraded = true;
        } catch (IOException failed) {
            throw RefusedByRemoteException.of(failed);
        } finally {
            if (!upgraded) {
                socket.close();
            }
        }
    }

    private void upgrade(HandMadeStack stack, Identity identity) throws IOException, GeneralSecurityException {
        security = stack.secure(socket, identity);
        byte[] proposal = proposal("/yamux/1.0.0");
        send(proposal);
        while (unread.length < proposal.length) {
            fill();
        }
        unread = Arrays.copyOfRange(unread, proposal.length, unread.length);
    }

    /** Returns a multistream message. */
    public static byte[] message(String text) {
        byte[] line = (text + "\n").getBytes(StandardCharsets.US_ASCII);
        return HandMadeNoise.join(new byte[] {(byte) line.length}, line);
    }

    /** Returns the negotiation of {@code protocol} without waiting for an agreement. */
    public static byte[] proposal(String protocol) {
        return HandMadeNoise.join(message("/multistream/1.0.0"), message(protocol));
    }

    public static byte[] frame(int type, int flags, int stream, long length) {
        return ByteBuffer.allocate(12)
                .put((byte) 0)
                .put((byte) type)
                .putShort((short) flags)
                .putInt(stream)
                .putInt((int) length)
                .array();
    }

    public static byte[] data(int flags, int stream, byte[] payload) {
        return HandMadeNoise.join(frame(DATA, flags, stream, payload.length), payload);
    }

    /** Encrypts and sends {@code plaintext}; blocks while the other side does not read. */
    public synchronized void send(byte[] plaintext) throws IOException, GeneralSecurityException {
        int part = security.maxPlaintext();
        for (int at = 0; at < plaintext.length; at += part) {
            security.send(Arrays.copyOfRange(plaintext, at, Math.min(plaintext.length, at + part)));
        }
    }

    /** Sends bytes below Noise. */
    public synchronized void sendRaw(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** Returns the encryption of this connection, which is Noise. */
    public HandMadeNoise noise() {
        return (HandMadeNoise) security;
    }

    /** Ends the connection with a TCP reset. */
    public void reset() throws IOException {
        closedHere = true;
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Returns the next frame. */
    public Frame receive() throws IOException, GeneralSecurityException {
        while (unread.length < 12) {
            fill();
        }
        ByteBuffer header = ByteBuffer.wrap(unread);
        header.get();
        int type = header.get();
        int flags = header.getShort();
        int stream = header.getInt();
        long length = header.getInt() & 0xffff_ffffL;
        int size = type == DATA ? (int) length : 0;
        while (unread.length < 12 + size) {
            fill();
        }
        ByteBuffer payload = ByteBuffer.wrap(Arrays.copyOfRange(unread, 12, 12 + size));
        unread = Arrays.copyOfRange(unread, 12 + size, unread.length);
        return new Frame(type, flags, stream, length, payload);
    }

    /** Reads and drops all frames until the other side ends the connection; returns whether it did within {@code millis}. */
    public boolean endsWithin(int millis) throws IOException, GeneralSecurityException {
        return endsWithin(millis, frame -> {});
    }

    /** Reads all frames until the other side ends the connection; returns whether it did within {@code millis}. */
    boolean endsWithin(int millis, FrameReceiver receiver) throws IOException, GeneralSecurityException {
        long deadline = System.nanoTime() + millis * 1_000_000L;
        try {
            while (System.nanoTime() < deadline) {
                socket.setSoTimeout((int) Math.max(1, (deadline - System.nanoTime()) / 1_000_000L));
                receiver.onFrame(receive());
            }
            return false;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException ended) {
            return !closedHere;
        }
    }

    private void fill() throws IOException, GeneralSecurityException {
        unread = HandMadeNoise.join(unread, security.receive());
    }

    /** Returns whether this side has ended the connection. */
    boolean isClosedHere() {
        return closedHere;
    }

    @Override
    public void close() throws IOException {
        closedHere = true;
        socket.close();
    }
}
