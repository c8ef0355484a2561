package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.core.BundleEngine;
import io.hardway.core.BundleRecord;
import io.hardway.core.CheckpointOptions;
import java.io.IOException;
import java.util.List;

/** {@code checkpoint}: writes what all processes of a container are, to be restored. */
final class OciCheckpointCommand implements OciCommand {

  @Override
  public OptionTable table() {
    return OciCheckpointFlags.add(
            new OptionTable(
                    "checkpoint",
                    "[OPTIONS] CONTAINER",
                    "Write what all processes of a container are, to be restored")
                .program(OciMain.PROGRAM))
        .flag("leave-running", "Let the container go on")
        .flag("link-remap", "Allow files that have been unlinked, and can be linked again")
        .value("page-server", "ADDRESS:PORT", "Is refused: copy the images")
        .value(
            "parent-path",
            "directory",
            "An earlier checkpoint, relative to the images: write what memory has changed since")
        .flag("pre-dump", "Write memory alone, and let the container go on")
        .value("status-fd", "descriptor", "Is refused, as --lazy-pages is")
        .flag("tcp-skip-in-flight", "Leave out TCP connections that are not established yet")
        .arguments(1, 1);
  }

  @Override
  public int run(OciSession session, Arguments arguments) throws IOException {
    for (String name : List.of("page-server", "status-fd")) {
      if (arguments.has(name)) {
        throw arguments.refuse(
            "--"
                + name
                + " cannot be had: images are written to --image-path; copy them from there");
      }
    }
    BundleEngine engine = session.engine();
    String id = arguments.positional().get(0);
    engine.find(id);
    CheckpointOptions options = OciCheckpointFlags.read(session, arguments);
    session.perform(engine.lock(id));
    BundleRecord container = engine.find(id);
    return session.performLast(
        arguments.flag("pre-dump")
            ? engine.preDump(container, options)
            : engine.checkpoint(container, options));
  }
}
