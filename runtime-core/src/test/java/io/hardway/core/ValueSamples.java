package io.hardway.core;

import io.hardway.spi.Limit;
import io.hardway.spi.RootfsSource;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * Values with everything set that their builders can set, each part different from every other; and
 * all that a value says, for comparing two.
 */
final class ValueSamples {
  private final boolean flags;
  private int last;

  /** Samples whose flags are all on, or all off. */
  ValueSamples(boolean flags) {
    this.flags = flags;
  }

  /** A value of a type that has a builder. */
  <T> T of(Class<T> type) throws ReflectiveOperationException {
    Object builder = type.getMethod("builder").invoke(null);
    for (Method setter : sorted(builder.getClass())) {
      if (setter.getParameterCount() == 1 && setter.getReturnType() == builder.getClass()) {
        setter.invoke(builder, sample(setter.getGenericParameterTypes()[0]));
      }
    }
    return type.cast(builder.getClass().getMethod("build").invoke(builder));
  }

  /** Builders of a type, each with one thing set. */
  List<Object> withOneEach(Class<?> type) throws ReflectiveOperationException {
    List<Object> builders = new ArrayList<>();
    Class<?> builderType = type.getMethod("builder").getReturnType();
    for (Method setter : sorted(builderType)) {
      if (setter.getParameterCount() == 1 && setter.getReturnType() == builderType) {
        Object builder = type.getMethod("builder").invoke(null);
        setter.invoke(builder, sample(setter.getGenericParameterTypes()[0]));
        builders.add(builder);
      }
    }
    return builders;
  }

  private Object sample(Type type) throws ReflectiveOperationException {
    last++;
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      return generic.getRawType() == Map.class
          ? Map.of("key-" + last, sample(arguments[1]))
          : List.of(sample(arguments[0]), sample(arguments[0]));
    }
    if (type == String.class) {
      return "text-" + last;
    } else if (type == long.class || type == Long.class) {
      return (long) last;
    } else if (type == int.class) {
      return last;
    } else if (type == boolean.class) {
      return flags;
    } else if (type == Path.class) {
      return Path.of("/path/" + last);
    } else if (type == Limit.class) {
      return last % 2 == 0 ? Limit.of(last) : Limit.unlimited();
    } else if (type == RootfsSource.class) {
      return RootfsSource.directories(List.of(Path.of("/top"), Path.of("/base")));
    }
    Class<?> known = (Class<?>) type;
    if (known.isEnum()) {
      return known.getEnumConstants()[last % known.getEnumConstants().length];
    } else if (known == InetAddress.class) {
      return address(last);
    }
    return known.isRecord() ? record(known) : of(known);
  }

  private static InetAddress address(int last) {
    try {
      return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
    } catch (UnknownHostException never) {
      throw new IllegalStateException(never);
    }
  }

  private Object record(Class<?> type) throws ReflectiveOperationException {
    Constructor<?> constructor = type.getDeclaredConstructors()[0];
    List<Object> values = new ArrayList<>();
    for (Type parameter : constructor.getGenericParameterTypes()) {
      values.add(sample(parameter));
    }
    return constructor.newInstance(values.toArray());
  }

  private static List<Method> sorted(Class<?> type) {
    List<Method> methods = new ArrayList<>(Arrays.asList(type.getDeclaredMethods()));
    methods.removeIf(
        method ->
            !Modifier.isPublic(method.getModifiers()) || Modifier.isStatic(method.getModifiers()));
    methods.sort(Comparator.comparing(Method::getName));
    return methods;
  }

  /** All that a value says, by where it says it. */
  static Map<String, String> flattened(Object value) throws ReflectiveOperationException {
    Map<String, String> flat = new TreeMap<>();
    flatten("", value, flat);
    return flat;
  }

  private static void flatten(String place, Object value, Map<String, String> flat)
      throws ReflectiveOperationException {
    if (value instanceof List<?> list) {
      flat.put(place + ".size", Integer.toString(list.size()));
      for (int i = 0; i < list.size(); i++) {
        flatten(place + "[" + i + "]", list.get(i), flat);
      }
    } else if (value instanceof Map<?, ?> map) {
      flat.put(place + ".keys", new ArrayList<>(new LinkedHashMap<>(map).keySet()).toString());
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        flatten(place + "[" + entry.getKey() + "]", entry.getValue(), flat);
      }
    } else if (value instanceof Optional<?> optional) {
      flatten(place, optional.isPresent() ? optional.get() : "absent", flat);
    } else if (isPlain(value)) {
      flat.put(place, value.toString());
    } else {
      for (Method getter : sorted(value.getClass())) {
        if (getter.getParameterCount() == 0
            && !List.of("toBuilder", "toString", "hashCode").contains(getter.getName())) {
          flatten(place + "." + getter.getName(), getter.invoke(value), flat);
        }
      }
    }
  }

  private static boolean isPlain(Object value) {
    return value instanceof String
        || value instanceof Number
        || value instanceof Boolean
        || value instanceof Path
        || value instanceof Enum<?>
        || value instanceof InetAddress
        || value instanceof Limit
        || value instanceof Set<?>
        || value instanceof OptionalInt
        || value instanceof OptionalLong;
  }
}
