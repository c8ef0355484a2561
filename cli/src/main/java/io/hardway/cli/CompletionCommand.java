package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.cli.reference.Reference;

/** {@code completion}: prints what makes a shell complete our commands. */
final class CompletionCommand implements Command {

  @Override
  public OptionTable table() {
    return new OptionTable(
            "completion",
            "bash|zsh|fish",
            "Print a completion script, to be read by the shell: source <(hardway completion bash)")
        .arguments(1, 1);
  }

  @Override
  public int run(Session session, Arguments arguments) {
    session.out().print(new Reference(Commands.tables()).completion(arguments.positional().get(0)));
    return 0;
  }
}
