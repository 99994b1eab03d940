package io.kad.sim.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;

class ChartTest {

    @Test
    void aChartHasACurvePerRunAndTheCsvALinePerLookup() throws Exception {
        List<RunResult> results = ScenarioFile.parse(
                        "peers: 30\nconfig: {bootstrap-throttle: \"off\"}\nworkload: {lookups: 20}\nruns: [{name: a}, {name: b}]")
                .runs()
                .stream()
                .map(run -> new ScenarioRun(run, line -> {}).run())
                .toList();
        String svg = Chart.svg("a & b<c", results);
        var drawing = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
        assertThat(drawing.getElementsByTagName("polyline").getLength()).isEqualTo(2);
        assertThat(svg).contains("a &amp; b&lt;c");
        assertThat(Csv.of(results.get(0).report()).lines())
                .hasSize(21)
                .first()
                .asString()
                .startsWith("requests,");
    }
}
