/* What lies in the installation folder beside bin/: the planner and its command line. */
#ifndef INSTALLATION_H
#define INSTALLATION_H

/*
 * The planner's command line as a file in lib gives it: one argument a line, @HOME@ stands for the installation folder.
 * The ahead-of-time cache is left out where a jar is not the one that the cache was made from, since the JVM would run the
 * cache's code instead of the jar's. NULL and errno on failure. The list and its texts are malloc'ed; NULL ends it.
 */
char **installation_planner(const char *home, const char *file);

#endif
