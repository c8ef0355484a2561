/**
 * The life of containers: what was asked for, what is, and the plans that lead from one to the
 * other. Knows no plugin by name.
 */
package io.hardway.core;
