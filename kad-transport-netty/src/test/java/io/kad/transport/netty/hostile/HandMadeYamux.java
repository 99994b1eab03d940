package io.kad.transport.netty.hostile;

import static io.kad.transport.netty.hostile.HandMadePeer.frame;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Streams of Yamux over a {@link HandMadePeer}: it grants what it has read, and forgets the streams that have ended. */
public final class HandMadeYamux implements HandMadeConnection {

    private static final int WINDOW = 256 * 1024;
    private static final int PART = 32 * 1024;
    private static final Receiver DROPPING = (stream, bytes) -> {};

    private final HandMadePeer peer;
    private final Map<Integer, Stream> streams = new HashMap<>();
    private final CountDownLatch readerEnded = new CountDownLatch(1);
    private int lastStream = -1;
    private volatile Receiver receiver = DROPPING;
    private volatile boolean reading;
    private volatile boolean endedByRemote;
    private volatile Throwable fault;

    /** Creates the streams of {@code peer}, which nobody else sends on or receives from. */
    public HandMadeYamux(HandMadePeer peer) {
        this.peer = peer;
    }

    @Override
    public HandMadeStream open(byte[] first) throws IOException, GeneralSecurityException {
        byte[] granted = Arrays.copyOf(first, Math.min(first.length, WINDOW));
        Stream stream = add();
        stream.credit -= granted.length;
        peer.send(HandMadePeer.data(HandMadePeer.SYN, stream.id, granted));
        stream.sendLater(Arrays.copyOfRange(first, granted.length, first.length));
        while (!reading && stream.isWaiting()) {
            onFrame(peer.receive());
        }
        return stream;
    }

    @Override
    public void openAndFinish(byte[] all) throws IOException, GeneralSecurityException {
        if (all.length > WINDOW) {
            open(all).finish();
            return;
        }
        Stream stream = add();
        peer.send(HandMadePeer.data(HandMadePeer.SYN | HandMadePeer.FIN, stream.id, all));
        stream.endLocally();
    }

    private Stream add() {
        synchronized (streams) {
            lastStream += 2;
            Stream stream = new Stream(lastStream);
            streams.put(stream.id, stream);
            return stream;
        }
    }

    @Override
    public void receive(Receiver taking) {
        receiver = taking;
        reading = true;
        Thread reader = new Thread(this::read, "hand-made-yamux");
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try {
            while (true) {
                onFrame(peer.receive());
            }
        } catch (SocketTimeoutException silent) {
            // nothing has ended
        } catch (IOException ended) {
            endedByRemote = !peer.isClosedHere();
        } catch (GeneralSecurityException | RuntimeException | Error broken) {
            fault = broken;
        } finally {
            readerEnded.countDown();
        }
    }

    @Override
    public Throwable fault() {
        return fault;
    }

    private void onFrame(HandMadePeer.Frame frame) throws IOException, GeneralSecurityException {
        if (frame.type() == HandMadePeer.PING && (frame.flags() & HandMadePeer.SYN) != 0) {
            peer.send(frame(HandMadePeer.PING, HandMadePeer.ACK, 0, frame.length()));
        }
        Stream stream = frame.type() <= HandMadePeer.WINDOW_UPDATE ? streamOf(frame) : null;
        if (stream != null) {
            stream.onFrame(frame);
        }
    }

    /** Returns the stream of a frame, which may open it; null if it is none, or has ended. */
    private Stream streamOf(HandMadePeer.Frame frame) {
        synchronized (streams) {
            return isOfRemote(frame.stream()) && (frame.flags() & HandMadePeer.SYN) != 0
                    ? streams.computeIfAbsent(frame.stream(), Stream::new)
                    : streams.get(frame.stream());
        }
    }

    private static boolean isOfRemote(int stream) {
        return stream % 2 == 0;
    }

    private void forget(Stream stream) {
        boolean wasOpen;
        synchronized (streams) {
            wasOpen = streams.remove(stream.id, stream);
        }
        if (wasOpen && isOfRemote(stream.id)) {
            receiver.onEnd(stream);
        }
    }

    @Override
    public boolean endsWithin(int millis) throws IOException, GeneralSecurityException {
        if (!reading) {
            return peer.endsWithin(millis, this::onFrame);
        }
        try {
            return readerEnded.await(millis, TimeUnit.MILLISECONDS) && endedByRemote;
        } catch (InterruptedException interrupted) {
            throw new IOException(interrupted);
        }
    }

    @Override
    public void reset() throws IOException {
        peer.reset();
    }

    @Override
    public void close() throws IOException {
        peer.close();
    }

    private final class Stream implements HandMadeStream {

        private final int id;
        private byte[] unsent = new byte[0];
        private long credit = WINDOW;
        private int notGranted;
        private boolean ending;
        private boolean endedLocally;
        private boolean endedByRemote;

        Stream(int id) {
            this.id = id;
        }

        private void onFrame(HandMadePeer.Frame frame) throws IOException, GeneralSecurityException {
            if ((frame.flags() & HandMadePeer.RST) != 0) {
                drop();
                forget(this);
                return;
            }
            boolean isLast = (frame.flags() & HandMadePeer.FIN) != 0;
            if (frame.type() == HandMadePeer.WINDOW_UPDATE) {
                grant(frame.length());
            } else if (frame.length() > 0) {
                byte[] bytes = new byte[frame.payload().remaining()];
                frame.payload().get(bytes);
                if (isOfRemote(id)) {
                    receiver.onBytes(this, bytes);
                }
                if (!isLast) {
                    onConsumed(bytes.length);
                }
            }
            if (isLast) {
                endByRemote();
            }
        }

        /** Lets the other side send as much again as was read. */
        private synchronized void onConsumed(int bytes) throws IOException, GeneralSecurityException {
            notGranted += bytes;
            if (notGranted >= WINDOW / 2) {
                peer.send(frame(HandMadePeer.WINDOW_UPDATE, 0, id, notGranted));
                notGranted = 0;
            }
        }

        @Override
        public void send(byte[] bytes) throws IOException, GeneralSecurityException {
            peer.send(HandMadePeer.data(0, id, bytes));
        }

        @Override
        public synchronized void sendLater(byte[] bytes) throws IOException, GeneralSecurityException {
            unsent = HandMadeNoise.join(unsent, bytes);
            flush();
        }

        @Override
        public synchronized void finish() throws IOException, GeneralSecurityException {
            ending = true;
            flush();
        }

        @Override
        public void reset() throws IOException, GeneralSecurityException {
            peer.send(frame(HandMadePeer.WINDOW_UPDATE, HandMadePeer.RST, id, 0));
            forget(this);
        }

        synchronized boolean isWaiting() {
            return unsent.length > 0;
        }

        private synchronized void drop() {
            unsent = new byte[0];
            ending = false;
        }

        private synchronized void grant(long bytes) throws IOException, GeneralSecurityException {
            credit += bytes;
            flush();
        }

        private void flush() throws IOException, GeneralSecurityException {
            while (credit > 0 && unsent.length > 0) {
                int part = (int) Math.min(Math.min(credit, PART), unsent.length);
                peer.send(HandMadePeer.data(0, id, Arrays.copyOf(unsent, part)));
                unsent = Arrays.copyOfRange(unsent, part, unsent.length);
                credit -= part;
            }
            if (ending && unsent.length == 0) {
                ending = false;
                peer.send(frame(HandMadePeer.DATA, HandMadePeer.FIN, id, 0));
                endLocally();
            }
        }

        private synchronized void endLocally() {
            endedLocally = true;
            forgetIfEnded();
        }

        private synchronized void endByRemote() {
            endedByRemote = true;
            forgetIfEnded();
        }

        private void forgetIfEnded() {
            if (endedLocally && endedByRemote) {
                forget(this);
            }
        }
    }
}
