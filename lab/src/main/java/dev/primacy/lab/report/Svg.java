// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab.report;

import java.util.Locale;

/** Writes SVG elements. Looks come from the style sheet, by class. */
final class Svg {
    private final StringBuilder out = new StringBuilder();

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    /** A bar; {@code tip} appears under the pointer. */
    Svg bar(String style, double x, double y, double width, double height, double radius, String tip) {
        out.append(format(
                "<rect class=\"%s\" x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" rx=\"%.1f\"><title>%s</title></rect>%n",
                style, x, y, Math.max(width, 0.5), height, radius, escape(tip)));
        return this;
    }

    Svg line(String style, double x1, double y1, double x2, double y2) {
        out.append(format(
                "<line class=\"%s\" x1=\"%.2f\" y1=\"%.2f\" x2=\"%.2f\" y2=\"%.2f\"/>%n", style, x1, y1, x2, y2));
        return this;
    }

    Svg text(String style, double x, double y, String text) {
        out.append(format("<text class=\"%s\" x=\"%.2f\" y=\"%.2f\">%s</text>%n", style, x, y, escape(text)));
        return this;
    }

    Svg circle(String style, double x, double y, double radius) {
        out.append(format("<circle class=\"%s\" cx=\"%.2f\" cy=\"%.2f\" r=\"%.1f\"/>%n", style, x, y, radius));
        return this;
    }

    Svg path(String style, String path) {
        out.append(format("<path class=\"%s\" d=\"%s\"/>%n", style, path));
        return this;
    }

    /** Everything so far, as one picture. */
    String picture(double width, double height, String label) {
        return format(
                "<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"%s\" xmlns=\"http://www.w3.org/2000/svg\">%n%s%s</svg>%n",
                width, height, escape(label), PATTERNS, out);
    }

    private static final String PATTERNS = """
            <defs>
              <pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                <line class="hatch" x1="0" y1="0" x2="0" y2="7"/>
              </pattern>
              <linearGradient id="fade" x1="0" y1="0" x2="0" y2="1">
                <stop class="fade-top" offset="0"/><stop class="fade-bottom" offset="1"/>
              </linearGradient>
            </defs>
            """;
}
