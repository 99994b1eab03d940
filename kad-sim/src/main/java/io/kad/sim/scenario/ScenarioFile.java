package io.kad.sim.scenario;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.kad.api.KademliaConfig;
import io.kad.api.id.Quoting;
import io.kad.sim.TableInit;
import io.kad.sim.network.NetworkConditions;
import io.kad.sim.network.Reachability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * File of runs, in YAML: fields at the top level are defaults for every entry of its list {@code runs}.
 *
 * @param title the title of the reports
 * @param runs the runs, in the order of the file
 */
public record ScenarioFile(String title, List<Scenario> runs) {

    private static final String DEFAULT_NAME = "run";
    /** Names of runs are names of files too. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    private static final String NAME_ACCEPTED =
            "a name of 1 to 100 of the characters A-Z, a-z, 0-9, '.', '_' and '-' that begins with a letter or digit, other than metrics";
    /** Name of the file of all runs. */
    private static final String RESERVED_NAME = "metrics";

    private static final int MIN_PEERS = 2;
    private static final int MAX_LOOKUPS = 100_000_000;
    private static final WeibullDistribution SESSIONS = new WeibullDistribution(Duration.ofSeconds(14_900), 0.68);

    public ScenarioFile {
        runs = List.copyOf(runs);
    }

    /**
     * Reads a file.
     *
     * @throws ScenarioException if its content is invalid; the message names the field
     * @throws IOException if it cannot be read
     */
    public static ScenarioFile read(Path file) throws IOException {
        return parse(Files.readString(file));
    }

    /**
     * Reads the text of a file.
     *
     * @throws ScenarioException if the content is invalid; the message names the field
     */
    public static ScenarioFile parse(String yaml) {
        JsonNode whole;
        try {
            whole = new YAMLMapper().readTree(yaml);
        } catch (JsonProcessingException malformed) {
            throw new ScenarioException("invalid YAML: " + oneLine(malformed.getOriginalMessage()), malformed);
        }
        if (!(whole instanceof ObjectNode common)) {
            throw new ScenarioException("the top level must be a mapping");
        }
        JsonNode title = common.remove("title");
        JsonNode runs = common.remove("runs");
        List<Scenario> all = new ArrayList<>();
        if (runs == null) {
            all.add(run("", common));
        } else if (!runs.isArray() || runs.isEmpty() || !areMappings(runs)) {
            throw new ScenarioException("runs must be a list of at least one mapping");
        } else {
            for (JsonNode run : runs) {
                String where = "run " + Quoting.text(run.path("name").asText(DEFAULT_NAME)) + ": ";
                all.add(run(where, merged(common, run)));
            }
        }
        checkDistinctNames(all, yaml);
        return new ScenarioFile(title == null ? "scenario" : title.asText(), all);
    }

    /** Fails if two runs have one name, as both write the file of that name; on some systems case makes no other file. */
    private static void checkDistinctNames(List<Scenario> runs, String yaml) {
        Map<String, Integer> seen = new HashMap<>();
        for (int index = 0; index < runs.size(); index++) {
            String name = runs.get(index).name();
            Integer first = seen.putIfAbsent(name.toLowerCase(Locale.ROOT), index);
            if (first != null) {
                throw new ScenarioException("line " + lineOfRun(yaml, index) + ": the run in line "
                        + lineOfRun(yaml, first) + " is called " + Quoting.text(name)
                        + " too; give each run another name, which differs in more than case");
            }
        }
    }

    /** Returns the line, from 1, of the name of a run in the list of runs, or of the run if it has none. */
    private static int lineOfRun(String yaml, int index) {
        JsonPointer run = JsonPointer.compile("/runs/" + index);
        JsonPointer name = JsonPointer.compile("/runs/" + index + "/name");
        int line = 0;
        try (JsonParser tokens = new YAMLMapper().createParser(yaml)) {
            while (tokens.nextToken() != null) {
                JsonPointer at = tokens.getParsingContext().pathAsPointer();
                if (at.equals(name) || (line == 0 && at.equals(run))) {
                    line = tokens.currentTokenLocation().getLineNr();
                }
            }
        } catch (IOException malformed) {
            throw new ScenarioException("invalid YAML: " + oneLine(String.valueOf(malformed.getMessage())), malformed);
        }
        return line;
    }

    private static String oneLine(String message) {
        return message.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .collect(Collectors.joining(" "));
    }

    private static boolean areMappings(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).allMatch(JsonNode::isObject);
    }

    private static JsonNode merged(ObjectNode common, JsonNode run) {
        ObjectNode merged = common.deepCopy();
        for (Map.Entry<String, JsonNode> field : run.properties()) {
            JsonNode inherited = merged.path(field.getKey());
            boolean both = inherited.isObject() && field.getValue().isObject();
            merged.set(field.getKey(), both ? merged((ObjectNode) inherited, field.getValue()) : field.getValue());
        }
        return merged;
    }

    /** Reads one run; {@code where} begins every message about it. */
    private static Scenario run(String where, JsonNode node) {
        Fields fields = new Fields(where, node);
        String name = fields.read("name", DEFAULT_NAME, ScenarioFile::runName, NAME_ACCEPTED);
        Scenario scenario = new Scenario(
                name,
                setup(fields),
                attack(fields),
                faults(fields),
                workload(fields),
                fields.integer("repeat", 1, 1, 1000),
                expect(fields));
        fields.finish();
        return scenario;
    }

    private static @Nullable String runName(String text) {
        if (text.equalsIgnoreCase(RESERVED_NAME)) {
            return null;
        }
        return NAME.matcher(text).matches() ? text : null;
    }

    private static NetworkSetup setup(Fields fields) {
        LatencyText latency = fields.read(
                "latency", LatencyText.parse("uniform 25ms 75ms"), LatencyText::parse, LatencyText.EXAMPLES);
        NetworkConditions conditions = fields.checked(() -> new NetworkConditions(
                latency.latency(),
                fields.duration("jitter", Duration.ZERO),
                fields.share("loss"),
                fields.share("duplication"),
                fields.share("reordering"),
                fields.integer("dial-round-trips", 0, 0, 100),
                fields.flag("connections", true),
                fields.duration("keep-alive", Duration.ofSeconds(30)),
                new Reachability(
                        fields.integer("addresses", 1, 1, Reachability.MAX_ADDRESSES),
                        fields.share("dead-addresses"),
                        fields.duration("dead-after", Duration.ofSeconds(1)),
                        fields.flag("simultaneous-open", false))));
        return new NetworkSetup(
                fields.integer("peers", 1000, MIN_PEERS, 10_000_000),
                fields.number("seed", 1),
                fields.choice("tables", TableInit.IDEAL, TableInit.values()),
                fields.integer("refreshes", 0, 0, 1000),
                fields.share("clients"),
                fields.flag("dormant", true),
                fields.flag("encoded", true),
                conditions,
                latency.median().multipliedBy(2),
                config(fields.object("config")));
    }

    private static KademliaConfig config(Fields options) {
        KademliaConfig.Builder builder = KademliaConfig.builder();
        options.texts().forEach(builder::set);
        return options.checked(builder::build);
    }

    private static Attack attack(Fields fields) {
        Fields attack = fields.object("attack");
        Attack read = new Attack(
                attack.choice("kind", Attack.Kind.NONE, Attack.Kind.values()),
                attack.share("share"),
                attack.integer("supply", 65_536, 1, 10_000_000),
                attack.share("dead"));
        attack.finish();
        return read;
    }

    private static Faults faults(Fields fields) {
        Fields faults = fields.object("faults");
        Faults read = new Faults(
                faults.share("slow"),
                faults.duration("slow-by", Duration.ofSeconds(1)),
                faults.share("cut"),
                faults.duration("cut-for", Duration.ofMinutes(1)),
                faults.share("crashing"),
                faults.duration("down-for", Duration.ofMinutes(1)));
        faults.finish();
        return read;
    }

    private static Workload workload(Fields fields) {
        Fields workload = fields.object("workload");
        int searchers = workload.integer("searchers", 0, 0, 10_000_000);
        int lookups = workload.integer("lookups", 1000, 1, MAX_LOOKUPS);
        int lookupsEach = workload.integer("lookups-each", 0, 0, 1_000_000);
        if (lookupsEach > 0 && searchers == 0) {
            throw workload.problem("missing searchers, which lookups-each needs");
        }
        long lookupsOfAll = (long) searchers * lookupsEach;
        if (lookupsOfAll > MAX_LOOKUPS) {
            throw workload.problem("lookups-each must give at most " + MAX_LOOKUPS + " lookups for all searchers, got "
                    + lookupsOfAll);
        }
        Workload read = new Workload(
                workload.choice("kind", Workload.Kind.CLOSEST_PEERS, Workload.Kind.values()),
                lookupsEach > 0 ? (int) lookupsOfAll : lookups,
                searchers,
                lookupsEach,
                workload.integer("warm-up", 0, 0, 1000),
                workload.duration("pause", Duration.ZERO),
                workload.share("dead-share"),
                workload.share("crash-share"),
                workload.integer("refreshes-after", 0, 0, 100),
                workload.duration("time", Duration.ofHours(24)),
                workload.flag("publishers-leave", false),
                new WeibullDistribution(
                        workload.positiveDuration("session-scale", SESSIONS.scale()),
                        workload.decimal("session-shape", SESSIONS.shape(), 0.01, 100)));
        workload.finish();
        return read;
    }

    private static List<Expectation> expect(Fields fields) {
        List<Expectation> all = new ArrayList<>();
        Fields expect = fields.object("expect");
        expect.texts().forEach((metric, text) -> all.add(expect.checked(() -> Expectation.parse(metric, text))));
        return all;
    }
}
