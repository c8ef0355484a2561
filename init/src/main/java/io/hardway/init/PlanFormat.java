package io.hardway.init;

/** The numbers of the binary plan format; see {@code docs/plan-format.md}. */
final class PlanFormat {
  static final int MAGIC = 'H' | 'W' << 8 | 'P' << 16 | 'L' << 24;
  static final int VERSION = 1;
  static final int HEADER_BYTES = 36;
  static final int NONE = 0xFFFF_FFFF;
  static final int FLAG_TRACE = 1;
  static final int ATTRIBUTE_BEST_EFFORT = 1;
  static final int ATTRIBUTE_WARNING = 2;

  static final int MAX_BYTES = 16 << 20;
  static final int MAX_STEPS = 4096;
  static final int MAX_SLOTS = 1024;

  static final int SLOT_INT = 1;
  static final int SLOT_TEXT = 2;
  static final int SLOT_FD = 3;

  static final int INT_LITERAL = 1;
  static final int INT_SLOT = 2;
  static final int TEXT_LITERAL = 3;
  static final int TEXT_TEMPLATE = 4;
  static final int LIST = 5;
  static final int DESCRIPTOR = 6;
  static final int OUTPUT = 7;
  static final int BYTES = 8;

  static final int PIECE_LITERAL = 0;
  static final int PIECE_DECIMAL = 1;
  static final int PIECE_BINARY = 2;
  static final int PIECE_TEXT = 3;

  private PlanFormat() {}
}
