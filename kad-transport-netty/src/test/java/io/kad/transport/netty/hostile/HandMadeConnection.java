package io.kad.transport.netty.hostile;

import java.io.Closeable;
import java.io.IOException;
import java.security.GeneralSecurityException;

/** Connection with streams, made by hand, whatever is below the streams. It reads only what a test asks for. */
public interface HandMadeConnection extends Closeable {

    /** Opens a stream and sends its first bytes, as the other side grants them; blocks until it does. */
    HandMadeStream open(byte[] first) throws IOException, GeneralSecurityException;

    /** Opens a stream that has ended behind its only bytes. */
    default void openAndFinish(byte[] all) throws IOException, GeneralSecurityException {
        open(all).finish();
    }

    /** Starts to read: the other side gets credit for all it sends, and the bytes of the streams that it has opened go to {@code receiver}. */
    void receive(Receiver receiver);

    /** Returns what went wrong on this side while it was reading; null if nothing. */
    Throwable fault();

    /** Waits for the other side to end the connection, and drops what it sends unless this side reads; returns whether it did within {@code millis}. */
    boolean endsWithin(int millis) throws IOException, GeneralSecurityException;

    /** Ends the connection at once. */
    void reset() throws IOException;

    /** Takes the bytes of streams that the other side has opened. */
    interface Receiver {

        /** Called on the thread that reads. */
        void onBytes(HandMadeStream stream, byte[] bytes) throws IOException, GeneralSecurityException;

        /** Called when both directions of a stream have ended, by whatever thread has ended it: nothing more comes of it. */
        default void onEnd(HandMadeStream stream) {}
    }
}
