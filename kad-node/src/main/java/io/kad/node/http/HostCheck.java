package io.kad.node.http;

import io.kad.api.id.Quoting;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Check of the header {@code Host} of a server at a loopback address: it must name the machine itself. Otherwise a web site could point its own
 * name at the machine of its reader, and read answers as if they were its own (DNS rebinding).
 */
final class HostCheck {

    private final boolean isLoopback;

    /** Creates the check for a server that is bound to {@code address}; at other addresses each host is right. */
    HostCheck(InetSocketAddress address) {
        this.isLoopback = address.getAddress().isLoopbackAddress();
    }

    /** Returns the host of a request. */
    String check(List<String> headers, RequestTarget target, boolean required) throws HttpException {
        if (headers.size() > 1 || (headers.isEmpty() && required)) {
            throw new HttpException(HttpError.BAD_REQUEST, "the header Host must be given once");
        }
        String host = target.authority().orElse(headers.isEmpty() ? "localhost" : headers.get(0));
        if (isLoopback && !namesLoopback(host)) {
            throw new HttpException(
                    HttpError.FORBIDDEN,
                    "host " + Quoting.text(host) + " is not this machine: use localhost or a loopback address");
        }
        return host;
    }

    private static boolean namesLoopback(String authority) {
        String host = authority.replaceFirst(":\\d{0,5}$", "");
        if (host.equalsIgnoreCase("localhost") || host.equalsIgnoreCase("localhost.")) {
            return true;
        }
        String address = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        return bytes != null && isLoopback(bytes);
    }

    private static boolean isLoopback(byte[] address) {
        try {
            return InetAddress.getByAddress(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
