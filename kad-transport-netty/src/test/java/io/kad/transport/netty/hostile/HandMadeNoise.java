package io.kad.transport.netty.hostile;

import io.kad.api.Identity;
import io.kad.api.id.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Noise XX of a dialer, written by hand with the JDK alone: it shares no code with the transport under test. Confined to one thread for each
 * direction.
 */
final class HandMadeNoise {

    /** Longest plaintext of a message, in bytes. */
    static final int MAX_PLAINTEXT = 65_535 - 16;

    private static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b656e032100");

    private final DataInputStream in;
    private final OutputStream out;
    private byte[] hash = "Noise_XX_25519_ChaChaPoly_SHA256".getBytes(StandardCharsets.US_ASCII);
    private byte[] chain = hash;
    private byte[] key = new byte[0];
    private long nonce;
    private byte[] sendKey = new byte[0];
    private byte[] receiveKey = new byte[0];
    private long sendNonce;
    private long receiveNonce;

    HandMadeNoise(DataInputStream in, OutputStream out) {
        this.in = in;
        this.out = out;
    }

    /** Runs the handshake; the identity of the other side is not checked. */
    void handshake(Identity identity) throws IOException, GeneralSecurityException {
        KeyPair local = KeyPairGenerator.getInstance("X25519").generateKeyPair();
        KeyPair ephemeral = KeyPairGenerator.getInstance("X25519").generateKeyPair();
        mixHash(new byte[0]);
        mixHash(raw(ephemeral));
        mixHash(new byte[0]);
        writeMessage(raw(ephemeral));

        byte[] second = readMessage();
        byte[] remoteEphemeral = Arrays.copyOf(second, 32);
        mixHash(remoteEphemeral);
        mixKey(agree(ephemeral, remoteEphemeral));
        byte[] remoteStatic = open(Arrays.copyOfRange(second, 32, 80));
        mixKey(agree(ephemeral, remoteStatic));
        open(Arrays.copyOfRange(second, 80, second.length));

        byte[] sealedStatic = seal(raw(local));
        mixKey(agree(local, remoteEphemeral));
        Bytes signed = Bytes.concat(Bytes.utf8("noise-libp2p-static-key:"), Bytes.of(raw(local)));
        byte[] payload = join(
                field(1, identity.publicKey().toArray()),
                field(2, identity.sign(signed).toArray()));
        writeMessage(join(sealedStatic, seal(payload)));
        byte[][] keys = derive(chain, new byte[0]);
        sendKey = keys[0];
        receiveKey = keys[1];
    }

    /** Encrypts and sends {@code plaintext} as one message. */
    void send(byte[] plaintext) throws IOException, GeneralSecurityException {
        writeMessage(crypt(Cipher.ENCRYPT_MODE, sendKey, sendNonce++, new byte[0], plaintext));
    }

    /** Returns the next received message. */
    byte[] receive() throws IOException, GeneralSecurityException {
        return crypt(Cipher.DECRYPT_MODE, receiveKey, receiveNonce++, new byte[0], readMessage());
    }

    private void writeMessage(byte[] body) throws IOException {
        out.write(ByteBuffer.allocate(2 + body.length)
                .putShort((short) body.length)
                .put(body)
                .array());
        out.flush();
    }

    private byte[] readMessage() throws IOException {
        byte[] body = new byte[in.readUnsignedShort()];
        in.readFully(body);
        return body;
    }

    private void mixHash(byte[] data) throws GeneralSecurityException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(hash);
        hash = digest.digest(data);
    }

    private void mixKey(byte[] secret) throws GeneralSecurityException {
        byte[][] keys = derive(chain, secret);
        chain = keys[0];
        key = keys[1];
        nonce = 0;
    }

    private byte[] seal(byte[] plaintext) throws GeneralSecurityException {
        byte[] sealed = crypt(Cipher.ENCRYPT_MODE, key, nonce++, hash, plaintext);
        mixHash(sealed);
        return sealed;
    }

    private byte[] open(byte[] sealed) throws GeneralSecurityException {
        byte[] plaintext = crypt(Cipher.DECRYPT_MODE, key, nonce++, hash, sealed);
        mixHash(sealed);
        return plaintext;
    }

    private static byte[] crypt(int mode, byte[] key, long nonce, byte[] associated, byte[] data)
            throws GeneralSecurityException {
        byte[] iv = ByteBuffer.allocate(12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(4, nonce)
                .array();
        Cipher cipher = Cipher.getInstance("ChaCha20-Poly1305");
        cipher.init(mode, new SecretKeySpec(key, "ChaCha20"), new IvParameterSpec(iv));
        cipher.updateAAD(associated);
        return cipher.doFinal(data);
    }

    private static byte[][] derive(byte[] chain, byte[] secret) throws GeneralSecurityException {
        byte[] temporary = hmac(chain, secret);
        byte[] first = hmac(temporary, new byte[] {1});
        return new byte[][] {first, hmac(temporary, join(first, new byte[] {2}))};
    }

    private static byte[] hmac(byte[] key, byte[] data) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(data);
    }

    private static byte[] agree(KeyPair local, byte[] remote) throws GeneralSecurityException {
        KeyAgreement agreement = KeyAgreement.getInstance("X25519");
        agreement.init(local.getPrivate());
        agreement.doPhase(
                KeyFactory.getInstance("X25519").generatePublic(new X509EncodedKeySpec(join(X509_PREFIX, remote))),
                true);
        return agreement.generateSecret();
    }

    private static byte[] raw(KeyPair pair) {
        byte[] encoded = pair.getPublic().getEncoded();
        return Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
    }

    private static byte[] field(int number, byte[] value) {
        return join(new byte[] {(byte) (number << 3 | 2), (byte) value.length}, value);
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }
}
