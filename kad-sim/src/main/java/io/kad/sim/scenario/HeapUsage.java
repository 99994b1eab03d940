package io.kad.sim.scenario;

import java.lang.management.ManagementFactory;

/** Measurement of the heap in use. */
public final class HeapUsage {

    private HeapUsage() {}

    /** Returns the bytes of the heap in use after a collection; an estimate, as the collector decides. */
    public static long usedBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
