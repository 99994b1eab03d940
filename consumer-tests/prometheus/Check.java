import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Compares what a Prometheus has scraped from a node in use with the documented metrics, and asks it each expression of the board: Check URL
 * METRICS.md kad.json. Asks again what has no answer yet, as rates need some scrapes; ends with 1 and a line for each difference that is left
 * after some minutes.
 */
public final class Check {

    /** Only ends what would never have an answer: a slow machine may take long. */
    private static final Duration LIMIT = Duration.ofMinutes(4);

    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(kad_\\w+)` \\| (\\w+) \\|");

    /** Names of the series of each type of the document, after that of the metric. */
    private static final Map<String, List<String>> SERIES = Map.of(
            "timer", List.of("_bucket", "_count", "_sum", "_max"),
            "summary", List.of("_count", "_sum", "_max"),
            "gauge", List.of(""),
            "counter", List.of(""));

    /**
     * Metrics of which an expression that shows only what is above 0 may be empty in a healthy network of two peers: it reaches no limit of HTTP, and
     * loopback has no quotas. The same panel shows the limits of the transport, of which the traffic reaches one.
     */
    private static final List<String> MAY_BE_EMPTY = List.of("kad_http_limits_reached_total", "kad_quotas_exceeded_total");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final String prometheus;
    private final Set<String> documented = new TreeSet<>();
    private final List<String> expressions = new ArrayList<>();
    /** What is wrong with the rows of the document and the panels of the board. */
    private final List<String> structure = new ArrayList<>();

    private final List<String> faults = new ArrayList<>();

    private Check(String prometheus) {
        this.prometheus = prometheus;
    }

    public static void main(String[] arguments) throws Exception {
        Check check = new Check(arguments[0]);
        check.readDocument(Files.readString(Path.of(arguments[1])));
        check.readBoard(JSON.readTree(Path.of(arguments[2]).toFile()));
        List<String> faults = check.faultsThatStay();
        faults.forEach(System.err::println);
        System.out.println(check.documented.size() + " series of the document, " + check.expressions.size()
                + " expressions of the board: " + (faults.isEmpty() ? "all answered" : faults.size() + " faults"));
        System.exit(faults.isEmpty() ? 0 : 1);
    }

    private void readDocument(String document) {
        Matcher row = ROW.matcher(document);
        while (row.find()) {
            List<String> ends = SERIES.get(row.group(2));
            if (ends == null) {
                structure.add("METRICS.md: the type of " + row.group(1) + " must be one of " + new TreeSet<>(SERIES.keySet())
                        + ", got " + row.group(2));
            } else {
                ends.forEach(end -> documented.add(row.group(1) + end));
            }
        }
    }

    private void readBoard(JsonNode board) {
        Set<Integer> ids = new TreeSet<>();
        for (JsonNode panel : board.path("panels")) {
            String title = panel.path("title").asText();
            boolean isRow = panel.path("type").asText().equals("row");
            if (title.isEmpty() || !ids.add(panel.path("id").asInt())) {
                structure.add("a panel has no title, or the ID of another one: " + title);
            }
            if (!isRow && !panel.path("datasource").path("uid").asText().equals("${datasource}")) {
                structure.add("panel " + title + " has a data source of its own");
            }
            for (JsonNode target : panel.path("targets")) {
                expressions.add(target.path("expr").asText());
            }
        }
    }

    private List<String> faultsThatStay() throws Exception {
        if (!structure.isEmpty()) {
            return structure;
        }
        if (documented.size() < 50 || expressions.size() < 30) {
            return List.of("the document or the board could not be read: " + documented + " " + expressions);
        }
        List<String> unanswered = new ArrayList<>(expressions);
        long end = System.nanoTime() + LIMIT.toNanos();
        do {
            Thread.sleep(1000);
            faults.clear();
            compareNames();
            for (String expression : List.copyOf(unanswered)) {
                if (ask(expression)) {
                    unanswered.remove(expression);
                }
            }
            checkRules();
        } while (!faults.isEmpty() && System.nanoTime() < end);
        return faults;
    }

    private void compareNames() throws Exception {
        Set<String> scraped = new TreeSet<>();
        get("/api/v1/label/__name__/values").path("data").forEach(name -> scraped.add(name.asText()));
        scraped.removeIf(name -> !name.startsWith("kad_"));
        documented.stream().filter(name -> !scraped.contains(name)).forEach(name -> faults.add("not scraped: " + name));
        scraped.stream().filter(name -> !documented.contains(name)).forEach(name -> faults.add("not documented: " + name));
    }

    /** Returns whether an expression of the board has an answer, with all nodes, an interval of some scrapes and the time of this test. */
    private boolean ask(String expression) throws Exception {
        String query = expression
                .replace("$__rate_interval", "10s")
                .replace("$__range", "60s")
                .replace("$instance", ".*");
        JsonNode answer = get("/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8));
        if (!answer.path("status").asText().equals("success")) {
            faults.add("refused: " + query + ": " + answer.path("error").asText());
            return false;
        }
        if (!hasNumber(answer) && !mayBeEmpty(expression)) {
            faults.add("without a number: " + query);
            return false;
        }
        return true;
    }

    private static boolean mayBeEmpty(String expression) {
        return expression.endsWith("> 0") && MAY_BE_EMPTY.stream().anyMatch(expression::contains);
    }

    /** Returns whether an answer has a number; a quotient of two rates that are 0 is NaN. */
    private static boolean hasNumber(JsonNode answer) {
        for (JsonNode series : answer.path("data").path("result")) {
            if (Double.isFinite(Double.parseDouble(series.path("value").path(1).asText().replace("Inf", "Infinity")))) {
                return true;
            }
        }
        return false;
    }

    /** Alerts are evaluated without an error, and none of those that fire at once fires. */
    private void checkRules() throws Exception {
        int rules = 0;
        for (JsonNode group : get("/api/v1/rules").path("data").path("groups")) {
            for (JsonNode rule : group.path("rules")) {
                rules++;
                if (!rule.path("health").asText().equals("ok") || rule.path("state").asText().equals("firing")) {
                    faults.add("alert " + rule.path("name").asText() + ": " + rule);
                }
            }
        }
        if (rules == 0) {
            faults.add("no alerts are loaded");
        }
    }

    private JsonNode get(String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(prometheus + path)).timeout(Duration.ofSeconds(20)).build();
        return JSON.readTree(client.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }
}
