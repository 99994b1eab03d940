package io.kad.transport.netty.support;

import java.util.Arrays;

/** Input of a fuzz test, read from its start. What is missing reads as 0, so that each input has a meaning. */
public final class FuzzInput {

    private final byte[] bytes;
    private int at;

    /** Creates a reader of {@code bytes}. */
    public FuzzInput(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Returns a seed: numbers up to 255, followed by {@code rest}. */
    public static byte[] seed(byte[] rest, int... numbers) {
        byte[] first = new byte[numbers.length];
        for (int index = 0; index < numbers.length; index++) {
            first[index] = (byte) numbers[index];
        }
        return Wire.join(first, rest);
    }

    /** Returns whether anything is left. */
    public boolean hasMore() {
        return at < bytes.length;
    }

    /** Returns the next byte as a number from 0 to 255. */
    public int next() {
        return hasMore() ? bytes[at++] & 0xff : 0;
    }

    /** Returns the next byte as a number less than {@code bound}, which is at most 256. */
    public int next(int bound) {
        return next() % bound;
    }

    /** Returns the next two bytes as a number less than {@code bound}, which is at most 65,536. */
    public int nextTwo(int bound) {
        return (next() << Byte.SIZE | next()) % bound;
    }

    /** Returns the next four bytes as an unsigned number. */
    public long nextFour() {
        return (long) nextTwo(1 << 16) << 16 | nextTwo(1 << 16);
    }

    /** Returns up to {@code size} next bytes. */
    public byte[] next(long size) {
        int end = (int) Math.min(bytes.length, at + size);
        byte[] part = Arrays.copyOfRange(bytes, at, end);
        at = end;
        return part;
    }

    /** Returns all that is left. */
    public byte[] rest() {
        return next((long) bytes.length);
    }
}
