package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.cli.option.UsageException;
import java.util.List;

/** {@code help}: as {@code --help} behind a command. */
final class HelpCommand implements Command {

  @Override
  public OptionTable table() {
    return new OptionTable("help", "[COMMAND]", "Tell how a command is used");
  }

  @Override
  public int run(Session session, Arguments arguments) {
    List<String> words = arguments.positional();
    if (words.isEmpty()) {
      Help.print(session.out(), session.global().table());
      return 0;
    }
    Command command = Commands.find(words);
    if (command != null) {
      Help.print(session.out(), command.table());
      return 0;
    }
    if (!Commands.isGroup(words.get(0))) {
      throw new UsageException(
          session.global().table(),
          "'"
              + String.join(" ", words)
              + "' is not a hardway command."
              + Commands.suggestion(words),
          UsageException.WRONG_ARGUMENTS);
    }
    Help.printGroup(session.out(), words.get(0));
    return 0;
  }
}
