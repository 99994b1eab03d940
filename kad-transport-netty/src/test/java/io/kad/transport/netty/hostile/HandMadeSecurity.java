package io.kad.transport.netty.hostile;

import java.io.IOException;
import java.security.GeneralSecurityException;

/** Encryption of a connection of a {@link HandMadePeer}. One thread sends, one receives. */
interface HandMadeSecurity {

    /** Longest plaintext that is sent at once, in bytes. */
    int maxPlaintext();

    /** Encrypts and sends {@code plaintext}; blocks while the other side does not read. */
    void send(byte[] plaintext) throws IOException, GeneralSecurityException;

    /** Returns the next received bytes. */
    byte[] receive() throws IOException, GeneralSecurityException;
}
