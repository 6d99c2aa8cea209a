// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** Skips a test class without PostgreSQL's programs, and says so; fails it where servers are required. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresPostgres.Condition.class)
@interface RequiresPostgres {
    /** Looks for the programs. */
    final class Condition implements ExecutionCondition {
        static Optional<Path> binDir() {
            return PostgresInstallation.find(
                    Optional.ofNullable(System.getProperty("primacy.pg.bin")).map(Path::of));
        }

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            if (binDir().isPresent()) {
                return ConditionEvaluationResult.enabled("PostgreSQL found");
            }
            String advice = "PostgreSQL not found: install its server package, for example Debian's postgresql-15,"
                    + " or set -Dprimacy.pg.bin to the folder of its programs";
            if (Boolean.getBoolean("PRIMACY_REQUIRE_SERVERS")
                    || Boolean.parseBoolean(System.getenv("PRIMACY_REQUIRE_SERVERS"))) {
                throw new IllegalStateException(advice);
            }
            LoggerFactory.getLogger(RequiresPostgres.class).warn("SKIPPED {}: {}", context.getDisplayName(), advice);
            return ConditionEvaluationResult.disabled(advice);
        }
    }
}
