package io.kad.transport.netty.hostile;

import java.io.IOException;
import java.security.GeneralSecurityException;

/** Stream of a {@link HandMadeConnection}. */
public interface HandMadeStream {

    /** Sends bytes whatever the other side grants, if the muxer can; otherwise blocks until it grants them. */
    void send(byte[] bytes) throws IOException, GeneralSecurityException;

    /** Sends bytes as the other side grants them, while this side reads; does not wait for it. */
    void sendLater(byte[] bytes) throws IOException, GeneralSecurityException;

    /** Ends this direction behind all bytes. */
    void finish() throws IOException, GeneralSecurityException;

    /** Ends both directions at once. */
    void reset() throws IOException, GeneralSecurityException;
}
