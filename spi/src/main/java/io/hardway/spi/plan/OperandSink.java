package io.hardway.spi.plan;

import io.hardway.spi.FdSlot;
import io.hardway.spi.IntOperand;
import io.hardway.spi.Slot;
import io.hardway.spi.Text;
import java.util.List;

/**
 * Receives the operands of an operation, in the order of the format: an encoder, a checker, an
 * explainer.
 */
public interface OperandSink {

  /** A number. */
  void number(IntOperand value);

  /** Text without NUL bytes. */
  void text(Text value);

  /** Several texts. */
  void list(List<Text> values);

  /** An open descriptor, or none. */
  void descriptor(FdSlot slot);

  /** A slot the step sets, or none. */
  void output(Slot slot);

  /** Text that may hold NUL bytes. */
  void bytes(Text value);
}
