// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation.mutants;

import dev.primacy.simulation.mutants.Mutant.Edit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Makes class files of changed sources. */
final class Mutation {
    private static final List<String> MODULES = List.of("time", "dcs-api", "multisite-core", "ha-core");

    private final Map<String, Path> sources;

    /** The sources of production code as they lie in the modules beside this one. */
    Mutation(Path reactor) {
        this.sources = new HashMap<>();
        for (String module : MODULES) {
            try (Stream<Path> files = Files.walk(reactor.resolve(module).resolve("src/main/java"))) {
                files.filter(file -> file.toString().endsWith(".java"))
                        .forEach(file -> sources.put(typeOf(file), file));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static String typeOf(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, name.length() - ".java".length());
    }

    /**
     * The class files of all that was changed, by name of class.
     *
     * @throws IllegalStateException if the sources are not what the mutant was made for, or it is no valid code
     */
    Map<String, byte[]> apply(Mutant mutant) {
        Map<String, String> changed = new TreeMap<>();
        for (Edit edit : mutant.edits()) {
            String source = changed.containsKey(edit.type()) ? changed.get(edit.type()) : read(edit.type());
            changed.put(edit.type(), edited(source, edit, mutant));
        }
        return compile(changed, mutant);
    }

    private String read(String type) {
        Path file = sources.get(type);
        if (file == null) {
            throw new IllegalStateException("there is no " + type + " in " + MODULES);
        }
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String edited(String source, Edit edit, Mutant mutant) {
        List<String> lines = Arrays.asList(source.split("\n", -1));
        List<String> stripped = lines.stream().map(String::strip).toList();
        List<Integer> found = new ArrayList<>();
        int length = edit.before().size();
        for (int i = 0; i + length <= stripped.size(); i++) {
            if (stripped.subList(i, i + length).equals(edit.before())) {
                found.add(i);
            }
        }
        if (found.size() != 1) {
            throw new IllegalStateException(
                    mutant + ": found " + found.size() + " times in " + edit.type() + ": " + edit.before());
        }
        List<String> result = new ArrayList<>(lines.subList(0, found.get(0)));
        result.addAll(edit.after());
        result.addAll(lines.subList(found.get(0) + length, lines.size()));
        return String.join("\n", result);
    }

    private Map<String, byte[]> compile(Map<String, String> changed, Mutant mutant) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter problems = new StringWriter();
        Map<String, ByteArrayOutputStream> classes = new HashMap<>();
        List<Source> units = changed.entrySet().stream()
                .map(entry -> new Source(entry.getKey(), entry.getValue()))
                .toList();
        List<String> options = List.of("-proc:none", "-nowarn", "-classpath", classPath());
        try (InMemory files = new InMemory(compiler.getStandardFileManager(null, null, null), classes)) {
            if (!compiler.getTask(problems, files, null, options, null, units).call()) {
                throw new IllegalStateException(mutant + " is no valid code: " + problems);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, byte[]> made = new HashMap<>();
        classes.forEach((name, bytes) -> made.put(name, bytes.toByteArray()));
        return made;
    }

    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String type, String text) {
            super(URI.create("memory:///" + type + ".java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    /** Keeps what the compiler makes. */
    private static final class InMemory extends ForwardingJavaFileManager<JavaFileManager> {
        private final Map<String, ByteArrayOutputStream> classes;

        InMemory(JavaFileManager files, Map<String, ByteArrayOutputStream> classes) {
            super(files);
            this.classes = classes;
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("memory:///" + name.replace('.', '/') + ".class"), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return classes.computeIfAbsent(name, ignored -> new ByteArrayOutputStream());
                }
            };
        }
    }
}
