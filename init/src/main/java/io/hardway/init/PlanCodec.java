package io.hardway.init;

import io.hardway.spi.plan.Plan;

/** Turns plans into their binary form and back; {@code docs/plan-format.md}. */
public final class PlanCodec {

  private PlanCodec() {}

  /**
   * The binary form of a plan.
   *
   * @throws IllegalArgumentException where the plan is larger than the format allows, or has text
   *     with a NUL character
   */
  public static byte[] encode(Plan plan) {
    return PlanEncoder.encode(plan);
  }

  /**
   * A plan from its binary form. What the form does not carry (phases, the names of slots) is made
   * up.
   *
   * @throws IllegalArgumentException where the bytes are not a plan of this version; the message
   *     says at which offset
   */
  public static Plan decode(byte[] bytes) {
    return new PlanDecoder(bytes).plan();
  }
}
