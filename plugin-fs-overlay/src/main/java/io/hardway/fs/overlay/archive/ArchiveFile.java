package io.hardway.fs.overlay.archive;

import com.github.luben.zstd.ZstdInputStream;
import io.hardway.spi.PlanningException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;

/** A tar archive as a file, known by what it begins with, whatever its name. */
final class ArchiveFile {
  private static final int BUFFER = 1 << 16;
  private static final int BLOCK = 512;

  private final Path path;

  ArchiveFile(Path path) {
    this.path = path;
  }

  private enum Compression {
    NONE,
    GZIP,
    ZSTD
  }

  /**
   * Refuses what is no archive that can be read.
   *
   * @throws PlanningException by the file's name, with what to do
   */
  void check() {
    compression();
  }

  private Compression compression() {
    byte[] head;
    try (InputStream in = Files.newInputStream(path)) {
      head = in.readNBytes(BLOCK);
    } catch (IOException e) {
      throw unreadable(e);
    }
    if (begins(head, 0x1f, 0x8b)) {
      return Compression.GZIP;
    }
    if (begins(head, 0x28, 0xb5, 0x2f, 0xfd)) {
      return Compression.ZSTD;
    }
    if (begins(head, 0xfd, '7', 'z', 'X', 'Z', 0)) {
      throw unsupported("xz", "xz -dk ");
    }
    if (begins(head, 'B', 'Z', 'h')) {
      throw unsupported("bzip2", "bzip2 -dk ");
    }
    if (head.length < BLOCK || !(isHeader(head) || isZero(head))) {
      throw new PlanningException(
          path + " is no tar archive",
          "name a directory, or an archive: plain, or compressed with gzip or zstd");
    }
    return Compression.NONE;
  }

  private PlanningException unsupported(String what, String command) {
    return new PlanningException(
        path + " is compressed with " + what + ", which is not supported",
        "decompress it first: " + command + path);
  }

  private PlanningException unreadable(IOException e) {
    String reason =
        e instanceof java.nio.file.AccessDeniedException ? "permission denied" : e.getMessage();
    return new PlanningException(path + " cannot be read: " + reason, "check its permissions", e);
  }

  private static boolean begins(byte[] head, int... magic) {
    for (int i = 0; i < magic.length; i++) {
      if (i >= head.length || (head[i] & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }

  /** By its checksum: the oldest format has no other mark. */
  private static boolean isHeader(byte[] block) {
    long sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      sum += i >= 148 && i < 156 ? ' ' : block[i] & 0xff;
    }
    long said = 0;
    for (int i = 148; i < 156 && block[i] != 0; i++) {
      if (block[i] != ' ') {
        said = said << 3 | (block[i] - '0' & 7);
      }
    }
    return said == sum;
  }

  private static boolean isZero(byte[] block) {
    for (byte b : block) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  /** The SHA-256 of the file as it is, in hexadecimal. */
  String digest() {
    MessageDigest digest = sha256();
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(path)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** What is done with the content. */
  @FunctionalInterface
  interface Reading {
    /** Reads the content of the archive, to its end. */
    void read(InputStream content) throws IOException;
  }

  /**
   * Reads the content.
   *
   * @param expected the digest; another one means that the file was changed meanwhile
   */
  void read(String expected, Reading reading) throws IOException {
    Compression compression = compression();
    MessageDigest digest = sha256();
    byte[] buffer = new byte[BUFFER];
    try (InputStream file = new DigestInputStream(Files.newInputStream(path), digest)) {
      InputStream buffered = new BufferedInputStream(file, BUFFER);
      InputStream content =
          switch (compression) {
            case NONE -> buffered;
            case GZIP -> new GZIPInputStream(buffered, BUFFER);
            case ZSTD -> new ZstdInputStream(buffered);
          };
      InputStream plain =
          compression == Compression.NONE ? content : new BufferedInputStream(content, BUFFER);
      reading.read(plain);
      // Only at the end do the compressors tell whether all was right.
      while (plain.read(buffer) >= 0) {}
      while (buffered.read(buffer) >= 0) {}
    } catch (java.io.EOFException e) {
      throw new ArchiveException("it is cut off", e);
    }
    if (!HexFormat.of().formatHex(digest.digest()).equals(expected)) {
      throw new ArchiveException("it was changed while it was read");
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
