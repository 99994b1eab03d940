package io.kad.api.id;

/** Text forms of IP addresses: dotted decimal for IPv4; for IPv6, RFC 4291 for parsing and RFC 5952 for formatting. */
final class IpAddressText {

    private static final int GROUPS = 8;

    private IpAddressText() {}

    static Bytes parse4(String text) {
        String[] parts = text.split("\\.", -1);
        byte[] address = new byte[4];
        if (parts.length != address.length) {
            throw notIp4(text);
        }
        for (int index = 0; index < address.length; index++) {
            address[index] = (byte) octet(parts[index], text);
        }
        return Bytes.wrap(address);
    }

    private static int octet(String part, String text) {
        boolean digits = !part.isEmpty() && part.length() <= 3 && part.chars().allMatch(c -> c >= '0' && c <= '9');
        int value = digits ? Integer.parseInt(part) : -1;
        if (value < 0 || value > 255 || (part.length() > 1 && part.startsWith("0"))) {
            throw notIp4(text);
        }
        return value;
    }

    static String format4(Bytes address) {
        return (address.at(0) & 0xff)
                + "."
                + (address.at(1) & 0xff)
                + "."
                + (address.at(2) & 0xff)
                + "."
                + (address.at(3) & 0xff);
    }

    static Bytes parse6(String text) {
        int gap = text.indexOf("::");
        if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
            throw notIp6(text);
        }
        byte[] head = groups(gap < 0 ? text : text.substring(0, gap), text, gap < 0);
        byte[] tail = gap < 0 ? new byte[0] : groups(text.substring(gap + 2), text, true);
        int size = head.length + tail.length;
        if (gap < 0 ? size != GROUPS * 2 : size > (GROUPS - 1) * 2) {
            throw notIp6(text);
        }
        byte[] address = new byte[GROUPS * 2];
        System.arraycopy(head, 0, address, 0, head.length);
        System.arraycopy(tail, 0, address, address.length - tail.length, tail.length);
        return Bytes.wrap(address);
    }

    /** Parses groups separated by colons; if {@code last}, the last one may be an IPv4 address. */
    private static byte[] groups(String part, String text, boolean last) {
        if (part.isEmpty()) {
            return new byte[0];
        }
        String[] groups = part.split(":", -1);
        if (groups.length > GROUPS) {
            throw notIp6(text);
        }
        boolean mapped = last && groups[groups.length - 1].indexOf('.') >= 0;
        byte[] bytes = new byte[groups.length * 2 + (mapped ? 2 : 0)];
        for (int index = 0; index < groups.length; index++) {
            if (mapped && index == groups.length - 1) {
                parse4(groups[index]).copyTo(bytes, index * 2);
            } else {
                int group = group(groups[index], text);
                bytes[index * 2] = (byte) (group >>> 8);
                bytes[index * 2 + 1] = (byte) group;
            }
        }
        return bytes;
    }

    private static int group(String digits, String text) {
        if (digits.isEmpty()
                || digits.length() > 4
                || !digits.chars().allMatch(c -> c < 128 && Character.digit(c, 16) >= 0)) {
            throw notIp6(text);
        }
        return Integer.parseInt(digits, 16);
    }

    private static IllegalArgumentException notIp4(String text) {
        return new IllegalArgumentException(
                "invalid IPv4 address " + Quoting.text(text) + ": expected four numbers from 0 to 255");
    }

    private static IllegalArgumentException notIp6(String text) {
        return new IllegalArgumentException(
                "invalid IPv6 address " + Quoting.text(text) + ": expected the text form of RFC 4291");
    }

    static String format6(Bytes address) {
        int[] groups = new int[GROUPS];
        for (int index = 0; index < GROUPS; index++) {
            groups[index] = ((address.at(index * 2) & 0xff) << 8) | (address.at(index * 2 + 1) & 0xff);
        }
        if (isMappedIp4(groups)) {
            return "::ffff:" + format4(address.slice(12, 16));
        }
        int gap = longestRunOfZeros(groups);
        int gapEnd = gap + runOfZeros(groups, gap);
        StringBuilder text = new StringBuilder();
        for (int index = 0; index < GROUPS; index++) {
            if (index == gap) {
                text.append("::");
                index = gapEnd - 1;
                continue;
            }
            if (index > 0 && index != gapEnd) {
                text.append(':');
            }
            text.append(Integer.toHexString(groups[index]));
        }
        return text.toString();
    }

    private static boolean isMappedIp4(int[] groups) {
        return runOfZeros(groups, 0) == 5 && groups[5] == 0xffff;
    }

    /** Returns the index of the first longest run of two or more zero groups; negative if there is none. */
    private static int longestRunOfZeros(int[] groups) {
        int best = -1;
        int bestLength = 1;
        for (int index = 0; index < GROUPS; index++) {
            int length = runOfZeros(groups, index);
            if (length > bestLength) {
                best = index;
                bestLength = length;
            }
        }
        return best;
    }

    private static int runOfZeros(int[] groups, int start) {
        int length = 0;
        while (start >= 0 && start + length < GROUPS && groups[start + length] == 0) {
            length++;
        }
        return length;
    }
}
