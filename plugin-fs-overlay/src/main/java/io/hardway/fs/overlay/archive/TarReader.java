package io.hardway.fs.overlay.archive;

import io.hardway.fs.overlay.archive.TarEntry.Kind;
import io.hardway.fs.overlay.archive.TarEntry.Segment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads tar archives: POSIX (ustar, pax), GNU and the old format, with GNU's sparse files. Nothing
 * in an archive is trusted: memory is bounded, and names and attributes stay the bytes they are,
 * which is why no library is used: the ones there are decode attributes as text, and so damage file
 * capabilities.
 */
final class TarReader {
  private static final int BLOCK = 512;

  /** More than any name or set of attributes the kernel takes. */
  private static final int MAXIMAL_HEADER = 1 << 20;

  private static final int MAXIMAL_SEGMENTS = 1 << 18;
  private static final long MAXIMAL_ID = 0xFFFF_FFFEL;

  private final InputStream in;
  private final byte[] header = new byte[BLOCK];
  private final PaxRecords global = new PaxRecords();
  private long position;
  private long left;
  private long padding;

  TarReader(InputStream in) {
    this.in = in;
  }

  /**
   * The next entry; null at the end of the archive. What was not read of the last one is skipped.
   */
  TarEntry next() throws IOException {
    PaxRecords records = new PaxRecords();
    records.addAll(global);
    byte[] longName = null;
    byte[] longLink = null;
    while (true) {
      skip(left);
      skip(padding);
      left = 0;
      padding = 0;
      if (!readHeader()) {
        return null;
      }
      switch (header[156]) {
        case 'L' -> longName = untilNul(extension(), 0, Integer.MAX_VALUE);
        case 'K' -> longLink = untilNul(extension(), 0, Integer.MAX_VALUE);
        case 'x', 'X' -> records.add(extension());
        case 'g' -> {
          byte[] data = extension();
          global.add(data);
          records.add(data);
        }
        case 'V' -> data(number(124, 12, "size"));
        default -> {
          return entry(records, longName, longLink);
        }
      }
    }
  }

  /** Reads data of the entry; −1 where there is no more. */
  int read(byte[] buffer, int length) throws IOException {
    if (left == 0) {
      return -1;
    }
    int n = in.read(buffer, 0, (int) Math.min(left, length));
    if (n < 0) {
      throw cutOff();
    }
    left -= n;
    position += n;
    return n;
  }

  private ArchiveException cutOff() {
    return new ArchiveException("it is cut off at byte " + position);
  }

  private ArchiveException damaged(String what) {
    return new ArchiveException(
        "the header at byte " + (position - BLOCK) + " is damaged: " + what);
  }

  private void readBlock(byte[] block) throws IOException {
    int n = in.readNBytes(block, 0, BLOCK);
    position += n;
    if (n < BLOCK) {
      throw cutOff();
    }
  }

  private void skip(long count) throws IOException {
    for (long rest = count; rest > 0; ) {
      int n = in.read(header, 0, (int) Math.min(rest, BLOCK));
      if (n < 0) {
        throw cutOff();
      }
      rest -= n;
      position += n;
    }
  }

  /** False at the block of zeros that ends an archive. */
  private boolean readHeader() throws IOException {
    readBlock(header);
    long unsigned = 0;
    long signed = 0;
    boolean zero = true;
    for (int i = 0; i < BLOCK; i++) {
      zero &= header[i] == 0;
      int value = i >= 148 && i < 156 ? ' ' : header[i];
      signed += value;
      unsigned += value & 0xff;
    }
    if (zero) {
      return false;
    }
    long sum = number(148, 8, "checksum");
    if (sum != unsigned && sum != signed) {
      throw damaged("its checksum is wrong");
    }
    return true;
  }

  /** An octal number, or GNU's big-endian one. */
  private long number(int start, int length, String what) throws ArchiveException {
    if ((header[start] & 0x80) != 0) {
      return binary(start, length, what);
    }
    int i = start;
    int end = start + length;
    while (i < end && (header[i] == ' ' || header[i] == 0)) {
      i++;
    }
    long value = 0;
    for (; i < end && header[i] != ' ' && header[i] != 0; i++) {
      int digit = header[i] - '0';
      if (digit < 0 || digit > 7) {
        throw damaged("its " + what + " is no number");
      }
      value = value << 3 | digit;
    }
    if (value < 0) {
      throw damaged("its " + what + " is too large");
    }
    return value;
  }

  private long binary(int start, int length, String what) throws ArchiveException {
    boolean negative = (header[start] & 0x40) != 0;
    long value = negative ? -1 : 0;
    for (int i = start; i < start + length; i++) {
      int digit = i == start && !negative ? header[i] & 0x7f : header[i] & 0xff;
      if (value != (value << 8) >> 8) {
        throw damaged("its " + what + " is too large");
      }
      value = value << 8 | digit;
    }
    return value;
  }

  private void data(long size) throws ArchiveException {
    if (size < 0) {
      throw damaged("its size is negative");
    }
    left = size;
    padding = (BLOCK - size % BLOCK) % BLOCK;
  }

  /** What a header that only explains the next one holds. */
  private byte[] extension() throws IOException {
    long size = number(124, 12, "size");
    if (size < 0 || size > MAXIMAL_HEADER) {
      throw damaged("it says that it is " + size + " bytes long");
    }
    data(size);
    byte[] content = new byte[(int) size];
    int n = in.readNBytes(content, 0, content.length);
    position += n;
    if (n < content.length) {
      throw cutOff();
    }
    left = 0;
    return content;
  }

  private static byte[] untilNul(byte[] from, int start, int length) {
    int end = start;
    while (end < from.length && end - start < length && from[end] != 0) {
      end++;
    }
    return Arrays.copyOfRange(from, start, end);
  }

  private boolean holds(int offset, String text) {
    byte[] wanted = text.getBytes(StandardCharsets.ISO_8859_1);
    return Arrays.equals(header, offset, offset + wanted.length, wanted, 0, wanted.length);
  }

  private byte[] shortName() {
    byte[] name = untilNul(header, 0, 100);
    if (!holds(257, "ustar\0") || header[345] == 0) {
      return name;
    }
    byte[] prefix = untilNul(header, 345, holds(508, "tar\0") ? 131 : 155);
    byte[] both = Arrays.copyOf(prefix, prefix.length + 1 + name.length);
    both[prefix.length] = '/';
    System.arraycopy(name, 0, both, prefix.length + 1, name.length);
    return both;
  }

  private TarEntry entry(PaxRecords records, byte[] longName, byte[] longLink) throws IOException {
    TarEntry entry = new TarEntry();
    entry.name = longName == null ? shortName() : longName;
    entry.linkName = longLink == null ? untilNul(header, 157, 100) : longLink;
    entry.mode = (int) number(100, 8, "mode") & 07777;
    entry.uid = number(108, 8, "user id");
    entry.gid = number(116, 8, "group id");
    entry.seconds = number(136, 12, "time");
    records.applyTo(entry);
    if (entry.uid < 0 || entry.uid > MAXIMAL_ID || entry.gid < 0 || entry.gid > MAXIMAL_ID) {
      throw damaged("it has the owner " + entry.uid + ":" + entry.gid);
    }
    entry.kind = kind(entry.name);
    if (entry.kind == Kind.CHARACTER_DEVICE || entry.kind == Kind.BLOCK_DEVICE) {
      entry.major = number(329, 8, "device number");
      entry.minor = number(337, 8, "device number");
    }
    if (entry.kind == Kind.FILE) {
      content(entry, records);
    } else if (header[156] == 'D') {
      data(number(124, 12, "size"));
    }
    return entry;
  }

  private Kind kind(byte[] name) throws ArchiveException {
    return switch (header[156]) {
      case 0 -> name.length > 0 && name[name.length - 1] == '/' ? Kind.DIRECTORY : Kind.FILE;
      case '0', '7', 'S' -> Kind.FILE;
      case '1' -> Kind.HARD_LINK;
      case '2' -> Kind.SYMBOLIC_LINK;
      case '3' -> Kind.CHARACTER_DEVICE;
      case '4' -> Kind.BLOCK_DEVICE;
      case '5', 'D' -> Kind.DIRECTORY;
      case '6' -> Kind.FIFO;
      default ->
          throw damaged(
              ArchiveException.shown(name)
                  + " is of the unknown type "
                  + ArchiveException.shown(new byte[] {header[156]}));
    };
  }

  private void content(TarEntry entry, PaxRecords records) throws IOException {
    boolean oldSparse = header[156] == 'S';
    data(records.number("size", number(124, 12, "size")));
    entry.length = left;
    List<Long> numbers = List.of();
    if (oldSparse) {
      entry.length = number(483, 12, "size");
      numbers = oldSparseMap();
    } else if (records.text("GNU.sparse.major").equals("1")) {
      entry.length = records.number("GNU.sparse.realsize", left);
      numbers = newSparseMap();
    } else if (!records.sparseMap().isEmpty()) {
      entry.length = records.number("GNU.sparse.size", left);
      numbers = records.sparseMap();
    }
    entry.segments = segments(numbers, entry.length);
  }

  private List<Segment> segments(List<Long> numbers, long length) throws ArchiveException {
    List<Segment> segments = new ArrayList<>();
    long end = 0;
    long sum = 0;
    for (int i = 0; i + 1 < numbers.size(); i += 2) {
      long offset = numbers.get(i);
      long count = numbers.get(i + 1);
      if (offset < end || count < 0 || offset > length || count > length - offset) {
        throw damaged("the pieces of the sparse file overlap or lie outside of it");
      }
      end = offset + count;
      sum += count;
      segments.add(new Segment(offset, count));
    }
    if (length < 0 || numbers.size() % 2 != 0 || (!segments.isEmpty() && sum != left)) {
      throw damaged("the sparse file has other data than it says");
    }
    return segments;
  }

  private List<Long> oldSparseMap() throws IOException {
    List<Long> numbers = new ArrayList<>();
    addPairs(numbers, 386, 4);
    boolean more = header[482] != 0;
    while (more) {
      readBlock(header);
      addPairs(numbers, 0, 21);
      more = header[504] != 0;
    }
    return numbers;
  }

  private void addPairs(List<Long> numbers, int start, int count) throws ArchiveException {
    for (int i = 0; i < count; i++) {
      int at = start + i * 24;
      if (header[at + 12] == 0) {
        return;
      }
      add(numbers, number(at, 12, "offset"));
      add(numbers, number(at + 12, 12, "size"));
    }
  }

  private void add(List<Long> numbers, long number) throws ArchiveException {
    if (numbers.size() >= 2 * MAXIMAL_SEGMENTS) {
      throw damaged("the sparse file has more than " + MAXIMAL_SEGMENTS + " pieces");
    }
    numbers.add(number);
  }

  /** Format 1.0: decimal lines before the data, in whole blocks. */
  private List<Long> newSparseMap() throws IOException {
    List<Long> numbers = new ArrayList<>();
    byte[] block = new byte[BLOCK];
    long wanted = -1;
    long value = 0;
    int digits = 0;
    while (wanted < 0 || numbers.size() < wanted) {
      if (left < BLOCK) {
        throw damaged("the map of the sparse file is cut off");
      }
      readBlock(block);
      left -= BLOCK;
      for (int i = 0; i < BLOCK && (wanted < 0 || numbers.size() < wanted); i++) {
        if (block[i] == '\n' && digits > 0) {
          if (wanted < 0) {
            wanted = Math.multiplyExact(Math.min(value, MAXIMAL_SEGMENTS + 1L), 2);
          } else {
            add(numbers, value);
          }
          value = 0;
          digits = 0;
        } else if (block[i] >= '0' && block[i] <= '9' && digits < 18) {
          value = value * 10 + block[i] - '0';
          digits++;
        } else {
          throw damaged("the map of the sparse file is no list of numbers");
        }
      }
    }
    return numbers;
  }
}
