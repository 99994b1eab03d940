package io.kad.interop.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.Identity;
import io.kad.transport.netty.hostile.HandMadeConnection;
import io.kad.transport.netty.hostile.HandMadeNoise;
import io.kad.transport.netty.hostile.HandMadePeer;
import io.kad.transport.netty.hostile.RefusedByRemoteException;
import io.kad.transport.netty.support.Closing;
import io.kad.wire.key.Ed25519Identity;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** The node as an attack sees it. Connections stay open until the attack has been measured. Thread-safe. */
final class Target implements AutoCloseable {

    /** How often the property {@code kad.hostile.factor} multiplies the size of each attack. */
    static final int FACTOR = Integer.getInteger("kad.hostile.factor", 1);

    /**
     * Time in which a node ends a connection that breaks a protocol. It is shorter than the timeouts of the node, so that it is not one of these
     * that ends the connection, and than the time after which the test does.
     */
    static final int END_MILLIS = 5000;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final NodeUnderAttack node;
    private final List<Closeable> open = new CopyOnWriteArrayList<>();
    private final List<HandMadeServer> servers = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile boolean over;
    private volatile boolean disconnected;

    Target(NodeUnderAttack node) {
        this.node = node;
    }

    /** Returns {@code count}, multiplied by {@link #FACTOR}. */
    static int times(int count) {
        return count * FACTOR;
    }

    /** Returns an identity that nobody has used before. */
    static Identity identity() {
        return Ed25519Identity.generate(RANDOM);
    }

    static byte[] random(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    InetSocketAddress address() {
        return node.address();
    }

    /** Returns the key pair of the node: stolen. */
    Identity stolenIdentity() {
        return node.identity();
    }

    /** Returns a new TCP connection; one that could not be made does not count. */
    Socket socket() throws IOException {
        return keep(connected());
    }

    private Socket connected() throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(address(), END_MILLIS);
            socket.setSoTimeout(END_MILLIS);
            return socket;
        } catch (IOException failed) {
            socket.close();
            throw failed;
        }
    }

    /** Returns a new TCP connection that the attack closes itself. */
    Socket shortLivedSocket() throws IOException {
        Socket socket = connected();
        count();
        return socket;
    }

    /** Returns a new connection that has sent {@code bytes}. */
    Socket socket(byte[] bytes) throws IOException {
        Socket socket = socket();
        socket.getOutputStream().write(bytes);
        return socket;
    }

    /** Returns a connection that has agreed on Noise, and reads from {@code in} if it wants to. */
    HandMadeNoise noise(Socket socket) throws IOException, GeneralSecurityException {
        socket.setTcpNoDelay(true);
        byte[] proposal = HandMadePeer.proposal("/noise");
        socket.getOutputStream().write(proposal);
        DataInputStream in = new DataInputStream(socket.getInputStream());
        assertThat(in.readNBytes(proposal.length)).isEqualTo(proposal);
        return new HandMadeNoise(in, socket.getOutputStream());
    }

    /** Returns a connection with streams of a new identity. */
    HandMadePeer peer() throws IOException, GeneralSecurityException {
        return peer(identity());
    }

    HandMadePeer peer(Identity identity) throws IOException, GeneralSecurityException {
        return keep(new HandMadePeer(identity, address(), 4096));
    }

    /** Returns a connection with streams of a new identity, over the stack of the node. */
    HandMadeConnection connection() throws IOException, GeneralSecurityException {
        return connection(identity());
    }

    HandMadeConnection connection(Identity identity) throws IOException, GeneralSecurityException {
        return keep(node.stack().connect(identity, address()));
    }

    /** Counts {@code connection}, and closes it at the end of the attack, at once if that has come. */
    <T extends Closeable> T keep(T connection) throws IOException {
        count();
        open.add(connection);
        if (disconnected) {
            connection.close();
        }
        return connection;
    }

    /** Counts a connection that is closed already, such as one that the node has refused within its upgrade. */
    void count() {
        connections.incrementAndGet();
    }

    /** Serves the streams that the node opens over {@code connection}. */
    void serve(HandMadeConnection connection, Map<String, HandMadeServer.Service> services) {
        servers.add(new HandMadeServer(connection, services));
    }

    /** Returns how many connections the attack has opened. */
    int connections() {
        return connections.get();
    }

    /** Returns the faults of the hand-made servers, of which there should be none. */
    List<Throwable> faults() {
        return servers.stream()
                .map(HandMadeServer::fault)
                .flatMap(Optional::stream)
                .toList();
    }

    /** Returns whether the attack has lasted long enough. */
    boolean isOver() {
        return over;
    }

    /** Waits; an attack that is slow on purpose. */
    static void pause(int millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    /** Asserts that the node ends the connection. */
    void assertEnds(Socket socket) throws IOException {
        byte[] ignored = new byte[8192];
        try {
            while (socket.getInputStream().read(ignored) >= 0) {
                // what it says on the way does not matter
            }
        } catch (SocketTimeoutException open) {
            throw new AssertionError("the node did not end the connection", open);
        } catch (IOException ended) {
            assertThat(ended).hasMessageMatching("(?i).*(reset|broken pipe|closed|aborted).*");
        }
        assertNotDisconnected();
    }

    /** Asserts that the node ends the connection. */
    void assertEnds(HandMadePeer peer) throws IOException, GeneralSecurityException {
        assertThat(peer.endsWithin(END_MILLIS))
                .as("the node ended the connection")
                .isTrue();
        assertNotDisconnected();
    }

    /** Asserts that the node ends the connection. */
    void assertEnds(HandMadeConnection connection) throws IOException, GeneralSecurityException {
        assertThat(connection.endsWithin(END_MILLIS))
                .as("the node ended the connection")
                .isTrue();
        assertNotDisconnected();
    }

    /** Connects, as far as the node lets this side. */
    interface Connecting<T> {
        T connect() throws IOException, GeneralSecurityException;
    }

    /** Connects; returns empty if it was the node that has ended the handshake, and otherwise a connection that the node has still to end. */
    <T> Optional<T> refusedOrConnected(Connecting<T> connecting) throws GeneralSecurityException {
        try {
            return Optional.of(connecting.connect());
        } catch (RefusedByRemoteException refused) {
            assertNotDisconnected();
            return Optional.empty();
        } catch (IOException undecided) {
            throw new AssertionError("the node did not refuse the connection", undecided);
        }
    }

    private void assertNotDisconnected() {
        assertThat(disconnected).as("the test itself ended the connection").isFalse();
    }

    /** Lets attacks that repeat themselves, or that wait for the node to read, come to an end. */
    void finish() {
        over = true;
    }

    /** Ends the attack and all its connections. */
    void disconnect() {
        over = true;
        disconnected = true;
        Closing.all(open);
    }

    @Override
    public void close() {
        disconnect();
    }
}
