// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/**
 * Notes how each case of a contract ended, in a file that {@code bin/contract-table} reads: test class, aspect, case and
 * result. Found by JUnit through the service loader; does nothing unless the property {@code contract.report} names the file.
 */
public final class ContractReport implements TestExecutionListener {
    private static final String FILE = System.getProperty("contract.report", "");

    /** Called by the service loader. */
    public ContractReport() {}

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        note(test, result.getStatus().toString());
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        note(test, "SKIPPED");
    }

    private static void note(TestIdentifier test, String result) {
        String suite = part(test, "class");
        if (FILE.isEmpty()
                || suite.isEmpty()
                || !(test.isTest() || result.equals("SKIPPED") || result.equals("FAILED"))) {
            return;
        }
        String line = String.join("\t", suite, part(test, "nested-class"), test.getDisplayName(), result) + "\n";
        synchronized (ContractReport.class) {
            try {
                Path file = Path.of(FILE);
                Files.createDirectories(file.toAbsolutePath().getParent());
                Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException("writing " + FILE, e);
            }
        }
    }

    /** The simple name of the outermost class, or of a nested one. */
    private static String part(TestIdentifier test, String type) {
        return UniqueId.parse(test.getUniqueId()).getSegments().stream()
                .filter(segment -> segment.getType().equals(type))
                .map(UniqueId.Segment::getValue)
                .map(name -> name.substring(name.lastIndexOf('.') + 1))
                .findFirst()
                .orElse("");
    }
}
