// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab.report;

import dev.primacy.lab.Sample;
import dev.primacy.lab.verdict.Ack;
import dev.primacy.lab.verdict.Interval;
import dev.primacy.lab.verdict.Verdict;
import java.util.List;
import java.util.Map;

/**
 * All that is known of a run.
 *
 * @param facts about the run for the foot of the page, name and value, in order
 * @param sites names of the nodes by site, both in order
 * @param time from the first thing to show to the last
 * @param acks what was acknowledged
 * @param samples what the nodes said
 * @param verdict what it shows
 */
public record Run(
        Map<String, String> facts,
        Map<String, List<String>> sites,
        Interval time,
        List<Ack> acks,
        List<Sample> samples,
        Verdict verdict) {}
