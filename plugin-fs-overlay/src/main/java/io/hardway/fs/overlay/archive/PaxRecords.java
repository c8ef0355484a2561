package io.hardway.fs.overlay.archive;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The records of an extended header; pax(1), "pax Extended Header". Values are bytes. */
final class PaxRecords {
  private static final String ATTRIBUTE = "SCHILY.xattr.";
  private static final int NANO_DIGITS = 9;

  private final Map<String, byte[]> values = new LinkedHashMap<>();
  private final List<Long> sparse = new ArrayList<>();

  /** Adds the records of a header; one without a value takes back an earlier one. */
  void add(byte[] data) throws ArchiveException {
    int start = 0;
    while (start < data.length && data[start] != 0) {
      int space = start;
      long length = 0;
      while (space < data.length && data[space] != ' ') {
        int digit = data[space] - '0';
        if (digit < 0 || digit > 9 || length > data.length) {
          throw new ArchiveException("an extended header has a record without a length");
        }
        length = length * 10 + digit;
        space++;
      }
      long end = start + length;
      if (space == start || end > data.length || end <= space + 1 || data[(int) end - 1] != '\n') {
        throw new ArchiveException("an extended header has a record of a wrong length");
      }
      int equals = space + 1;
      while (equals < end && data[equals] != '=') {
        equals++;
      }
      if (equals == end) {
        throw new ArchiveException("an extended header has a record without a value");
      }
      String key = new String(data, space + 1, equals - space - 1, StandardCharsets.UTF_8);
      put(key, Arrays.copyOfRange(data, equals + 1, (int) end - 1));
      start = (int) end;
    }
  }

  private void put(String key, byte[] value) throws ArchiveException {
    if (key.equals("GNU.sparse.offset") || key.equals("GNU.sparse.numbytes")) {
      sparse.add(number(key, value));
    } else if (value.length == 0) {
      values.remove(key);
    } else {
      values.put(key, value);
    }
  }

  /** Adds all of another. */
  void addAll(PaxRecords other) {
    values.putAll(other.values);
    sparse.addAll(other.sparse);
  }

  boolean has(String key) {
    return values.containsKey(key);
  }

  byte[] bytes(String key, byte[] otherwise) {
    return values.getOrDefault(key, otherwise);
  }

  String text(String key) {
    byte[] value = values.get(key);
    return value == null ? "" : new String(value, StandardCharsets.UTF_8);
  }

  long number(String key, long otherwise) throws ArchiveException {
    byte[] value = values.get(key);
    return value == null ? otherwise : number(key, value);
  }

  private static long number(String key, byte[] value) throws ArchiveException {
    try {
      return Long.parseLong(new String(value, StandardCharsets.ISO_8859_1));
    } catch (NumberFormatException e) {
      throw new ArchiveException(
          "an extended header has the " + key + " " + ArchiveException.shown(value), e);
    }
  }

  /** The numbers of GNU's sparse formats 0.0 and 0.1: offset and length in turn. */
  List<Long> sparseMap() throws ArchiveException {
    if (!has("GNU.sparse.map")) {
      return sparse;
    }
    List<Long> numbers = new ArrayList<>();
    for (String number : text("GNU.sparse.map").split(",", -1)) {
      numbers.add(number("GNU.sparse.map", number.getBytes(StandardCharsets.UTF_8)));
    }
    return numbers;
  }

  /** Puts what concerns every kind of file into the entry. */
  void applyTo(TarEntry entry) throws ArchiveException {
    entry.name = bytes("path", entry.name);
    entry.name = bytes("GNU.sparse.name", entry.name);
    entry.linkName = bytes("linkpath", entry.linkName);
    entry.uid = number("uid", entry.uid);
    entry.gid = number("gid", entry.gid);
    if (has("mtime")) {
      time(text("mtime"), entry);
    }
    for (Map.Entry<String, byte[]> value : values.entrySet()) {
      if (value.getKey().startsWith(ATTRIBUTE)) {
        entry.attributes.put(value.getKey().substring(ATTRIBUTE.length()), value.getValue());
      }
    }
  }

  private static void time(String text, TarEntry entry) throws ArchiveException {
    int point = text.indexOf('.');
    String whole = point < 0 ? text : text.substring(0, point);
    entry.seconds = number("mtime", whole.getBytes(StandardCharsets.UTF_8));
    int nanos = 0;
    for (int i = 0; i < NANO_DIGITS; i++) {
      int at = point + 1 + i;
      int digit = point >= 0 && at < text.length() ? text.charAt(at) - '0' : 0;
      if (digit < 0 || digit > 9) {
        throw new ArchiveException("an extended header has the mtime " + text);
      }
      nanos = nanos * 10 + digit;
    }
    if (whole.startsWith("-") && nanos > 0) {
      entry.seconds -= 1;
      nanos = 1_000_000_000 - nanos;
    }
    entry.nanos = nanos;
  }
}
