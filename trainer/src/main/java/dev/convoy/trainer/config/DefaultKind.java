package dev.convoy.trainer.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The kind that a sealed section has when its configuration names none, and the key that does. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface DefaultKind {
  String value();

  String key() default "kind";
}
