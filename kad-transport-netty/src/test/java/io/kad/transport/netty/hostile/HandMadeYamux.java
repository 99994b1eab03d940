package io.kad.transport.netty.hostile;

import static io.kad.transport.netty.hostile.HandMadePeer.frame;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Streams of Yamux over a {@link HandMadePeer}. */
public final class HandMadeYamux implements HandMadeConnection {

    private static final int WINDOW = 256 * 1024;
    private static final int PART = 32 * 1024;

    private final HandMadePeer peer;
    private final Map<Integer, Stream> streams = new HashMap<>();
    private int lastStream = -1;
    private volatile boolean reading;
    private volatile Throwable fault;

    /** Creates the streams of {@code peer}, which nobody else sends on or receives from. */
    public HandMadeYamux(HandMadePeer peer) {
        this.peer = peer;
    }

    @Override
    public HandMadeStream open(byte[] first) throws IOException, GeneralSecurityException {
        Stream stream;
        synchronized (streams) {
            lastStream += 2;
            stream = new Stream(lastStream);
            streams.put(stream.id, stream);
        }
        byte[] granted = Arrays.copyOf(first, Math.min(first.length, WINDOW));
        stream.credit -= granted.length;
        peer.send(HandMadePeer.data(HandMadePeer.SYN, stream.id, granted));
        stream.sendLater(Arrays.copyOfRange(first, granted.length, first.length));
        while (!reading && stream.isWaiting()) {
            onFrame(peer.receive(), (other, bytes) -> {});
        }
        return stream;
    }

    @Override
    public void openAndFinish(byte[] all) throws IOException, GeneralSecurityException {
        if (all.length > WINDOW) {
            open(all).finish();
            return;
        }
        synchronized (streams) {
            lastStream += 2;
            peer.send(HandMadePeer.data(HandMadePeer.SYN | HandMadePeer.FIN, lastStream, all));
        }
    }

    @Override
    public void receive(Receiver receiver) {
        reading = true;
        Thread reader = new Thread(
                () -> {
                    try {
                        while (true) {
                            onFrame(peer.receive(), receiver);
                        }
                    } catch (IOException ended) {
                        // the connection has ended
                    } catch (GeneralSecurityException | RuntimeException | Error broken) {
                        fault = broken;
                    }
                },
                "hand-made-yamux");
        reader.setDaemon(true);
        reader.start();
    }

    @Override
    public Throwable fault() {
        return fault;
    }

    private void onFrame(HandMadePeer.Frame frame, Receiver receiver) throws IOException, GeneralSecurityException {
        if (frame.type() == HandMadePeer.PING && (frame.flags() & HandMadePeer.SYN) != 0) {
            peer.send(frame(HandMadePeer.PING, HandMadePeer.ACK, 0, frame.length()));
        }
        if (frame.type() > HandMadePeer.WINDOW_UPDATE) {
            return;
        }
        Stream stream;
        boolean opened = frame.stream() % 2 == 0;
        synchronized (streams) {
            stream = opened
                    ? streams.computeIfAbsent(frame.stream(), Stream::new)
                    : streams.getOrDefault(frame.stream(), new Stream(frame.stream()));
        }
        if ((frame.flags() & HandMadePeer.RST) != 0) {
            synchronized (streams) {
                streams.remove(frame.stream());
            }
            stream.drop();
        } else if (frame.type() == HandMadePeer.WINDOW_UPDATE) {
            stream.grant(frame.length());
        } else if (frame.length() > 0) {
            byte[] bytes = new byte[frame.payload().remaining()];
            frame.payload().get(bytes);
            if (opened) {
                receiver.onBytes(stream, bytes);
            }
        }
    }

    @Override
    public boolean endsWithin(int millis) throws IOException, GeneralSecurityException {
        return peer.endsWithin(millis);
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
        private boolean ending;

        Stream(int id) {
            this.id = id;
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
        }

        synchronized boolean isWaiting() {
            return unsent.length > 0;
        }

        synchronized void drop() {
            unsent = new byte[0];
            ending = false;
        }

        synchronized void grant(long bytes) throws IOException, GeneralSecurityException {
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
            }
        }
    }
}
