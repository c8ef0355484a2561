package io.hardway.cli;

import io.hardway.init.Channel;
import io.hardway.spi.plan.Plan;
import java.io.IOException;
import java.util.List;

/** Who performs plans: the native program that started this planner. */
public interface Performer {

  /**
   * Performs a plan now.
   *
   * @throws io.hardway.init.PlanFailedException where a step fails
   */
  void perform(Plan plan) throws IOException;

  /** Hands over the plan that is performed when this planner is gone, and the arguments of a planner that is started after it. */
  void performLast(Plan plan, List<String> afterwards) throws IOException;

  /** The native program at the other end of the channel. */
  static Performer ofChannel(Channel channel) {
    return new Performer() {
      @Override
      public void perform(Plan plan) throws IOException {
        channel.perform(plan);
      }

      @Override
      public void performLast(Plan plan, List<String> afterwards) throws IOException {
        channel.performLast(plan, afterwards);
      }
    };
  }
}
