package io.kad.interop.hostile;

/**
 * What a process holds.
 *
 * @param heap bytes after a garbage collection
 * @param direct bytes of direct buffers
 */
record Usage(long heap, long direct, long threads, long descriptors) {

    static final long MIB = 1 << 20;

    /** Returns the bytes of heap and direct buffers. */
    long memory() {
        return heap + direct;
    }
}
