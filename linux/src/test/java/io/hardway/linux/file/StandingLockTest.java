package io.hardway.linux.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One at a time, of threads and of processes. */
class StandingLockTest {
  @TempDir Path directory;

  @Test
  void oneThreadAtATime() throws Exception {
    Path file = directory.resolve("lock");
    AtomicInteger inside = new AtomicInteger();
    Callable<Integer> one =
        () -> {
          StandingLock lock = StandingLock.waitFor(file);
          try {
            int together = inside.incrementAndGet();
            Thread.sleep(2);
            inside.decrementAndGet();
            return together;
          } finally {
            lock.close();
          }
        };
    List<Callable<Integer>> all = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      all.add(one);
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (Future<Integer> together : threads.invokeAll(all)) {
        assertEquals(1, together.get());
      }
    }
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
  }

  /** The other kind is between open files, whosever they are: it stands for another process. */
  @Test
  void theLocksOfOthersCount() throws IOException {
    Path file = directory.resolve("lock");
    StandingLock lock = StandingLock.waitFor(file);
    try {
      assertTrue(FileLock.tryNow(file).isEmpty());
    } finally {
      lock.close();
    }
    FileLock other = FileLock.tryNow(file).orElseThrow();
    other.close();
    assertFalse(FileLock.tryNow(file).map(StandingLockTest::closed).isEmpty());
  }

  private static FileLock closed(FileLock lock) {
    try {
      lock.close();
      return lock;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
