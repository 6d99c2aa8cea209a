// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.consul;

import java.util.List;
import java.util.Optional;

/** What the section {@code consul} says about the service of a member. */
record ServiceOptions(boolean register, List<String> tags, String checkInterval, Optional<String> tlsServerName) {
    static ServiceOptions of(Options.Reader in) {
        return new ServiceOptions(
                in.flag("register_service", false),
                in.list("service_tags").stream().sorted().toList(),
                in.matching(
                        "service_check_interval",
                        "5s",
                        "([0-9]+(\\.[0-9]+)?(ns|us|ms|s|m|h))+",
                        "a duration like 5s or 1m30s"),
                in.text("service_check_tls_server_name"));
    }
}
