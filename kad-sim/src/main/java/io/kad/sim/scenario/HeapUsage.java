package io.kad.sim.scenario;

import java.lang.management.ManagementFactory;

/** How much heap is in use, as far as a program can find out. */
public final class HeapUsage {

    private HeapUsage() {}

    /** Returns the bytes of the heap that are in use after a collection. */
    public static long usedBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
