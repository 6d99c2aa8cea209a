// SPDX-License-Identifier: Apache-2.0
package dev.primacy.time;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Marks the few places that may use an API the build forbids everywhere else, with the reason. */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface Allowed {
    /** Why the forbidden API is right here. */
    String value();
}
