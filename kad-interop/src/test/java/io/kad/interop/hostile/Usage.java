package io.kad.interop.hostile;

/**
 * What a process holds.
 *
 * @param heap bytes after a garbage collection
 * @param direct bytes of direct buffers
 * @param outside bytes of memory outside the heap, with direct buffers and what libraries allocate; 0 where the system does not tell
 */
record Usage(long heap, long direct, long threads, long descriptors, long outside) {

    static final long MIB = 1 << 20;

    /** Returns the bytes of the heap, and of all memory outside it. */
    long memory() {
        return heap + Math.max(direct, outside);
    }
}
