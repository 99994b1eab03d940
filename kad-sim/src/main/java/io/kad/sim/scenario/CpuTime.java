package io.kad.sim.scenario;

import java.lang.management.ManagementFactory;

/** Measurement of the CPU time of a simulation, which runs on one thread. */
final class CpuTime {

    private CpuTime() {}

    /** Returns the CPU time that this thread has used, in nanoseconds; that of the garbage collector is not part of it. */
    static long ofThisThread() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
