// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab;

import dev.primacy.postgres.PostgresInstallation;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * Skips a test class where agents cannot be started, and says so; fails it where servers are required, which the environment
 * says with {@code PRIMACY_REQUIRE_SERVERS=true}. The checkout is in the system property {@code project.root}, or one folder up.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("servers")
@ExtendWith(RequiresAgents.Condition.class)
public @interface RequiresAgents {
    /** Where {@code bin/agent} is. */
    Path CHECKOUT = Path.of(System.getProperty("project.root", ".."));

    /** Looks for what is needed. */
    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            if (PostgresInstallation.find(Optional.empty()).isEmpty()) {
                return missing(context, "PostgreSQL not found: bin/setup installs it or says how");
            }
            if (!Files.isDirectory(CHECKOUT.resolve("agent/target/lib"))) {
                return missing(context, "the agent is not packaged: run mvn verify for the whole project");
            }
            return ConditionEvaluationResult.enabled("PostgreSQL and agent found");
        }

        private static ConditionEvaluationResult missing(ExtensionContext context, String advice) {
            if (Boolean.parseBoolean(System.getenv("PRIMACY_REQUIRE_SERVERS"))) {
                throw new IllegalStateException(advice);
            }
            LoggerFactory.getLogger(RequiresAgents.class).warn("SKIPPED {}: {}", context.getDisplayName(), advice);
            return ConditionEvaluationResult.disabled(advice);
        }
    }
}
