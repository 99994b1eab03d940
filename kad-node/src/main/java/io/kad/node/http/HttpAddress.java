package io.kad.node.http;

import io.kad.node.option.UsageException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Addresses {@code HOST:PORT} as text. */
public final class HttpAddress {

    /** Form of an address, for help texts and refusals. */
    public static final String FORM = "HOST:PORT such as 127.0.0.1:5001 or [::1]:5001";

    private static final Pattern HOST_PORT = Pattern.compile("(?:\\[([0-9a-fA-F:.%]+)]|([^\\[\\]:/\\s]+)):(\\d{1,5})");
    private static final int MAX_PORT = 65_535;

    private HttpAddress() {}

    /** Returns the address that {@code text}, the value of {@code option}, names; a host name is looked up, for as long as that takes. */
    public static InetSocketAddress parse(String option, String text) {
        InetSocketAddress address = unresolved(option, text);
        try {
            return new InetSocketAddress(InetAddress.getByName(address.getHostString()), address.getPort());
        } catch (UnknownHostException e) {
            throw new UsageException(option + " " + text + ": unknown host " + address.getHostString());
        }
    }

    /** Returns the host and the port that {@code text}, the value of {@code option}, names; no host name is looked up. */
    public static InetSocketAddress unresolved(String option, String text) {
        Matcher parts = HOST_PORT.matcher(text);
        if (!parts.matches() || Integer.parseInt(parts.group(3)) > MAX_PORT) {
            throw UsageException.invalid(option, text, FORM);
        }
        String host = parts.group(1) == null ? parts.group(2) : parts.group(1);
        return InetSocketAddress.createUnresolved(host, Integer.parseInt(parts.group(3)));
    }

    /** Returns {@code address} as text: an IP address, in brackets if it is IPv6, and a port. */
    public static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
