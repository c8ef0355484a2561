/** Resource control by cgroup version 2: one hierarchy for all controllers. */
package io.hardway.cgroup.v2;
