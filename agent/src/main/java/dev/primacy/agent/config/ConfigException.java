// SPDX-License-Identifier: Apache-2.0
package dev.primacy.agent.config;

import java.util.List;

/** The configuration cannot be used. The message is for the person who wrote it. */
public final class ConfigException extends RuntimeException {
    public ConfigException(String message) {
        super(message);
    }

    ConfigException(String file, List<String> problems) {
        this(file + ": " + String.join("; ", problems));
    }
}
