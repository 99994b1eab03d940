package io.kad.transport.netty;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;

/** Source of the addresses of the network interfaces of this machine that are up. */
@FunctionalInterface
interface LocalInterfaces {

    /** The interfaces as the system lists them. */
    LocalInterfaces SYSTEM = LocalInterfaces::ofSystem;

    /** Returns the present addresses; takes well below a millisecond. */
    List<InetAddress> addresses();

    private static List<InetAddress> ofSystem() {
        try {
            return NetworkInterface.networkInterfaces()
                    .filter(LocalInterfaces::isUp)
                    .flatMap(NetworkInterface::inetAddresses)
                    .toList();
        } catch (SocketException e) {
            return List.of(InetAddress.getLoopbackAddress());
        }
    }

    private static boolean isUp(NetworkInterface network) {
        try {
            return network.isUp();
        } catch (SocketException e) {
            return false;
        }
    }
}
