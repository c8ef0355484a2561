package io.hardway.fs.overlay.archive;

import io.hardway.fs.overlay.UserNamespaceIds;
import io.hardway.spi.FdSlot;
import io.hardway.spi.IntOperand;
import io.hardway.spi.Location;
import io.hardway.spi.PlanBuilder;
import io.hardway.spi.RootfsPreparation;
import io.hardway.spi.Stage;
import io.hardway.spi.StepOptions;
import io.hardway.spi.StepRunner;
import io.hardway.spi.Text;
import io.hardway.spi.spec.IdMapping;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whose the unpacked files are.
 *
 * <ul>
 *   <li>Root keeps what the archive says.
 *   <li>An ordinary user's files get the ids that the container's user namespace has for them, and
 *       are given away in one go when all is unpacked, from inside such a namespace.
 *   <li>Where that namespace has but one id, all files are the user's own; what else the archive
 *       says is dropped.
 * </ul>
 */
final class Owners {
  private static final long CLONE_NEWUSER = 0x10000000L;
  private static final int SET_ID = 06000;

  /** A plan has at most 4,096 steps. */
  private static final int BATCH = 1500;

  private final RootfsPreparation request;
  private final boolean direct;
  private final boolean mapped;
  private final Map<String, Gift> gifts = new LinkedHashMap<>();

  private record Gift(byte[] path, long uid, long gid, int mode) {}

  Owners(RootfsPreparation request) {
    this.request = request;
    this.direct = request.host().isPrivileged();
    this.mapped = !direct && (isMany(request.uidMappings()) || isMany(request.gidMappings()));
  }

  private static boolean isMany(List<IdMapping> mappings) {
    return mappings.size() > 1 || (mappings.size() == 1 && mappings.get(0).size() > 1);
  }

  /** Whether files are given to the archive's ids at once. */
  boolean isDirect() {
    return direct;
  }

  /**
   * Notes whose a file is to be.
   *
   * @throws ArchiveException where there is no such id
   */
  void note(byte[] path, long uid, long gid, int mode) throws ArchiveException {
    if (!mapped) {
      return;
    }
    long hostUid = IdMapping.hostId(request.uidMappings(), uid);
    long hostGid = IdMapping.hostId(request.gidMappings(), gid);
    if (hostUid < 0 || hostGid < 0) {
      throw new ArchiveException(
          ArchiveException.shown(path)
              + " belongs to "
              + uid
              + ":"
              + gid
              + ", and the user namespace has no such id: more subordinate ids are needed in"
              + " /etc/subuid and /etc/subgid");
    }
    String key = new String(path, StandardCharsets.ISO_8859_1);
    gifts.remove(key);
    if (hostUid != request.host().uid() || hostGid != request.host().gid()) {
      gifts.put(key, new Gift(path, uid, gid, mode));
    }
  }

  /** Gives the files away. */
  void giveAway(Path directory) {
    List<Gift> all = List.copyOf(gifts.values());
    for (int start = 0; start < all.size(); start += BATCH) {
      List<Gift> batch = all.subList(start, Math.min(all.size(), start + BATCH));
      request.runner().run(plan -> give(plan, directory, batch));
    }
  }

  private void give(PlanBuilder plan, Path directory, List<Gift> batch) {
    plan.spawn()
        .spawn(CLONE_NEWUSER, FdSlot.NONE, FdSlot.NONE, FdSlot.NONE)
        .label("make a process in a user namespace");
    UserNamespaceIds.map(request.host(), request.uidMappings(), request.gidMappings(), plan);
    Stage stage = plan.root();
    stage
        .credentials(IntOperand.of(0), IntOperand.of(0), Text.empty())
        .label("become root of the user namespace");
    FdSlot root = plan.fdSlot("unpacked files");
    stage.openPath(Location.host(directory), root).label("open the unpacked files");
    for (Gift gift : batch) {
      // The directory itself has no name inside.
      Location at =
          gift.path.length == 0
              ? Location.host(directory)
              : Location.in(root, Text.bytes(gift.path));
      stage.chown(at, gift.uid, gift.gid).label("give it to " + gift.uid + ":" + gift.gid);
      if ((gift.mode & SET_ID) != 0) {
        StepOptions again = stage.chmod(at, gift.mode);
        again.label("set its mode again, which has lost its special bits");
      }
    }
    plan.started().clock(plan.textSlot("now")).label("wait until all is done");
  }

  /** Removes a tree, whoever its files belong to. */
  static void remove(RootfsPreparation request, Path tree) {
    remove(request.host(), request.runner(), tree);
  }

  /** Removes a tree, whoever its files belong to. */
  static void remove(io.hardway.spi.Host host, StepRunner runner, Path tree) {
    String uids = UserNamespaceIds.all(host.uid(), host.subordinateUids());
    String gids = UserNamespaceIds.all(host.gid(), host.subordinateGids());
    boolean many =
        !host.isPrivileged()
            && host.program("newuidmap").isPresent()
            && uids.indexOf('\n') < uids.length() - 1;
    runner.run(
        plan -> {
          StepOptions step =
              many ? plan.host().removeTree(tree, uids, gids) : plan.host().removeTree(tree);
          step.label("remove " + tree);
        });
  }
}
