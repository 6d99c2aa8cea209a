// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation.mutants;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;

/** All of this project's classes once more, some of them changed; whatever is not of this project is shared. */
final class MutatedWorld extends ClassLoader {
    private static final String OURS = "dev.primacy.";

    private final Map<String, byte[]> changed;

    MutatedWorld(Map<String, byte[]> changed) {
        super(MutatedWorld.class.getClassLoader());
        this.changed = changed;
    }

    /** Histories in this world, by seed: what was violated. Also to be closed. */
    @SuppressWarnings("unchecked")
    LongFunction<Optional<String>> histories(int sites, int members) {
        try {
            return (LongFunction<Optional<String>>) loadClass("dev.primacy.simulation.Histories")
                    .getConstructor(int.class, int.class)
                    .newInstance(sites, members);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OURS)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            return known != null ? known : define(name);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        byte[] bytes = changed.containsKey(name) ? changed.get(name) : original(name);
        return defineClass(name, bytes, 0, bytes.length);
    }

    private byte[] original(String name) throws ClassNotFoundException {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }
}
