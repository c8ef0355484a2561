package io.hardway.fs.overlay.archive;

import static io.hardway.fs.overlay.archive.TarBuilder.entry;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.fs.overlay.archive.TarEntry.Segment;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TarReaderTest {

  private static TarReader reader(byte[] archive) {
    return new TarReader(new ByteArrayInputStream(archive));
  }

  private static TarEntry first(byte[] archive) throws IOException {
    return reader(archive).next();
  }

  private static void refused(byte[] archive, String why) {
    TarReader reader = reader(archive);
    ArchiveException e =
        assertThrows(
            ArchiveException.class,
            () -> {
              while (reader.next() != null) {}
            });
    assertTrue(e.getMessage().contains(why), e.getMessage());
  }

  @Test
  void readsWhatAHeaderSays() throws IOException {
    TarEntry entry = first(new TarBuilder().add(entry('0', "a/b").mode(04755).owner(7, 8)).end());
    assertEquals("a/b", new String(entry.name, StandardCharsets.UTF_8));
    assertEquals(04755, entry.mode);
    assertEquals(7, entry.uid);
    assertEquals(8, entry.gid);
    assertEquals(1_000_000_000, entry.seconds);
  }

  @Test
  void skipsWhatWasNotRead() throws IOException {
    TarReader reader = reader(new TarBuilder().file("a", "x".repeat(700)).file("b", "y").end());
    reader.next();
    byte[] buffer = new byte[10];
    assertEquals(10, reader.read(buffer, 10));
    assertEquals("b", new String(reader.next().name, StandardCharsets.UTF_8));
    assertEquals(1, reader.read(buffer, 10));
    assertEquals('y', buffer[0]);
    assertEquals(-1, reader.read(buffer, 10));
    assertNull(reader.next());
  }

  @Test
  void namesStayTheBytesTheyAre() throws IOException {
    byte[] name = {'x', (byte) 0xff, (byte) 0xe9};
    assertArrayEquals(name, first(new TarBuilder().add(entry('0', "").raw(0, name)).end()).name);
  }

  @Test
  void longNamesOfEitherKind() throws IOException {
    String name = "d/".repeat(150) + "f";
    byte[] gnu =
        new TarBuilder()
            .add(entry('L', "././@LongLink").data((name + "\0").getBytes(StandardCharsets.UTF_8)))
            .file("short", "")
            .end();
    assertEquals(name, new String(first(gnu).name, StandardCharsets.UTF_8));
    byte[] pax = new TarBuilder().pax("path=" + name, "uid=70000").file("short", "").end();
    assertEquals(name, new String(first(pax).name, StandardCharsets.UTF_8));
    assertEquals(70000, first(pax).uid);
  }

  @Test
  void attributesStayTheBytesTheyAre() throws IOException {
    byte[] key = "SCHILY.xattr.security.capability=".getBytes(StandardCharsets.UTF_8);
    byte[] value = {1, 0, 0, 2, (byte) 0xff, (byte) 0x80, 0, 0, '\n', 0};
    byte[] record = Arrays.copyOf(key, key.length + value.length);
    System.arraycopy(value, 0, record, key.length, value.length);
    TarEntry entry = first(new TarBuilder().pax('x', record).file("f", "").end());
    assertArrayEquals(value, entry.attributes.get("security.capability"));
  }

  @Test
  void globalRecordsHoldForAllThatFollow() throws IOException {
    TarReader reader =
        reader(
            new TarBuilder()
                .pax('g', "gid=5".getBytes(StandardCharsets.UTF_8))
                .file("a", "")
                .file("b", "")
                .end());
    assertEquals(5, reader.next().gid);
    assertEquals(5, reader.next().gid);
  }

  @Test
  void sparseFilesOfTheOldKind() throws IOException {
    TarBuilder.Header header =
        entry('S', "s").data(new byte[512]).octal(386, 12, 4096).octal(398, 12, 512);
    header.octal(483, 12, 10_000);
    TarEntry entry = first(new TarBuilder().add(header).end());
    assertEquals(List.of(new Segment(4096, 512)), entry.segments);
    assertEquals(10_000, entry.length);
  }

  @Test
  void sparseFilesOfTheNewKind() throws IOException {
    byte[] data = Arrays.copyOf("1\n4096\n3\n".getBytes(StandardCharsets.UTF_8), 515);
    data[512] = 'e';
    byte[] archive =
        new TarBuilder()
            .pax(
                "GNU.sparse.major=1",
                "GNU.sparse.minor=0",
                "GNU.sparse.name=real",
                "GNU.sparse.realsize=4099")
            .add(entry('0', "GNUSparseFile.0/real").data(data))
            .end();
    TarReader reader = reader(archive);
    TarEntry entry = reader.next();
    assertEquals("real", new String(entry.name, StandardCharsets.UTF_8));
    assertEquals(List.of(new Segment(4096, 3)), entry.segments);
    byte[] buffer = new byte[10];
    assertEquals(3, reader.read(buffer, 10));
    assertEquals('e', buffer[0]);
    assertNull(reader.next());
  }

  @Test
  void sizesThatCannotBeAreRefused() {
    byte[] negative = new byte[12];
    Arrays.fill(negative, (byte) 0xff);
    refused(new TarBuilder().add(entry('0', "f").raw(124, negative)).end(), "negative");
    byte[] huge = new byte[12];
    Arrays.fill(huge, (byte) 0x7f);
    huge[0] = (byte) 0x80;
    refused(new TarBuilder().add(entry('0', "f").raw(124, huge)).end(), "too large");
    refused(new TarBuilder().pax("size=9223372036854775807").file("f", "").end(), "cut off");
    refused(new TarBuilder().add(entry('L', "f").octal(124, 12, 1L << 30)).end(), "bytes long");
  }

  @Test
  void mapsOfSparseFilesThatLieAreRefused() {
    refused(
        new TarBuilder()
            .add(
                entry('S', "s")
                    .data(new byte[512])
                    .octal(386, 12, 4096)
                    .octal(398, 12, 512)
                    .octal(483, 12, 4096))
            .end(),
        "sparse");
    refused(
        new TarBuilder()
            .pax("GNU.sparse.major=1", "GNU.sparse.realsize=5")
            .add(entry('0', "s").data(new byte[512]))
            .end(),
        "map");
  }

  @Test
  void aDamagedHeaderIsRefused() {
    byte[] archive = new TarBuilder().file("a", "").file("b", "").end();
    archive[512 + 3] = 'x';
    refused(archive, "checksum");
    refused(
        new TarBuilder().add(entry('0', "f").raw(108, "zz".getBytes(StandardCharsets.UTF_8))).end(),
        "user id");
    refused(new TarBuilder().add(entry('Q', "f")).end(), "unknown type");
  }

  @Test
  void whatIsCutOffIsRefused() {
    refused(new TarBuilder().file("a", "x").cut(), "cut off");
    byte[] archive = new TarBuilder().file("a", "x".repeat(2000)).end();
    refused(Arrays.copyOf(archive, 1500), "cut off");
    refused(new byte[0], "cut off");
  }

  @Test
  void recordsOfWrongLengthAreRefused() {
    byte[] data = "999 path=x\n".getBytes(StandardCharsets.UTF_8);
    refused(new TarBuilder().add(entry('x', "pax").data(data)).end(), "record");
    data = "11 path:xx\n".getBytes(StandardCharsets.UTF_8);
    refused(new TarBuilder().add(entry('x', "pax").data(data)).end(), "record");
    data = "0 path=x\n".getBytes(StandardCharsets.UTF_8);
    refused(new TarBuilder().add(entry('x', "pax").data(data)).end(), "record");
  }
}
