// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;

/** Runs one test method; the JVM ends with its exception. */
final class NamespaceMain {
    private NamespaceMain() {}

    public static void main(String[] arguments) throws ReflectiveOperationException {
        Class<?> test = Class.forName(arguments[0]);
        Constructor<?> constructor = test.getDeclaredConstructor();
        Method method = test.getDeclaredMethod(arguments[1]);
        constructor.setAccessible(true);
        method.setAccessible(true);
        method.invoke(constructor.newInstance());
    }
}
