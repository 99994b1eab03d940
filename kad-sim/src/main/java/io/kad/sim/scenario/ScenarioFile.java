package io.kad.sim.scenario;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.kad.api.KademliaConfig;
import io.kad.sim.TableInit;
import io.kad.sim.network.Latency;
import io.kad.sim.network.NetworkConditions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A file of runs, in YAML: what is written at the top holds for every run of its list {@code runs}, unless the run says otherwise.
 *
 * @param title what it is about
 * @param runs its runs, in their order
 */
public record ScenarioFile(String title, List<Scenario> runs) {

    private static final Pattern BLANKS = Pattern.compile(" +");
    private static final WeibullDistribution SESSIONS = new WeibullDistribution(Duration.ofSeconds(14_900), 0.68);

    public ScenarioFile {
        runs = List.copyOf(runs);
    }

    /**
     * Reads a file.
     *
     * @throws ScenarioException naming what is wrong in it
     * @throws IOException if it can't be read
     */
    public static ScenarioFile read(Path file) throws IOException {
        return parse(Files.readString(file));
    }

    /**
     * Reads the text of a file.
     *
     * @throws ScenarioException naming what is wrong in it
     */
    public static ScenarioFile parse(String yaml) {
        JsonNode whole;
        try {
            whole = new YAMLMapper().readTree(yaml);
        } catch (JsonProcessingException malformed) {
            throw new ScenarioException("no YAML: " + malformed.getOriginalMessage(), malformed);
        }
        if (!(whole instanceof ObjectNode common)) {
            throw new ScenarioException("a scenario has fields by name");
        }
        JsonNode title = common.remove("title");
        JsonNode runs = common.remove("runs");
        List<Scenario> all = new ArrayList<>();
        if (runs == null) {
            all.add(run(common));
        } else {
            runs.forEach(each -> all.add(run(merged(common, each))));
        }
        return new ScenarioFile(title == null ? "scenario" : title.asText(), all);
    }

    private static JsonNode merged(ObjectNode common, JsonNode run) {
        ObjectNode merged = common.deepCopy();
        for (Map.Entry<String, JsonNode> field : run.properties()) {
            JsonNode before = merged.path(field.getKey());
            boolean both = before.isObject() && field.getValue().isObject();
            merged.set(field.getKey(), both ? merged((ObjectNode) before, field.getValue()) : field.getValue());
        }
        return merged;
    }

    private static Scenario run(JsonNode node) {
        String name = node.path("name").asText("run");
        Fields fields = new Fields(name, node);
        fields.text("name", name);
        Scenario scenario = new Scenario(
                name,
                setting(fields),
                attack(fields),
                faults(fields),
                work(fields),
                fields.integer("repeat", 1, 1, 1000),
                expect(fields));
        fields.finish();
        return scenario;
    }

    private static NetworkSetup setting(Fields fields) {
        LatencyText latency = fields.read(
                "latency",
                LatencyText.parse("uniform 25ms 75ms"),
                LatencyText::parse,
                "'fixed 50ms', 'uniform 25ms 75ms' or 'per-pair 25ms 75ms'");
        NetworkConditions conditions = new NetworkConditions(
                latency.latency(),
                fields.duration("jitter", Duration.ZERO),
                fields.share("loss"),
                fields.share("duplication"),
                fields.share("reordering"),
                fields.integer("dial-round-trips", 0, 0, 100),
                fields.flag("connections", true),
                fields.duration("keep-alive", Duration.ofSeconds(30)));
        return new NetworkSetup(
                fields.integer("peers", 1000, 1, 10_000_000),
                fields.number("seed", 1),
                fields.choice("fill", TableInit.IDEAL, TableInit.values()),
                fields.integer("refreshes", 0, 0, 1000),
                fields.share("clients"),
                conditions,
                latency.mean().multipliedBy(2),
                config(fields.texts("config")));
    }

    private static KademliaConfig config(Map<String, String> options) {
        KademliaConfig.Builder builder = KademliaConfig.builder();
        options.forEach(builder::set);
        try {
            return builder.build();
        } catch (IllegalArgumentException wrong) {
            throw new ScenarioException("config: " + wrong.getMessage(), wrong);
        }
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

    private static Workload work(Fields fields) {
        Fields work = fields.object("work");
        Workload read = new Workload(
                work.choice("kind", Workload.Kind.CLOSEST_PEERS, Workload.Kind.values()),
                work.integer("lookups", 1000, 1, 100_000_000),
                work.integer("searchers", 0, 0, 10_000_000),
                work.integer("warm-up", 0, 0, 1000),
                work.share("dying"),
                work.integer("repairs", 0, 0, 100),
                work.duration("time", Duration.ofHours(24)),
                new WeibullDistribution(
                        work.duration("session-scale", SESSIONS.scale()),
                        work.decimal("session-shape", SESSIONS.shape(), 0.01, 100)));
        work.finish();
        return read;
    }

    private static List<Expectation> expect(Fields fields) {
        List<Expectation> all = new ArrayList<>();
        fields.texts("expect").forEach((figure, text) -> all.add(Expectation.parse(figure, text)));
        return all;
    }

    /** A latency as it is written. */
    private record LatencyText(Latency latency, Duration mean) {

        static LatencyText parse(String text) {
            List<String> words = List.of(BLANKS.split(text.trim(), -1));
            if (words.size() == 2 && words.get(0).equals("fixed")) {
                Duration fixed = Fields.durationOf(words.get(1));
                return new LatencyText(Latency.fixed(fixed), fixed);
            } else if (words.size() == 3) {
                Duration min = Fields.durationOf(words.get(1));
                Duration max = Fields.durationOf(words.get(2));
                Duration mean = min.plus(max).dividedBy(2);
                if (words.get(0).equals("uniform")) {
                    return new LatencyText(Latency.uniform(min, max), mean);
                } else if (words.get(0).equals("per-pair")) {
                    return new LatencyText(Latency.perPair(min, max), mean);
                }
            }
            throw new IllegalArgumentException(text);
        }
    }
}
