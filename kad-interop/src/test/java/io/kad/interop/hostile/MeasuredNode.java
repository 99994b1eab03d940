package io.kad.interop.hostile;

import com.sun.management.UnixOperatingSystemMXBean;
import io.kad.node.Main;
import io.netty.util.internal.PlatformDependent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The kad program with a probe: for each line from a socket of the test, it collects garbage and writes what the process holds.
 *
 * <p>Main class of a process of its own: in the process of the test, the memory of the hostile and of the honest peers would count too.
 */
final class MeasuredNode {

    /** System property with the loopback port of the test that the probe connects to. */
    static final String PROBE_PORT = "kad.probe.port";

    private static final Path STATUS = Path.of("/proc/self/status");

    private MeasuredNode() {}

    /** Returns the options of the Java process: a heap that is in memory from the start, so that the rest of the process can be told from it. */
    static List<String> javaOptions(int probePort) {
        return List.of("-D" + PROBE_PORT + "=" + probePort, "-Xms256m", "-XX:+AlwaysPreTouch");
    }

    /** Starts the probe, then the program. */
    public static void main(String[] arguments) {
        Thread probe = new Thread(MeasuredNode::answer, "probe");
        probe.setDaemon(true);
        probe.start();
        Main.main(arguments);
    }

    private static void answer() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), Integer.getInteger(PROBE_PORT));
                BufferedReader asked =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
                PrintWriter answers = new PrintWriter(socket.getOutputStream(), true, StandardCharsets.US_ASCII)) {
            while (asked.readLine() != null) {
                answers.println(heapAfterCollection() + " " + direct() + " "
                        + ManagementFactory.getThreadMXBean().getThreadCount() + " " + descriptors() + " " + outside());
            }
        } catch (IOException ended) {
            System.err.println("the probe ended: " + ended);
        }
    }

    private static long heapAfterCollection() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Returns the bytes of direct buffers, those of Netty and those of the JDK. */
    private static long direct() {
        return Math.max(0, PlatformDependent.usedDirectMemory())
                + ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                        .mapToLong(BufferPoolMXBean::getMemoryUsed)
                        .sum();
    }

    /** Returns the bytes of memory outside the heap. */
    private static long outside() throws IOException {
        if (!Files.exists(STATUS)) {
            return 0;
        }
        long kibibytes = Files.readAllLines(STATUS).stream()
                .filter(line -> line.startsWith("RssAnon:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
        return Math.max(
                0,
                kibibytes * 1024
                        - ManagementFactory.getMemoryMXBean()
                                .getHeapMemoryUsage()
                                .getCommitted());
    }

    private static long descriptors() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getOpenFileDescriptorCount()
                : 0;
    }
}
