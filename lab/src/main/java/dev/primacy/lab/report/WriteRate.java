// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab.report;

import dev.primacy.lab.verdict.Ack;
import java.util.List;

/** Acknowledged rows per second, as an area. */
final class WriteRate {
    /** Width of one bucket in seconds. */
    private static final double BUCKET = 0.25;

    private final double[] perSecond;
    private final Axis axis;

    WriteRate(List<Ack> acks, Axis axis) {
        this.axis = axis;
        this.perSecond = new double[(int) Math.ceil(axis.seconds(axis.time().to()) / BUCKET) + 1];
        for (Ack ack : acks) {
            if (axis.time().contains(ack.acked())) {
                perSecond[(int) (axis.seconds(ack.acked()) / BUCKET)] += 1 / BUCKET;
            }
        }
    }

    /** A round number not below any bucket. */
    double ceiling() {
        double highest = 1;
        for (double rate : perSecond) {
            highest = Math.max(highest, rate);
        }
        double magnitude = Math.pow(10, Math.floor(Math.log10(highest)));
        return Math.ceil(highest / magnitude * 2) / 2 * magnitude;
    }

    /** The line over the area, from left to right. */
    String line(double top, double bottom) {
        StringBuilder path = new StringBuilder();
        double width = (axis.right() - axis.left()) / (axis.seconds(axis.time().to()) / BUCKET);
        for (int i = 0; i < perSecond.length; i++) {
            double x = Math.min(axis.right(), axis.left() + i * width);
            double y = bottom - perSecond[i] / ceiling() * (bottom - top);
            path.append(Svg.format("%s%.1f,%.1f H%.1f ", i == 0 ? "M" : "L", x, y, Math.min(axis.right(), x + width)));
        }
        return path.toString();
    }

    String area(double top, double bottom) {
        return line(top, bottom) + Svg.format("V%.1f H%.1f Z", bottom, axis.left());
    }
}
