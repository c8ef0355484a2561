package io.hardway.cli;

import io.hardway.core.HardwayException;
import io.hardway.init.Channel;
import io.hardway.spi.plan.Plan;
import java.io.IOException;
import java.util.List;

/** Who performs plans: the native program that started this planner. */
public interface Performer {
  /** There is no native program: for a planner that only reports on what has been done. */
  Performer NOBODY =
      new Performer() {
        @Override
        public void perform(Plan plan) {
          throw new HardwayException(
              "nothing can be performed: start the planner through bin/hardway");
        }

        @Override
        public void performLast(Plan plan, List<String> afterwards) {
          perform(plan);
        }
      };

  /**
   * Performs a plan now.
   *
   * @throws io.hardway.init.PlanFailedException where a step fails
   */
  void perform(Plan plan) throws IOException;

  /**
   * Hands over the plan that is performed when this planner is gone, and the arguments of a planner
   * that is started after it.
   */
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
