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
public final class HandMadeNoise implements HandMadeSecurity {

    /** Longest plaintext of a message, in bytes. */
    public static final int MAX_PLAINTEXT = 65_535 - 16;

    private static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b656e032100");

    private final DataInputStream in;
    private final OutputStream out;
    private final KeyPair local;
    private final KeyPair ephemeral;
    private byte[] remoteEphemeral = new byte[0];
    private byte[] hash = "Noise_XX_25519_ChaChaPoly_SHA256".getBytes(StandardCharsets.US_ASCII);
    private byte[] chain = hash;
    private byte[] key = new byte[0];
    private long nonce;
    private byte[] sendKey = new byte[0];
    private byte[] receiveKey = new byte[0];
    private long sendNonce;
    private long receiveNonce;

    /** Creates the side of a dialer over a socket that has agreed on Noise. */
    public HandMadeNoise(DataInputStream in, OutputStream out) throws GeneralSecurityException {
        this.in = in;
        this.out = out;
        this.local = KeyPairGenerator.getInstance("X25519").generateKeyPair();
        this.ephemeral = KeyPairGenerator.getInstance("X25519").generateKeyPair();
    }

    /** Runs the handshake; the identity of the other side is not checked. */
    void handshake(Identity identity) throws IOException, GeneralSecurityException {
        write(first());
        readSecond();
        write(third(payload(identity)));
    }

    /** Returns the first message: the ephemeral key. */
    public byte[] first() throws GeneralSecurityException {
        mixHash(new byte[0]);
        mixHash(raw(ephemeral));
        mixHash(new byte[0]);
        return raw(ephemeral);
    }

    /** Reads the second message, after {@link #first()} was sent. */
    public void readSecond() throws IOException, GeneralSecurityException {
        byte[] second = readMessage();
        remoteEphemeral = Arrays.copyOf(second, 32);
        mixHash(remoteEphemeral);
        mixKey(agree(ephemeral, remoteEphemeral));
        byte[] remoteStatic = open(Arrays.copyOfRange(second, 32, 80));
        mixKey(agree(ephemeral, remoteStatic));
        open(Arrays.copyOfRange(second, 80, second.length));
    }

    /** Returns the payload by which {@code identity} vouches for the static key of this side. */
    public byte[] payload(Identity identity) {
        return payload(identity.publicKey().toArray(), identity.sign(signed()).toArray());
    }

    /** Returns a payload with any key and signature. */
    public static byte[] payload(byte[] publicKey, byte[] signature) {
        return join(HandMadeMessage.field(1, publicKey), HandMadeMessage.field(2, signature));
    }

    /** Returns what an identity signs for this side. */
    public Bytes signed() {
        return Bytes.concat(Bytes.utf8("noise-libp2p-static-key:"), Bytes.of(raw(local)));
    }

    /** Returns the third message; from then on both sides send transport messages. */
    public byte[] third(byte[] payload) throws GeneralSecurityException {
        byte[] sealedStatic = seal(raw(local));
        mixKey(agree(local, remoteEphemeral));
        byte[] third = join(sealedStatic, seal(payload));
        byte[][] keys = derive(chain, new byte[0]);
        sendKey = keys[0];
        receiveKey = keys[1];
        return third;
    }

    @Override
    public int maxPlaintext() {
        return MAX_PLAINTEXT;
    }

    @Override
    public void send(byte[] plaintext) throws IOException, GeneralSecurityException {
        write(sealed(plaintext));
    }

    /** Returns {@code plaintext} encrypted as the next message. */
    public byte[] sealed(byte[] plaintext) throws GeneralSecurityException {
        return crypt(Cipher.ENCRYPT_MODE, sendKey, sendNonce++, new byte[0], plaintext);
    }

    @Override
    public byte[] receive() throws IOException, GeneralSecurityException {
        return crypt(Cipher.DECRYPT_MODE, receiveKey, receiveNonce++, new byte[0], readMessage());
    }

    /** Sends a message with its length before it. */
    public void write(byte[] body) throws IOException {
        out.write(framed(body));
        out.flush();
    }

    /** Returns a message with its length before it. */
    public static byte[] framed(byte[] body) {
        return ByteBuffer.allocate(2 + body.length)
                .putShort((short) body.length)
                .put(body)
                .array();
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

    /** Joins arrays. */
    public static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }
}
