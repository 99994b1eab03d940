package io.kad.bench.measure;

import com.sun.management.ThreadMXBean;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.stream.LongStream;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** Bytes that the threads of another Java process have allocated, read by JMX after attaching to it. Not thread-safe. */
final class JvmAllocation implements AutoCloseable {

    private final JMXConnector connector;
    private final ThreadMXBean threads;

    private JvmAllocation(JMXConnector connector) throws IOException {
        this.connector = connector;
        this.threads = ManagementFactory.newPlatformMXBeanProxy(
                connector.getMBeanServerConnection(), ManagementFactory.THREAD_MXBEAN_NAME, ThreadMXBean.class);
    }

    /** Attaches to the process; returns empty if it does not allow that, as this process itself does not. */
    @SuppressWarnings("BanJNDI") // the address comes from a process of this user that was attached to
    static Optional<JvmAllocation> attach(long pid) {
        if (pid == ProcessHandle.current().pid()) {
            return Optional.empty();
        }
        try {
            VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
            try {
                return Optional.of(new JvmAllocation(
                        JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()))));
            } finally {
                machine.detach();
            }
        } catch (IOException | AttachNotSupportedException e) {
            System.err.println("no allocated bytes: cannot attach to the process " + pid + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * Returns the bytes that the live threads have allocated so far. Threads that have ended do not count: of a server they are few.
     *
     * @throws IOException if the process has ended
     */
    long bytes() throws IOException {
        try {
            return LongStream.of(threads.getThreadAllocatedBytes(threads.getAllThreadIds()))
                    .filter(bytes -> bytes > 0)
                    .sum();
        } catch (java.lang.reflect.UndeclaredThrowableException lost) {
            throw new IOException("the connection to the process is lost", lost);
        }
    }

    @Override
    public void close() {
        try {
            connector.close();
        } catch (IOException e) {
            System.err.println("the JMX connection ended: " + e.getMessage());
        }
    }
}
