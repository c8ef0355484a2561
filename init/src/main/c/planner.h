/* The command `hardway`: a planner makes the plan, this process performs it. */
#ifndef PLANNER_H
#define PLANNER_H

/* Has the planner understand the command line; it is told the program's name. Returns the exit code. */
int planner_main(char **argv, const char *program);

#endif
