/* The command `hardway`: a planner makes the plan, this process performs it. */
#ifndef PLANNER_H
#define PLANNER_H

/* Returns the exit code. */
int planner_main(char **argv);

#endif
