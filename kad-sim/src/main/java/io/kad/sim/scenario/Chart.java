package io.kad.sim.scenario;

import java.util.List;
import java.util.Locale;

/** SVG plot with one curve per run. */
public final class Chart {

    private static final int WIDTH = 860;
    private static final int HEIGHT = 480;
    private static final int LEFT = 70;
    private static final int RIGHT = 220;
    private static final int TOP = 50;
    private static final int BOTTOM = 60;
    private static final int TICKS = 5;
    private static final String[] COLOURS = {
        "#1f77b4", "#d62728", "#2ca02c", "#ff7f0e", "#9467bd", "#8c564b", "#17becf", "#7f7f7f"
    };

    private final List<RunResult> results;
    private final StringBuilder svg = new StringBuilder();
    private double maxX;
    private double minY = Double.POSITIVE_INFINITY;
    private double maxY;

    private Chart(List<RunResult> results) {
        this.results = results;
        for (RunResult result : results) {
            for (double[] point : result.report().curve()) {
                maxX = Math.max(maxX, point[0]);
                minY = Math.min(minY, point[1]);
                maxY = Math.max(maxY, point[1]);
            }
        }
        minY = maxY > 0 && minY > 0.5 * maxY && minY < maxY ? minY : 0;
    }

    /** Returns the plot of {@code results}, of which there must be at least one. */
    public static String svg(String title, List<RunResult> results) {
        return new Chart(results).draw(title);
    }

    private String draw(String title) {
        svg.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\""
                        + " font-size=\"12\">%n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n",
                WIDTH,
                HEIGHT));
        text(LEFT, TOP - 20, "start", title);
        Report first = results.get(0).report();
        text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 15, "middle", first.xAxis());
        text(LEFT, TOP - 4, "start", first.yAxis());
        for (int tick = 0; tick <= TICKS; tick++) {
            double share = tick / (double) TICKS;
            double x = LEFT + share * (WIDTH - LEFT - RIGHT);
            double y = HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
            line(x, TOP, x, HEIGHT - BOTTOM);
            line(LEFT, y, WIDTH - RIGHT, y);
            text(x, HEIGHT - BOTTOM + 18, "middle", number(share * maxX));
            text(LEFT - 6, y + 4, "end", number(minY + share * (maxY - minY)));
        }
        for (int i = 0; i < results.size(); i++) {
            curve(results.get(i), i);
        }
        return svg.append("</svg>\n").toString();
    }

    private void curve(RunResult result, int index) {
        String colour = COLOURS[index % COLOURS.length];
        svg.append("<polyline fill=\"none\" stroke-width=\"2\" stroke=\"")
                .append(colour)
                .append("\" points=\"");
        for (double[] point : result.report().curve()) {
            double x = LEFT + (maxX == 0 ? 0 : point[0] / maxX) * (WIDTH - LEFT - RIGHT);
            double height = maxY == minY ? 1 : (point[1] - minY) / (maxY - minY);
            double y = HEIGHT - BOTTOM - height * (HEIGHT - TOP - BOTTOM);
            svg.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
        }
        svg.append("\"/>\n");
        double y = TOP + 10 + 18.0 * index;
        svg.append(String.format(
                Locale.ROOT,
                "<rect x=\"%d\" y=\"%.0f\" width=\"14\" height=\"4\" fill=\"%s\"/>%n",
                WIDTH - RIGHT + 14,
                y - 6,
                colour));
        text(WIDTH - RIGHT + 34, y, "start", result.scenario().name());
    }

    private void line(double x1, double y1, double x2, double y2) {
        svg.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#dddddd\"/>%n",
                x1,
                y1,
                x2,
                y2));
    }

    private void text(double x, double y, String anchor, String text) {
        String escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        svg.append(String.format(
                Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n", x, y, anchor, escaped));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) >= 100 ? "%.0f" : "%.4g", value);
    }
}
