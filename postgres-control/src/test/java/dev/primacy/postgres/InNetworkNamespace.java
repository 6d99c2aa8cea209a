// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import java.io.File;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs each test of a class in a JVM of its own, as root in a new network namespace, so that what it does to the firewall
 * and to ports is nobody else's. Skipped aloud where that cannot be had, or where nft is missing.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(InNetworkNamespace.Runner.class)
@interface InNetworkNamespace {
    /** Looks for what is needed, and runs the tests. */
    final class Runner implements ExecutionCondition, InvocationInterceptor {
        private static final Logger LOG = LoggerFactory.getLogger(InNetworkNamespace.class);
        private static final Duration LIMIT = Duration.ofMinutes(2);

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            Programs.Result tried = Programs.execute(
                    inNamespace("nft -f - && id -u"),
                    "unshare",
                    Map.of(),
                    "add table inet primacy_tried",
                    Duration.ofSeconds(20));
            if (tried.status() == 0 && tried.output().strip().equals("0")) {
                return ConditionEvaluationResult.enabled("namespaces and nft found");
            }
            String advice = "no rules of nftables can be made in a network namespace: "
                    + tried.output().strip() + "; be root, install nftables and iproute2: bin/setup --fencing does it";
            if (Boolean.parseBoolean(System.getenv("PRIMACY_REQUIRE_SERVERS"))
                    && !"missing".equals(System.getenv("PRIMACY_KERNEL_LEASE"))) {
                throw new IllegalStateException(advice);
            }
            LOG.warn("SKIPPED {}: {}", context.getDisplayName(), advice);
            return ConditionEvaluationResult.disabled(advice);
        }

        @Override
        public void interceptTestMethod(
                Invocation<Void> invocation,
                ReflectiveInvocationContext<Method> invocationContext,
                ExtensionContext extensionContext) {
            invocation.skip();
            Method test = invocationContext.getExecutable();
            String java = String.join(
                    " ",
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx128m",
                    "-cp",
                    "'" + System.getProperty("java.class.path") + "'",
                    "-Dproject.root=" + System.getProperty("project.root", ""),
                    NamespaceMain.class.getName(),
                    test.getDeclaringClass().getName(),
                    test.getName());
            Programs.Result result = Programs.execute(inNamespace("exec " + java), test.getName(), Map.of(), "", LIMIT);
            if (result.status() != 0) {
                throw new AssertionError(result.output());
            }
            LOG.warn("{}", result.output().strip());
        }

        /** The same folder for sysctl and all; only the network is new. */
        private static List<String> inNamespace(String script) {
            return List.of(
                    "unshare",
                    "--net",
                    "sh",
                    "-c",
                    "PATH=$PATH" + File.pathSeparator + "/usr/sbin:/sbin;" + " ip link set lo up && " + script);
        }
    }
}
