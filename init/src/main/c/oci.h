/* The command hardway-oci: what needs no thinking is done here, for the rest there is the planner. docs/architecture.md, "The OCI runtime". */
#ifndef OCI_H
#define OCI_H

/* Returns the exit code. */
int oci_main(char **argv);

#endif
