package io.kad.node.http;

import io.kad.api.id.Bytes;
import io.kad.api.spi.PrivateFile;
import io.kad.node.option.SharedFile;
import io.kad.node.option.UsageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Secret by which a client shows that it may change something (RFC 6750, bearer token). Immutable. */
public final class AccessToken {

    /** Form of a token, for help texts and refusals. */
    public static final String FORM = "16 to 256 letters, digits or -._~+/=";

    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/=-]{16,256}");
    private static final String BEARER = "Bearer ";
    private static final int RANDOM_BYTES = 32;
    private static final int MAX_FILE_BYTES = 1024;

    private final byte[] token;

    private AccessToken(String token) {
        this.token = token.getBytes(StandardCharsets.US_ASCII);
    }

    /** Returns the token that {@code text} is; a refusal calls it {@code name} and does not contain it. */
    public static AccessToken parse(String name, String text) {
        if (!TOKEN.matcher(text).matches()) {
            throw new UsageException("invalid " + name + ": expected " + FORM);
        }
        return new AccessToken(text);
    }

    /** Returns the token in {@code file}; creates the file, for its owner only, with a random token if it does not exist. */
    public static AccessToken loadOrCreate(Path file) {
        try {
            byte[] random = new byte[RANDOM_BYTES];
            if (!Files.exists(file)) {
                new SecureRandom().nextBytes(random);
                // Whichever process creates the file first, all read the same token
                PrivateFile.create(file, Bytes.utf8(HexFormat.of().formatHex(random) + "\n"));
            }
            refuseIfShared(file);
            return parse(file.toString(), read(file));
        } catch (IOException e) {
            throw UsageException.cannot("use token file " + file, e);
        }
    }

    /** Refuses a file that somebody but its owner may read or change, where the file system has such permissions. */
    private static void refuseIfShared(Path file) throws IOException {
        Optional<Set<PosixFilePermission>> shared;
        try {
            shared = SharedFile.permissions(file);
        } catch (NoSuchFileException e) {
            throw new IOException("the target of the symbolic link does not exist", e);
        }
        if (shared.isPresent()) {
            throw new UsageException(
                    "token file " + file + " may be used by others (" + PosixFilePermissions.toString(shared.get())
                            + "): allow it to its owner only, with chmod 600, and change the token if somebody may have read it");
        }
    }

    private static String read(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MAX_FILE_BYTES), StandardCharsets.ISO_8859_1).strip();
        }
    }

    /** Returns whether the header {@code Authorization} has this token; the time that takes does not depend on how much of it is right. */
    boolean isIn(String authorization) {
        boolean isBearer = authorization.regionMatches(true, 0, BEARER, 0, BEARER.length());
        String given = isBearer ? authorization.substring(BEARER.length()).strip() : "";
        return MessageDigest.isEqual(token, given.getBytes(StandardCharsets.ISO_8859_1));
    }
}
