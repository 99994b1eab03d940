package io.kad.transport.netty;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;

/** Source of the addresses of the network interfaces of this machine that are up. */
@FunctionalInterface
interface LocalInterfaces {

    /** The interfaces as the system lists them. */
    LocalInterfaces SYSTEM = LocalInterfaces::ofSystem;

    /**
     * Returns the present addresses; takes well below a millisecond.
     *
     * @throws UncheckedIOException if they cannot be read, such as without a free file descriptor
     */
    List<InetAddress> addresses();

    private static List<InetAddress> ofSystem() {
        try {
            return NetworkInterface.networkInterfaces()
                    .filter(LocalInterfaces::isUp)
                    .flatMap(NetworkInterface::inetAddresses)
                    .toList();
        } catch (SocketException e) {
            throw new UncheckedIOException("cannot read the network interfaces: " + e.getMessage(), e);
        }
    }

    private static boolean isUp(NetworkInterface network) {
        try {
            return network.isUp();
        } catch (SocketException e) {
            throw new UncheckedIOException("cannot read the network interface " + network.getName(), e);
        }
    }
}
