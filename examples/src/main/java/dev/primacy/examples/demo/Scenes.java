// SPDX-License-Identifier: Apache-2.0
package dev.primacy.examples.demo;

import dev.primacy.lab.LabException;
import dev.primacy.lab.Node;
import dev.primacy.lab.verdict.Ack;
import dev.primacy.lab.verdict.Incident;
import dev.primacy.lab.verdict.Interval;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What is done to the group. Each scene begins and ends with one primary that acknowledges rows. */
final class Scenes {
    /** Of undisturbed writing at first and after each event, so that what comes late is seen, and belongs to it. */
    static final Duration CALM = Duration.ofSeconds(3);

    private static final Duration SETTLE = Duration.ofSeconds(90);
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final Stage stage;
    private final Console console;

    Scenes(Stage stage, Console console) {
        this.stage = stage;
        this.console = console;
    }

    /** The demo's play. */
    List<Incident> all() {
        return List.of(postgresDies(), nodeDies(), siteDies(), siteReturns(), sitesSwitch());
    }

    /** PostgreSQL of the primary is killed, its agent lives. */
    Incident postgresDies() {
        Node primary = stage.group().requirePrimary();
        Scene scene = new Scene("a", "kill -9 of PostgreSQL on " + primary, false);
        primary.killPostmaster();
        scene.resumed();
        scene.settled();
        return scene.end();
    }

    /** The primary's node is killed: another one of its site takes over, the site lease stays. */
    Incident nodeDies() {
        Node primary = stage.group().requirePrimary();
        Scene scene = new Scene("b", "kill -9 of the whole node " + primary, false);
        primary.kill();
        Node next = scene.resumed();
        require(next.site().equals(primary.site()), "the site lease should have stayed with " + primary.site());
        console.step("    the site lease stays with %s; %s is started again", next.site(), primary);
        primary.start();
        scene.settled();
        return scene.end();
    }

    /** The leader site is killed: the other site takes over by itself. */
    Incident siteDies() {
        String site = stage.group().requirePrimary().site();
        Scene scene = new Scene("c", "loss of the whole site " + site, false);
        Node.killAll(stage.group().site(site));
        Node next = scene.resumed();
        require(!next.site().equals(site), "site " + site + " is lost and still writes");
        return scene.end();
    }

    /** The other site comes back, rewinds and follows. */
    Incident siteReturns() {
        String site = stage.group().otherThan(stage.group().requirePrimary().site());
        Scene scene = new Scene("d", "return of site " + site, true);
        stage.group().site(site).forEach(Node::start);
        scene.settled();
        return scene.end();
    }

    /** The sites change places by plan. */
    Incident sitesSwitch() {
        Node primary = stage.group().requirePrimary();
        String target = stage.group().otherThan(primary.site());
        Scene scene = new Scene("e", "switchover to site " + target, true);
        console.step("    %s", primary.rest().switchover(target));
        Node next = scene.resumed();
        require(next.site().equals(target), "the switchover went to " + next.site() + " instead of " + target);
        scene.settled();
        return scene.end();
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new LabException(message);
        }
    }

    /** One that is being played. */
    private final class Scene {
        private final String key;
        private final String title;
        private final boolean planned;
        private final MonotonicInstant begin;
        private final Ack before;

        Scene(String key, String title, boolean planned) {
            this.key = key;
            this.title = title;
            this.planned = planned;
            console.step("(%s) %s", key, title);
            this.begin = stage.now();
            this.before = stage.writer().acks().latest().orElseThrow();
        }

        /** Waits until writing goes on, and says where. */
        Node resumed() {
            Duration limit = stage.group().settings().siteTtl().plus(PATIENCE);
            stage.await().until("rows acknowledged again", limit, () -> next().isPresent());
            Ack next = next().orElseThrow();
            Ack last = stage.writer().acks().lastBefore(next).orElse(before);
            console.step(
                    "    rows are acknowledged again on %s, %s after the last one",
                    next.node(), Console.millis(last.acked().until(next.acked())));
            return stage.group().node(next.node());
        }

        private Optional<Ack> next() {
            return stage.writer().acks().resumed(before);
        }

        void settled() {
            stage.group().awaitSettled(SETTLE);
            console.step("    all other nodes follow %s", stage.group().requirePrimary());
        }

        Incident end() {
            stage.await().pause(CALM);
            return new Incident(key, title, planned, new Interval(begin, stage.now()));
        }
    }
}
