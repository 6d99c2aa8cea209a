// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.time.MonotonicInstant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A change of the lock together with records. The API server changes one object at a time, so a transaction that reaches
 * into others goes like this:
 *
 * <ol>
 *   <li>each of the others gets an annotation that announces what it will become, on condition of its state;
 *   <li>the leader's object is changed, on condition of its state, and names the transaction: from now on it has happened;
 *   <li>the others become what was announced.
 * </ol>
 *
 * Whoever meets an announcement can tell from the leader's object what it is worth: the transaction is named there, or the
 * object is not in the state any more that the transaction began with, and then it never happens. An announcement that
 * still may come true is stopped by any change of the leader's object. So one update decides, as it does for the lock
 * itself; readers look at all objects at one moment and see all of it or nothing.
 */
final class Transaction {
    private static final Logger LOG = LoggerFactory.getLogger(Transaction.class);

    private final Objects objects;
    private final Call call;
    private final View view;
    private final String id;
    private final Map<Home, List<RecordWrite>> writes = new EnumMap<>(Home.class);
    private final List<Announced> announced = new ArrayList<>();

    /**
     * A transaction that begins with what a view shows.
     *
     * @param id that no other has
     * @param with whose conditions hold in the view
     */
    Transaction(Objects objects, Call call, View view, String id, List<RecordWrite> with) {
        this.objects = objects;
        this.call = call;
        this.view = view;
        this.id = id;
        with.forEach(write -> writes.computeIfAbsent(Home.of(write.key()), home -> new ArrayList<>())
                .add(write));
    }

    /**
     * Does what must be done before the leader's object is changed.
     *
     * @return false if the caller must look again
     */
    boolean prepare() {
        boolean alone = writes.keySet().stream().allMatch(home -> home == Home.LEADER);
        for (Home home : Home.values()) {
            if (objects.settle(call, view, home)) {
                return false;
            }
        }
        if (alone) {
            return true;
        }
        Optional<KubeObject> leader = view.object(Home.LEADER);
        if (leader.isEmpty()) {
            objects.change(call, view, Home.LEADER, Json.object(), Json.object());
            return false;
        }
        for (Map.Entry<Home, List<RecordWrite>> entry : writes.entrySet()) {
            if (entry.getKey() != Home.LEADER && !announce(entry.getKey(), entry.getValue(), leader.get())) {
                takeBack();
                return false;
            }
        }
        return true;
    }

    private boolean announce(Home home, List<RecordWrite> of, KubeObject leader) {
        ObjectNode annotations = view.edit(home).put(of).changes();
        ObjectNode intent = Json.object().put("transaction", id).put("guard", leader.version());
        intent.set("annotations", annotations);
        ObjectNode announcement = Json.object().put(Names.INTENT, intent.toString());
        if (view.object(home).isEmpty()) {
            announcement.put(Names.DELETED, "true");
        }
        Optional<KubeObject> made = objects.change(call, view, home, announcement, Json.object());
        made.ifPresent(object -> announced.add(
                new Announced(home, object.version(), new View.Intent(id, leader.version(), annotations))));
        return made.isPresent();
    }

    /**
     * Changes the leader's object, which decides.
     *
     * @param edit of the leader's object as the view shows it, with the lock's change
     * @return the moment before, and the object's new state; empty if it was changed by somebody else, and nothing happened
     */
    Optional<Done> commit(Edit edit, ObjectNode more) {
        edit.put(writes.getOrDefault(Home.LEADER, List.of()));
        if (!announced.isEmpty()) {
            edit.set(Names.COMMITTED, id);
        }
        MonotonicInstant sent = call.now();
        Optional<KubeObject> leader;
        try {
            leader = objects.change(call, view, Home.LEADER, edit.changes(), more);
        } catch (DcsException.Unreachable | DcsException.Rejected e) {
            takeBack();
            throw e;
        }
        if (leader.isPresent()) {
            announced.forEach(each -> afterwards(() -> objects.finish(call, each.home, each.version, each.intent)));
        } else {
            takeBack();
        }
        return leader.map(object -> new Done(sent, object));
    }

    private void takeBack() {
        announced.forEach(each -> afterwards(() -> objects.drop(call, each.home, each.version)));
        announced.clear();
    }

    /** What is only tidying up: whoever comes next does it otherwise. */
    private void afterwards(Runnable work) {
        try {
            work.run();
        } catch (DcsException e) {
            LOG.debug("left to others: {}", e.getMessage());
        }
    }

    /** An object that waits for the outcome. */
    private record Announced(Home home, long version, View.Intent intent) {}

    /** It happened. */
    record Done(MonotonicInstant sent, KubeObject leader) {}
}
