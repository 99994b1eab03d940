package io.kad.node.delegated;

import io.kad.node.http.HttpError;
import io.kad.node.http.HttpException;
import io.kad.node.http.Request;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Parser of the lists of names in {@code filter-addrs} and {@code filter-protocols} (IPIP-484). */
final class FilterNames {

    /** Name that stands for what is not known. */
    static final String UNKNOWN = "unknown";

    /** Longest name of a transfer protocol. Source: IPIP-484. */
    private static final int MAX_CHARS = 63;

    private static final int MAX_NAMES = 64;

    private FilterNames() {}

    /** Returns the names of a parameter in lower case; empty without the parameter, which filters nothing then. */
    static List<String> of(Request request, String parameter) throws HttpException {
        String list = request.queryValue(parameter).orElse("");
        List<String> names = Arrays.stream(list.split(",", MAX_NAMES + 1))
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .filter(name -> !name.isEmpty())
                .toList();
        if (names.size() > MAX_NAMES || names.stream().anyMatch(name -> name.length() > MAX_CHARS + 1)) {
            throw new HttpException(
                    HttpError.UNPROCESSABLE,
                    "invalid " + parameter + ": expected at most " + MAX_NAMES + " names of at most " + MAX_CHARS
                            + " characters, with commas between them");
        }
        return names;
    }
}
