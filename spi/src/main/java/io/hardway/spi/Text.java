package io.hardway.spi;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Text (or bytes) a step works with: pieces known while planning, and the contents of slots spliced
 * in between when the plan is performed.
 *
 * @since 0.1
 */
public final class Text {
  private static final Text EMPTY = of("");
  private final List<Piece> pieces;

  private Text(List<Piece> pieces) {
    this.pieces = pieces;
  }

  /** Text that is known while planning. */
  public static Text of(String literal) {
    return new Text(List.of(new Piece(Splice.LITERAL, literal, null, null)));
  }

  /** A path that is known while planning. */
  public static Text of(Path path) {
    return of(path.toString());
  }

  /** Bytes that are known while planning. */
  public static Text bytes(byte[] bytes) {
    return new Text(List.of(new Piece(Splice.BYTES, null, bytes.clone(), null)));
  }

  /** Nothing. */
  public static Text empty() {
    return EMPTY;
  }

  /** Starts a text of several pieces. */
  public static Builder builder() {
    return new Builder();
  }

  /** The pieces, in order. */
  public List<Piece> pieces() {
    return pieces;
  }

  /**
   * The text, when it is one literal piece; otherwise with {@code ${slot}} where a slot goes. For
   * people.
   */
  @Override
  public String toString() {
    if (pieces.size() == 1 && pieces.get(0).splice == Splice.LITERAL) {
      return pieces.get(0).literal;
    }
    StringBuilder text = new StringBuilder();
    for (Piece piece : pieces) {
      if (piece.splice == Splice.LITERAL) {
        text.append(piece.literal);
      } else if (piece.splice == Splice.BYTES) {
        text.append('<').append(piece.bytes.length).append(" bytes>");
      } else {
        text.append("${").append(piece.slot.name()).append('}');
      }
    }
    return text.toString();
  }

  /** How a piece gets its content. */
  enum Splice {
    LITERAL,
    BYTES,
    DECIMAL,
    BINARY,
    TEXT
  }

  /**
   * One piece of a text.
   *
   * @since 0.1
   */
  public static final class Piece {
    private final Splice splice;
    private final String literal;
    private final byte[] bytes;
    private final Slot slot;

    private Piece(Splice splice, String literal, byte[] bytes, Slot slot) {
      this.splice = splice;
      this.literal = literal;
      this.bytes = bytes;
      this.slot = slot;
    }

    /** Whether the piece is text known while planning. */
    public boolean isLiteral() {
      return splice == Splice.LITERAL;
    }

    /** Whether the piece is bytes known while planning. */
    public boolean isBytes() {
      return splice == Splice.BYTES;
    }

    /** Whether the piece is a number (or descriptor) written in decimal. */
    public boolean isDecimal() {
      return splice == Splice.DECIMAL;
    }

    /** Whether the piece is a number (or descriptor) as four bytes, little-endian. */
    public boolean isBinary() {
      return splice == Splice.BINARY;
    }

    /** The text of a literal piece. */
    public String literal() {
      return literal;
    }

    /** The bytes of a piece of bytes. */
    public byte[] bytes() {
      return bytes.clone();
    }

    /** The slot of a piece that is spliced in. */
    public Slot slot() {
      return slot;
    }
  }

  /**
   * Collects the pieces of a text.
   *
   * @since 0.1
   */
  public static final class Builder {
    private final List<Piece> pieces = new ArrayList<>();

    private Builder() {}

    /** Adds text. */
    public Builder literal(String text) {
      pieces.add(new Piece(Splice.LITERAL, text, null, null));
      return this;
    }

    /** Adds bytes. */
    public Builder bytes(byte[] bytes) {
      pieces.add(new Piece(Splice.BYTES, null, bytes.clone(), null));
      return this;
    }

    /** Adds the number in the slot, in decimal. */
    public Builder decimal(IntSlot slot) {
      pieces.add(new Piece(Splice.DECIMAL, null, null, slot));
      return this;
    }

    /**
     * Adds the number of the descriptor in the slot, in decimal: {@code /proc/self/fd/} and this
     * names the open file.
     */
    public Builder decimal(FdSlot slot) {
      pieces.add(new Piece(Splice.DECIMAL, null, null, slot));
      return this;
    }

    /** Adds the number in the slot as four bytes, little-endian, as netlink messages have it. */
    public Builder binary(IntSlot slot) {
      pieces.add(new Piece(Splice.BINARY, null, null, slot));
      return this;
    }

    /** Adds the number of the descriptor in the slot as four bytes, little-endian. */
    public Builder binary(FdSlot slot) {
      pieces.add(new Piece(Splice.BINARY, null, null, slot));
      return this;
    }

    /** Adds the text in the slot. */
    public Builder text(TextSlot slot) {
      pieces.add(new Piece(Splice.TEXT, null, null, slot));
      return this;
    }

    /** Adds the pieces of another text. */
    public Builder append(Text other) {
      pieces.addAll(other.pieces());
      return this;
    }

    /** Makes the text. */
    public Text build() {
      return new Text(List.copyOf(pieces));
    }
  }
}
