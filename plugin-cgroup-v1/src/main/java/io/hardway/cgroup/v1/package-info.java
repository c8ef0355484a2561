/** Resource control by cgroup version 1: one hierarchy of groups for each controller. */
package io.hardway.cgroup.v1;
