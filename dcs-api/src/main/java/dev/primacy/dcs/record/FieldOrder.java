// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.record;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** In which order Patroni writes the fields of a record. */
final class FieldOrder {
    private final List<String> fields;
    private final Map<String, Integer> places = new HashMap<>();

    private FieldOrder(List<String> fields) {
        this.fields = fields;
        for (String field : fields) {
            places.put(field, places.size());
        }
    }

    static FieldOrder of(String... fields) {
        return new FieldOrder(List.of(fields));
    }

    /** Negative for a field that has no place. */
    int placeOf(String field) {
        return places.getOrDefault(field, -1);
    }

    String at(int place) {
        return fields.get(place);
    }

    int size() {
        return fields.size();
    }
}
