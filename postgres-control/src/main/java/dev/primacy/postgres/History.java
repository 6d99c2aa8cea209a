// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The timelines that lead to a server's present one, oldest first.
 *
 * @param spans one for each timeline; the last is open
 */
record History(List<Span> spans) {
    /** The end of a timeline that goes on. */
    static final Lsn OPEN = new Lsn(-1);

    History {
        spans = List.copyOf(spans);
    }

    /** From {@code begin} to {@code end} the history runs on {@code timeline}. */
    record Span(int timeline, Lsn begin, Lsn end) {}

    /**
     * Reads a timeline history file.
     *
     * @param timeline the present one
     * @param text the file's content; empty for the first timeline
     */
    static History parse(int timeline, String text) {
        List<Span> spans = new ArrayList<>();
        Lsn begin = Lsn.ZERO;
        for (TimelineHistory.End end : TimelineHistory.ends(text)) {
            spans.add(new Span(end.timeline(), begin, end.lsn()));
            begin = end.lsn();
        }
        spans.add(new Span(timeline, begin, OPEN));
        return new History(spans);
    }

    int timeline() {
        return spans.get(spans.size() - 1).timeline;
    }

    /**
     * The last point that both histories share.
     *
     * @param timeline the last shared timeline
     * @param lsn where the first of the two left it; {@link #OPEN} if neither did
     */
    record Fork(int timeline, Lsn lsn) {}

    /** Where this history and another part; none if they share no timeline at all. */
    Optional<Fork> fork(History other) {
        Optional<Fork> fork = Optional.empty();
        for (int i = 0; i < Math.min(spans.size(), other.spans.size()); i++) {
            Span mine = spans.get(i);
            Span theirs = other.spans.get(i);
            // Timeline numbers are not unique: two servers that were promoted apart both made the next one.
            if (mine.timeline != theirs.timeline || !mine.begin.equals(theirs.begin)) {
                break;
            }
            fork = Optional.of(new Fork(mine.timeline, mine.end.compareTo(theirs.end) < 0 ? mine.end : theirs.end));
        }
        return fork;
    }

    /** The part of this history up to a timeline in it: that of a server which is still there. */
    Optional<History> until(int timeline) {
        List<Span> part = new ArrayList<>();
        for (Span span : spans) {
            if (span.timeline == timeline) {
                part.add(new Span(timeline, span.begin, OPEN));
                return Optional.of(new History(part));
            }
            part.add(span);
        }
        return Optional.empty();
    }

    /**
     * What a server is to an upstream, by their histories and how far they got.
     *
     * @param localEnd the end of the last WAL record here
     * @param upstreamEnd how far the upstream got
     * @param upstreamIsPrimary whether it writes WAL, or only receives it
     */
    Divergence against(History upstream, Lsn localEnd, Lsn upstreamEnd, boolean upstreamIsPrimary) {
        Optional<Fork> found = fork(upstream);
        if (found.isEmpty()) {
            return new Divergence.Diverged(0, Lsn.ZERO, localEnd, upstreamIsPrimary);
        }
        Fork fork = found.get();
        Divergence diverged = new Divergence.Diverged(fork.timeline, fork.lsn, localEnd, upstreamIsPrimary);
        if (fork.lsn.equals(OPEN)) {
            // A standby may lag. A primary that is behind its own timeline has lost WAL: neither following nor
            // rewinding
            // helps, and nothing here may be given up for it.
            return upstreamIsPrimary && localEnd.compareTo(upstreamEnd) > 0
                    ? new Divergence.Unknown("the upstream primary is at " + upstreamEnd + " of timeline "
                            + fork.timeline + ", behind " + localEnd + " here; it has lost WAL")
                    : new Divergence.InHistory();
        }
        if (fork.timeline == timeline()) {
            return localEnd.compareTo(fork.lsn) > 0 ? diverged : new Divergence.InHistory();
        }
        if (fork.timeline == upstream.timeline() && upstreamEnd.compareTo(fork.lsn) <= 0) {
            return new Divergence.Unknown("the upstream is behind, still on timeline " + fork.timeline + " at "
                    + upstreamEnd + "; here is timeline " + timeline());
        }
        return diverged;
    }
}
