package io.lifeline.itests.e2e;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** One rescue is shared by the tests of a class: a failure of one leaves it to the others. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@interface SharedRescue {}
