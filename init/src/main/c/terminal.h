/* The caller's terminal and the container's: raw mode, window sizes. */
#ifndef TERMINAL_H
#define TERMINAL_H

#include <stdbool.h>
#include <stdint.h>

/* Makes the terminal at stdin raw until terminal_restore() or the end of the process; does nothing where it is none. In the background it
   stops the process, as for any program, until it is in the foreground. */
void terminal_raw(void);
void terminal_restore(void);

/* The size of the caller's terminal, from the first of stdin, stdout and stderr that is one; false without one. */
bool terminal_size(uint16_t *rows, uint16_t *columns);

/* Remembers that size for the `pty` step, before the terminal is left behind. */
void terminal_remember_size(void);

void terminal_resize(int master, uint16_t rows, uint16_t columns);

#endif
