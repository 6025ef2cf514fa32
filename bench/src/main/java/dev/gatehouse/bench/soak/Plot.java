package dev.gatehouse.bench.soak;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Lines over time, one below the other, as a picture (SVG). */
final class Plot {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 150;
    private static final int LEFT = 70;
    private static final int GAP = 40;

    private final StringBuilder body = new StringBuilder();
    private final List<Vitals> vitals;
    private final double end;
    private int top = GAP;

    Plot(List<Vitals> vitals) {
        this.vitals = vitals;
        end = Math.max(1, vitals.getLast().atSeconds());
    }

    Plot line(String title, ToDoubleFunction<Vitals> value) {
        double most = vitals.stream().mapToDouble(value).max().orElse(1) * 1.1;
        add("<text x=\"%d\" y=\"%d\" class=\"t\">%s</text>", LEFT, top - 8, title);
        add("<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" class=\"f\"/>", LEFT, top, WIDTH - LEFT - 20, HEIGHT);
        add("<text x=\"%d\" y=\"%d\" class=\"a\">%.0f</text>", LEFT - 8, top + 10, most);
        add("<text x=\"%d\" y=\"%d\" class=\"a\">0</text>", LEFT - 8, top + HEIGHT);
        body.append("<polyline class=\"l\" points=\"");
        for (Vitals each : vitals) {
            double y = top + HEIGHT - value.applyAsDouble(each) / Math.max(most, 1e-9) * HEIGHT;
            body.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(each.atSeconds()), y));
        }
        body.append("\"/>\n");
        top += HEIGHT + GAP;
        return this;
    }

    /** Marks a stretch of time in all that was drawn so far. */
    Plot mark(double fromSeconds, double toSeconds, String name) {
        add(
                "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" class=\"m\"><title>%s</title></rect>",
                x(fromSeconds), GAP, Math.max(1, x(toSeconds) - x(fromSeconds)), top - 2 * GAP, name);
        return this;
    }

    private double x(double seconds) {
        return LEFT + seconds / end * (WIDTH - LEFT - 20);
    }

    private void add(String format, Object... values) {
        body.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    String svg() {
        return String.format(Locale.ROOT, """
                <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif">
                <style>.t{font-size:14px}.a{font-size:11px;text-anchor:end;fill:#555}.f{fill:none;stroke:#bbb}
                .l{fill:none;stroke:#0b61a4;stroke-width:1.5}.m{fill:#d9480f;opacity:.15}</style>
                <rect width="100%%" height="100%%" fill="white"/>
                %s<text x="%d" y="%d" class="a">%.1f minutes; shaded: drills</text>
                </svg>
                """, WIDTH, top, body, WIDTH - 20, top - 18, end / 60);
    }
}
