// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.primacy.dcs.Snapshot;
import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.ResponseHeader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** However the store went on after the copy was made, the copy is never taken for current when it is not. */
class ScopeViewProperties {
    /** A write or a deletion of one of few keys. */
    record Change(String key, boolean deletes) {}

    /** The store, one revision after another. */
    private static final class Model {
        private final Map<String, KeyValue> entries = new TreeMap<>();
        private final List<List<Event>> events = new ArrayList<>();
        private long revision = 1;

        void apply(Change change) {
            if (change.deletes && !entries.containsKey(change.key)) {
                return;
            }
            revision++;
            KeyValue entry = KeyValue.newBuilder()
                    .setKey(ByteString.copyFromUtf8("/s/" + change.key))
                    .setValue(ByteString.copyFromUtf8("at " + revision))
                    .setModRevision(revision)
                    .build();
            if (change.deletes) {
                entries.remove(change.key);
            } else {
                entries.put(change.key, entry);
            }
            Event.EventType type = change.deletes ? Event.EventType.DELETE : Event.EventType.PUT;
            events.add(List.of(Event.newBuilder().setType(type).setKv(entry).build()));
        }

        RangeResponse all() {
            return RangeResponse.newBuilder()
                    .setHeader(ResponseHeader.newBuilder().setRevision(revision))
                    .addAllKvs(entries.values())
                    .setCount(entries.size())
                    .build();
        }

        RangeResponse newest() {
            RangeResponse.Builder answer = all().toBuilder().clearKvs();
            entries.values().stream()
                    .max(Comparator.comparingLong(KeyValue::getModRevision))
                    .ifPresent(answer::addKvs);
            return answer.build();
        }
    }

    @Property(tries = 2000)
    void aCopyThatIsTakenForCurrentShowsTheStore(
            @ForAll("changes") List<Change> before, @ForAll("changes") List<Change> after, @ForAll int followed) {
        Keys keys = new Keys("/s");
        Model model = new Model();
        before.forEach(model::apply);
        ScopeView view = new ScopeView(keys);
        view.load(model.all());
        int known = model.events.size();
        after.forEach(model::apply);
        int more = model.events.size() - known;
        int seen = more == 0 ? 0 : Math.floorMod(followed, more + 1);
        model.events.subList(known, known + seen).forEach(view::apply);
        Optional<Snapshot> current = view.ifCurrent(model.newest());
        Snapshot expected = keys.snapshot(model.entries.values());
        current.ifPresent(snapshot -> assertThat(snapshot).isEqualTo(expected));
        assertThat(current.isPresent() || seen < more)
                .as("current once it has followed")
                .isTrue();
    }

    @Example
    void onlyWhatTellsMoreThanPositionsIsWorthAHint() {
        ScopeView view = new ScopeView(new Keys("/s"));
        Model model = new Model();
        view.load(model.all());
        assertThat(view.apply(put(2, "members/a", 7, "{\"state\":\"running\",\"xlog_location\":1}")))
                .as("a member came")
                .isTrue();
        assertThat(view.apply(put(3, "members/a", 7, "{\"state\":\"running\",\"xlog_location\":2}")))
                .as("it moved")
                .isFalse();
        assertThat(view.apply(put(4, "members/a", 7, "{\"state\":\"stopped\",\"xlog_location\":2}")))
                .as("its state changed")
                .isTrue();
        assertThat(view.apply(put(5, "members/a", 8, "{\"state\":\"stopped\",\"xlog_location\":3}")))
                .as("its session changed")
                .isTrue();
        assertThat(view.apply(put(6, "status", 0, "{\"optime\":1}"))).isTrue();
        assertThat(view.apply(put(7, "status", 0, "{\"optime\":2}"))).isFalse();
        assertThat(view.apply(put(8, "config", 0, "{\"optime\":1}"))).isTrue();
        assertThat(view.apply(put(9, "config", 0, "{\"optime\":2}")))
                .as("no positions there")
                .isTrue();
    }

    private static List<Event> put(long revision, String key, long lease, String value) {
        KeyValue entry = KeyValue.newBuilder()
                .setKey(ByteString.copyFromUtf8("/s/" + key))
                .setValue(ByteString.copyFromUtf8(value))
                .setLease(lease)
                .setModRevision(revision)
                .build();
        return List.of(
                Event.newBuilder().setType(Event.EventType.PUT).setKv(entry).build());
    }

    @Provide
    Arbitrary<List<Change>> changes() {
        Arbitrary<Change> change = Combinators.combine(Arbitraries.of("a", "b", "c"), Arbitraries.of(true, false))
                .as(Change::new);
        return change.list().ofMaxSize(8);
    }
}
