package io.kad.transport.netty.hostile;

import io.netty.util.internal.PlatformDependent;

/** Memory of this process that is in use: heap after a garbage collection, and direct buffers. */
final class Memory {

    static final long MIB = 1 << 20;

    private Memory() {}

    /** Returns the bytes in use. */
    static long used() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory() + Math.max(0, PlatformDependent.usedDirectMemory());
    }
}
