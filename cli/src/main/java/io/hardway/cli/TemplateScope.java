package io.hardway.cli;

import java.util.Map;

/**
 * What a place in a template knows.
 *
 * @param dot what {@code .} stands for
 * @param variables what the names that begin with {@code $} stand for; {@code $} alone is what the
 *     template is filled with
 */
record TemplateScope(Object dot, Map<String, Object> variables) {

  /** The outermost. */
  static TemplateScope of(Object value) {
    return new TemplateScope(value, Map.of("$", value));
  }

  /** One with another dot. */
  TemplateScope withDot(Object value) {
    return new TemplateScope(value, variables);
  }

  /** One with a variable more. */
  TemplateScope with(String name, Object value) {
    Map<String, Object> more = new java.util.HashMap<>(variables);
    more.put(name, value);
    return new TemplateScope(dot, more);
  }
}
