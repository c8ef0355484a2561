package io.hardway.init;

import io.hardway.spi.FdSlot;
import io.hardway.spi.IntOperand;
import io.hardway.spi.IntSlot;
import io.hardway.spi.Slot;
import io.hardway.spi.Text;
import io.hardway.spi.TextSlot;
import io.hardway.spi.plan.Actor;
import io.hardway.spi.plan.Operation;
import io.hardway.spi.plan.Plan;
import io.hardway.spi.plan.Step;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Reads a plan from its binary form, trusting no length in it. Operands are evaluated in the order
 * of the format.
 */
final class PlanDecoder {
  private final byte[] bytes;
  private final List<Slot> slots = new ArrayList<>();
  private int at;
  private int end;
  private int strings;
  private int stringsLength;

  PlanDecoder(byte[] bytes) {
    this.bytes = bytes;
  }

  Plan plan() {
    check(
        bytes.length >= PlanFormat.HEADER_BYTES && bytes.length <= PlanFormat.MAX_BYTES,
        "no plan has " + bytes.length + " bytes");
    end = bytes.length;
    check(u32() == PlanFormat.MAGIC, "not a plan");
    int version = u16();
    check(
        version == PlanFormat.VERSION,
        "a plan of version " + version + ", not " + PlanFormat.VERSION);
    u16();
    check(u32() == bytes.length, "the length is not the plan's");
    strings = u32();
    stringsLength = u32();
    check(
        strings >= PlanFormat.HEADER_BYTES
            && stringsLength >= 0
            && strings <= bytes.length - stringsLength,
        "the strings are outside of the plan");
    int slotCount = u16();
    int stepCount = u16();
    check(
        slotCount <= PlanFormat.MAX_SLOTS && stepCount <= PlanFormat.MAX_STEPS,
        "too many slots or steps");
    Optional<Path> undo = path(u32());
    Optional<Path> trace = path(u32());
    u32();
    end = strings;
    for (int i = 0; i < slotCount; i++) {
      slots.add(slot(u8(), i));
    }
    align();
    List<Step> steps = new ArrayList<>(stepCount);
    for (int i = 0; i < stepCount; i++) {
      steps.add(step());
    }
    return new Plan(steps, slots, undo, trace);
  }

  private Slot slot(int type, int index) {
    return switch (type) {
      case PlanFormat.SLOT_INT -> new IntSlot(index, "slot" + index);
      case PlanFormat.SLOT_TEXT -> new TextSlot(index, "slot" + index);
      case PlanFormat.SLOT_FD -> new FdSlot(index, "slot" + index);
      default -> throw failure("slot type " + type);
    };
  }

  private Step step() {
    int start = at;
    int number = u16();
    int actorNumber = u8();
    int count = u8();
    int length = u32();
    check(length >= 0 && length <= end - start, "a step is longer than the plan");
    String plugin = string(u32());
    String label = string(u32());
    int hintReference = u32();
    String hint = hintReference == PlanFormat.NONE ? "" : string(hintReference);
    int attributes = u16();
    boolean bestEffort = (attributes & PlanFormat.ATTRIBUTE_BEST_EFFORT) != 0;
    boolean warns = (attributes & PlanFormat.ATTRIBUTE_WARNING) != 0;
    int[] ignored = new int[u16()];
    int retry = u32();
    for (int i = 0; i < ignored.length; i++) {
      ignored[i] = u16();
    }
    align();
    Operation operation = operation(number);
    check(
        operation.signature().length() == count,
        operation.keyword() + " has not " + count + " operands");
    check(at - start == length, "the step's length is " + length + ", not " + (at - start));
    Actor actor =
        switch (actorNumber) {
          case 0 -> Actor.PARENT;
          case 2 -> Actor.CONTAINER;
          default -> throw failure("actor " + actorNumber);
        };
    return Step.of(operation, actor, plugin, label, hint, bestEffort, warns, ignored, retry);
  }

  private Operation operation(int number) {
    return switch (number) {
      case 1 -> new Operation.Mkdir(descriptor(), text(), number(), number(), number());
      case 2 -> new Operation.Mkdirs(descriptor(), text(), number());
      case 3 -> new Operation.Write(descriptor(), text(), number(), number(), text());
      case 4 -> new Operation.Replace(text(), number(), text());
      case 5 -> new Operation.Open(descriptor(), text(), number(), number(), fdOutput());
      case 6 -> new Operation.Close(descriptor());
      case 7 -> new Operation.Symlink(descriptor(), text(), text());
      case 8 ->
          new Operation.Mknod(
              descriptor(), text(), number(), number(), number(), number(), number());
      case 9 -> new Operation.Chown(descriptor(), text(), number(), number());
      case 10 -> new Operation.Chmod(descriptor(), text(), number());
      case 11 -> new Operation.Rename(text(), text());
      case 12 -> new Operation.Unlink(descriptor(), text());
      case 13 -> new Operation.Rmdir(descriptor(), text());
      case 14 -> new Operation.RemoveTree(text(), text(), text());
      case 15 -> new Operation.Lock(text(), number(), fdOutput());
      case 16 -> new Operation.Read(descriptor(), text(), text(), textOutput());
      case 17 -> new Operation.Await(descriptor(), text(), text(), text(), number());
      case 18 -> new Operation.WriteFd(descriptor(), text());
      case 19 -> new Operation.Clock(textOutput());
      case 20 ->
          new Operation.Mount(descriptor(), text(), text(), text(), number(), text(), number());
      case 21 ->
          new Operation.Bind(
              descriptor(),
              descriptor(),
              text(),
              text(),
              number(),
              number(),
              number(),
              number(),
              descriptor(),
              number());
      case 22 -> new Operation.Propagation(text(), number());
      case 23 ->
          new Operation.MountAttr(descriptor(), text(), number(), number(), number(), number());
      case 24 -> new Operation.Umount(text(), number());
      case 25 -> new Operation.PivotRoot(text());
      case 26 -> new Operation.Mask(descriptor(), text());
      case 27 -> new Operation.ReadOnly(descriptor(), text());
      case 28 -> new Operation.Device(descriptor(), text(), text());
      case 29 -> new Operation.CopyUp(descriptor(), text(), descriptor(), text());
      case 30 ->
          new Operation.Spawn(
              number(),
              descriptor(),
              descriptor(),
              descriptor(),
              intOutput(),
              fdOutput(),
              textOutput());
      case 31 -> new Operation.Join(descriptor(), number());
      case 32 -> new Operation.Unshare(number());
      case 33 -> new Operation.Handoff(number());
      case 34 ->
          new Operation.Run(list(), list(), text(), text(), text(), number(), text(), intOutput());
      case 35 -> new Operation.Gate(descriptor());
      case 36 -> new Operation.Signal(text(), number());
      case 37 -> new Operation.AwaitExit(text(), number());
      case 38 -> new Operation.KillGroup(list(), number());
      case 39 -> new Operation.RemoveGroup(text(), number());
      case 40 -> new Operation.OpenProcess(text(), fdOutput(), intOutput());
      case 41 -> new Operation.Reconcile(text(), text(), text());
      case 42 ->
          new Operation.CloneMount(
              text(), number(), number(), number(), number(), descriptor(), fdOutput());
      case 43 -> new Operation.UnlinkLink(text(), text());
      case 44 -> new Operation.DeviceProgram(text(), text());
      case 45 -> new Operation.Hostname(text());
      case 46 -> new Operation.Domainname(text());
      case 47 -> new Operation.Rlimit(number(), number(), number());
      case 48 -> new Operation.Umask(number());
      case 49 -> new Operation.Chdir(descriptor(), text(), number());
      case 50 ->
          new Operation.ResolveUser(
              descriptor(), text(), list(), intOutput(), intOutput(), textOutput(), textOutput());
      case 51 -> new Operation.Credentials(number(), number(), text());
      case 52 -> new Operation.Bounding(number());
      case 53 -> new Operation.Capabilities(number(), number(), number(), number());
      case 54 -> new Operation.NoNewPrivileges();
      case 55 -> new Operation.Seccomp(text(), number(), descriptor(), text());
      case 56 -> new Operation.ParentDeathSignal(number());
      case 57 -> new Operation.Stdio(descriptor(), descriptor(), descriptor());
      case 58 ->
          new Operation.Pty(descriptor(), text(), number(), number(), fdOutput(), fdOutput());
      case 59 -> new Operation.Terminal(descriptor(), number());
      case 60 -> new Operation.CloseOthers(number());
      case 61 -> new Operation.SessionKeyring(text());
      case 62 -> new Operation.ResetSignals();
      case 69 ->
          new Operation.StdioOwner(descriptor(), descriptor(), descriptor(), number(), number());
      case 63 -> new Operation.Netlink(number(), text());
      case 64 -> new Operation.Init(number());
      case 65 -> new Operation.Setsid();
      case 66 -> new Operation.Exec(list(), list(), text());
      case 67 -> new Operation.Environment(text(), text(), number());
      case 68 -> new Operation.Chroot(descriptor());
      case 70 -> new Operation.Detach();
      case 71 -> new Operation.Ready(text());
      case 72 ->
          new Operation.Supervise(
              descriptor(),
              number(),
              descriptor(),
              descriptor(),
              descriptor(),
              descriptor(),
              text(),
              number(),
              number(),
              text(),
              text(),
              text(),
              number(),
              text(),
              text(),
              text(),
              text(),
              intOutput(),
              intOutput());
      case 73 -> new Operation.Pipe(fdOutput(), fdOutput());
      case 74 -> new Operation.Print(number(), text());
      case 75 -> new Operation.ExitWith(number());
      case 76 -> new Operation.Perform(text());
      case 77 -> new Operation.Attach(text(), text(), number(), intOutput());
      case 78 -> new Operation.AwaitRecord(text(), text(), text(), intOutput());
      case 79 -> new Operation.Protect();
      case 80 -> new Operation.NetlinkLater(number(), text());
      case 81 -> new Operation.Socket(number(), number(), number(), text(), number(), fdOutput());
      case 82 -> new Operation.NetlinkElseRun(number(), text(), list(), list(), text(), number());
      case 83 -> new Operation.Forward(list());
      case 84 -> new Operation.Resolve(number(), list(), list(), descriptor(), text());
      case 85 -> new Operation.ForgetFlows(text(), number(), list());
      case 90 -> new Operation.Listen(text(), fdOutput());
      case 91 -> new Operation.Release(text());
      case 92 -> new Operation.SendFd(text(), text(), descriptor());
      case 93 -> new Operation.LetGo();
      case 110 -> new Operation.Connect(text(), fdOutput());
      case 94 -> new Operation.LookUp(text(), list(), text());
      case 95 -> new Operation.SignalGroup(text(), number());
      case 96 ->
          new Operation.Scheduler(
              number(), number(), number(), number(), number(), number(), number());
      case 97 -> new Operation.IoPriority(number());
      case 98 -> new Operation.Affinity(text());
      case 99 -> new Operation.MemoryPolicy(number(), text());
      case 100 -> new Operation.Personality(number());
      case 101 -> new Operation.SocketPair(fdOutput(), fdOutput());
      case 102 -> new Operation.KeepOpen(descriptor());
      case 103 ->
          new Operation.Criu(
              descriptor(),
              number(),
              text(),
              descriptor(),
              descriptor(),
              list(),
              text(),
              text(),
              text(),
              text(),
              intOutput(),
              fdOutput(),
              textOutput(),
              fdOutput());
      default -> throw failure("operation " + number);
    };
  }

  private IntOperand number() {
    int kind = u32();
    if (kind == PlanFormat.INT_LITERAL) {
      long low = u32() & 0xFFFF_FFFFL;
      return IntOperand.of(low | (long) u32() << 32);
    }
    check(kind == PlanFormat.INT_SLOT, "operand kind " + kind + " for a number");
    return slotAt(u32(), IntSlot.class);
  }

  private Text text() {
    int kind = u32();
    switch (kind) {
      case PlanFormat.TEXT_LITERAL:
        return Text.of(string(u32()));
      case PlanFormat.BYTES:
        return Text.bytes(data(u32()));
      case PlanFormat.TEXT_TEMPLATE:
        return template();
      default:
        throw failure("operand kind " + kind + " for text");
    }
  }

  private Text template() {
    int count = u32();
    check(count >= 0 && count <= (end - at) / 8, "a text of " + count + " pieces");
    Text.Builder text = Text.builder();
    for (int i = 0; i < count; i++) {
      int piece = u32();
      int value = u32();
      switch (piece) {
        case PlanFormat.PIECE_LITERAL -> piece(text, data(value));
        case PlanFormat.PIECE_BINARY -> {
          if (slotAt(value, Slot.class) instanceof FdSlot descriptor) {
            text.binary(descriptor);
          } else {
            text.binary(slotAt(value, IntSlot.class));
          }
        }
        case PlanFormat.PIECE_TEXT -> text.text(slotAt(value, TextSlot.class));
        case PlanFormat.PIECE_DECIMAL -> {
          if (slotAt(value, Slot.class) instanceof FdSlot descriptor) {
            text.decimal(descriptor);
          } else {
            text.decimal(slotAt(value, IntSlot.class));
          }
        }
        default -> throw failure("text piece " + piece);
      }
    }
    return text.build();
  }

  private static void piece(Text.Builder text, byte[] data) {
    try {
      String literal = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(data)).toString();
      if (literal.indexOf('\0') < 0) {
        text.literal(literal);
        return;
      }
    } catch (CharacterCodingException e) {
      // not text: bytes, below
    }
    text.bytes(data);
  }

  private List<Text> list() {
    check(u32() == PlanFormat.LIST, "no list where one should be");
    int count = u32();
    check(count >= 0 && count <= (end - at) / 8, "a list of " + count + " texts");
    List<Text> texts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      texts.add(text());
    }
    return texts;
  }

  private FdSlot descriptor() {
    check(u32() == PlanFormat.DESCRIPTOR, "no descriptor where one should be");
    int index = u32();
    return index == PlanFormat.NONE ? FdSlot.NONE : slotAt(index, FdSlot.class);
  }

  private int output() {
    check(u32() == PlanFormat.OUTPUT, "no output where one should be");
    return u32();
  }

  private FdSlot fdOutput() {
    int index = output();
    return index == PlanFormat.NONE ? FdSlot.NONE : slotAt(index, FdSlot.class);
  }

  private IntSlot intOutput() {
    int index = output();
    return index == PlanFormat.NONE ? IntSlot.NONE : slotAt(index, IntSlot.class);
  }

  private TextSlot textOutput() {
    int index = output();
    return index == PlanFormat.NONE ? TextSlot.NONE : slotAt(index, TextSlot.class);
  }

  private <T extends Slot> T slotAt(int index, Class<T> type) {
    check(
        index >= 0 && index < slots.size() && type.isInstance(slots.get(index)),
        "slot " + index + " is not there or of another type");
    return type.cast(slots.get(index));
  }

  private Optional<Path> path(int reference) {
    if (reference == PlanFormat.NONE) {
      return Optional.empty();
    }
    try {
      return Optional.of(Path.of(string(reference)));
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("not a plan of this version: " + e.getMessage(), e);
    }
  }

  private String string(int reference) {
    return new String(data(reference), StandardCharsets.UTF_8);
  }

  private byte[] data(int reference) {
    check(
        reference >= 0 && (reference & 3) == 0 && reference <= stringsLength - 5,
        "string " + reference + " is outside of the strings");
    int length = LittleEndian.read32(bytes, strings + reference);
    check(
        length >= 0 && length <= stringsLength - reference - 5,
        "string " + reference + " is longer than the strings");
    int start = strings + reference + 4;
    return Arrays.copyOfRange(bytes, start, start + length);
  }

  private int u8() {
    check(at < end, "it ends too early");
    return bytes[at++] & 0xFF;
  }

  private int u16() {
    return u8() | u8() << 8;
  }

  private int u32() {
    check(end - at >= 4, "it ends too early");
    int value = LittleEndian.read32(bytes, at);
    at += 4;
    return value;
  }

  private void align() {
    at = at + 3 & ~3;
  }

  private void check(boolean condition, String message) {
    if (!condition) {
      throw failure(message);
    }
  }

  private IllegalArgumentException failure(String message) {
    return new IllegalArgumentException(
        "not a plan of this version: at byte " + at + ": " + message);
  }
}
